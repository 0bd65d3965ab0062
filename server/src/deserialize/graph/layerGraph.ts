import type { BuiltinSymbol } from "../../catalogue/keras.ts";
import type { Node, ValueTree } from "../../json/index.ts";
import type { Cause } from "../cause.ts";
import type { Failure, FoundObject, Frame, Load, OwnUse, PythonError } from "../load.ts";
import type { PrintedObject } from "../objectRepr.ts";
import type { NodeReferences } from "./nodeReferences.ts";

/** One layer of a Functional model, as `process_layer` of keras/src/models/functional.py makes it. */
export interface GraphLayer {
  /** The layer's object in the config, and the value of its `name`. */
  readonly node: Node;
  readonly name: Node;
  /** What it is found as; undefined where that failed, or cannot be known. */
  readonly object: FoundObject | undefined;
  /** False where it is certainly neither a layer nor another operation. */
  readonly isOperation: boolean;
  /** The nodes that it has so far (`_inbound_nodes`), by their number in the graph. */
  readonly calls: number[];
  /** How many it has once all entries of its `inbound_nodes` are processed; infinite where that key is missing. */
  planned: number;
  /** What it was called with where that made no node: without a tensor, a layer computes. */
  computed: Node | undefined;
  /** The entries of its `inbound_nodes`, in order; `done` of them are processed. */
  readonly entries: readonly Node[];
  done: number;
  /** What the next entry waits for; undefined while it was not tried. */
  blocked: Blocked | undefined;
  /** Who waits for a node of this layer, by its index. */
  waiters: Map<number, GraphLayer[]> | undefined;
}

/** One entry of `inbound_nodes`: what it refers to, and what else the layer is handed by position. */
export interface Call extends NodeReferences {
  readonly entry: Node;
  readonly leaves: readonly Leaf[];
}

/** What is handed to a layer and is no tensor of the model. */
export interface Leaf {
  readonly at: Node;
  /** What it has become; undefined where that is not known. */
  readonly made: PrintedObject | undefined;
  /** Whether it is an array, which layers make a tensor of that is none of the model. */
  readonly isArray: boolean;
}

/** A node that cannot be made yet: which of its references is not there, and the nodes of those before it. */
export interface Blocked {
  readonly read: Call;
  readonly position: number;
  readonly parents: number[];
  readonly why: Waiting;
}

/** Why a reference is not there. */
export type Waiting =
  /** The layer has no such node yet; it is its node number `wants` that is waited for. */
  | {
      readonly never?: undefined;
      readonly of: GraphLayer;
      readonly index: number;
      readonly wants: number;
      readonly at: Node;
    }
  /** No node will ever answer it: the layer never has so many, or the node so many tensors, or no three values stand there. */
  | {
      readonly never: "node" | "tensor" | "shape";
      readonly of?: GraphLayer;
      readonly index?: number;
      readonly count?: number;
      readonly at: Node;
    };

/** What Keras raises while it makes the nodes, in order. */
export type NodeFailure =
  | ({ readonly layer: GraphLayer } & Refused)
  /** To 3.6: the first node that was called before what it takes was there. */
  | { readonly layer: GraphLayer; readonly early: Blocked; readonly nodesThen: number };

/** What Keras raises over one reference at once, and which value is wrong. */
export interface Refused {
  readonly rule: Cause;
  readonly error: PythonError;
  readonly at: Node;
  /** The argument of the layer that it is about. */
  readonly argument?: string;
  /** What the layer's own class does with it. */
  readonly own?: OwnUse;
  /** Whether it is the header of the layer's `call` that the entry does not fit. */
  readonly unbound?: true;
  /** The value that names a layer which is not there. */
  readonly named?: Node;
}

/** A failure of a layer that is called, as what its call refuses. */
export function refusedBy({ rule, error, node, name, own }: Failure): Refused {
  return { rule, error, at: node, ...(own && { own }), ...(name !== undefined && { argument: name }) };
}

/** Has a layer told when what it waits for is there; nobody tells it of what will never be. */
export function waitFor(layer: GraphLayer, why: Waiting): void {
  if (why.never !== undefined) return;
  why.of.waiters ??= new Map();
  const others = why.of.waiters.get(why.wants);
  if (others) others.push(layer);
  else why.of.waiters.set(why.wants, [layer]);
}

/** The layers of one Functional model while it is made, and the nodes that exist. */
export class LayerGraph {
  readonly load: Load;
  /** The `config` of the model. */
  readonly config: Node;
  readonly frame: Frame;
  /** What the model is found as. */
  readonly model: FoundObject;
  /** `created_layers`: by the layer's name, the last of a name. */
  readonly layers = new Map<string, GraphLayer>();
  /** Every layer of `layers`, in order. */
  readonly order: GraphLayer[] = [];
  /** The layers that came after another one of their name, and took its place. */
  readonly duplicates: GraphLayer[] = [];
  /** By the number of a node, the nodes of its input tensors. */
  readonly parents: (readonly number[])[] = [];
  /** By the number of a node: its layer. */
  readonly callees: GraphLayer[] = [];
  /** The layers whose next node can be made now. */
  readonly ready: GraphLayer[] = [];
  readonly failures: NodeFailure[] = [];
  /** Of what kind the objects of each class of Keras are. */
  readonly kinds = new Map<BuiltinSymbol, { readonly isInput: boolean; readonly isOperation: boolean }>();
  /** By the number of a node: how many tensors it has, where that was asked for. */
  readonly outputs = new Map<number, number | undefined>();
  /** Whether one of the failures is that of a node that came too early. */
  isEarly = false;
  /** Whether it was said that one layer took another's name, which is said once. */
  toldDuplicates = false;
  /** Whether a layer of the config is not among `layers`, since it failed or has no name. */
  lacksLayers = false;
  /** Whether something failed, or cannot be known, so that what becomes of the whole is not known. */
  broken = false;

  constructor(load: Load, config: Node, frame: Frame, model: FoundObject) {
    this.load = load;
    this.config = config;
    this.frame = frame;
    this.model = model;
  }

  /** `created_layers[name] = layer`. */
  add(layer: GraphLayer): void {
    const others = this.layers.size;
    this.layers.set(keyOf(this.load.tree, layer.name), layer);
    if (this.layers.size === others) this.duplicates.push(layer);
    this.order.push(layer);
  }

  /** The layer of this name; undefined where there is none. */
  named(name: Node): GraphLayer | undefined {
    return this.layers.get(keyOf(this.load.tree, name));
  }

  /** A node of a layer comes to be, and with it what waits for it can. */
  addCall(layer: GraphLayer, parents: readonly number[]): void {
    const index = layer.calls.length;
    layer.calls.push(this.callees.length);
    this.callees.push(layer);
    this.parents.push(parents);
    const waiting = layer.waiters?.get(index);
    if (waiting) for (const one of waiting) this.ready.push(one);
  }
}

/** What Python's dict takes for the same key: a string is no number of the same digits. */
export function keyOf(tree: ValueTree, name: Node): string {
  return tree.kind(name) === "string" ? tree.string(name) : `\0${tree.raw(name)}`;
}
