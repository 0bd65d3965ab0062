import type { RegistryView, SourceLocation } from "../registry/view.ts";
import { type Fix, type Hint, type Place, writeName } from "./fixes.ts";
import { nearestKey } from "./nearest.ts";

export function customObjectHint(at: Place, registry: RegistryView): Hint | undefined {
  const { lookedUp = "", name = "" } = at.failure;
  const bare = name.slice(name.lastIndexOf(">") + 1);
  const declared = registry.declarationsNamed(bare)[0];
  if (declared) {
    return {
      text: `\`${bare}\` is registered as \`${declared.key}\`: write that key.`,
      places: [{ message: `\`${bare}\` is registered as \`${declared.key}\` here`, location: declared.location }],
      fixes: [writeName(at, declared.key)],
    };
  }
  const similar = lookedUp.length > 2 ? nearestKey(lookedUp, registry.keys()) : undefined;
  const target = similar === undefined ? undefined : registry.declarations(similar)[0];
  if (similar !== undefined && target) {
    return {
      text: `Did you mean \`${similar}\`?`,
      places: [{ message: `\`${similar}\` is registered here`, location: target.location }],
      fixes: [writeName(at, similar)],
    };
  }
  const defined = registry.definitionsNamed(bare)[0];
  const provided = lookedUp === "" ? undefined : providedHint(bare, lookedUp, registry);
  if (!defined) return provided;
  const decoration = decorationFor(lookedUp, bare, defined.module);
  if (provided) return { ...provided, fixes: decorateFixes(at, defined, bare, decoration) };
  const writing = decoration.key === lookedUp ? "" : ` and write its key, \`${decoration.key}\``;
  return {
    text: `Decorate \`${bare}\` with \`@keras.saving.register_keras_serializable(${decoration.arguments})\`${writing}.`,
    places: [{ message: `\`${bare}\` is defined here, and not registered`, location: defined.location }],
    fixes: decorateFixes(at, defined, bare, decoration),
  };
}

/** Some load is handed the object that is meant, under a key that Keras does not look up. */
function providedHint(bare: string, lookedUp: string, registry: RegistryView): Hint | undefined {
  const provided = registry.providedNamed(bare).find(({ key }) => key !== lookedUp);
  if (!provided) return undefined;
  const { key, by, location } = provided;
  const giver = by === "argument" ? "`custom_objects=`" : "A custom object scope";
  return {
    text: `${giver} hands in \`${bare}\` as \`${key}\`, and Keras looks up \`${lookedUp}\`: where that is the load of this config, change the key to that.`,
    places: [{ message: `\`${bare}\` is handed in as \`${key}\` here`, location }],
    fixes: [],
  };
}

interface Decoration {
  readonly arguments: string;
  /** The key that it registers. */
  readonly key: string;
}

/** The decorator under which a class is found by the key that a config holds; under a key of its own where that one has no package. */
function decorationFor(lookedUp: string, name: string, module: string): Decoration {
  const cut = lookedUp.lastIndexOf(">");
  if (cut >= 0) {
    const pack = lookedUp.slice(0, cut);
    const registered = lookedUp.slice(cut + 1);
    const naming = registered === name ? "" : `, name="${registered}"`;
    return { arguments: `package="${pack}"${naming}`, key: lookedUp };
  }
  const top = module.split(".", 1)[0] ?? "";
  // A script's module is no package; Keras's own default is `Custom`.
  return top === module || top === ""
    ? { arguments: "", key: `Custom>${name}` }
    : { arguments: `package="${top}"`, key: `${top}>${name}` };
}

function decorateFixes(
  at: Place,
  defined: { readonly qualname: string; readonly location: SourceLocation },
  name: string,
  decoration: Decoration,
): Fix[] {
  // A class inside a function is made anew at each call, and a key with quotes or line ends is none that anybody writes.
  if (defined.qualname.includes("<locals>") || /["\\\r\n]/.test(decoration.key)) return [];
  const write = decoration.key === at.failure.lookedUp ? undefined : writeName(at, decoration.key);
  return [
    {
      kind: "decorate",
      location: defined.location,
      name,
      arguments: decoration.arguments,
      ...(write && { write }),
    },
  ];
}
