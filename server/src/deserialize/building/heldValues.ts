import { NO_NODE, type Node } from "../../json/index.ts";
import type { HeldValue, HeldValues, ValueUse } from "../../registry/view.ts";
import {
  constructorSlots,
  fromConfigOf,
  handedToConstructor,
  slotFunction,
  type WorkspaceSlot,
} from "../constructorSlots.ts";
import { pythonType, truthy } from "../dict.ts";
import { lineageOf } from "../graph/lineage.ts";
import { isInstance } from "../instances.ts";
import type { FoundObject, Load, Result } from "../load.ts";

/** A value of the config as an object of the workspace's class has it. */
export type Held =
  /** As the document has it, by the name of its type in Python. */
  | { readonly node: Node; readonly is: "plain"; readonly type: string; readonly text?: string }
  | { readonly node: Node; readonly is: "object"; readonly object: FoundObject };

type WorkspaceObject = Extract<FoundObject, { from: "workspace" }>;

/** Methods by which attributes may come to something else than what they are assigned. */
const decides = ["__new__", "__setattr__", "__getattribute__"];

/**
 * What a class keeps of its constructor's arguments, where that alone decides: it is the class's own, it has
 * no other base of the workspace, and what the class may be made into is read. Undefined of all others.
 */
export function heldBy(load: Load, object: FoundObject | undefined): HeldValues | undefined {
  if (object?.from !== "workspace" || object.kind !== "class") return undefined;
  const cls = load.registry.classOf(object.module, object.qualname, object.location);
  const [own, ...bases] = cls?.mro ?? [];
  if (!cls?.mroComplete || own?.kind !== "workspace") return undefined;
  if (bases.length === 0 || bases.some(({ kind }) => kind !== "external")) return undefined;
  const { values, isConstructedOtherwise } = own.class;
  // What is set on a class from outside may be a method that sets attributes.
  if (!values || own.class.patch || isConstructedOtherwise || decides.some(lineageOf(load, object).defines))
    return undefined;
  return isInstance(load, object) ? values : undefined;
}

/** An argument in the config, and the slot that makes of it what is held; without one it is held as it is. */
interface Argument {
  readonly node: Node;
  readonly slot?: WorkspaceSlot;
}

/** What an argument of the constructor is when a class of the workspace gets it; `by` is a function that makes something else of it. */
function valueOfArgument(
  load: Load,
  object: WorkspaceObject,
  config: Node,
  { parameter, by, each }: Pick<HeldValue, "parameter" | "by" | "each">,
): Argument | undefined {
  const node = load.tree.kind(config) === "object" ? load.tree.member(config, parameter) : NO_NODE;
  if (node === NO_NODE) return undefined;
  const plan = fromConfigOf(load, object);
  const { slots, doubts, doubtOfOthers } = constructorSlots(load, object, plan);
  if (doubts.has(parameter) || doubtOfOthers) return undefined;
  const own = slots.filter(({ argument }) => argument === parameter);
  const before = own.filter(({ phase }) => phase === "from_config");
  const [slot, another] = by === undefined ? before : own;
  if (slot) {
    const isOne =
      !another &&
      !slot.conditional &&
      (!slot.dictsOnly || slot.isLooped) &&
      (slot.each ?? false) === (each ?? slot.each ?? false);
    return isOne && (by === undefined || slot.by === slotFunction(by)) ? { slot, node } : undefined;
  }
  if (by !== undefined) return undefined;
  const handed = handedToConstructor(plan);
  return handed && !handed.changed.includes(parameter) ? { node } : undefined;
}

/** What an object holds as an attribute, or got as an argument: one value, or each of its elements. Empty where it is not known. */
export function heldValuesOf(
  load: Load,
  object: WorkspaceObject,
  config: Node,
  values: HeldValues,
  use: ValueUse,
): readonly Held[] {
  const { attribute, parameter = "" } = use;
  const held = attribute === undefined ? { parameter } : values.held.find((one) => one.attribute === attribute);
  const argument = held && valueOfArgument(load, object, config, held);
  if (!argument || isPutInPlace(load, argument.node)) return [];
  const { node, slot } = argument;
  const isAttribute = attribute !== undefined;
  if (slot) return madeBySlot(load, slot, node, use, isAttribute);
  return isExcepted(load, node, use) ? [] : plainValues(load, node, use, isAttribute);
}

/**
 * Whether a legacy load may put an object in the place of what the config holds (`class_and_config_for_serialized_keras_object` of
 * legacy/saving/serialization.py): of the name of a custom object, and of a dict that was serialized unasked.
 */
