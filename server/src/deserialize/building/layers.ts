import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { truthy } from "../dict.ts";
import { derivesFrom, lineageOf } from "../graph/lineage.ts";
import { referencesOf } from "../graph/nodeReferences.ts";
import { isInstance } from "../instances.ts";
import { type Failure, type FoundObject, type Frame, kindOf, type Load } from "../load.ts";
import * as messages from "../messages.ts";
import { pythonRepr } from "../pythonRepr.ts";
import { weightFailure } from "./addWeight.ts";
import { ownBuildFailure, ownCallFailure } from "./ownMethods.ts";
import { type PolicyAttribute, policyLacks } from "./policy.ts";
import { Arguments, type BuildPlan, buildPlanOf, type Shape } from "./weights.ts";

/** Methods that a class of the workspace may have of its own, and then what Keras's `build` does is not said. */
const decides = ["__init__", "__call__", "build", "add_weight", "build_from_config", "__setattr__", "__getattribute__"];

/** Methods that give an object whatever attributes they like. */
const decidesAttributes = ["__getattr__", "__getattribute__"];

interface Building {
  readonly node: Node;
  readonly shape: Shape;
  /** Whether it is a copy, made of what `get_config` writes: to 3.3 that has the name of the policy alone. */
  readonly isCopy: boolean;
}

/**
 * What `layer.build(input_shape)` of keras/src/layers raises over what its arguments have become: of a layer of Keras, in the
 * order of its weights, and of the layers that are built with it. `layer` is its object in the config. Undefined where it
 * raises nothing, or that is not known. What is built once is not built again.
 */
export function buildFailure(load: Load, layer: Node, object: FoundObject, input: Shape): Failure | undefined {
  if (!mayRaise(load, layer, object)) return undefined;
  const open: Building[] = [{ node: layer, shape: input, isCopy: false }];
  for (let at = open.pop(); at; at = open.pop()) {
    const { node } = at;
    const found = node === layer ? object : load.foundAt(node);
    const plan = found && planOf(load, found);
    if (!plan) continue;
    const config = load.tree.member(node, "config");
    if (load.built.has(node)) continue;
    load.built.add(node);
    const failure = load.configsWithResults.has(config) ? ownFailure(load, config, plan, at) : undefined;
    if (failure) return failure;
    for (const held of heldLayers(load, config, plan, at)) open.push(held);
  }
  return undefined;
}

/** Whether an argument of a layer, or of one that it holds, may have become something that Keras cannot use; nearly none has. */
function mayRaise(load: Load, layer: Node, object: FoundObject): boolean {
  const plan = load.results.size === 0 ? undefined : planOf(load, object);
  return !!plan && (plan.layers.length > 0 || load.configsWithResults.has(load.tree.member(layer, "config")));
}

/** What is raised over the layer's own weights. */
function ownFailure(load: Load, config: Node, plan: BuildPlan, { shape, isCopy }: Building): Failure | undefined {
  if (quantizes(load, config)) return undefined;
  const given = new Arguments(load.tree, config);
  const asksPolicy = !plan.isMade && (!isCopy || load.behaviour.asksConfigForDtype);
  for (const weight of plan.weights) {
    if (weight.when && !weight.when(given)) continue;
    const lack = asksPolicy ? policyLacks(load, config, "variable_dtype") : undefined;
    const failure = lack ?? weightFailure(load, given, weight, shape);
    if (failure) return failure;
  }
  return undefined;
}

/** The layers that are built with one, the first of them last. */
function heldLayers({ tree }: Load, config: Node, plan: BuildPlan, { shape, isCopy }: Building): Building[] {
  const held = plan.layers.flatMap(({ argument, shape: inner, isCopy: copies }): Building[] => {
    const value = tree.member(config, argument);
    if (value === NO_NODE) return [];
    const nodes = tree.kind(value) === "array" ? elementsOf(tree, value) : [value];
    // Of several cells, each gets what the one before gives.
    return nodes.map((node, index) => ({
      node,
      shape: index === 0 ? inner(shape) : undefined,
      isCopy: isCopy || copies === true,
    }));
  });
  return held.reverse();
}

/**
 * `instance.build_from_config(build_config)`, which `deserialize_keras_object` calls of whatever it has made and is not `built`: a
 * layer is built as it was when it was saved.
 */
export function buildFromConfig(load: Load, layer: Node, object: FoundObject, buildConfig: Node, frame: Frame): void {
  const lacking = truthy(load.tree, { node: buildConfig }) ? attributeLacking(load, object) : undefined;
  if (lacking !== undefined) {
    const error = messages.attributeError(messages.nameOf(object), lacking);
    load.fail(layer, { rule: "wrong-field-type", node: buildConfig, error }, frame);
    return;
  }
  if (load.behaviour.dotWantsTuples && failsWithoutTuples(load, layer, object, buildConfig, frame)) return;
  const { tree } = load;
  const isOwn =
    object.from === "workspace" &&
    tree.kind(buildConfig) === "object" &&
    tree.member(buildConfig, "input_shape") !== NO_NODE;
  const own = isOwn ? ownBuildFailure(load, layer, object) : undefined;
  if (own) load.fail(layer, own, frame);
  if (!mayRaise(load, layer, object)) return;
  const shape = shapeAt(tree, tree.member(buildConfig, "input_shape"));
  const shapes = tree.member(buildConfig, "shapes_dict");
  const isBuilt = shape !== undefined || (shapes !== NO_NODE && tree.kind(shapes) === "object");
  const failure = isBuilt ? buildFailure(load, layer, object, shape) : undefined;
  if (failure) load.fail(layer, failure, frame);
}

