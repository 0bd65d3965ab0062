import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { derivesFrom, lineageOf } from "../graph/lineage.ts";
import type { Failure, FoundObject, Frame, Load } from "../load.ts";
import { weightFailure } from "./addWeight.ts";
import { policyLacks } from "./policy.ts";
import { Arguments, type BuildPlan, buildPlanOf, type Shape } from "./weights.ts";

/** Methods that a class of the workspace may have of its own, and then what Keras's `build` does is not said. */
const decides = ["__init__", "__call__", "build", "add_weight", "build_from_config", "__setattr__", "__getattribute__"];

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
export function buildFailure(load: Load, layer: Node, input: Shape): Failure | undefined {
  // Nothing that Keras cannot use has come to be anywhere.
  if (load.results.size === 0) return undefined;
  const open: Building[] = [{ node: layer, shape: input, isCopy: false }];
  for (let at = open.pop(); at; at = open.pop()) {
    const { node, shape, isCopy } = at;
    if (load.built.has(node)) continue;
    load.built.add(node);
    const plan = planOf(load, node);
    if (!plan) continue;
    const config = new Arguments(load.tree, load.tree.member(node, "config"));
    for (const weight of plan.weights) {
      if (weight.when && !weight.when(config)) continue;
      const asksPolicy = !plan.isMade && (!isCopy || load.behaviour.asksConfigForDtype);
      const lack = asksPolicy ? policyLacks(load, config.config, "variable_dtype") : undefined;
      const failure = lack ?? weightFailure(load, config, weight, shape);
      if (failure) return failure;
    }
    for (const held of [...plan.layers].reverse()) {
      const value = load.tree.member(config.config, held.argument);
      if (value === NO_NODE) continue;
      const isList = load.tree.kind(value) === "array";
      const nodes = isList ? elementsOf(load.tree, value) : [value];
      const inner = held.shape(shape);
      // Of several cells, each gets what the one before gives.
      for (const [index, one] of [...nodes.entries()].reverse())
        open.push({ node: one, shape: index === 0 ? inner : undefined, isCopy: isCopy || held.isCopy === true });
    }
  }
  return undefined;
}

/** `Layer.build_from_config`: a layer is built as it was when it was saved. */
export function buildFromConfig(load: Load, layer: Node, buildConfig: Node, frame: Frame): void {
  const { tree } = load;
  const shape = shapeAt(tree, tree.member(buildConfig, "input_shape"));
  const shapes = tree.member(buildConfig, "shapes_dict");
  const isBuilt = shape !== undefined || (shapes !== NO_NODE && tree.kind(shapes) === "object");
  const failure = isBuilt ? buildFailure(load, layer, shape) : undefined;
  if (failure) load.fail(layer, failure, frame);
}

/** `layer(tensor)`: the layer converts its input, and is built where it was not. */
export function callFailure(
  load: Load,
  layer: Node,
  object: FoundObject | undefined,
  input: Shape,
): Failure | undefined {
  if (load.results.size === 0 || !object) return undefined;
  const lineage = lineageOf(load, object);
  if (!derivesFrom(lineage, "Layer") || lineage.defines("__call__")) return undefined;
  const config = load.tree.member(layer, "config");
  return policyLacks(load, config, load.behaviour.calledPolicyAttribute) ?? buildFailure(load, layer, input);
}

/** A list of integers and nulls; undefined where it is none. */
export function shapeAt(tree: ValueTree, node: Node): Shape {
  if (node === NO_NODE || tree.kind(node) !== "array") return undefined;
  const dimensions = elementsOf(tree, node).map((one) =>
    tree.kind(one) === "number" ? tree.number(one) : tree.kind(one) === "null" ? null : undefined,
  );
  return dimensions.includes(undefined) ? undefined : (dimensions as (number | null)[]);
}

function planOf(load: Load, node: Node): BuildPlan | undefined {
  const object = load.objects.get(node);
  if (!object || quantizes(load, node)) return undefined;
  const lineage = lineageOf(load, object);
  if (!lineage.complete || decides.some(lineage.defines)) return undefined;
  const [symbol] = lineage.keras;
  return symbol && buildPlanOf(symbol.qualname);
}

/** A layer that is quantized makes other weights. */
function quantizes({ tree }: Load, node: Node): boolean {
  const dtype = tree.member(tree.member(node, "config"), "dtype");
  if (dtype === NO_NODE) return false;
  return /int8|int4|float8|gptq|awq|Quantized|Map/.test(tree.slice(tree.start(dtype), tree.end(dtype)));
}
