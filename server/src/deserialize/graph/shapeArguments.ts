import { elementsOf, NO_NODE, type Node } from "../../json/index.ts";
import { pythonType } from "../dict.ts";
import type { FoundObject, Load, PythonError } from "../load.ts";
import * as messages from "../messages.ts";
import { failedCall } from "./graphMessages.ts";

/** What a call of a layer or operation raises over one of its arguments. */
export interface RefusedShape {
  readonly argument: string;
  readonly at: Node;
  readonly error: PythonError;
}

const adaptive = new Set(["AdaptiveAveragePool", "AdaptiveMaxPool"]);

/**
 * What calling an object of Keras with one tensor raises since it adds an argument to the shape of that, which is a tuple, and the
 * argument is a list once it has been JSON: the `output_shape` of a Lambda (layers/core/lambda_layer.py, from 3.2; from 3.4 a list of
 * integers is made a tuple), and the `output_size` of adaptive pooling operations (ops/nn.py, from 3.13).
 */
export function refusedShape(load: Load, object: FoundObject, layer: Node): RefusedShape | undefined {
  if (object.from !== "keras") return undefined;
  const { module, qualname } = object.symbol;
  if (module === "keras.src.layers.core.lambda_layer") {
    const at = load.tree.member(load.tree.member(layer, "config"), "output_shape");
    return refused("Lambda", "output_shape", at, typeOfOutputShape(load, at));
  }
  if (module !== "keras.src.ops.nn" || !adaptive.has(qualname)) return undefined;
  const at = load.tree.member(load.tree.member(layer, "config"), "output_size");
  return refused(qualname, "output_size", at, isList(load, at) ? "list" : undefined);
}

function refused(name: string, argument: string, at: Node, type: string | undefined): RefusedShape | undefined {
  if (type === undefined) return undefined;
  const error = messages.typeError(`can only concatenate tuple (not "${type}") to tuple`);
  return { argument, at, error: failedCall(name, error) };
}

/** What a Lambda adds to its shape, where that is no tuple: the list as the layer tracks it, or the first of what are no sizes. */
function typeOfOutputShape({ tree, behaviour }: Load, at: Node): string | undefined {
  if (behaviour.lambdaShapes === "lists" || at === NO_NODE || tree.kind(at) !== "array") return undefined;
  const types = elementsOf(tree, at).map((node) => pythonType(tree, { node }));
  if (types.some((type) => type === "list" || type === "dict")) return undefined;
  // A bool is an int.
  const isShape = types.every((type) => type === "int" || type === "bool" || type === "NoneType");
  if (!isShape) return types[0];
  return behaviour.lambdaShapes === "tracked lists" ? "TrackedList" : undefined;
}

function isList({ tree }: Load, at: Node): boolean {
  return at !== NO_NODE && tree.kind(at) === "array";
}