/** What an object has not for certain that is asked of it before it is built: an optimizer knows whether it is, and no more. */
function attributeLacking(load: Load, object: FoundObject): string | undefined {
  if (object.from === "other" || kindOf(object) !== "class") return undefined;
  const lineage = lineageOf(load, object);
  if (derivesFrom(lineage, "Layer") || (object.from === "workspace" && !isInstance(load, object))) return undefined;
  if (decidesAttributes.some(lineage.defines)) return undefined;
  const attribute = derivesFrom(lineage, "BaseOptimizer") ? "build_from_config" : "built";
  return lineage.defines(attribute) ? undefined : attribute;
}

/** `Dot.build` of what is no tuple, as no shape is that was written to JSON; whether it raises. */
function failsWithoutTuples(load: Load, layer: Node, object: FoundObject, buildConfig: Node, frame: Frame): boolean {
  const { tree } = load;
  const lineage = lineageOf(load, object);
  if (!derivesFrom(lineage, "Dot") || !lineage.complete || decides.some(lineage.defines)) return false;
  const node = tree.member(buildConfig, "input_shape");
  if (node === NO_NODE || tree.kind(node) !== "array" || tree.childCount(node) === 0) return false;
  const received = `Received: input_shape=${pythonRepr(tree, { node })}`;
  const error = messages.valueError(`A \`Dot\` layer should be called on a list of 2 inputs. ${received}`);
  load.fail(layer, { rule: "invalid-argument", node, error, name: "input_shape" }, frame);
  return true;
}

/**
 * `layer(tensor)`: the layer converts its input, and is built where it was not. `entry` is the node of a graph by which it is called,
 * absent where it is handed one tensor alone.
 */
export function callFailure(
  load: Load,
  layer: Node,
  object: FoundObject | undefined,
  input: Shape,
  entry?: Node,
): Failure | undefined {
  // Of most models nothing has become anything else, and all is Keras's own.
  if (!object || (load.results.size === 0 && object.from !== "workspace")) return undefined;
  const ask = (node: Node, found: FoundObject) => failureOfKeras(load, node, found, undefined);
  return failureOfKeras(load, layer, object, input, entry) ?? ownCallFailure(load, layer, object, ask);
}

/** What Keras itself raises of a layer that is called: its policy, and its weights. */
function failureOfKeras(load: Load, layer: Node, object: FoundObject, input: Shape, entry?: Node): Failure | undefined {
  if (load.results.size === 0) return undefined;
  const config = load.tree.member(layer, "config");
  const lack = load.configsWithResults.has(config)
    ? policyLacks(load, config, attributeAskedInCall(load, entry))
    : undefined;
  if (!lack) return buildFailure(load, layer, object, input);
  const lineage = lineageOf(load, object);
  return derivesFrom(lineage, "Layer") && !lineage.defines("__call__") ? lack : undefined;
}

/** A layer that is handed more than one tensor converts all of them, and compares no dtypes before (`Layer.__call__`). */
function attributeAskedInCall({ behaviour, tree }: Load, entry: Node | undefined): PolicyAttribute {
  const kwargs = entry === undefined ? NO_NODE : tree.member(entry, "kwargs");
  const hasMore = kwargs !== NO_NODE && tree.firstChild(kwargs) !== NO_NODE;
  const isOne = entry === undefined || (referencesOf(tree, entry).single && !hasMore);
  return isOne || !behaviour.policiesConvert ? behaviour.calledPolicyAttribute : "convert_input";
}

/** A list of integers and nulls; undefined where it is none. */
export function shapeAt(tree: ValueTree, node: Node): Shape {
  if (node === NO_NODE || tree.kind(node) !== "array") return undefined;
  const dimensions = elementsOf(tree, node).map((one) =>
    tree.kind(one) === "number" ? tree.number(one) : tree.kind(one) === "null" ? null : undefined,
  );
  return dimensions.includes(undefined) ? undefined : (dimensions as (number | null)[]);
}

function planOf(load: Load, object: FoundObject): BuildPlan | undefined {
  if (object.from === "keras") return buildPlanOf(object.symbol.qualname);
  const lineage = lineageOf(load, object);
  const [symbol] = lineage.keras;
  const plan = symbol && buildPlanOf(symbol.qualname);
  if (!plan || !lineage.complete || decides.some(lineage.defines)) return undefined;
  // A property of that name may be anything.
  const isRead = plan.weights.every(({ initializer, regularizer, constraint }) =>
    [initializer, regularizer, constraint].every((name) => name === undefined || !lineage.defines(name)),
  );
  return isRead ? plan : undefined;
}

/** A layer that is quantized makes other weights. */
function quantizes({ tree }: Load, config: Node): boolean {
  const dtype = tree.member(config, "dtype");
  if (dtype === NO_NODE) return false;
  return /int8|int4|float8|gptq|awq|Quantized|Map/.test(tree.slice(tree.start(dtype), tree.end(dtype)));
}
