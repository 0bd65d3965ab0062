import { NO_NODE, type Node, type ValueTree } from "../json/index.ts";
import type { Dialect, Root } from "./configDocument.ts";
import { isPair } from "./layerLists.ts";

/**
 * Whether a text can hold a Keras config at all: the cheap test before parsing. Every serialized object has a
 * `class_name`; a key spelled with JSON escapes is not looked for.
 */
export function canHoldConfig(text: string): boolean {
  return text.includes('"class_name"');
}

/** Whether a name is known to be a class or function of Keras or of the workspace; decides only the doubtful shapes. */
export type IsKnownName = (name: string) => boolean;

/**
 * The configs of a document, in order, told by content: serialized objects at its root or inside a larger document, and
 * the legacy pairs of `model_config` and `training_config`. What merely looks alike is left out.
 */
export function findRoots(tree: ValueTree, isKnownName: IsKnownName): Root[] {
  const roots: Root[] = [];
  let skipTo = -1;
  // Within a pair that is not Keras's, somebody else's rules hold: there only a registered name tells a config.
  let foreignTo = -1;
  for (let node: Node = 0; node < tree.size; node++) {
    const start = tree.start(node);
    if (start < skipTo || tree.kind(node) !== "object") continue;
    if (isShadowed(tree, node)) {
      skipTo = tree.end(node);
      continue;
    }
    const legacy = legacyRoot(tree, node);
    const isForeign = start < foreignTo && tree.member(node, "registered_name") === NO_NODE;
    const isConfig = !isForeign && isSerializedObject(tree, node, isKnownName);
    const root = legacy ?? (isConfig ? serializedRoot(tree, node) : modelConfig(tree, node));
    if (root) {
      roots.push(root);
      skipTo = tree.end(node);
    } else if (isPair(tree, node)) foreignTo = Math.max(foreignTo, tree.end(node));
  }
  return roots;
}

/** Whether a later member of the same key takes the value's place when Python reads the document. */
function isShadowed(tree: ValueTree, node: Node): boolean {
  return tree.keyStart(node) >= 0 && tree.member(tree.parent(node), tree.key(node)) !== node;
}

/**
 * Root attributes of an `.h5` file as JSON, and the `modelTopology` of TensorFlow.js, which has the same members: of it
 * tensorflowjs takes the model alone (converters/keras_tfjs_loader.py of 4.22).
 */
function legacyRoot(tree: ValueTree, node: Node): Root | undefined {
  const model = tree.member(node, "model_config");
  if (model === NO_NODE || !isPair(tree, model)) return undefined;
  if (tree.key(node) === "modelTopology") return { dialect: "tfjs", node: model, loader: "model_from_json" };
  const training = tree.member(node, "training_config");
  const root = { dialect: "h5-attributes", node: model, loader: "load_model_from_hdf5" } as const;
  return training === NO_NODE || tree.kind(training) !== "object" ? root : { ...root, trainingConfig: training };
}

function serializedRoot(tree: ValueTree, node: Node): Root {
  if (tree.key(node) === "modelTopology") return { dialect: "tfjs", node, loader: "model_from_json" };
  return { dialect: dialectOf(tree, node), node, loader: "deserialize_keras_object" };
}

/** What `get_config` of a Functional or Sequential model returns, as a whole document: `from_config` takes it. */
function modelConfig(tree: ValueTree, node: Node): Root | undefined {
  if (node !== tree.root || tree.kind(tree.member(node, "name")) !== "string" || !holdsLayers(tree, node))
    return undefined;
  const has = (key: string) => tree.member(node, key) !== NO_NODE;
  const isModel = (has("input_layers") && has("output_layers")) || hasOnly(tree, node, sequentialKeys);
  return isModel ? { dialect: "model-config", node, loader: "from_config" } : undefined;
}

