import { elementsOf, NO_NODE, type Node } from "../../json/index.ts";
import { callFailure, shapeAt } from "../building/layers.ts";
import type { Shape } from "../building/weights.ts";
import type { Cause } from "../cause.ts";
import { childTasks } from "../childTasks.ts";
import { failOnText } from "../configWithoutDict.ts";
import { pythonType, truthy } from "../dict.ts";
import {
  type FoundObject,
  type Frame,
  kindOf,
  type Load,
  type PythonError,
  type Result,
  type Revival,
  type Task,
} from "../load.ts";
import * as messages from "../messages.ts";
import { failWithoutConfig, isDictWithModule, printedDict } from "../missingConfig.ts";
import { objectOfConfig, placeOfObject } from "../places.ts";
import { pythonRepr } from "../pythonRepr.ts";
import * as graphMessages from "./graphMessages.ts";
import { derivesFrom, isCertainlyNo, lineageOf } from "./lineage.ts";
import { refusedShape } from "./shapeArguments.ts";

/** One Sequential while it is made. */
interface Stack {
  readonly load: Load;
  readonly config: Node;
  readonly frame: Frame;
  /** Whether `add` is Keras's own. */
  readonly addsItself: boolean;
  /** The layers by their names; those without get a free one. */
  readonly names: Set<string>;
  /** How many there are, and whether the first is an InputLayer, and of which shape. */
  count: number;
  inputLayer: Node | undefined;
  /** Whether a layer was called whose shape may not be computed: Keras then calls none behind it. */
  mayStop: boolean;
  /** The layers that no input came before. */
  readonly uncalled: { readonly node: Node; readonly object: FoundObject }[];
}

/**
 * `Sequential.from_config` of keras/src/models/sequential.py: the layers in order, each added to those before it. Layers
 * without `module` go the legacy way.
 */
export function sequentialFromConfig(load: Load, revival: Revival): void {
  const { tree, behaviour } = load;
  const { frame } = revival;
  const config = revival.config.node;
  const type = tree.kind(config);
  const addsItself = !lineageOf(load, revival.object).defines("add");
  const stack: Stack = {
    load,
    config,
    frame,
    addsItself,
    names: new Set(),
    count: 0,
    inputLayer: undefined,
    uncalled: [],
    mayStop: false,
  };
  const object = objectOfConfig(load, config);
  const fail = (rule: Cause, node: Node, error: PythonError, key?: string) =>
    load.fail(object, { rule, node, error, graph: { model: config, ...(key !== undefined && { key }) } }, frame);
  if (type === "string") {
    if (!behaviour.checksConfigType) failOnText(load, revival);
    return;
  }
  if (type !== "object" && type !== "array") {
    if (!behaviour.checksConfigType)
      fail("wrong-field-type", config, messages.notAContainer(pythonType(tree, { node: config })));
    return;
  }
  if (type === "object" && tree.member(config, "name") === NO_NODE) {
    if (behaviour.checksConfigType)
      fail("missing-key", placeOfObject(load, object), graphMessages.sequentialKeys(), "name");
    // Without a name the keys of the dict itself are taken for layers.
    else if (tree.firstChild(config) !== NO_NODE)
      fail("missing-key", placeOfObject(load, object), messages.textIndexed(), "name");
    else tellUnbound(stack);
  } else if (type === "object" && tree.member(config, "layers") === NO_NODE) {
    fail("missing-key", placeOfObject(load, object), messages.keyError("layers"), "layers");
  }
  if (type === "array" && behaviour.checksConfigType) return;
  const layers = type === "object" ? tree.member(config, "layers") : config;
  if (layers === NO_NODE || (type !== "object" && type !== "array")) return;
  const error = graphMessages.notIterated(tree, layers) ?? textForLayers(load, layers);
  if (error) {
    fail("malformed-reference", layers, error);
    return;
  }
  const tasks: Task[] = elementsOf(tree, layers).map((layer) => () => processLayer(stack, layer));
  if (type === "array") tasks.push(() => tellUnbound(stack));
  const shape = type === "object" ? shapeAt(tree, tree.member(config, "build_input_shape")) : undefined;
  if (shape && shape.length > 0)
    tasks.push(() => {
      for (const [index, { node, object }] of stack.uncalled.entries())
        callLayer(stack, node, object, index === 0 ? shape : undefined);
    });
  load.next(tasks);
}

