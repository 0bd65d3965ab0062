import { fromConfigOf, isSuperFromConfig } from "./constructorSlots.ts";
import { derivesFrom, isCertainlyNo, lineageOf } from "./graph/lineage.ts";
import { type FoundObject, kindOf, type Load } from "./load.ts";

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
 * Whether what is made of a class of the workspace is an instance of it: its `from_config`, where it has its own, calls `cls`, whatever
 * the config holds. The `from_config` of another class makes an instance of that one.
 */
export function isInstance(load: Load, object: FoundObject): boolean {
  const lineage = lineageOf(load, object);
  if (!lineage.complete || lineage.keras.length === 0 || lineage.defines("__new__")) return false;
  const plan = fromConfigOf(load, object);
  if (plan.by !== "workspace") return plan.by !== "unread";
  return (
    plan.flow?.uses.some(
      ({ callee, conditional }) => !conditional && (callee === "cls" || isSuperFromConfig(callee)),
    ) ?? false
  );
}
