import { NO_NODE, type Node } from "../../json/index.ts";
import { onlyTensors } from "../graph/graphMessages.ts";
import { derivesFrom, lineageOf } from "../graph/lineage.ts";
import { isInstance } from "../instances.ts";
import { type Failure, type FoundObject, kindOf, type Load, type PythonError } from "../load.ts";
import * as messages from "../messages.ts";
import { printedInstance } from "../objectRepr.ts";
import { callError } from "./callError.ts";
import type { Arguments, Shape, Weight } from "./weights.ts";

/** What `Layer.add_weight` of keras/src/layers/layer.py raises over its initializer, regularizer and constraint, in that order. */
export function weightFailure(load: Load, config: Arguments, weight: Weight, input: Shape): Failure | undefined {
  const became = (argument: string | undefined) => {
    const node = argument === undefined ? NO_NODE : load.tree.member(config.config, argument);
    const result = node === NO_NODE ? undefined : load.results.get(node);
    return result?.is === "object" ? { node, object: result.object } : undefined;
  };
  const initializer = became(weight.initializer);
  const error =
    initializer &&
    (weight.clonesInitializer
      ? cloneError(initializer.object)
      : initializerError(load, initializer.object, weight.first?.(config, input)));
  if (error) return { rule: "invalid-argument", node: initializer.node, error, name: weight.initializer };
  for (const [argument, role] of [
    [weight.regularizer, "regularizer"],
    [weight.constraint, "constraint"],
  ] as const) {
    const value = became(argument);
    const refusal = value && setterError(load, value, role);
    if (refusal && argument !== undefined)
      return { rule: "invalid-argument", node: value.node, error: refusal, name: argument };
  }
  return undefined;
}

/** `initializer.__class__.from_config(initializer.get_config())`. */
function cloneError(object: FoundObject): PythonError | undefined {
  if (kindOf(object) !== "function") return undefined;
  return { exception: "AttributeError", message: "type object 'function' has no attribute 'from_config'" };
}

/** `initializer(shape, dtype=dtype)`; `first` is the first dimension of the shape. */
function initializerError(load: Load, object: FoundObject, first: number | undefined): PythonError | undefined {
  const error = callError(load, object, { positional: 1, keywords: ["dtype"] });
  if (error || object.from !== "workspace" || !isInstance(load, object)) return error;
  const lineage = lineageOf(load, object);
  // A layer takes tensors, and is given a shape.
  const isLayer = derivesFrom(lineage, "Layer") && !derivesFrom(lineage, "Functional") && !lineage.defines("__call__");
  return isLayer ? onlyTensors(first === undefined ? "…" : `${first}`, "<class 'int'>") : undefined;
}

/** The setters `regularizer` and `constraint` of keras/src/backend/common/variables.py. */
function setterError(
  load: Load,
  { node, object }: { readonly node: Node; readonly object: FoundObject },
  role: "regularizer" | "constraint",
): PythonError | undefined {
  if (load.behaviour.variablesAccept !== "instances" || object.from !== "workspace") return undefined;
  if (kindOf(object) === "function") return messages.invalidForVariable(role, messages.functionRepr(object));
  const base = role === "regularizer" ? "Regularizer" : "Constraint";
  if (!isInstance(load, object) || derivesFrom(lineageOf(load, object), base)) return undefined;
  return messages.invalidForVariable(role, printedInstance(load, node, object) ?? "<…>");
}
