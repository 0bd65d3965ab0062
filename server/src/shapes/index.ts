import type { BuiltinSymbol } from "../catalogue/keras.ts";
import type { ShapeRelease } from "../catalogue/shapeRelease.ts";
import type { Node, ValueTree } from "../json/index.ts";
import { modelKind } from "./classes.ts";
import { dialectOf } from "./dialects.ts";
import { Evaluation, type LayerClass, ownWeights, type ShapeConflict, weightsOf } from "./evaluate.ts";
import type { LayerObject } from "./layerObject.ts";
import type { Weights } from "./rule.ts";
import { stepsThrough } from "./steps.ts";
import type { Shape } from "./values.ts";

export type { ShapeConflict } from "./evaluate.ts";
export type { Weights } from "./rule.ts";
export { type Dim, type Shape, shown } from "./values.ts";

/** What is known of one layer of a model, or of a model. */
export interface LayerShapes {
  /** The shapes of the outputs of each call; undefined for one that is not known. */
  readonly calls: readonly (readonly (Shape | undefined)[])[];
  /** How many parameters it has; undefined where that is not known. */
  readonly weights: Weights | undefined;
  /** Whether it is a model: the parameters are the sum of those of its layers. */
  readonly isModel: boolean;
}

/** What follows from a config for shapes. */
export interface ModelShapes {
  /** By the nodes of the serialized objects. */
  readonly layers: ReadonlyMap<Node, LayerShapes>;
  /** Where Keras refuses shapes while it loads, in its order: the first one ends the load. */
  readonly conflicts: readonly ShapeConflict[];
}

/**
 * The output shapes and parameter counts of a model of Keras and of all layers in it, as real Keras has them after loading the
 * config; in steps of about a millisecond. `symbolOf` says as which class of Keras a serialized object is found; undefined for a class of somebody else, of which
 * nothing is known but what the config says. Linear in the document, without recursion.
 */
export function* modelShapes(
  tree: ValueTree,
  root: Node,
  symbolOf: SymbolOf,
  release: ShapeRelease,
): Generator<undefined, ModelShapes> {
  const evaluation = yield* evaluate(tree, root, symbolOf, release, false);
  const layers = new Map<Node, LayerShapes>();
  // Those within others come first, so that each sum is made once.
  for (const [node, object] of [...evaluation.objects].reverse()) {
    if (object.model) object.weights = weightsOf(object, evaluation.dialect);
    layers.set(node, { calls: callsOf(object), weights: ownWeights(object), isModel: object.model !== undefined });
  }
  return { layers, conflicts: evaluation.conflicts };
}

/** The conflicts of shapes in a model alone; see `modelShapes`. */
export function* modelConflicts(
  tree: ValueTree,
  root: Node,
  symbolOf: SymbolOf,
  release: ShapeRelease,
): Generator<undefined, readonly ShapeConflict[]> {
  return (yield* evaluate(tree, root, symbolOf, release, true)).conflicts;
}

/** As which class of Keras a serialized object is found. */
export type SymbolOf = (node: Node) => BuiltinSymbol | undefined;

function* evaluate(
  tree: ValueTree,
  root: Node,
  symbolOf: SymbolOf,
  release: ShapeRelease,
  conflictsOnly: boolean,
): Generator<undefined, Evaluation> {
  const dialect = dialectOf(release);
  const classOf = (node: Node): LayerClass => {
    const symbol = symbolOf(node);
    if (!symbol) return undefined;
    const model = modelKind(symbol);
    if (model) return { model };
    const rule = dialect.ruleOf(symbol);
    return rule && { rule };
  };
  const evaluation = new Evaluation(tree, classOf, conflictsOnly, dialect);
  yield* stepsThrough(evaluation.construct(root));
  return evaluation;
}

function callsOf({ calls, model }: LayerObject): (readonly (Shape | undefined)[])[] {
  const all = calls.length === 0 && model?.inputs ? [model.outputs] : calls;
  return all.map((outputs) => outputs.map((tensor) => tensor?.shape));
}
