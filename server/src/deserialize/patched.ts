import type { BuiltinSymbol } from "../catalogue/keras.ts";
import { NO_NODE, type Node } from "../json/index.ts";
import type { MroEntry, RegistryView, Unknown, WorkspaceClass, WorkspaceClassBody } from "../registry/view.ts";
import type { FoundObject, Load } from "./load.ts";

/** What of a class runs when a load makes an object of it. */
const MAKING = [
  ...["__init__", "__new__", "__bases__", "__class__", "__setattr__", "__getattribute__", "from_config"],
  ...["build", "build_from_config", "compile", "compile_from_config"],
];

/** Whether something else may be set on a class in the place of what it has under a name. */
export function isPatched({ patch }: WorkspaceClassBody, name: string): boolean {
  return patch !== undefined && (patch.members === undefined || patch.members.has(name));
}

/**
 * Why it cannot be known what Keras says of an object or of what is in it: the workspace may set something else on the class of it, on
 * one of that class's bases, or on that of an object around it.
 */
export function whyPatched(load: Load, node: Node): Unknown | undefined {
  for (let at = node; at !== NO_NODE; at = load.tree.parent(at)) {
    const object = load.foundAt(at);
    const why = object && patchOf(load, object);
    if (why) return why;
  }
  return undefined;
}

function patchOf(load: Load, object: FoundObject): Unknown | undefined {
  if (object.from === "keras") return remembered(load, object.symbol, ({ mro }) => patchOfKeras(load.registry, mro));
  if (object.from !== "workspace" || object.kind !== "class") return undefined;
  const cls = load.registry.classOf(object.module, object.qualname, object.location);
  return cls && remembered(load, cls, ({ mro }) => patchOfOwn(load, mro));
}

/** What fails asks for itself and for all that is around it, most of which is of few classes. */
function remembered<T extends BuiltinSymbol | WorkspaceClass>(
  { patches }: Load,
  cls: T,
  ask: (cls: T) => Unknown | undefined,
): Unknown | undefined {
  if (!patches.has(cls)) patches.set(cls, ask(cls));
  return patches.get(cls);
}

function patchOfOwn({ registry, release }: Load, mro: readonly MroEntry[]): Unknown | undefined {
  for (const entry of mro) {
    if (entry.kind === "workspace") {
      if (MAKING.some((name) => isPatched(entry.class, name))) return entry.class.patch?.why;
      continue;
    }
    const why = patchOfKeras(registry, release.resolve(entry.path)?.mro ?? []);
    if (why) return why;
  }
  return undefined;
}

/** Why it cannot be known what a class of Keras does, by its method resolution order; undefined where the workspace leaves it alone. */
export function patchOfKeras(
  registry: Pick<RegistryView, "kerasPatches">,
  mro: readonly { readonly qualname: string }[],
): Unknown | undefined {
  for (const { name, why } of registry.kerasPatches())
    if (mro.some(({ qualname }) => name === "*" || name === qualname)) return why;
  return undefined;
}

/** Why it cannot be known whether a module holds a class of a name that is none of its own: the workspace may put one there. */
export function whyPut(
  registry: Pick<RegistryView, "kerasPatches">,
  name: string,
  module: string,
): Unknown | undefined {
  const location = registry.kerasPatches().find((one) => one.name === name)?.put;
  if (!location) return undefined;
  return { reason: `the workspace's Python may put a \`${name}\` into \`${module}\``, location, names: [name] };
}
