import type { Behaviour } from "../deserialize/behaviour.ts";
import type { FoundObject, LoadEvent } from "../deserialize/load.ts";
import type { LoadAnswer } from "../deserialize/simulateLoad.ts";
import type { Node, ValueTree } from "../json/index.ts";
import { modelKind } from "../shapes/classes.ts";
import { type ModelShapes, modelShapes } from "../shapes/index.ts";

/** The shapes in a model that a load makes; undefined where the root is found as no model of Keras. */
export function* shapesOfLoad(
  tree: ValueTree,
  root: Node,
  events: readonly LoadEvent[],
): Generator<undefined, ModelShapes | undefined> {
  const found = new Map<Node, FoundObject>();
  for (const event of events) if (event.kind === "found") found.set(event.node, event.object);
  const symbolOf = (node: Node) => {
    const object = found.get(node);
    return object?.from === "keras" ? object.symbol : undefined;
  };
  const symbol = symbolOf(root);
  return symbol && modelKind(symbol) ? yield* modelShapes(tree, root, symbolOf) : undefined;
}

/** Where a load in which every object is found comes to an end, since shapes do not meet; as events of that load. */
export function* shapeConflicts(
  tree: ValueTree,
  root: Node,
  answer: LoadAnswer,
  behaviour: Behaviour,
): Generator<undefined, LoadEvent[]> {
  const isWhole =
    answer.halted === undefined && answer.events.every(({ kind }) => kind === "found" || kind === "warned");
  if (!isWhole || !behaviour.shapeErrorsAreKnown) return [];
  const shapes = yield* shapesOfLoad(tree, root, answer.events);
  return (shapes?.conflicts ?? []).map(({ node, exception, message, sentence }): LoadEvent => {
    const error = { exception, message: sentence };
    const at = tree.member(node, "class_name");
    return {
      kind: "failed",
      node,
      failure: { rule: "shape-conflict", node: at, error },
      outcome: { exception, message },
    };
  });
}
