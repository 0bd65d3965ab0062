import type { Slot } from "../catalogue/keras.ts";
import { NO_NODE, type Node } from "../json/index.ts";
import { demandOf } from "./constructor/demands.ts";
import type { FoundObject, Frame, Load, PythonError } from "./load.ts";
import * as messages from "./messages.ts";
import { placeOfObject } from "./places.ts";
import { elided, pythonRepr } from "./pythonRepr.ts";
import { lookUpKey } from "./retrieve.ts";

/**
 * `deserialize_keras_object` returns a dict without `config` or `class_name` as a plain dict. What becomes of it depends on
 * who is handed it: models and some constructors object, in words that are known, others keep it.
 */

/** A layer of a model that stays a dict; one without `module` goes the legacy way, and fails there. */
export function isDictWithModule(load: Load, layer: Node): boolean {
  const { tree } = load;
  if (tree.kind(layer) !== "object") return false;
  const isNamed = tree.member(layer, "class_name") !== NO_NODE;
  if (isNamed && tree.member(layer, "config") !== NO_NODE) return false;
  return tree.member(layer, "module") !== NO_NODE && (!isNamed || nameOf(load, layer) !== undefined);
}

/** The class that a dict names which has a module or a registered name, and no config; undefined for every other value. */
function nameOf({ tree }: Load, node: Node): string | undefined {
  if (tree.kind(node) !== "object" || tree.member(node, "config") !== NO_NODE) return undefined;
  const className = tree.member(node, "class_name");
  const isMeant = tree.member(node, "module") !== NO_NODE || tree.member(node, "registered_name") !== NO_NODE;
  return isMeant && className !== NO_NODE && tree.kind(className) === "string" ? tree.string(className) : undefined;
}

/** A dict as Python prints it: a key that is registered has become the object. */
export function printedDict(load: Load, dict: Node, frame: Frame): string {
  const key = load.tree.member(dict, "registered_name");
  const isKey = key !== NO_NODE && load.tree.kind(key) === "string";
  const printed = pythonRepr(load.tree, { node: dict });
  const registered = isKey ? lookUpKey(load, load.tree.string(key), frame) : undefined;
  if (!registered) return printed;
  const asText = `'registered_name': ${pythonRepr(load.tree, { node: key })}`;
  const isClass = "found" in registered && registered.found.from === "workspace" && registered.found.kind === "class";
  // A function's address nobody knows, nor which of several is meant.
  if (!isClass || printed.split(asText).length !== 2) return elided;
  return printed.replace(asText, () => `'registered_name': ${messages.classRepr(registered.found)}`);
}

/** Somebody objects to the dict. */
export function failWithoutConfig(load: Load, dict: Node, error: PythonError, frame: Frame): void {
  const name = nameOf(load, dict) ?? "";
  load.fail(dict, { rule: "missing-config", node: placeOfObject(load, dict), error, name }, frame);
}

/** Nobody objects to the dict while it is loaded, as far as is known. */
export function warnOfMissingConfig(load: Load, node: Node, frame: Frame): void {
  const name = nameOf(load, node);
  if (name === undefined) return;
  load.warn(node, { rule: "missing-config", at: load.tree.member(node, "class_name"), name }, frame);
}

/** An object is due in every slot of `deserialize_keras_object` but the one that holds a function's arguments by their names. */
export function warnOfSlot(load: Load, slot: Slot, node: Node, frame: Frame): void {
  // `keras.layers.deserialize` refuses what is no layer, but in Keras 2.
  const isRefused = slot.by.startsWith("layers.") && load.behaviour.package === "keras";
  // Without a table of its own, `dtype_policies.get` keeps the dict, too (to 3.2).
  const { behaviour } = load;
  const isKept = slot.by === "dtype_policies.get" && behaviour.package === "keras" && !behaviour.dtypePoliciesByTable;
  const isObject = slot.by === "deserialize_keras_object" || isKept || (slot.by.startsWith("layers.") && !isRefused);
  if (isObject && slot.argument !== "arguments") warnOfMissingConfig(load, node, frame);
}

/** What the constructor says of a dict in a slot, once all of them are deserialized; undefined where it does not object. */
export function dictRefusal(
  load: Load,
  slot: Slot,
  node: Node,
  frame: Frame,
  object: FoundObject,
): (() => void) | undefined {
  if (slot.by !== "deserialize_keras_object" || nameOf(load, node) === undefined) return undefined;
  // A list is due for cells, and a dict is iterated like one.
  const demand =
    object.from === "keras" && slot.argument !== "cells" ? demandOf(object.symbol, slot.argument) : undefined;
  if (!demand) return undefined;
  const error = demand.refusal(printedDict(load, node, frame));
  return () => failWithoutConfig(load, node, error, frame);
}
