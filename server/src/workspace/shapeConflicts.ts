import type { BuiltinSymbol } from "../catalogue/keras.ts";
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
): Generator<undefined, ModelShapes | undefined> {
  const symbolOf = symbolsOfModel(root, events);
  return symbolOf && (yield* modelShapes(tree, root, symbolOf));
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
  const words = behaviour.shapeErrors;
  if (!isWhole || words === "unknown") return [];
  const symbolOf = symbolsOfModel(root, answer.events);
  const told = symbolOf ? yield* modelConflicts(tree, root, symbolOf) : [];
  // Before 3.15 a window of the input's own size leaves a dimension of 0, and what is larger is refused in other words.
  const conflicts = told.filter(({ node, sentence }) => {
    if (words === "3.15") return true;
    return !sizeErrors.test(sentence) && !(words === "3.1" && classAt(tree, node) === "SpectralNormalization");
  });
  const [first] = conflicts;
  const unknown = first && whyPatched(answer.events, registry);
  if (unknown) return [{ kind: "unknown", node: first.node, at: tree.member(first.node, "class_name"), unknown }];
  return conflicts.map(({ node, exception, message: whole, sentence }): LoadEvent => {
    const namesLayersOnly = words === "3.12" || words === "3.1";
    const inWords = (text: string) => (namesLayersOnly ? text.replace(named, 'Input $1 of layer "$2" is') : text);
    // Before 3.12 a Reshape works out its shape when it is built, and not when it is called.
    const message = words === "3.1" && classAt(tree, node) === "Reshape" ? sentence : whole;
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
  for (const event of events) {
    const isOfKeras = event.kind === "found" && event.object.from === "keras";
    const why = isOfKeras && patchOfKeras(registry, event.object.symbol.mro);
    if (why) return why;
  }
  return undefined;
}

function classAt(tree: ValueTree, node: Node): string {
  return tree.string(tree.member(node, "class_name"));
}

/** What keras/src/ops/operation_utils.py says of sizes. */
const sizeErrors = /^(?:Computed output size would be|Kernel shape must have)/;
/** How keras/src/layers/input_spec.py names an input, from 3.13 on. */
const named = /Input (\d+) with name '[^']*' of layer '([^']*)' is/;
