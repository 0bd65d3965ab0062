import { NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { constructorSlots, fromConfigOf } from "../constructorSlots.ts";
import { truthy } from "../dict.ts";
import type { Load } from "../load.ts";

/** Whether a layer makes its weights while the config is loaded. */
export type Built = "built" | "not built" | "not known";

/** The arguments by which layers of Keras hold layers that they build when they are built. */
const builtByHolder: Readonly<Record<string, readonly string[]>> = {
  Bidirectional: ["backward_layer"],
  RNN: ["cell"],
  StackedRNNCells: ["cells"],
  TimeDistributed: ["layer"],
};

/** What holds an object: its argument, by itself or in a list. */
interface Holder {
  readonly object: Node;
  readonly argument: string;
  /** The class of Keras that it is; undefined for every other. */
  readonly className: string | undefined;
}

/** The object in whose `config` a value stands. */
function holderOf(load: Load, node: Node): Holder | undefined {
  const { tree, question } = load;
  const parent = tree.parent(node);
  if (parent === NO_NODE) return undefined;
  const isInList = tree.kind(parent) === "array";
  const argument = tree.key(isInList ? parent : node);
  const config = isInList ? tree.parent(parent) : parent;
  if (config === NO_NODE || tree.kind(config) !== "object") return undefined;
  if (config === question.root && argument === "layers" && tree.member(config, "class_name") === NO_NODE) {
    // `from_config` of a model, called with what `get_config` returned.
    const isGraph = tree.member(config, "input_layers") !== NO_NODE;
    return { object: config, argument, className: isGraph ? "Functional" : "Sequential" };
  }
  if (tree.key(config) !== "config") return undefined;
  const object = tree.parent(config);
  const found = load.foundAt(object);
  return { object, argument, className: found?.from === "keras" ? found.symbol.qualname : undefined };
}

/** Whether the layer at a node is one of a model that calls it while it is loaded. */
export function isCalledByModel(load: Load, layer: Node): boolean {
  const { tree } = load;
  const holder = holderOf(load, layer);
  if (holder?.argument !== "layers") return false;
  if (holder.className === "Sequential") return byShapeOfInput(tree, tree.parent(layer)) === "built";
  if (holder.className !== "Functional" && holder.className !== "Model") return false;
  return truthy(tree, { node: tree.member(layer, "inbound_nodes") });
}

/**
 * Whether the layer at a node is built in this load: by the `build_config` of its own, by a model that calls it, or by a
 * layer that holds it and is built. `remade`: whether a layer counts that is made anew and not built.
 */
export function isBuilt(load: Load, layer: Node, remade: boolean): Built {
  const { tree } = load;
  for (let node = layer; ; ) {
    const holder = holderOf(load, node);
    if (!holder) return byBuildConfig(load, node);
    const { className, argument } = holder;
    if (className === undefined) return keepsBuildConfig(load, holder) ? byShapeInConfig(load, node) : "not known";
    if (argument === "layers" && (className === "Functional" || className === "Model")) {
      return truthy(tree, { node: tree.member(node, "inbound_nodes") }) ? "built" : "not built";
    }
    if (argument === "layers" && className === "Sequential") {
      const built = byShapeOfInput(tree, tree.parent(node));
      if (built !== "not built") return built;
    } else if (className === "Bidirectional" && argument === "layer") {
      // It makes both of its layers anew from the config of this one, and their constructors get the name.
      if (remade) return "built";
    } else if (!builtByHolder[className]?.includes(argument)) return "not known";
    node = holder.object;
  }
}

/** `build_from_config`; a class that a module's table answers for loses its `build_config` on the way. */
function byBuildConfig(load: Load, node: Node): Built {
  const { tree, question } = load;
  const keeps = question.loader === "deserialize_keras_object" || question.loader === "load_model";
  const config = tree.member(node, "build_config");
  if (!keeps || config === NO_NODE || !truthy(tree, { node: config })) return "not built";
  return byShape(tree, config);
}

/** Whether a class of the workspace deserializes the argument by `deserialize_keras_object`, which reads the `build_config`. */
function keepsBuildConfig(load: Load, { object, argument }: Holder): boolean {
  const found = load.foundAt(object);
  if (found?.from !== "workspace" || load.question.loader === "load_model_from_hdf5") return false;
  const { slots } = constructorSlots(load, found, fromConfigOf(load, found));
  return slots.some(
    (slot) => slot.argument === argument && slot.by === "deserialize_keras_object" && !slot.conditional,
  );
}

/** What is not built by its `build_config` may be built where the class calls it. */
function byShapeInConfig({ tree }: Load, node: Node): Built {
  const config = tree.member(node, "build_config");
  const isBuilt = config !== NO_NODE && truthy(tree, { node: config }) && byShape(tree, config) === "built";
  return isBuilt ? "built" : "not known";
}

function byShape(tree: ValueTree, config: Node): Built {
  const shape = tree.member(config, "input_shape");
  if (tree.kind(config) !== "object" || shape === NO_NODE) return "not known";
  return tree.kind(shape) === "null" ? "not built" : "built";
}

/** Whether `Sequential.from_config` knows the shape of its input, and so calls every layer. */
export function byShapeOfInput(tree: ValueTree, layers: Node): Built {
  const first = tree.firstChild(layers);
  const className = tree.member(first, "class_name");
  if (className === NO_NODE || tree.kind(className) !== "string") return "not known";
  if (tree.string(className) === "InputLayer") return "built";
  const config = tree.member(first, "config");
  const shape = ["batch_input_shape", "input_shape", "input_dim"].map((key) => tree.member(config, key));
  if (shape.some((node) => node !== NO_NODE && tree.kind(node) !== "null")) return "built";
  // The shape of a model within is that of its own first layer.
  if (tree.member(config, "layers") !== NO_NODE) return "not known";
  const model = tree.parent(layers);
  const shapeOfModel = tree.member(model, "build_input_shape");
  if (shapeOfModel === NO_NODE || !truthy(tree, { node: shapeOfModel })) return "not built";
  return tree.kind(shapeOfModel) === "array" ? "built" : "not built";
}
