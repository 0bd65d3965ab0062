import type { BuiltinSymbol } from "../../catalogue/keras.ts";
import type { Unknown } from "../../registry/view.ts";
import type { Behaviour } from "../behaviour.ts";
import type { FoundObject, Load } from "../load.ts";

/** How `_retrieve_class_or_fn` reads the name of a module; Keras 2 answers to `keras` and to `tf_keras`. */

/** Whether a module is looked up among what Keras exports. */
export function isOfKeras(behaviour: Behaviour, module: string): boolean {
  return /^keras(?:\.|$)/.test(module) || (behaviour.package === "tf_keras" && /^tf_keras(?:\.|$)/.test(module));
}

/** The path under which an export is looked up: Keras 2 keeps its legacy ones by another. */
export function apiNameOf(behaviour: Behaviour, module: string, name: string): string {
  const path = `${module}.${name}`;
  return behaviour.package === "tf_keras" && path.includes("__internal__.legacy") ? `compat.v1.${path}` : path;
}

/** The module that is imported. Keras 2 writes `tf_` before every name that begins so: `keras_hub` is `tf_keras_hub`. */
export function importedModule(behaviour: Behaviour, module: string): string {
  return behaviour.package === "tf_keras" && module.startsWith("keras") ? `tf_${module}` : module;
}

/** `Outer.Inner`: a class within a class of the module; undefined where the release does not look there. */
export function nestedClass(load: Load, module: string, name: string): BuiltinSymbol | undefined {
  if (!load.behaviour.findsNestedClasses || !/^[^.]+\.[^.]+$/.test(name)) return undefined;
  return load.release.resolve(`${module}.${name}`);
}

/** Why it is not known whether a class of the workspace's module holds the one that `Outer.Inner` names. */
export function whyNestedClassOpen(
  load: Load,
  name: string,
  member: (outer: string) => FoundObject | undefined,
): Unknown | undefined {
  const [outer, inner] = name.split(".");
  if (!load.behaviour.findsNestedClasses || !/^[^.]+\.[^.]+$/.test(name) || !member(outer ?? "")) return undefined;
  return { reason: `whether \`${outer}\` holds a class \`${inner}\` is not known`, names: [name] };
}

/** What Keras 2 registers itself, such as `Custom>Adam`; the workspace is imported after it. */
export function registeredByKeras({ release }: Load, key: string): FoundObject | undefined {
  const symbol = release.tableEntry("registered", key);
  return symbol && { from: "keras", symbol };
}