function isPutInPlace(load: Load, node: Node): boolean {
  if (load.tree.kind(node) !== "object") return namesCustomObject(load, node);
  return load.tree.member(node, "__passive_serialization__") !== NO_NODE;
}

/** Whether a use is only of other values: of what is something, or true. */
function isExcepted({ tree }: Load, node: Node, { unless }: ValueUse): boolean {
  if (unless === undefined) return false;
  return unless === "none" ? tree.kind(node) === "null" : !truthy(tree, { node });
}

/** What the document holds, which nobody deserializes. */
function plainValues(load: Load, node: Node, { each }: ValueUse, isAttribute: boolean): readonly Held[] {
  const { tree } = load;
  if (!each) return [plain(load, node, isAttribute)];
  const kind = tree.kind(node);
  if (kind === "array") return elements(load, node).map((child) => plain(load, child, isAttribute));
  // A loop over a text is over its characters, over a dict over its keys.
  const isText = (kind === "string" || kind === "object") && truthy(tree, { node });
  return isText ? [{ node, is: "plain", type: "str" }] : [];
}

/** Elements that are looked at: of more, the first ones decide. */
const MOST_ELEMENTS = 1000;

function elements({ tree }: Load, node: Node): Node[] {
  const list: Node[] = [];
  for (
    let child = tree.firstChild(node);
    child !== NO_NODE && list.length < MOST_ELEMENTS;
    child = tree.nextSibling(child)
  )
    list.push(child);
  return list;
}

function plain(load: Load, node: Node, isAttribute: boolean): Held {
  const type = pythonType(load.tree, { node });
  return { node, is: "plain", type: isAttribute ? typeOfAttribute(load, type) : type };
}

/** Layers wrap what is set on them, to follow what is put in (keras/src/utils/tracking.py; data_structures.py of TensorFlow). */
function typeOfAttribute({ behaviour }: Load, type: string): string {
  const isKeras2 = behaviour.package === "tf_keras";
  if (type === "dict") return isKeras2 ? "_DictWrapper" : "TrackedDict";
  if (type === "list") return isKeras2 ? "ListWrapper" : "TrackedList";
  return type;
}

/** What a slot has made of an argument. */
function madeBySlot(load: Load, slot: WorkspaceSlot, node: Node, use: ValueUse, isAttribute: boolean): readonly Held[] {
  if (slot.each) {
    if (!use.each || load.tree.kind(node) !== "array") return [];
    return elements(load, node).flatMap((child) => made(load, slot, child, isAttribute) ?? []);
  }
  if (use.each) return [];
  const one = made(load, slot, node, isAttribute);
  return one && !isExceptedOnceMade(load, one, use) ? [one] : [];
}

/** Whether a use is only of other values than what a slot has made. */
function isExceptedOnceMade(load: Load, one: Held, { unless }: ValueUse): boolean {
  if (unless === undefined) return false;
  if (one.is === "object") {
    const { defines } = lineageOf(load, one.object);
    return unless === "false" && (defines("__bool__") || defines("__len__"));
  }
  if (one.type === "NoneType") return true;
  return unless === "false" && (one.text === undefined ? !truthy(load.tree, { node: one.node }) : one.text === "");
}

function made(load: Load, slot: WorkspaceSlot, node: Node, isAttribute: boolean): Held | undefined {
  const result: Result | undefined = load.ofWorkspace.get(node) ?? plainResult(load, node);
  if (result?.is === "object") return { node, is: "object", object: result.object };
  if (result?.is !== "plain") return undefined;
  const { text, returned } = result;
  if (text !== undefined) return { node, is: "plain", type: "str", text };
  if (returned !== undefined) return { node, is: "plain", type: returned };
  // What is no object comes back as it is.
  return slot.by === "deserialize_keras_object" ? plain(load, node, isAttribute) : undefined;
}

/** What no call was planned for: what is no dict and no list comes back as it is, but for the key of a custom object. */
function plainResult(load: Load, node: Node): Result | undefined {
  const kind = load.tree.kind(node);
  return kind === "object" || kind === "array" || namesCustomObject(load, node) ? undefined : { is: "plain" };
}

/** Whether a text may be the name of what is handed to the load, or registered. */
function namesCustomObject({ tree, question, registry }: Load, node: Node): boolean {
  if (tree.kind(node) !== "string") return false;
  const text = tree.string(node);
  const isHanded = question.customObjects?.has(text) || question.scope?.has(text);
  return isHanded || registry.declarations(text).length > 0 || registry.whyOpen(text, text, null) !== undefined;
}
