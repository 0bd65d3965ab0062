import { elementsOf, NO_NODE, type Node, type ValueTree } from "../json/index.ts";
import { processingOrder } from "./processingOrder.ts";

/** The output of a call of a layer: `keras_history`, with the layer's place in the model's list. */
export interface TensorRef {
  readonly layer: number;
  readonly node: number;
  readonly tensor: number;
}

/** An argument of a planned call. */
export type PlannedValue =
  | { readonly is: "ref"; readonly ref: TensorRef; readonly stated: Node }
  | { readonly is: "list"; readonly items: readonly PlannedValue[] }
  | { readonly is: "plain"; readonly node: Node };

/** One call of a layer: one of its inbound nodes. */
export interface PlannedCall {
  readonly layer: number;
  readonly node: number;
  readonly args: readonly PlannedValue[];
  readonly kwargs: ReadonlyMap<string, PlannedValue>;
  readonly needs: readonly TensorRef[];
}

/** A functional model as its config says it. */
export interface FunctionalPlan {
  /** The layers, in the order of the config. */
  readonly layers: readonly Node[];
  /** The calls that can be made, in the order of `functional_from_config`. */
  readonly calls: readonly PlannedCall[];
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
}

/** The plan of a functional model; undefined where its graph is not whole. */
export function functionalPlan(
  tree: ValueTree,
  config: Node,
  isFunctional: (layer: Node) => boolean,
  isKeras2 = false,
): FunctionalPlan | undefined {
  const layers = elementsOf(tree, tree.member(config, "layers"));
  const byName = new Map<string, number>();
  for (const [index, layer] of layers.entries()) {
    const name = tree.member(layer, "name");
    byName.set(tree.string(name === NO_NODE ? tree.member(tree.member(layer, "config"), "name") : name), index);
  }
  // In Keras 2 all references count the node that such a model starts out with.
  const read = new PlanReader(tree, byName, isKeras2 ? layers.map(isFunctional) : undefined);
  const calls: PlannedCall[] = [];
  for (const [layer, object] of layers.entries()) {
    for (const [node, data] of elementsOf(tree, tree.member(object, "inbound_nodes")).entries())
      calls.push(read.call(layer, node, data));
  }
  const inputs = read.tensors(tree.member(config, "input_layers"));
  const outputs = read.tensors(tree.member(config, "output_layers"));
  if (read.isBroken || inputs.length === 0 || outputs.length === 0) return undefined;
  // "Functional models start out with a built-in node" (`get_tensor` of keras/src/models/functional.py).
  const counts = new Map<number, number>();
  for (const { layer } of calls) counts.set(layer, (counts.get(layer) ?? 0) + 1);
  const shifted = (ref: TensorRef): TensorRef => {
    if (isKeras2 || !isFunctional(layers[ref.layer] as Node)) return ref;
    const node = ref.node - 1;
    return { ...ref, node: node < 0 ? node + (counts.get(ref.layer) ?? 0) : node };
  };
  return { layers, calls: processingOrder(calls), inputs: inputs.map(shifted), outputs: outputs.map(shifted) };
}

/** Reads the calls of a model's layers, in the format of Keras 3 and in that of Keras 2. */
class PlanReader {
  /** Whether something was met that is no reference to a layer of the model. */
  isBroken = false;
  readonly #tree: ValueTree;
  readonly #byName: ReadonlyMap<string, number>;

  /**
   * Whether `[layer, node, tensor]` among the arguments beside a tensor is one, and constants may stand in place of tensors; then
   * `#hasOwnNode` says of which layers the nodes are counted from one.
   */
  readonly #isKeras2: boolean;
  readonly #hasOwnNode: readonly boolean[];

  constructor(tree: ValueTree, byName: ReadonlyMap<string, number>, hasOwnNode: readonly boolean[] | undefined) {
    this.#tree = tree;
    this.#byName = byName;
    this.#isKeras2 = hasOwnNode !== undefined;
    this.#hasOwnNode = hasOwnNode ?? [];
  }

