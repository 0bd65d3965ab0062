/** No conflict of shapes is said of any load that real Keras was asked in test/conformance/deserialize, and which succeeds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import { parseJson } from "../../../server/src/json/index.ts";
import { shapeConflicts } from "../../../server/src/workspace/shapeConflicts.ts";
import { runThrough } from "../../../server/src/workspace/slices.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";
import { type Case, readCases, readRecording, recordedVersions } from "../deserialize/caseFile.ts";
import { isAskable, simulateCase } from "../deserialize/simulateCase.ts";

/** Doors that load a model of a config, or of a part of it. */
const models = new Set<Case["door"]>(["deserialize_keras_object", "model_from_json", "load_model", "load_model_h5"]);

test("what loads has no conflict of shapes", (context) => {
  const recordings = recordedVersions().map((version) => ({ version, ...readRecording(version) }));
  const wrong = { open: [] as string[], "held out": 0 };
  let loads = 0;
  for (const one of readCases()) {
    if (!models.has(one.door) || !isAskable(one)) continue;
    const loaded = recordings.filter(({ outcomes }) => {
      const outcome = outcomes.get(one.id);
      return outcome && "loads" in outcome;
    });
    if (loaded.length === 0) continue;
    const { tree } = parseJson(one.config());
    const root = one.door === "load_model_h5" ? tree.member(tree.root, "model_config") : tree.root;
    if (root < 0) continue;
    for (const { version } of loaded) {
      loads++;
      const answer = { events: simulateCase(one, tree, version), asked: new Set<string>() };
      const [conflict] = runThrough(
        shapeConflicts(tree, root, answer, behaviourOf(version), workspaceRegistry(one.workspace)),
      );
      if (conflict?.kind !== "failed") continue;
      if (one.half === "open") wrong.open.push(`${one.id} in ${version}: ${conflict.outcome.message}`);
      else wrong["held out"]++;
    }
  }
  context.diagnostic(`${loads} loads`);
  assert.deepEqual(wrong, { open: [], "held out": 0 });
});
