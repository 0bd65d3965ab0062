import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../../json/index.ts";
import { ownCallFailure } from "../../building/ownMethods.ts";
import type { Cause } from "../../cause.ts";
import { childTasks } from "../../childTasks.ts";
import { pythonType, text, truthy } from "../../dict.ts";
import * as graphMessages from "../../graph/graphMessages.ts";
import { derivesFrom, isCertainlyNo, lineageOf } from "../../graph/lineage.ts";
import type { Result, Revival, Task } from "../../load.ts";
import { type FoundObject, type Frame, inner, kindOf, type Load, type PythonError } from "../../load.ts";
import * as messages from "../../messages.ts";
import { plainRepr } from "../../objectRepr.ts";
import { objectOfConfig, placeOfObject } from "../../places.ts";
import { lookUpKey } from "../../retrieve.ts";
import { type Built, byShapeOfInput } from "../building.ts";
import { missingArguments } from "../configShape.ts";
import { emptyConfig, failsOnEmpty } from "../emptyConfig.ts";
import { layerFromConfig } from "../layers.ts";
import { deserializeLegacy } from "../legacy.ts";
import * as own from "./graphMessages.ts";
import { nameFailure } from "./layerNames.ts";

/** One Sequential while it is made. */
interface Stack {
  readonly load: Load;
  readonly config: Node;
  readonly frame: Frame;
  /** Whether `add` is Keras's own. */
  readonly addsItself: boolean;
  /** Whether it has an input from its first layer on, so that each is called as it is added. */
  built: Built;
  /** The layers by their names, but for the InputLayer, whose name is apart; those without get a free one. */
  readonly names: Set<string>;
  inputName: string | undefined;
  count: number;
}

/** `Sequential.from_config` of tf_keras/src/engine/sequential.py: the layers in order, each added to those before it. */
export function sequentialFromConfig(load: Load, revival: Revival): void {
  const { tree } = load;
  const { frame } = revival;
  const config = revival.config.node;
  const type = pythonType(tree, { node: config });
  const object = objectOfConfig(load, config);
  const fail = (rule: Cause, node: Node, error: PythonError, key?: string) =>
    load.fail(object, { rule, node, error, graph: { model: config, ...(key !== undefined && { key }) } }, frame);
  if (type !== "dict" && type !== "list" && type !== "str") {
    fail("wrong-field-type", config, messages.notAContainer(type));
    return;
  }
  if (type !== "dict" && holdsName(tree, config)) {
    fail("wrong-field-type", config, messages.subscriptFails(type, "name"));
    return;
  }
  const isNamed = type === "dict" && tree.member(config, "name") !== NO_NODE;
  if (isNamed && tree.member(config, "layers") === NO_NODE) {
    fail("missing-key", placeOfObject(load, object), messages.keyError("layers"), "layers");
    return;
  }
  // Without a name, the config itself is taken for the layers.
  const layers = isNamed ? tree.member(config, "layers") : config;
  if (type === "dict" && !isNamed) {
    const refused = refusedKey(load, layers, frame);
    if (refused) fail("missing-key", placeOfObject(load, object), refused, "name");
    return;
  }
  const error = graphMessages.notIterated(tree, layers) ?? refusedKey(load, layers, frame);
  if (error) {
    fail("malformed-reference", layers, error);
    return;
  }
  if (tree.kind(layers) !== "array") return;
  const addsItself = !lineageOf(load, revival.object).defines("add");
  const built = tree.childCount(layers) === 0 ? "not built" : builtByFirst(tree, layers);
  const stack: Stack = { load, config, frame, addsItself, built, names: new Set(), inputName: undefined, count: 0 };
  const tasks: Task[] = elementsOf(tree, layers).map((layer) => () => processLayer(stack, layer));
  if (type === "list") tasks.push(() => tellUnbound(stack));
  load.next(tasks);
}

/** `"name" in config` of what is no dict. */
function holdsName(tree: ValueTree, config: Node): boolean {
  if (tree.kind(config) === "string") return tree.string(config).includes("name");
  return elementsOf(tree, config).some((one) => tree.kind(one) === "string" && tree.string(one) === "name");
}

/** What is raised over the first character of a text or the first key of a dict, which is sought as a layer. */
function refusedKey(load: Load, layers: Node, frame: Frame): PythonError | undefined {
  const { tree, behaviour, release, registry } = load;
  if (tree.kind(layers) === "array" || !truthy(tree, { node: layers })) return undefined;
  const [first = ""] = tree.kind(layers) === "string" ? tree.string(layers) : [tree.key(tree.firstChild(layers))];
  const isKnown =
    first.includes("module") || release.tableEntry("layers", first) !== undefined || lookUpKey(load, first, frame);
  if (isKnown || registry.whyOpen(first, first, null)) return undefined;
  return first === "" ? emptyConfig("") : messages.unknownLegacy(behaviour, "layer", first);
}

