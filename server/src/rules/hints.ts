import type { KerasRelease } from "../catalogue/keras.ts";
import { builtinModules } from "../deserialize/behaviour.ts";
import type { Failure } from "../deserialize/load.ts";
import type { RegistryView, SourceLocation } from "../registry/view.ts";
import { nearest } from "./nearest.ts";

/** Advice on a failure, with the place it speaks of. */
export interface Hint {
  readonly text: string;
  readonly place?: { readonly message: string; readonly location: SourceLocation };
}

/** What to do about a failure, as far as the workspace and Keras's own names tell; undefined where nothing helps. */
export function hintFor(failure: Failure, registry: RegistryView, release: KerasRelease): Hint | undefined {
  switch (failure.rule) {
    case "class-not-registered":
    case "function-not-registered":
    case "null-module":
    case "unknown-layer":
    case "registered-name-on-builtin":
      return customObjectHint(failure, registry) ?? builtinHint(failure, release);
    case "not-a-saveable-class":
    case "module-not-importable":
      return builtinHint(failure, release) ?? customObjectHint(failure, registry);
    case "unknown-identifier":
      return identifierHint(failure, registry, release);
    default:
      return undefined;
  }
}

function customObjectHint(failure: Failure, registry: RegistryView): Hint | undefined {
  const { lookedUp = "", name = "" } = failure;
  const bare = name.slice(name.lastIndexOf(">") + 1);
  const declared = registry.declarationsNamed(bare)[0];
  if (declared) {
    const place = { message: `\`${bare}\` is registered as \`${declared.key}\` here`, location: declared.location };
    return { text: `\`${bare}\` is registered as \`${declared.key}\`: write that key.`, place };
  }
  const similar = lookedUp.length > 2 ? nearest(lookedUp, registry.keys()) : undefined;
  const target = similar === undefined ? undefined : registry.declarations(similar)[0];
  if (target) {
    const place = { message: `\`${similar}\` is registered here`, location: target.location };
    return { text: `Did you mean \`${similar}\`?`, place };
  }
  const defined = registry.definitionsNamed(bare)[0];
  if (!defined) return undefined;
  const place = { message: `\`${bare}\` is defined here, and not registered`, location: defined.location };
  const [packageName, registeredName] = splitKey(lookedUp, bare);
  const argument =
    packageName === undefined
      ? ""
      : registeredName === bare
        ? `package="${packageName}"`
        : `package="${packageName}", name="${registeredName}"`;
  return { text: `Decorate \`${bare}\` with \`@keras.saving.register_keras_serializable(${argument})\`.`, place };
}

function splitKey(key: string, bare: string): [string | undefined, string] {
  const at = key.lastIndexOf(">");
  return at < 0 ? [undefined, bare] : [key.slice(0, at), key.slice(at + 1)];
}

function builtinHint(failure: Failure, release: KerasRelease): Hint | undefined {
  const { name, module } = failure;
  if (!name) return undefined;
  const paths = release.exportedPaths();
  const same = paths.find((path) => path.endsWith(`.${name}`) && path !== `${module}.${name}`);
  if (same) return { text: `Keras's own \`${name}\` has the module \`${same.slice(0, -name.length - 1)}\`.` };
  if (!module?.startsWith("keras")) return undefined;
  const prefix = `${module}.`;
  const siblings = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  const similar = nearest(name, siblings);
  return similar === undefined ? undefined : { text: `Did you mean \`${similar}\`?` };
}

function identifierHint(failure: Failure, registry: RegistryView, release: KerasRelease): Hint | undefined {
  const { name } = failure;
  if (!name) return undefined;
  const kind = /interpret (\w+)/.exec(failure.error.message)?.[1];
  const wanted = builtinModules.filter((table) => kind !== undefined && table.startsWith(kind.slice(0, 4)));
  const similar = nearest(
    name,
    wanted.flatMap((table) => release.tableNames(table)),
  );
  if (similar !== undefined) return { text: `Did you mean \`${similar}\`?` };
  return customObjectHint(failure, registry);
}
