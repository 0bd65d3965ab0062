import type { KerasRelease } from "../catalogue/keras.ts";
import { builtinModules, deniedNames } from "../deserialize/behaviour.ts";
import type { RegistryView } from "../registry/view.ts";
import { customObjectHint } from "./customObjectHints.ts";
import { type Fix, type Hint, type Place, type SerializedName, writeBuiltin } from "./fixes.ts";
import { nearest } from "./nearest.ts";

export function builtinHint(at: Place, release: KerasRelease): Hint | undefined {
  const { name, module } = at.failure;
  if (!name) return undefined;
  const paths = release.exportedPaths();
  const same = paths.find((path) => path.endsWith(`.${name}`) && path !== `${module}.${name}` && isForModels(path));
  if (same) {
    const own = same.slice(0, -name.length - 1);
    const isObject = at.tree.kind(at.node) === "object";
    const fixes: Fix[] = isObject ? [{ kind: "write", node: at.node, field: "module", value: own }] : [];
    return { text: `Keras's own \`${name}\` has the module \`${own}\`.`, places: [], fixes };
  }
  if (!module?.startsWith("keras")) return undefined;
  const prefix = `${module}.`;
  const siblings = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  const similar = nearest(name, siblings);
  return similar === undefined ? undefined : didYouMean(at, similar);
}

/** What loads, saves or switches, and the older functions of the backend, stand in no model. */
function isForModels(path: string): boolean {
  return !deniedNames["non-modeling functions"].has(path) && !path.startsWith("keras._legacy.backend.");
}

function didYouMean(at: Place, name: string): Hint {
  return { text: `Did you mean \`${name}\`?`, places: [], fixes: [writeBuiltin(at, name)] };
}

export function identifierHint(at: Place, registry: RegistryView, release: KerasRelease): Hint | undefined {
  const { name, error } = at.failure;
  if (!name) return undefined;
  const kind = /interpret (\w+)/.exec(error.message)?.[1];
  const wanted = builtinModules.filter((table) => kind !== undefined && table.startsWith(kind.slice(0, 4)));
  const similar = nearest(
    name,
    wanted.flatMap((table) => release.tableNames(table)),
  );
  if (similar !== undefined) return didYouMean(at, similar);
  const isLookedUp = kind === "initializer" || kind === "optimizer" || at.tree.kind(at.node) !== "string";
  return (isLookedUp ? undefined : objectHint(at, registry)) ?? customObjectHint(at, registry);
}

/** A string is the name of a custom object, and `get` of its kind seeks no custom object under a string: the object itself is due. */
function objectHint(at: Place, registry: RegistryView): Hint | undefined {
  const { name = "", node } = at.failure;
  const declared = registry.declarations(name)[0] ?? registry.declarationsNamed(name)[0];
  if (!declared || declared.kind === "other") return undefined;
  const { key, kind, location, module, qualname } = declared;
  const className = qualname.slice(qualname.lastIndexOf(".") + 1);
  const value: SerializedName =
    kind === "function"
      ? { module: "builtins", class_name: "function", config: key, registered_name: "function" }
      : { module, class_name: className, config: {}, registered_name: key };
  return {
    text: `Keras does not look up \`${name}\` as a string here: write the ${kind} as an object.`,
    places: [{ message: `\`${className}\` is registered as \`${key}\` here`, location }],
    fixes: [{ kind: "write", node, value }],
  };
}