/** The first character of a text or the first key of a dict, which is taken for a layer. */
function textForLayers({ tree, behaviour }: Load, layers: Node): PythonError | undefined {
  if (tree.kind(layers) === "array" || !truthy(tree, { node: layers })) return undefined;
  const [first = ""] = tree.kind(layers) === "string" ? tree.string(layers) : [tree.key(tree.firstChild(layers))];
  if (first.includes("module")) return undefined;
  return behaviour.legacyChecksConfig ? graphMessages.textForLayer(first) : messages.textIndexed();
}

/** One turn of the loop: the layer is made, and added. */
function processLayer(stack: Stack, node: Node): void {
  const { load, frame } = stack;
  const type = pythonType(load.tree, { node });
  if (type !== "dict") {
    const error = notADict(stack, node);
    if (error) fail(stack, node, node, "not-a-layer", error);
    if (type === "list")
      load.next(childTasks(load, node, (child) => load.keras.layerFromConfig(load, child, frame, "sequential")));
    return;
  }
  if (isDictWithModule(load, node)) {
    failWithoutConfig(load, node, messages.notALayer(printedDict(load, node, frame)), frame);
    return;
  }
  let result: Result = { is: "failed" };
  load.next([
    () => {
      result = load.keras.layerFromConfig(load, node, frame, "sequential");
    },
    () => {
      if (stack.addsItself) addLayer(stack, node, result.is === "object" ? result.object : undefined);
    },
  ]);
}

/** What is raised over a layer that is no dict; undefined where that is not known. */
function notADict({ load: { tree, behaviour } }: Stack, node: Node): PythonError | undefined {
  const type = pythonType(tree, { node });
  if (type === "list") return graphMessages.listForLayer(pythonRepr(tree, { node }));
  if (type !== "str") return messages.notAContainer(type);
  const text = tree.string(node);
  if (text.includes("module")) return undefined;
  return behaviour.legacyChecksConfig ? graphMessages.textForLayer(text) : messages.textIndexed();
}

/** `Sequential.add`. */
function addLayer(stack: Stack, node: Node, object: FoundObject | undefined): void {
  const { load, config } = stack;
  const { tree } = load;
  const isFirst = stack.count++ === 0;
  if (!object) return;
  const lineage = lineageOf(load, object);
  const isFunction = kindOf(object) === "function" && object.from !== "other";
  if (isFunction || isCertainlyNo("Layer", lineage)) {
    fail(stack, node, node, "not-a-layer", notALayer(object));
    return;
  }
  const name = tree.member(tree.member(node, "config"), "name");
  if (name !== NO_NODE && tree.kind(name) === "string") {
    const text = tree.string(name);
    if (stack.names.has(text)) fail(stack, node, name, "duplicate-layer-name", graphMessages.layerNameNotUnique(text));
    stack.names.add(text);
  }
  if (!derivesFrom(lineage, "InputLayer")) {
    if (stack.inputLayer !== undefined) {
      const shape = tree.member(tree.member(stack.inputLayer, "config"), "batch_shape");
      callLayer(stack, node, object, stack.count === 2 ? shapeAt(tree, shape) : undefined);
    } else stack.uncalled.push({ node, object });
    return;
  }
  if (isFirst) stack.inputLayer = node;
  else if (stack.inputLayer !== undefined) {
    const model = tree.member(config, "name");
    const shape = tree.member(tree.member(stack.inputLayer, "config"), "batch_shape");
    if (model === NO_NODE || shape === NO_NODE || tree.kind(shape) !== "array") return;
    const error = graphMessages.secondInputLayer(
      tree.string(model),
      asTuple(elementsOf(tree, shape).map((part) => pythonRepr(tree, { node: part }))),
    );
    fail(stack, node, node, "second-input-layer", error);
  }
}

