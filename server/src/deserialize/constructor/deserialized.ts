import type { BuiltinSymbol, Slot } from "../../catalogue/keras.ts";
import { elementsOf, type Node } from "../../json/index.ts";
import { derivesFrom, isCertainlyNo, lineageOf } from "../graph/lineage.ts";
import { type FoundObject, type Frame, kindOf, type Load, type Result } from "../load.ts";
import * as messages from "../messages.ts";
import { printedBytes, pythonRepr } from "../pythonRepr.ts";
import { type Demand, demandOf } from "./demands.ts";
import { formOf, refuses } from "./values.ts";

/**
 * Reports what the constructor says of an argument that is due to be a layer or the like, and has become bytes, an empty
 * dict, a function or an instance that is none for certain. What the rules of the constructor refuse is theirs.
 */
export function judgeDeserialized(
  load: Load,
  slot: Slot,
  node: Node,
  result: Result,
  object: FoundObject,
): ((frame: Frame) => void) | undefined {
  const symbol = constructorOf(load, object);
  const demand = symbol && demandIn(load, symbol, slot);
  if (!demand) return;
  const form = formOf(load.tree, node);
  // The key of a custom object is no string any more.
  const isTold =
    result.is === "plain" &&
    symbol.constructorRules?.values.some(
      (rule) => rule.argument === slot.argument && form !== undefined && refuses(rule, load.tree, node, form),
    );
  const isAbsent = form === "null" && slot.argument === "backward_layer";
  const printed = isTold || isAbsent ? undefined : printedNone(load, demand, node, result, slot.each === true);
  if (printed === undefined) return;
  const error = demand.refusal(printed);
  return (frame) => load.fail(node, { rule: "invalid-argument", node, error, name: slot.argument }, frame);
}

/** All elements of a list, where the constructor looks at one by one; undefined where it does not. */
export function elementsDemanded(load: Load, slot: Slot, list: Node, object: FoundObject): readonly Node[] | undefined {
  const { tree } = load;
  const symbol = constructorOf(load, object);
  if (!symbol || tree.kind(list) !== "array" || !demandIn(load, symbol, slot)) return undefined;
  return elementsOf(tree, list);
}

/** The class of Keras whose constructor runs, with the arguments as they are; undefined where the workspace's own comes before. */
function constructorOf(load: Load, object: FoundObject): BuiltinSymbol | undefined {
  if (object.from === "keras") return object.symbol;
  const lineage = lineageOf(load, object);
  if (!lineage.complete || ["__init__", "__new__", "from_config"].some(lineage.defines)) return undefined;
  return lineage.keras[0];
}

function demandIn({ behaviour }: Load, symbol: BuiltinSymbol, slot: Slot): Demand | undefined {
  if (slot.by !== "deserialize_keras_object" || behaviour.package !== "keras") return undefined;
  return demandOf(symbol, slot.argument);
}

/** How Python prints what cannot be what is demanded; undefined where it may be that, or how it prints is not known. */
function printedNone(load: Load, { is }: Demand, node: Node, result: Result, each: boolean): string | undefined {
  const { tree } = load;
  if (result.is === "failed") return undefined;
  const kind = tree.kind(node);
  if (result.is === "plain") {
    if (kind === "object") return tree.childCount(node) === 0 ? "{}" : printedBytes(tree, node);
    // A list of cells is one, and so is one without any.
    const isElement = each && tree.kind(tree.parent(node)) === "array";
    if (kind === "array") return (is !== "cell" || isElement) && tree.childCount(node) === 0 ? "[]" : undefined;
    if (is === "learning rate") return undefined;
    return kind === "string" ? tree.string(node) : pythonRepr(tree, { node });
  }
  // What can be called is a learning rate.
  if (is === "learning rate") return undefined;
  const { object } = result;
  if (object.from === "other") return undefined;
  if (kindOf(object) === "function") return messages.functionRepr(object);
  // The key of a class stands for the class.
  if (kind === "string") return is === "layer" ? messages.classRepr(object) : undefined;
  const lineage = lineageOf(load, object);
  if (kind !== "object" || !isCertainlyNo("Layer", lineage)) return undefined;
  if (["__repr__", "__str__", ...(is === "cell" ? ["call"] : [])].some(lineage.defines)) return undefined;
  const plain = is === "cell" ? withoutCall : [...withoutCall, "Loss"];
  if (!plain.some((base) => derivesFrom(lineage, base))) return undefined;
  return messages.instanceRepr(object);
}

/** Bases of Keras that leave it to Python how their instances are printed, and have no `call`. */
const withoutCall = ["Constraint", "Initializer", "LearningRateSchedule", "Regularizer"];
