import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { behaviourOf } from "../../server/src/deserialize/behaviour.ts";
import { deserializeKerasObject } from "../../server/src/deserialize/deserializeKerasObject.ts";
import { reviveFromConfig } from "../../server/src/deserialize/fromConfig.ts";
import { getIdentifier } from "../../server/src/deserialize/getters.ts";
import { type Frame, Load } from "../../server/src/deserialize/load.ts";
import { keras3Functions } from "../../server/src/deserialize/simulateLoad.ts";
import { parseJson } from "../../server/src/json/index.ts";
import { runThrough } from "../../server/src/workspace/slices.ts";
import { type CaseRecord, caseRecords } from "./recordings.ts";
import { catalogue, isFindingError } from "./simulateRecord.ts";
import { workspaceRegistry } from "./workspaceRegistry.ts";

/** Questions to a part of Keras: what the same part of the simulation raises first. */
function firstError(record: CaseRecord): string | undefined {
  const { tree } = parseJson(record.config);
  const release = catalogue.release(record.version);
  const question = { tree, root: tree.root, loader: "deserialize_keras_object", release } as const;
  const registry = workspaceRegistry(record.workspace);
  const load = new Load({ ...question, behaviour: behaviourOf(record.version), registry }, keras3Functions);
  const frame: Frame = {
    parent: undefined,
    wrap: undefined,
    nested: false,
    safeMode: undefined,
    handed: true,
    depth: 0,
    doubt: undefined,
  };
  const value = { node: tree.root };
  const steps = load.run(() => {
    if (record.loader === "optimizers.get") getIdentifier(load, "optimizers", value, frame);
    else if (record.loader === "optimizers.deserialize") deserializeKerasObject(load, value, frame, "optimizers");
    else {
      const symbol = release.resolve("keras.Sequential");
      assert.ok(symbol);
      reviveFromConfig(load, { object: { from: "keras", symbol }, config: value, frame, legacy: false });
    }
  });
  runThrough(steps);
  const failed = load.events.find((event) => event.kind === "failed");
  return failed && `${failed.outcome.exception}: ${failed.outcome.message}`;
}

describe("a part of Keras, asked alone", () => {
  for (const loader of ["optimizers.get", "optimizers.deserialize", "Sequential.from_config"] as const) {
    test(loader, () => {
      const records = [...caseRecords()].filter((record) => record.loader === loader);
      assert.ok(records.length > 0);
      for (const record of records) {
        const { outcome } = record;
        const isFinding = "exception" in outcome && isFindingError(outcome);
        const real = isFinding ? `${outcome.exception}: ${outcome.message}` : undefined;
        assert.equal(firstError(record), real, `${record.name}, Keras ${record.version}`);
      }
    });
  }
});
