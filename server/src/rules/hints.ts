import type { KerasRelease } from "../catalogue/keras.ts";
import { builtinModules } from "../deserialize/behaviour.ts";
import type { Failure } from "../deserialize/load.ts";
import { NO_NODE, type Node, type ValueTree } from "../json/index.ts";
import { isToolPackage, rootOf } from "../registry/packages.ts";
import type { LoadInSight, RegistryView, SourceLocation } from "../registry/view.ts";
import { nearest, nearestKey } from "./nearest.ts";
import { olderReleases, outsideSafeMode } from "./warnings.ts";

/** Advice on a failure, with the places that it speaks of and the changes that follow it. */
export interface Hint {
  readonly text?: string;
  readonly places: readonly { readonly message: string; readonly location: SourceLocation }[];
  readonly fixes: readonly Fix[];
}

/** A change that mends a failure. */
export type Fix = WriteFix | InsertFix | RenameFix | RemoveFix | DecorateFix;

/** Adds an argument to a config, which is an object. */
export interface InsertFix {
  readonly kind: "insert";
  readonly node: Node;
  readonly key: string;
  /** Its default in the source text of the constructor; absent where it has none, and somebody has to fill it in. */
  readonly initial?: string;
}

/** Gives a member of an object another key. */
export interface RenameFix {
  readonly kind: "rename";
  readonly node: Node;
  readonly key: string;
}

/** Takes a member out of its object. */
export interface RemoveFix {
  readonly kind: "remove";
  readonly node: Node;
}

/** Writes a string or an empty dict into a member of an object, which may not be there yet; without `field` in place of the value itself. */
export interface WriteFix {
  readonly kind: "write";
  readonly node: Node;
  readonly field?: string;
  readonly value: string | EmptyDict | SerializedName;
}

/** A function or class of the workspace as `serialize_keras_object` writes it, a class with its default arguments. */
export interface SerializedName {
  readonly module: string;
  readonly class_name: string;
  readonly config: string | EmptyDict;
  readonly registered_name: string;
}

/** `{}`, which stands for every argument's default. */
export type EmptyDict = Readonly<Record<string, never>>;

/** Puts Keras's decorator before a class or function of the workspace. */
export interface DecorateFix {
  readonly kind: "decorate";
  /** Of the name in its `class` or `def`. */
  readonly location: SourceLocation;
  readonly name: string;
  /** The arguments as Python writes them: `package="my_package"`; "" where the defaults do. */
  readonly arguments: string;
  /** The key to write into the config besides, where it looks up one that cannot be registered. */
  readonly write?: WriteFix;
}

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

interface Place {
  readonly failure: Failure;
  readonly node: Node;
  readonly tree: ValueTree;
}

/** Writes a name where Keras looks it up: the string itself, a function's `config`, a legacy layer's `class_name`, `registered_name`. */
function writeName({ failure, node, tree }: Place, value: string): WriteFix {
  if (tree.kind(node) !== "object") return { kind: "write", node, value };
  if (isFunction(tree, node)) return { kind: "write", node, field: "config", value };
  const field = failure.rule === "unknown-layer" ? "class_name" : "registered_name";
  return { kind: "write", node, field, value };
}

/** Writes the name of a built-in. */
function writeBuiltin({ node, tree }: Place, value: string): WriteFix {
  if (tree.kind(node) !== "object") return { kind: "write", node, value };
  return { kind: "write", node, field: isFunction(tree, node) ? "config" : "class_name", value };
}

function isFunction(tree: ValueTree, node: Node): boolean {
  const className = tree.member(node, "class_name");
  return className !== NO_NODE && tree.string(className) === "function";
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

function customObjectHint(at: Place, registry: RegistryView): Hint | undefined {
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

/** What arguments of Keras 2 are called now. */
const renamedArguments: ReadonlyMap<string, string> = new Map([
  ["lr", "learning_rate"],
  ["batch_input_shape", "batch_shape"],
  ["output_dim", "units"],
  ["init", "kernel_initializer"],
  ["nb_filter", "filters"],
  ["border_mode", "padding"],
  ["subsample", "strides"],
  ["W_regularizer", "kernel_regularizer"],
]);

/** An argument that the constructor does not take: it has another name, or goes. */
function argumentHint({ failure, tree }: Place): Hint {
  const { name = "", node, allowed = [] } = failure;
  const object = tree.parent(node);
  // Of a key that stands twice, more would have to go than one.
  if (tree.keyStart(node) < 0 || isTwice(tree, object, name)) return { places: [], fixes: [] };
  const isFree = (key: string) => tree.member(object, key) === NO_NODE;
  const renamed = renamedArguments.get(name);
  const isRenamed = renamed !== undefined && allowed.includes(renamed) && isFree(renamed);
  const similar = isRenamed ? renamed : nearest(name, allowed.filter(isFree));
  const remove: Fix = { kind: "remove", node };
  if (similar === undefined) return { places: [], fixes: [remove] };
  const text = isRenamed ? `It is called \`${similar}\` now.` : `Did you mean \`${similar}\`?`;
  return { text, places: [], fixes: [{ kind: "rename", node, key: similar }, remove] };
}

/** An argument that is missing is added, with its default where it has one. */
function missingHint({ failure, node, tree }: Place): Hint | undefined {
  const { name, initial } = failure;
  const config = tree.member(node, "config");
  if (name === undefined || config === NO_NODE || tree.kind(config) !== "object") return undefined;
  if (tree.member(config, name) !== NO_NODE) return undefined;
  const fix: Fix = { kind: "insert", node: config, key: name, ...(initial !== undefined && { initial }) };
  return { places: [], fixes: [fix] };
}

function isTwice(tree: ValueTree, object: Node, key: string): boolean {
  let count = 0;
  for (let child = tree.firstChild(object); child !== NO_NODE; child = tree.nextSibling(child))
    if (tree.key(child) === key) count++;
  return count > 1;
}

/** A string that is none of those that the constructor takes. */
function allowedHint({ failure, tree }: Place): Hint | undefined {
  const { node, allowed = [] } = failure;
  if (tree.kind(node) !== "string" || allowed.length === 0) return undefined;
  const similar = nearest(tree.string(node), allowed);
  const fixes = allowed.slice(0, 10).map((value): Fix => ({ kind: "write", node, value }));
  if (similar === undefined) return { places: [], fixes };
  return { text: `Did you mean \`${similar}\`?`, places: [], fixes: [{ kind: "write", node, value: similar }] };
}

function shadowHint({ found }: Failure): Hint | undefined {
  if (!found) return undefined;
  const message = `\`${found.key}\` is registered here, and is what Keras finds`;
  return { places: [{ message, location: found.location }], fixes: [] };
}

function builtinHint(at: Place, release: KerasRelease): Hint | undefined {
  const { name, module } = at.failure;
  if (!name) return undefined;
  const paths = release.exportedPaths();
  const same = paths.find((path) => path.endsWith(`.${name}`) && path !== `${module}.${name}`);
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

function didYouMean(at: Place, name: string): Hint {
  return { text: `Did you mean \`${name}\`?`, places: [], fixes: [writeBuiltin(at, name)] };
}

function identifierHint(at: Place, registry: RegistryView, release: KerasRelease): Hint | undefined {
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