/** Whether the first layer brings an input; a model may bring that of its own first layer. */
function builtByFirst(tree: ValueTree, layers: Node): Built {
  const first = tree.firstChild(layers);
  const className = tree.member(first, "class_name");
  // Its constructor makes a shape where none is given.
  if (className !== NO_NODE && tree.kind(className) === "string" && tree.string(className) === "Embedding")
    return "built";
  const shape = tree.member(tree.parent(layers), "build_input_shape");
  const built = byShapeOfInput(tree, layers);
  const isByOwnShape = built === "built" && shape !== NO_NODE && truthy(tree, { node: shape });
  return isByOwnShape && (className === NO_NODE || tree.string(className) !== "InputLayer") ? "not known" : built;
}

/** One turn of the loop: the layer is made, and added. */
function processLayer(stack: Stack, node: Node): void {
  const { load, frame } = stack;
  const type = pythonType(load.tree, { node });
  if (type !== "dict" && type !== "list" && type !== "str") {
    fail(stack, node, node, "not-a-layer", messages.notAContainer(type));
    return;
  }
  let result: Result = { is: "failed" };
  load.next([
    () => {
      result = type === "str" ? layerOfText(stack, node) : layerFromConfig(load, node, frame, "sequential");
      // What stands in it is looked at all the same.
      if (type === "list")
        load.next(childTasks(load, node, (child) => layerFromConfig(load, child, frame, "sequential")));
    },
    () => {
      if (stack.addsItself) addLayer(stack, node, result);
    },
  ]);
}

/** A text is the name of a class, which is called without arguments. */
function layerOfText({ load, frame }: Stack, node: Node): Result {
  const { tree } = load;
  const name = text(tree, { node }) ?? "";
  if (name.includes("module")) return { is: "failed" };
  if (failsOnEmpty(load, { node }, frame)) return { is: "failed" };
  const result = deserializeLegacy(load, { node }, inner(frame, { calls: 2 }), "layers");
  if (result.is !== "object" || kindOf(result.object) !== "class") return result;
  const error = missingArguments(result.object);
  if (!error) return result;
  load.fail(node, { rule: "missing-argument", node, error, name }, frame);
  return { is: "failed" };
}

/** `Sequential.add`. */
function addLayer(stack: Stack, node: Node, result: Result): void {
  const { load } = stack;
  const { tree } = load;
  const isFirst = stack.count++ === 0;
  if (result.is !== "object") {
    if (isFirst) stack.built = "not known";
    return;
  }
  const { object } = result;
  const lineage = lineageOf(load, object);
  const isFunction = kindOf(object) === "function" && object.from !== "other";
  if (isFunction || isCertainlyNo("Layer", lineage)) {
    fail(stack, node, node, "not-a-layer", notALayer(load, object));
    return;
  }
  const config = tree.member(node, "config");
  const name = tree.member(config, "name");
  if (name === NO_NODE || tree.kind(name) !== "string") return;
  const own = tree.string(name);
  if (isFirst && derivesFrom(lineage, "InputLayer")) stack.inputName = own;
  else addName(stack, node, name, own, isFirst && !derivesFrom(lineage, "Model"));
  if (stack.built !== "built" || stack.inputName === own) return;
  const failure = nameFailure(load, node, object) ?? ownCallFailure(load, node, object);
  if (failure) load.fail(node, failure, stack.frame);
}

/** `_is_layer_name_unique`, and `_map_graph_network` where the name is that of the input. */
function addName(stack: Stack, node: Node, at: Node, name: string, mayBringInput: boolean): void {
  const { names, built } = stack;
  if (names.has(name)) fail(stack, node, at, "duplicate-layer-name", own.layerNameNotUnique(name));
  else if (built === "built" && name === stack.inputName)
    fail(stack, node, at, "duplicate-layer-name", own.nameUsedTwice(name, 2));
  names.add(name);
  if (mayBringInput) stack.inputName = `${name}_input`;
}

function notALayer(load: Load, object: FoundObject): PythonError {
  if (kindOf(object) === "function")
    return own.notALayer(`<function ${messages.nameOf(object)} at 0x…>`, "<class 'function'>");
  return own.notALayer(plainRepr(load, object), messages.classRepr(object));
}

/** In 2.15 a list of layers comes to a variable that only a dict sets, unless the layers have built the model before. */
function tellUnbound({ load, config, frame, built }: Stack): void {
  if (!load.behaviour.readsUnboundShape || built !== "not built") return;
  const failure = { rule: "missing-key", node: config, error: graphMessages.unboundShape() } as const;
  load.fail(config, { ...failure, graph: { model: config, key: "name" } }, frame);
}

function fail({ load, config, frame }: Stack, layer: Node, node: Node, rule: Cause, error: PythonError): void {
  load.fail(layer, { rule, node, error, graph: { model: config, layer, named: node } }, frame);
}
