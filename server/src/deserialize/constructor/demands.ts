import type { BuiltinSymbol } from "../../catalogue/keras.ts";
import type { PythonError } from "../load.ts";
import { unhashable } from "../messages.ts";
import * as messages from "./constructorMessages.ts";

/** What a constructor of Keras demands of an argument that has been deserialized before. */
export interface Demand {
  readonly is: "layer" | "cell" | "learning rate" | "hashable" | "callable";
  /** What it says of a value that is none, by how Python prints that. */
  readonly refusal: (printed: string) => PythonError;
}

/** What the constructor demands of an argument, in all releases; undefined where it keeps what it gets, or that is not known. */
export function demandOf({ qualname, mro }: BuiltinSymbol, argument: string): Demand | undefined {
  const derives = (name: string) => mro.some((cls) => cls.qualname === name);
  switch (argument) {
    case "layer":
      if (qualname === "TimeDistributed" || qualname === "Bidirectional")
        return { is: "layer", refusal: (printed) => messages.notALayerFor(qualname, printed) };
      return derives("Wrapper") ? { is: "layer", refusal: messages.notALayerForWrapper } : undefined;
    case "backward_layer":
      return qualname === "Bidirectional" ? { is: "layer", refusal: messages.notABackwardLayer } : undefined;
    case "cell":
      return qualname === "RNN" ? { is: "cell", refusal: messages.notACell } : undefined;
    case "cells":
      return qualname === "StackedRNNCells" ? { is: "cell", refusal: messages.notOneOfCells } : undefined;
    case "fn":
      return qualname === "MeanMetricWrapper" ? { is: "hashable", refusal: unhashable } : undefined;
    case "function":
      return qualname === "Lambda" ? { is: "callable", refusal: messages.unsupportedCallable } : undefined;
    case "learning_rate":
      return (derives("BaseOptimizer") || derives("Optimizer")) && qualname !== "LossScaleOptimizer"
        ? { is: "learning rate", refusal: messages.notALearningRate }
        : undefined;
  }
  return undefined;
}
