import type { BuiltinSymbol } from "../catalogue/keras.ts";
import type { ShapeRelease } from "../catalogue/shapeRelease.ts";
import type { Behaviour } from "../deserialize/behaviour.ts";
import type { LoadEvent } from "../deserialize/load.ts";
import { patchOfKeras } from "../deserialize/patched.ts";
import type { LoadAnswer } from "../deserialize/simulateLoad.ts";
import type { Node, ValueTree } from "../json/index.ts";
import type { RegistryView, Unknown } from "../registry/index.ts";
import { modelKind } from "../shapes/classes.ts";
import { type ModelShapes, modelConflicts, modelShapes, type SymbolOf } from "../shapes/index.ts";

/** The shapes in a model that a load makes; undefined where the root is found as no model of Keras. */
export function* shapesOfLoad(
  tree: ValueTree,
  root: Node,
  events: readonly LoadEvent[],
  release: ShapeRelease,
): Generator<undefined, ModelShapes | undefined> {
  const symbolOf = symbolsOfModel(root, events);
  return symbolOf && (yield* modelShapes(tree, root, symbolOf, release));
}

/** The classes of Keras that objects are found as; undefined where the root is found as no model. */
function symbolsOfModel(root: Node, events: readonly LoadEvent[]): SymbolOf | undefined {
  const found = new Map<Node, BuiltinSymbol>();
  for (const event of events)
    if (event.kind === "found" && event.object.from === "keras") found.set(event.node, event.object.symbol);
  const symbol = found.get(root);
  return symbol && modelKind(symbol) ? (node) => found.get(node) : undefined;
}

/** Where a load in which every object is found comes to an end, since shapes do not meet; as events of that load. */
export function* shapeConflicts(
  tree: ValueTree,
  root: Node,
  answer: LoadAnswer,
  behaviour: Behaviour,
  registry: RegistryView,
): Generator<undefined, LoadEvent[]> {
  const isWhole = answer.events.every(({ kind }) => kind === "found" || kind === "warned");
  if (!isWhole) return [];
  const symbolOf = symbolsOfModel(root, answer.events);
  const conflicts = symbolOf ? yield* modelConflicts(tree, root, symbolOf, behaviour) : [];
  const inWords = (text: string) =>
    behaviour.shapes["3.13.0"] ? text : text.replace(named, 'Input $1 of layer "$2" is');
  const [first] = conflicts;
  const unknown = first && whyPatched(answer.events, registry);
  if (unknown) return [{ kind: "unknown", node: first.node, at: tree.member(first.node, "class_name"), unknown }];
  return conflicts.map(({ node, exception, message, sentence }): LoadEvent => {
    const error = { exception, message: inWords(sentence) };
    const at = tree.member(node, "class_name");
    return {
      kind: "failed",
      node,
      failure: { rule: "shape-conflict", node: at, error },
      outcome: { exception, message: inWords(message) },
    };
  });
}

/** Why the shapes of a model cannot be known: the workspace may set something else on a class of Keras that is in it. */
function whyPatched(events: readonly LoadEvent[], registry: RegistryView): Unknown | undefined {
  const symbols = new Set<BuiltinSymbol>();
  for (const event of events)
    if (event.kind === "found" && event.object.from === "keras") symbols.add(event.object.symbol);
  for (const { mro } of symbols) {
    const why = patchOfKeras(registry, mro);
    if (why) return why;
  }
  return undefined;
}

/** How keras/src/layers/input_spec.py names an input, from 3.13 on. */
const named = /Input (\d+) with name '[^']*' of layer '([^']*)' is/;
