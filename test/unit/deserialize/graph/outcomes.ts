/** What a load of a model comes to, in Keras 3 and in Keras 2. */
import { behaviourOf } from "../../../../server/src/deserialize/behaviour.ts";
import { type LoadAnswer, simulateLoad } from "../../../../server/src/deserialize/simulateLoad.ts";
import { jsonPointer, parseJson, type ValueTree } from "../../../../server/src/json/index.ts";
import type { RegistryView } from "../../../../server/src/registry/view.ts";
import { graphWords } from "../../../../server/src/rules/graphWords.ts";
import { emptyRegistry } from "../../../recorded/emptyRegistry.ts";
import { catalogueWithKeras2 as catalogue } from "../../../recorded/shippedCatalogue.ts";

export interface Outcome {
  readonly tree: ValueTree;
  readonly answer: LoadAnswer;
}

/** The load of a config, or of its text, in a workspace without Python unless one is given. */
export function outcomeOf(config: object | string, version: string, registry: RegistryView = emptyRegistry): Outcome {
  const { tree } = parseJson(typeof config === "string" ? config : JSON.stringify(config));
  const known = { release: catalogue.release(version), behaviour: behaviourOf(version), registry };
  return { tree, answer: simulateLoad({ tree, root: tree.root, loader: "deserialize_keras_object", ...known }) };
}

/** What is reported, one failure a line: `rule at POINTER`, below the model's config. */
export function problemsOf({ tree, answer }: Outcome): string[] {
  return answer.events.flatMap((event) => {
    if (event.kind === "unknown") return [`unknown: ${event.unknown.reason}`];
    if (event.kind !== "failed") return [];
    return [`${event.failure.rule} at ${jsonPointer(tree, event.failure.node).replace(/^\/config\//, "")}`];
  });
}

/** What leaves the loader first. */
export function firstFailure({ answer }: Outcome) {
  return answer.events.find((event) => event.kind === "failed");
}

/** What the problem says, before Keras is quoted. */
export function wordsOf(outcome: Outcome): string | undefined {
  const failed = firstFailure(outcome);
  const facts = failed?.failure.graph;
  return failed && facts && graphWords(failed.failure, facts, outcome.tree).split(" Keras ")[0];
}
