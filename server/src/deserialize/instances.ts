import { NO_NODE, type Node } from "../json/index.ts";
import { isBuilt } from "./graph/builtLayers.ts";
import { layerRepr } from "./graph/graphMessages.ts";
import { derivesFrom, isCertainlyNo, type Lineage, lineageOf } from "./graph/lineage.ts";
import { type FoundObject, kindOf, type Load } from "./load.ts";
import * as messages from "./messages.ts";

/** Bases of Keras whose instances Python prints as it does where nobody says how. */
const printedPlainly = ["Constraint", "Initializer", "LearningRateSchedule", "Loss", "BaseOptimizer", "Regularizer"];
/** Bases of Keras whose instances nobody can call. */
const notCallable = ["BaseOptimizer", "DTypePolicy", "FloatDTypePolicy"];

/** Whether `callable(obj)` is false for certain of what is revived as this class. */
export function isNotCallable(load: Load, object: FoundObject): boolean {
  if (object.from === "other" || kindOf(object) !== "class") return false;
  const lineage = lineageOf(load, object);
  if (lineage.defines("__call__") || !isCertainlyNo("Layer", lineage)) return false;
  return notCallable.some((base) => derivesFrom(lineage, base));
}

/** Whether what is revived as this class is no optimizer for certain; in Keras 2 there are others, and it is not known. */
export function isNoOptimizer(load: Load, object: FoundObject): boolean {
  return load.behaviour.package === "keras" && isCertainlyNo("BaseOptimizer", lineageOf(load, object));
}

/**
 * How Python prints what an object of the config has become: a function, or an instance of a class. Undefined where that is not
 * known.
 */
export function printedObject(load: Load, node: Node, object: FoundObject): string | undefined {
  if (object.from === "other") return undefined;
  // An attribute of a module may be anything, also a lambda.
  if (kindOf(object) === "other") return undefined;
  if (kindOf(object) === "function") return messages.functionRepr(object);
  const lineage = lineageOf(load, object);
  if (!lineage.complete || lineage.defines("__repr__") || lineage.defines("__str__")) return undefined;
  return printedInstance(load, node, object, lineage);
}

function printedInstance(load: Load, node: Node, object: FoundObject, lineage: Lineage): string | undefined {
  const { tree } = load;
  const isA = (base: string) => derivesFrom(lineage, base);
  if (isA("Layer") || isA("Metric")) {
    const name = tree.member(tree.member(node, "config"), "name");
    if (name === NO_NODE || tree.kind(name) !== "string") return undefined;
    if (isA("Layer")) return layerRepr(object, true, tree.string(name), isBuilt(load, node, object));
    return `<${messages.nameOf(object)} name=${tree.string(name)}>`;
  }
  if (!printedPlainly.some(isA) || isA("LossFunctionWrapper")) return undefined;
  return messages.classRepr(object).replace(/^<class '(.*)'>$/, "<$1 object at 0x…>");
}
