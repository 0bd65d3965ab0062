import type { BuiltinSymbol, Slot } from "../../catalogue/keras.ts";
import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { fromConfigOf, reachesBase } from "../constructorSlots.ts";
import { hasCall, isCertainlyNo, lineageOf } from "../graph/lineage.ts";
import { isNotCallable } from "../instances.ts";
import { type FoundObject, type Frame, kindOf, type Load, type Result } from "../load.ts";
import * as messages from "../messages.ts";
import { printedInstance } from "../objectRepr.ts";
import { elided, printedBytes, pythonRepr } from "../pythonRepr.ts";
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
  const symbol = constructorOf(load, object, slot.argument);
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
  const symbol = constructorOf(load, object, slot.argument);
  if (!symbol || tree.kind(list) !== "array" || !demandIn(load, symbol, slot)) return undefined;
  return elementsOf(tree, list);
}

/** The class of Keras whose constructor gets the argument as it is; undefined where the workspace's own does something else. */
function constructorOf(load: Load, object: FoundObject, argument: string): BuiltinSymbol | undefined {
  if (object.from === "keras") return object.symbol;
  if (object.from === "other") return undefined;
  const lineage = lineageOf(load, object);
  if (!lineage.complete || ["__new__", "from_config"].some(lineage.defines)) return undefined;
  const isHanded = !lineage.defines("__init__") || reachesBase(load, object, fromConfigOf(load, object), argument);
  return isHanded ? lineage.keras[0] : undefined;
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
  if (is === "hashable") return result.is === "plain" ? trackedType(load, node) : undefined;
  if (result.is === "plain") {
    if (kind === "object") return printedBytes(tree, node) ?? printedDict(tree, node);
    // A list of cells is one, and so is one without any.
    const isElement = each && tree.kind(tree.parent(node)) === "array";
    if (kind === "array" && is === "callable") return "[…]";
    if (kind === "array") return (is !== "cell" || isElement) && tree.childCount(node) === 0 ? "[]" : undefined;
    if (is === "learning rate") return undefined;
    return kind === "string" ? tree.string(node) : pythonRepr(tree, { node });
  }
  const { object } = result;
  if (object.from === "other") return undefined;
  if (is === "callable") return isNotCallable(load, object) ? elided : undefined;
  // What can be called is a learning rate.
  if (is === "learning rate") return isNotCallable(load, object) ? printedInstance(load, node, object) : undefined;
  if (kindOf(object) === "function") return messages.functionRepr(object);
  const lineage = lineageOf(load, object);
  if (is === "cell" && hasCall(lineage)) return undefined;
  // The key of a class stands for the class.
  if (kind === "string") return kindOf(object) === "class" ? messages.classRepr(object) : undefined;
  return kind === "object" && isCertainlyNo("Layer", lineage) ? printedInstance(load, node, object) : undefined;
}

/** How Python prints what stays a dict since it names no class; undefined of others, which are judged elsewhere. */
function printedDict(tree: ValueTree, dict: Node): string | undefined {
  if (tree.childCount(dict) === 0) return "{}";
  if (tree.member(dict, "class_name") !== NO_NODE) return undefined;
  // Objects within have been made, and the key of a custom object has become that.
  const key = tree.member(dict, "registered_name");
  const isChanged = tree.raw(dict).includes('"class_name"') || (key !== NO_NODE && tree.kind(key) === "string");
  return isChanged ? elided : pythonRepr(tree, { node: dict });
}

/** What Keras makes of a dict or list that is an attribute of a metric. */
function trackedType({ tree }: Load, node: Node): string | undefined {
  const kind = tree.kind(node);
  if (kind === "array") return "TrackedList";
  return kind === "object" && tree.member(node, "class_name") === NO_NODE ? "TrackedDict" : undefined;
}
