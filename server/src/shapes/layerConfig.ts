import { elementsOf, NO_NODE, type Node, type ValueTree } from "../json/index.ts";
import { type Dim, MOST_DIMENSIONS, NotKnown, type Shape, type Value } from "./values.ts";

/** The `config` of a layer, read argument by argument. Every reader throws NotKnown for a value that is not of its type. */
export class LayerConfig {
  readonly tree: ValueTree;
  readonly node: Node;

  constructor(tree: ValueTree, node: Node) {
    this.tree = tree;
    this.node = node;
  }

  /** The value of an argument; NO_NODE where it is absent or null. */
  value(name: string): Node {
    const node = this.tree.member(this.node, name);
    return node === NO_NODE || this.tree.kind(node) === "null" ? NO_NODE : node;
  }

  has(name: string): boolean {
    return this.value(name) !== NO_NODE;
  }

  int(name: string, fallback?: number): number {
    const node = this.value(name);
    if (node === NO_NODE && fallback !== undefined) return fallback;
    return intAt(this.tree, node);
  }

  boolean(name: string, fallback: boolean): boolean {
    const node = this.tree.member(this.node, name);
    if (node === NO_NODE) return fallback;
    const kind = this.tree.kind(node);
    if (kind === "null") return false;
    if (kind !== "boolean") throw new NotKnown();
    return this.tree.boolean(node);
  }

  string(name: string, fallback: string): string {
    const node = this.value(name);
    if (node === NO_NODE) return fallback;
    if (this.tree.kind(node) !== "string") throw new NotKnown();
    return this.tree.string(node);
  }

  /** `standardize_tuple`: one number for all axes, or one for each. */
  tuple(name: string, rank: number, fallback?: number): number[] {
    const node = this.value(name);
    if (node === NO_NODE && fallback !== undefined) return Array(rank).fill(fallback);
    const found = intsAt(this.tree, node, rank);
    if (found.length !== rank) throw new NotKnown();
    return found;
  }

  /** One number or a list of them, as a list; undefined where the argument is absent or null. */
  ints(name: string): number[] | undefined {
    const node = this.value(name);
    return node === NO_NODE ? undefined : intsAt(this.tree, node, 1);
  }

  shape(name: string): Shape | undefined {
    const node = this.value(name);
    return node === NO_NODE ? undefined : shapeAt(this.tree, node);
  }

  /** Whether the channels stand behind the other axes. */
  channelsLast(): boolean {
    const format = this.string("data_format", "channels_last");
    if (format !== "channels_last" && format !== "channels_first") throw new NotKnown();
    return format === "channels_last";
  }
}

/** An integer of JSON; throws NotKnown for anything else. */
export function intAt(tree: ValueTree, node: Node): number {
  if (node === NO_NODE || tree.kind(node) !== "number") throw new NotKnown();
  const number = tree.number(node);
  if (!Number.isSafeInteger(number)) throw new NotKnown();
  return number;
}

/** The elements of a list of integers; a single one `repeated` times. */
export function intsAt(tree: ValueTree, node: Node, repeated: number): number[] {
  if (node === NO_NODE) throw new NotKnown();
  if (tree.kind(node) !== "array") return Array(repeated).fill(intAt(tree, node));
  return elementsOf(tree, node).map((element) => intAt(tree, element));
}

/** A shape written as a list, or as the `TensorShape` of Keras 2; NotKnown where it has more dimensions than anybody's. */
export function shapeAt(tree: ValueTree, node: Node): Shape {
  const items = tree.kind(node) === "object" ? tree.member(node, "items") : node;
  if (items === NO_NODE || tree.kind(items) !== "array" || tree.childCount(items) > MOST_DIMENSIONS)
    throw new NotKnown();
  return elementsOf(tree, items).map((element): Dim => (tree.kind(element) === "null" ? null : intAt(tree, element)));
}

/** A `build_config` entry: a shape, or a list of them, as the value that was called. */
export function shapesAt(tree: ValueTree, node: Node): Value {
  const nested = tree.kind(node) === "array" && elementsOf(tree, node).some((one) => tree.kind(one) === "array");
  if (nested) return { is: "list", items: elementsOf(tree, node).map((one) => tensorAt(tree, one)) };
  return tensorAt(tree, node);
}

function tensorAt(tree: ValueTree, node: Node): Value {
  return { is: "tensor", tensor: { shape: shapeAt(tree, node), certain: true } };
}
