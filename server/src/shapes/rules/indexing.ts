/** `GetItem` of keras/src/ops/numpy.py: `x[key]`. */

import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import type { Call } from "../call.ts";
import { intAt } from "../layerConfig.ts";
import { type Dim, NotKnown, type Shape } from "../values.ts";

type Key = { readonly slice: Node } | { readonly index: number } | "ellipsis" | "new";

/** The shape of what a call of `GetItem` returns. */
export function indexed(call: Call): Shape {
  const shape = call.input();
  const keys = keysOf(call);
  const rank = keys.filter((key) => key !== "new" && key !== "ellipsis").length;
  if (rank > shape.length || keys.filter((key) => key === "ellipsis").length > 1) throw new NotKnown();
  const all: readonly Key[] = keys.includes("ellipsis") ? keys : [...keys, "ellipsis"];
  const output: Dim[] = [];
  let at = 0;
  for (const key of all) {
    if (key === "new") output.push(1);
    else if (key === "ellipsis") {
      for (const end = at + shape.length - rank; at < end; at++) output.push(shape[at] as Dim);
    } else {
      const dim = shape[at++] as Dim;
      if ("slice" in key) output.push(sliced(call.tree, key.slice, dim));
      else if (dim !== null && (key.index >= dim || key.index < -dim)) throw new NotKnown();
    }
  }
  return output;
}

function keysOf(call: Call): Key[] {
  const { tree } = call;
  const value = call.args[1] ?? call.kwargs.get("key");
  if (value?.is === "list") return value.items.map((item) => (item.is === "plain" ? keyOf(tree, item.node) : fail()));
  if (value?.is !== "plain") throw new NotKnown();
  const elements = elementsOf(tree, value.node);
  return tree.kind(value.node) === "array" ? elements.map((node) => keyOf(tree, node)) : [keyOf(tree, value.node)];
}

function keyOf(tree: ValueTree, node: Node): Key {
  const kind = tree.kind(node);
  if (kind === "null") return "new";
  if (kind === "number") return { index: intAt(tree, node) };
  const name = tree.string(tree.member(node, "class_name"));
  if (name === "__ellipsis__") return "ellipsis";
  const config = tree.member(node, "config");
  if (name === "__slice__" && config !== NO_NODE) return { slice: config };
  return fail();
}

/** A value with `start`, `stop` and `step`. */
export type Slice = Node;

/** `len(range(*slice.indices(dim)))`; null where the dimension is, unless the slice is empty of limits. */
export function sliced(tree: ValueTree, slice: Slice, dim: Dim): Dim {
  if (dim === null) return null;
  const limit = (name: string): number | undefined => {
    const node = tree.member(slice, name);
    return node === NO_NODE || tree.kind(node) === "null" ? undefined : intAt(tree, node);
  };
  const step = limit("step") ?? 1;
  if (step === 0) throw new NotKnown();
  const [low, high] = step > 0 ? [0, dim] : [-1, dim - 1];
  const clamp = (value: number) => Math.min(high, Math.max(low, value < 0 ? value + dim : value));
  const start = limit("start");
  const stop = limit("stop");
  const from = start === undefined ? (step > 0 ? low : high) : clamp(start);
  const to = stop === undefined ? (step > 0 ? high : low) : clamp(stop);
  return Math.max(0, Math.ceil((to - from) / step));
}

function fail(): never {
  throw new NotKnown();
}
