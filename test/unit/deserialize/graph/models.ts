/** Models written as short as they are thought of, and what a load of one comes to. */
import { firstFailure, type Outcome, outcomeOf, problemsOf, wordsOf } from "./outcomes.ts";

type Json = Record<string, unknown>;

/** A tensor: `x`, `x:1` of its second call, `x:0:2` of the third tensor. */
function historyOf(tensor: string): unknown[] {
  const [name, call = "0", index = "0"] = tensor.split(":");
  return [name, Number(call), Number(index)];
}

function kerasTensor(tensor: string): Json {
  return {
    class_name: "__keras_tensor__",
    config: { shape: [null, 4], dtype: "float32", keras_history: historyOf(tensor) },
  };
}

/** A layer of Keras, called once for each of `calls`, on one tensor or on several: `x y`. */
export function layer(className: string, name: string, ...calls: string[]): Json {
  const config =
    className === "InputLayer"
      ? { batch_shape: [null, 4], name }
      : className === "Dense" || className === "LSTM"
        ? { units: 4, name }
        : { name };
  return {
    ...{ module: "keras.layers", class_name: className, config, registered_name: null, name },
    inbound_nodes: calls.map((call) => {
      const tensors = call.split(" ").map(kerasTensor);
      return { args: tensors.length === 1 ? tensors : [tensors], kwargs: {} };
    }),
  };
}

export const input = (name: string) => layer("InputLayer", name);
export const dense = (name: string, ...calls: string[]) => layer("Dense", name, ...calls);

/** A Functional model `m` of these layers, from `inputs` to `outputs`: `x y`. */
export function functional(layers: unknown, inputs = "x", outputs = "y"): Json {
  const ends = (tensors: string) => tensors.split(" ").map(historyOf);
  return {
    ...{ module: "keras.src.models.functional", class_name: "Functional", registered_name: "Functional" },
    config: { name: "m", trainable: true, layers, input_layers: ends(inputs), output_layers: ends(outputs) },
  };
}

/** A Sequential `s` of these layers. */
export function sequential(...layers: unknown[]): Json {
  return { module: "keras", class_name: "Sequential", config: { name: "s", layers }, registered_name: null };
}

/** The load of a config in a workspace without Python. */
export const loadOf = (config: object, version = "3.15.1"): Outcome => outcomeOf(config, version);

/** What is reported, one failure a line: `rule at POINTER`, below the model's config. */
export const problems = (config: object, version?: string): string[] => problemsOf(loadOf(config, version));

/** What leaves the loader first: the exception and the text, without what is wrapped around it. */
export function raised(config: object, version?: string): string | undefined {
  const failed = firstFailure(loadOf(config, version));
  if (!failed) return undefined;
  const { exception, message } = failed.outcome;
  return `${exception}: ${message.split("Exception encountered: ").at(-1)}`;
}

/** What the problem says, before Keras is quoted. */
export const words = (config: object, version?: string): string | undefined => wordsOf(loadOf(config, version));
