import type { KerasRelease } from "../catalogue/keras.ts";
import type { Failure } from "../deserialize/load.ts";
import { NO_NODE, type Node, type ValueTree } from "../json/index.ts";
import { isToolPackage, rootOf } from "../registry/packages.ts";
import type { LoadInSight, RegistryView } from "../registry/view.ts";
import { allowedHint, argumentHint, deserializeHint, missingHint } from "./argumentHints.ts";
import { builtinHint, identifierHint } from "./builtinHints.ts";
import { customObjectHint } from "./customObjectHints.ts";
import { type Hint, isFunction, type Place } from "./fixes.ts";
import { nearest } from "./nearest.ts";
import { olderReleases, outsideSafeMode } from "./warnings.ts";

/** What is known beside the failure. */
export interface HintSources {
  readonly registry: RegistryView;
  readonly release: KerasRelease;
  /** The one place that loads the document, where there is one. */
  readonly load: LoadInSight | undefined;
}

/** What to do about a failure of the object (or string) `node`, as far as the workspace and Keras's own names tell. */
export function hintFor(
  failure: Failure,
  node: Node,
  tree: ValueTree,
  { registry, release, load }: HintSources,
): Hint | undefined {
  const at: Place = { failure, node, tree };
  switch (failure.rule) {
    case "class-not-registered":
    case "function-not-registered":
    case "null-module":
    case "unknown-layer":
    case "registered-name-on-builtin":
      return handedHint(at, load) ?? customObjectHint(at, registry) ?? builtinHint(at, release) ?? attackHint(at);
    case "not-a-saveable-class":
    case "module-not-importable":
      return builtinHint(at, release) ?? customObjectHint(at, registry);
    case "unknown-identifier":
      return identifierHint(at, registry, release);
    case "unknown-layer-reference":
      return layerHint(at);
    case "missing-from-config":
      return shadowHint(failure);
    case "unknown-argument":
      return argumentHint(at);
    case "missing-argument":
      return missingHint(at);
    case "invalid-argument":
      return allowedHint(at);
    case "not-deserialized":
      return deserializeHint(at);
    case "missing-config":
      if (tree.member(node, "class_name") === NO_NODE)
        return { text: "Name the class in `class_name`.", places: [], fixes: [] };
      return { places: [], fixes: [{ kind: "write", node, field: "config", value: {} }] };
    default: {
      const older = olderReleases(failure.rule, failure.lookedUp);
      const text = isBareLambda(at) ? `${older} ${outsideSafeMode}` : older;
      return text === undefined ? undefined : { text, places: [], fixes: [] };
    }
  }
}

/** A Lambda layer without `module`, as files of Keras 2 have it, which is revived in the legacy way. */
function isBareLambda({ failure, node, tree }: Place): boolean {
  if (failure.rule !== "unsafe-lambda") return false;
  const layer = tree.parent(tree.parent(node));
  const className = tree.member(layer, "class_name");
  return className !== NO_NODE && tree.string(className) === "Lambda" && tree.member(layer, "module") === NO_NODE;
}

/** Among so many layers the nearest name is sought. */
const MOST_LAYERS = 5000;

/** The layer of the same model whose name is nearest to the one that is referred to. */
function layerHint({ failure, tree }: Place): Hint | undefined {
  const { named, model } = failure.graph ?? {};
  if (named === undefined || model === undefined) return undefined;
  const names: string[] = [];
  let layer = tree.firstChild(tree.member(model, "layers"));
  for (; layer !== NO_NODE && names.length < MOST_LAYERS; layer = tree.nextSibling(layer)) {
    const name = tree.member(layer, "name");
    if (name !== NO_NODE && tree.kind(name) === "string") names.push(tree.string(name));
  }
  const meant = nearest(tree.string(named), names);
  if (meant === undefined) return undefined;
  return { text: `Did you mean \`${meant}\`?`, places: [], fixes: [{ kind: "write", node: named, value: meant }] };
}

/** The object that is meant is handed to the load, under a key that Keras does not look up. */
function handedHint({ failure }: Place, load: LoadInSight | undefined): Hint | undefined {
  const { lookedUp = "", name = "" } = failure;
  if (!load) return undefined;
  const bare = name.slice(name.lastIndexOf(">") + 1);
  for (const [giver, objects] of [
    ["`custom_objects=`", load.customObjects],
    ["A custom object scope", load.scope],
  ] as const) {
    for (const [key, object] of objects) {
      const isMeant = object ? object.qualname.slice(object.qualname.lastIndexOf(".") + 1) === bare : key === bare;
      if (!isMeant || key === lookedUp) continue;
      return {
        text: `${giver} hands in \`${bare}\` as \`${key}\`, and Keras looks up \`${lookedUp}\`: change the key to that.`,
        places: [{ message: `\`${bare}\` is handed in as \`${key}\` here`, location: load.location }],
        fixes: [],
      };
    }
  }
  return undefined;
}

/** A function of Python or of a package that reads, fetches or runs is nobody's custom object. */
function attackHint({ failure, node, tree }: Place): Hint | undefined {
  const { module, name } = failure;
  if (!isFunction(tree, node) || !module || !isToolPackage(rootOf(module)) || module === "builtins") return undefined;
  const text =
    `To 3.8 Keras imports \`${module}\` for this and takes its \`${name}\` (CVE-2025-1550): the config may have been made ` +
    "to attack whoever loads it.";
  return { text, places: [], fixes: [] };
}

function shadowHint({ found }: Failure): Hint | undefined {
  if (!found) return undefined;
  const message = `\`${found.key}\` is registered here, and is what Keras finds`;
  return { places: [{ message, location: found.location }], fixes: [] };
}
