import { NO_NODE, type Node } from "../json/index.ts";
import { isBuilt } from "./graph/builtLayers.ts";
import { layerRepr } from "./graph/graphMessages.ts";
import { derivesFrom, type Lineage, lineageOf } from "./graph/lineage.ts";
import { isInstance } from "./instances.ts";
import { type FoundObject, type Frame, kindOf, type Load } from "./load.ts";
import * as messages from "./messages.ts";
import { printedBytes } from "./pythonRepr.ts";
import { lookUpKey } from "./retrieve.ts";

/** What a value of the config has become, as Python prints it and its type; an address stands for every address. */
export interface PrintedObject {
  readonly printed: string;
  /** `str(type(value))`. */
  readonly type: string;
  /** The class that it is an instance of; undefined where it is a class, a function, or bytes. */
  readonly lineage?: Lineage;
}

/** What stands for a printed object whose text is not known. */
const someObject = "<…>";

/** Bases of Keras that leave it to Python how their instances are printed. */
const plainlyPrinted = [
  "Constraint",
  "Initializer",
  "LearningRateSchedule",
  "Loss",
  "BaseOptimizer",
  "Optimizer",
  "Regularizer",
];

/** As what each object of the config was found, read off the events from `since` on when it is first asked: many may ask. */
export function foundSince({ events }: Load, since: number): (node: Node) => FoundObject | undefined {
  let found: Map<Node, FoundObject> | undefined;
  return (node) => {
    if (!found) {
      found = new Map();
      for (let i = since; i < events.length; i++) {
        const event = events[i];
        if (event?.kind === "found") found.set(event.node, event.object);
      }
    }
    return found.get(node);
  };
}

/**
 * What a value has become that `deserialize_keras_object` made an object of: bytes, a custom object, a function or an instance,
 * which is `found` (`foundSince`). Undefined where it is no object, or which is not known.
 */
export function objectMade(
  load: Load,
  node: Node,
  frame: Frame,
  found: (node: Node) => FoundObject | undefined,
): PrintedObject | undefined {
  const { tree } = load;
  if (tree.kind(node) === "string") {
    const registered = lookUpKey(load, tree.string(node), frame);
    return registered && "found" in registered ? printedItself(registered.found) : undefined;
  }
  if (tree.kind(node) !== "object") return undefined;
  const bytes = printedBytes(tree, node);
  if (bytes !== undefined) return { printed: bytes, type: "<class 'bytes'>" };
  const object = found(node);
  if (!object) return undefined;
  return isReference(load, node) || kindOf(object) === "function"
    ? printedItself(object)
    : instanceOf(load, node, object);
}

/** Whether a dict names a function, or a class by the same form: either is taken as it is. */
function isReference({ tree }: Load, dict: Node): boolean {
  const className = tree.member(dict, "class_name");
  return className !== NO_NODE && tree.kind(className) === "string" && tree.string(className) === "function";
}

/** A class or a function. */
function printedItself(object: FoundObject): PrintedObject | undefined {
  if (object.from === "other" || kindOf(object) === "other") return undefined;
  return kindOf(object) === "function"
    ? { printed: messages.functionRepr(object), type: "<class 'function'>" }
    : { printed: messages.classRepr(object), type: "<class 'type'>" };
}

function instanceOf(load: Load, node: Node, object: FoundObject): PrintedObject | undefined {
  if (object.from === "other" || kindOf(object) !== "class") return undefined;
  const lineage = lineageOf(load, object);
  // A `from_config` of its own may return anything.
  if (!lineage.complete || lineage.defines("__new__")) return undefined;
  if (lineage.defines("from_config") && !isInstance(load, object)) return undefined;
  return { printed: printedInstance(load, node, object) ?? someObject, type: messages.classRepr(object), lineage };
}

/** How Python prints an instance of a class that leaves that to Python; its address stands for every address. */
export function plainRepr(load: Load, object: FoundObject): string {
  return ["__repr__", "__str__"].some(lineageOf(load, object).defines) ? someObject : messages.instanceRepr(object);
}

/** How Python prints an instance of a class, `node` its object in the config; undefined where that is not known. */
export function printedInstance(load: Load, node: Node, object: FoundObject): string | undefined {
  const lineage = lineageOf(load, object);
  const isA = (base: string) => derivesFrom(lineage, base);
  if (!lineage.complete || ["__repr__", "__str__"].some(lineage.defines) || isA("LossFunctionWrapper"))
    return undefined;
  if (plainlyPrinted.some(isA)) return messages.instanceRepr(object);
  const { tree } = load;
  const name = tree.member(tree.member(node, "config"), "name");
  // Without a name it gets one that counts up.
  if (name === NO_NODE || tree.kind(name) !== "string") return undefined;
  if (isA("Metric")) return `<${messages.nameOf(object)} name=${tree.string(name)}>`;
  if (isA("Layer") || isA("Operation"))
    return layerRepr(object, isA("Layer"), tree.string(name), isBuilt(load, node, object));
  return undefined;
}
