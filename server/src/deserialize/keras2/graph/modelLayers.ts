import { NO_NODE, type Node, type ValueTree } from "../../../json/index.ts";
import type { Cause } from "../../cause.ts";
import { truthy } from "../../dict.ts";
import type { GraphFacts } from "../../graph/graphFacts.ts";
import type { Blocked, GraphLayer, LayerGraph } from "../../graph/layerGraph.ts";
import { derivesFrom, isCertainlyNo, lineageOf } from "../../graph/lineage.ts";
import { type FoundObject, kindOf, type OwnUse, type PythonError } from "../../load.ts";
import { byShapeOfInput } from "../building.ts";
import type { Bare } from "../leftInPlace.ts";
import type { NodeData } from "./nodeData.ts";

/** One layer of a Functional model, as `reconstruct_from_config` of tf_keras/src/engine/functional.py keeps it. */
export interface ModelLayer extends GraphLayer {
  /** Where it stands among the layers. */
  readonly place: number;
  readonly entries: Node[];
  /** What stands in its place, where that is no object. */
  readonly bare: Bare | undefined;
  /** An InputLayer has one node, whichever number refers to it; so has what failed, of which nothing more is said. */
  readonly hasOneNode: boolean;
  /** The number of its first call: 1 for a model that has a node of its own. Undefined where that is not known. */
  first: 0 | 1 | undefined;
  blocked: BlockedCall | undefined;
  /** In which round over all layers its last node was made. */
  round: number;
}

/** A call that has to wait, and the tensors that were there. */
export interface BlockedCall extends Blocked {
  readonly read: NodeData;
  readonly tensors: Tensor[];
}

/** A tensor: the number of the node that it comes of, and which of that node's. */
export interface Tensor {
  readonly call: number;
  readonly index: number;
}

/** What Keras raises over one value, and what is known of it. */
export interface Refused {
  readonly rule: Cause;
  readonly error: PythonError;
  readonly at: Node;
  readonly facts?: Partial<GraphFacts>;
  /** The name that stands in the place of a layer. */
  readonly identifier?: string;
  /** The argument of the layer that it is about. */
  readonly argument?: string;
  /** What the layer's own class does with it. */
  readonly own?: OwnUse;
}

/** A failure, and when Keras comes to it: in which round, at which layer, at which of its entries. */
export interface TimedFailure extends Refused {
  readonly layer: GraphLayer;
  readonly round: number;
  readonly place: number;
  readonly entry: number;
}

/** The graph of a model while it is made, with what Keras 2 alone has to know. */
export interface ModelGraph {
  readonly graph: LayerGraph;
  /** By the number of a node: the tensors that it takes, and in which round it was made. */
  readonly inputs: (readonly Tensor[])[];
  readonly rounds: number[];
  readonly failures: TimedFailure[];
  /** Whether it is not known of each reference which node it means. */
  isInexact: boolean;
}

/** The layer of this name. All layers of the graph were made by `addLayer`. */
export function layerOf({ graph }: ModelGraph, name: Node): ModelLayer | undefined {
  return graph.named(name) as ModelLayer | undefined;
}

/** A node of a layer comes to be. */
export function addCall(model: ModelGraph, layer: ModelLayer, tensors: readonly Tensor[], round: number): void {
  model.inputs.push(tensors);
  model.rounds.push(round);
  model.graph.addCall(
    layer,
    tensors.map(({ call }) => call),
  );
}

/**
 * `node_count_by_layer[layer] = int(_should_skip_first_node(layer))`: models that have an InputLayer count their calls from one.
 * Undefined where it is not known whether it is such a model.
 */
export function firstCall({ load }: LayerGraph, layer: Node, object: FoundObject | undefined): 0 | 1 | undefined {
  if (!object || kindOf(object) === "function") return 0;
  const lineage = lineageOf(load, object);
  if (object.from === "keras") {
    if (derivesFrom(lineage, "Sequential")) return firstOfSequential(load.tree, load.tree.member(layer, "config"));
    // What is loaded as a Model becomes a Functional; the others that derive from it are none.
    return object.symbol.qualname === "Model" || derivesFrom(lineage, "Functional") ? 1 : 0;
  }
  // A model of the workspace is a Functional where its constructor is handed inputs and outputs.
  return isCertainlyNo("Model", lineage) ? 0 : undefined;
}

function firstOfSequential(tree: ValueTree, config: Node): 0 | 1 | undefined {
  const layers = tree.member(config, "layers");
  if (layers === NO_NODE || tree.kind(layers) !== "array") return undefined;
  if (tree.childCount(layers) === 0) return 1;
  const built = byShapeOfInput(tree, layers);
  if (built === "not built") return 0;
  // Where it is built for a shape of its own, that may fail without a word.
  const shape = tree.member(config, "build_input_shape");
  const isItsOwn = shape !== NO_NODE && truthy(tree, { node: shape });
  return built === "built" && !isItsOwn ? 1 : undefined;
}