function dialectOf(tree: ValueTree, node: Node): Dialect {
  const className = stringMember(tree, node, "class_name");
  const hasModule = tree.member(node, "module") !== NO_NODE;
  const layers = tree.member(tree.member(node, "config"), "layers");
  const isModel = layers !== NO_NODE || className === "Sequential";
  if (isModel && !hasModule) return "keras-2-model";
  if (className === "function") return "function";
  if (!isModel) return "object";
  return className === "Sequential" ? "sequential" : "functional";
}

/** Members that Keras writes beside `class_name` and `config`. */
const serializedKeys = new Set([
  "module",
  "class_name",
  "config",
  "registered_name",
  "build_config",
  "compile_config",
  "shared_object_id",
  "name",
  "inbound_nodes",
  "keras_version",
  "backend",
]);

/** What `Sequential.get_config` returns, those of its base classes included. */
const sequentialKeys = new Set(["name", "trainable", "dtype", "layers", "build_input_shape"]);

/** Whether an object is what `serialize_keras_object` or a Keras 2 `to_json` writes, possibly with a damaged field. */
function isSerializedObject(tree: ValueTree, node: Node, isKnownName: IsKnownName): boolean {
  if (!isPair(tree, node)) return false;
  const className = stringMember(tree, node, "class_name");
  if (className !== undefined && /^__\w+__$/.test(className)) return false;
  const has = (key: string) => tree.member(node, key) !== NO_NODE;
  if (has("keras_version")) return true;
  if (holdsLayers(tree, tree.member(node, "config"))) return true;
  const hasModule = has("module");
  const hasRegisteredName = has("registered_name");
  const module = stringMember(tree, node, "module");
  if (hasModule && hasRegisteredName) return true;
  if (module !== undefined && (isKerasModule(module) || (node === tree.root && isKerasRelative(module)))) return true;
  if (hasModule && (has("build_config") || has("compile_config") || has("inbound_nodes") || has("shared_object_id")))
    return true;
  if (className === "function" && module === "builtins") return true;
  const known = className !== undefined && isKnownName(className);
  if (hasRegisteredName) {
    const registeredName = stringMember(tree, node, "registered_name");
    if (registeredName === undefined || registeredName.includes(">") || registeredName === className) return true;
    return known || looksLikeLayerConfig(tree, tree.member(node, "config"));
  }
  if (hasModule) return known || looksLikeLayerConfig(tree, tree.member(node, "config"));
  return node === tree.root && known && hasOnly(tree, node, serializedKeys);
}

/** Packages whose objects Keras revives by module. */
function isKerasModule(module: string): boolean {
  return /^keras(_hub|_cv|_nlp)?(\.|$)/.test(module);
}

/** Packages of the same family, which Keras 3 does not revive so. */
function isKerasRelative(module: string): boolean {
  return /^(keras_(rs|tuner|core)|tf_keras|tensorflow(\.python)?\.keras)(\.|$)/.test(module);
}

/** A model's config: `layers`, or the bare list of the first Sequential models, of objects with a class name. */
function holdsLayers(tree: ValueTree, config: Node): boolean {
  if (config === NO_NODE) return false;
  const layers = tree.kind(config) === "array" ? config : tree.member(config, "layers");
  if (layers === NO_NODE || tree.kind(layers) !== "array") return false;
  const first = tree.firstChild(layers);
  return first !== NO_NODE && isPair(tree, first);
}

function looksLikeLayerConfig(tree: ValueTree, config: Node): boolean {
  if (config === NO_NODE) return false;
  return ["name", "trainable", "dtype"].filter((key) => tree.member(config, key) !== NO_NODE).length >= 2;
}

function hasOnly(tree: ValueTree, node: Node, keys: ReadonlySet<string>): boolean {
  for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.nextSibling(child)) {
    if (!keys.has(tree.key(child))) return false;
  }
  return true;
}

function stringMember(tree: ValueTree, node: Node, key: string): string | undefined {
  const member = tree.member(node, key);
  return member !== NO_NODE && tree.kind(member) === "string" ? tree.string(member) : undefined;
}