  call(layer: number, node: number, data: Node): PlannedCall {
    const tree = this.#tree;
    const needs: TensorRef[] = [];
    if (tree.kind(data) === "array") {
      const items: PlannedValue[] = [];
      const kwargs = new Map<string, PlannedValue>();
      // A layer that is called with one tensor, and not with a list of one, may have it by itself.
      const isSingle = this.#isKeras2 && tree.kind(elementsOf(tree, data)[0] ?? NO_NODE) === "string";
      for (const one of isSingle ? [data] : elementsOf(tree, data)) {
        const [name, , constant, more = NO_NODE] = this.#isKeras2 ? elementsOf(tree, one) : [];
        if (name !== undefined && constant !== undefined && tree.string(name) === "_CONSTANT_VALUE") {
          items.push({ is: "plain", node: constant });
          this.#plainMembers(more, kwargs, needs);
          continue;
        }
        const ref = this.#leaf(one);
        if (!ref) continue;
        items.push({ is: "ref", ref, stated: NO_NODE });
        needs.push(ref);
        this.#plainMembers(elementsOf(tree, one)[3] ?? NO_NODE, kwargs, needs);
      }
      const args = items.length === 1 ? items : [{ is: "list", items } as const];
      return { layer, node, args, kwargs, needs };
    }
    const args = elementsOf(tree, tree.member(data, "args")).map((one) => this.#argument(one, needs));
    const kwargs = new Map<string, PlannedValue>();
    const named = tree.member(data, "kwargs");
    if (named !== NO_NODE)
      for (let one = tree.firstChild(named); one !== NO_NODE; one = tree.nextSibling(one))
        kwargs.set(tree.key(one), this.#argument(one, needs));
    return { layer, node, args, kwargs, needs };
  }

  #plainMembers(object: Node, into: Map<string, PlannedValue>, needs: TensorRef[]): void {
    if (object === NO_NODE) return;
    const tree = this.#tree;
    for (let one = tree.firstChild(object); one !== NO_NODE; one = tree.nextSibling(one)) {
      const [name] = this.#isKeras2 && tree.kind(one) === "array" ? elementsOf(tree, one) : [];
      const ref = name !== undefined && this.#byName.has(tree.string(name)) ? this.#leaf(one) : undefined;
      if (ref) needs.push(ref);
      into.set(tree.key(one), ref ? { is: "ref", ref, stated: NO_NODE } : { is: "plain", node: one });
    }
  }

  /** An argument: a tensor, a list with tensors within (no deeper), or something else. */
  #argument(node: Node, needs: TensorRef[]): PlannedValue {
    const tree = this.#tree;
    const direct = this.#tensor(node, needs);
    if (direct) return direct;
    if (tree.kind(node) !== "array") return { is: "plain", node };
    const items = elementsOf(tree, node).map(
      (one) => this.#tensor(one, needs) ?? ({ is: "plain", node: one } as const),
    );
    return items.some((item) => item.is === "ref") ? { is: "list", items } : { is: "plain", node };
  }

  #tensor(node: Node, needs: TensorRef[]): PlannedValue | undefined {
    const tree = this.#tree;
    if (tree.string(tree.member(node, "class_name")) !== "__keras_tensor__") return undefined;
    const config = tree.member(node, "config");
    const ref = this.#leaf(tree.member(config, "keras_history"));
    if (!ref) return { is: "plain", node };
    needs.push(ref);
    return { is: "ref", ref, stated: tree.member(config, "shape") };
  }

  /** `[layer, node, tensor]`. */
  #leaf(node: Node): TensorRef | undefined {
    const tree = this.#tree;
    const [name, at, tensor] = elementsOf(tree, node);
    const layer = name === undefined ? undefined : this.#byName.get(tree.string(name));
    if (layer !== undefined && at !== undefined && tensor !== undefined) {
      const first = this.#hasOwnNode[layer] ? 1 : 0;
      const ref = { layer, node: tree.number(at) - first, tensor: tree.number(tensor) };
      if (Number.isSafeInteger(ref.node) && Number.isSafeInteger(ref.tensor)) return ref;
    }
    this.isBroken = true;
    return undefined;
  }

  /** The references of `input_layers` and `output_layers`, in the order of `tree.flatten`. */
  tensors(node: Node): TensorRef[] {
    const tree = this.#tree;
    const found: TensorRef[] = [];
    const open: Node[] = node === NO_NODE ? [] : [node];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const children = [...elementsOf(tree, at)];
      if (tree.kind(at) === "object") {
        for (let one = tree.firstChild(at); one !== NO_NODE; one = tree.nextSibling(one)) children.push(one);
        children.sort((a, b) => (tree.key(a) < tree.key(b) ? -1 : 1));
      }
      const [first] = children;
      if (first !== undefined && children.length === 3 && tree.kind(first) === "string") {
        const ref = this.#leaf(at);
        if (ref) found.push(ref);
      } else for (let i = children.length - 1; i >= 0; i--) open.push(children[i] as Node);
    }
    return found;
  }
}