/** A layer is called as soon as it is added to an input, or once all are there and the config says for which shape. */
function callLayer(stack: Stack, layer: Node, object: FoundObject, input: Shape): void {
  const { load, config, frame } = stack;
  const names = stack.mayStop || load.behaviour.package !== "keras" ? undefined : argumentsOf(load, object);
  if (names) {
    const error = graphMessages.severalArguments(load.behaviour, messages.nameOf(object), names);
    const graph = { model: config, layer, takesMore: true } as const;
    load.fail(layer, { rule: "malformed-reference", node: placeOfObject(load, layer), error, graph }, frame);
    stack.mayStop = true;
    return;
  }
  const failure = callFailure(load, layer, object, input);
  if (failure) load.fail(layer, { ...failure, graph: { model: config, layer } }, frame);
  const shape = stack.mayStop ? undefined : refusedShape(load, object, layer);
  if (shape) {
    const { argument: name, at: node, error } = shape;
    load.fail(layer, { rule: "invalid-argument", node, error, name }, frame);
  }
  if (object.from !== "keras" || !computesShape.test(object.symbol.module)) stack.mayStop = true;
}

/** Modules of Keras whose layers know the shape of what they return, whatever they are made of. */
const computesShape =
  /^keras\.src\.layers\.(?:activations|attention|convolutional|merging|normalization|pooling|regularization|reshaping|core\.(?:dense|einsum_dense|embedding|identity|masking|input_layer)$|rnn\.(?:gru|lstm|simple_rnn)$)/;

/** The arguments without which these layers of Keras cannot be called; those of one argument are not told. */
const calledWith: Readonly<Record<string, readonly string[]>> = {
  GRUCell: ["inputs", "states"],
  GroupQueryAttention: ["query", "value"],
  GroupedQueryAttention: ["query", "value"],
  LSTMCell: ["inputs", "states"],
  MultiHeadAttention: ["query", "value"],
  SimpleRNNCell: ["sequence", "states"],
  StackedRNNCells: ["inputs", "states"],
};

function argumentsOf({ behaviour }: Load, object: FoundObject): readonly string[] | undefined {
  if (object.from !== "keras" || !object.symbol.module.startsWith("keras.src.layers.")) return undefined;
  const { qualname } = object.symbol;
  const names = calledWith[qualname];
  // Without a default is what takes all other arguments, too.
  const takesMore = qualname === "StackedRNNCells" && !behaviour.namesRequiredArguments;
  return names && takesMore ? [...names, "**kwargs"] : names;
}

function asTuple(parts: readonly string[]): string {
  return parts.length === 1 ? `(${parts[0]},)` : `(${parts.join(", ")})`;
}

function notALayer(object: FoundObject): PythonError {
  if (kindOf(object) === "function") {
    return graphMessages.notAKerasLayer(`<function ${messages.nameOf(object)} at 0x…>`, "<class 'function'>");
  }
  const type = messages.classRepr(object);
  return graphMessages.notAKerasLayer(`<${type.slice("<class '".length, -"'>".length)} object at 0x…>`, type);
}

/** To 3.6 a list of layers comes to a variable that only a dict sets, unless the layers have built the model before. */
function tellUnbound({ load, config, frame, count, inputLayer }: Stack): void {
  if (!load.behaviour.readsUnboundShape || (inputLayer !== undefined && count > 1)) return;
  const { tree } = load;
  const [first] = elementsOf(tree, config);
  const ownShape = first === undefined ? [] : ["batch_input_shape", "input_shape"];
  if (ownShape.some((key) => tree.member(tree.member(first as Node, "config"), key) !== NO_NODE)) return;
  load.fail(
    config,
    { rule: "missing-key", node: config, error: graphMessages.unboundShape(), graph: { model: config, key: "name" } },
    frame,
  );
}

function fail({ load, config, frame }: Stack, layer: Node, node: Node, rule: Cause, error: PythonError): void {
  load.fail(layer, { rule, node, error, graph: { model: config, layer, named: node } }, frame);
}
