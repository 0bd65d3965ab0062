import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CustomObject } from "../../server/src/deserialize/load.ts";
import { type CaseRecord, callRecords, caseRecords } from "./recordings.ts";
import { catalogue, isFindingError, type Question, simulateRecord } from "./simulateRecord.ts";
import { workspaceRegistry } from "./workspaceRegistry.ts";

/** The loaders that are loads of a whole config; the others are questions to parts of Keras. */
const loaders = new Set<CaseRecord["loader"]>([
  "deserialize_keras_object",
  "model_from_json",
  "layers.deserialize",
  "from_config",
  "load_model",
  "legacy_h5",
]);

/** What `custom_objects` or a scope hands in: a class or function of the case's own Python, or of Keras. */
function handedIn(record: CaseRecord, names: Readonly<Record<string, string>>): ReadonlyMap<string, CustomObject> {
  const registry = workspaceRegistry(record.workspace);
  const entries = Object.entries(names).map(([key, path]): [string, CustomObject] => {
    const dot = path.lastIndexOf(".");
    const member = registry.moduleMember(path.slice(0, dot), path.slice(dot + 1));
    if (member) return [key, { from: "workspace", ...member }];
    const symbol = catalogue.release(record.version).resolve(path);
    return [key, symbol ? { from: "keras", symbol } : { from: "other", kind: "other" }];
  });
  return new Map(entries);
}

for (const [title, all] of [
  ["small cases, in every release that was asked", [...caseRecords()]],
  ["the same configs by different calls, in every release that was asked", [...callRecords()]],
] as const) {
  const records = all.filter(({ loader }) => loaders.has(loader));
  const byName = new Map<string, CaseRecord[]>();
  for (const record of records) byName.set(record.name, [...(byName.get(record.name) ?? []), record]);
  describe(title, () => holdAll(byName));
}

function holdAll(byName: ReadonlyMap<string, readonly CaseRecord[]>): void {
  for (const [name, records] of byName) {
    test(name, () => {
      for (const record of records) {
        const { failed, unknown } = simulateRecord(
          {
            version: record.version,
            loader: record.loader as Question["loader"],
            config: record.config,
            ...(record.custom_objects ? { customObjects: handedIn(record, record.custom_objects) } : {}),
            ...(record.scope ? { scope: handedIn(record, record.scope) } : {}),
            ...(record.safe_mode === undefined ? {} : { safeMode: record.safe_mode }),
            ...(record.safe_mode_scope === undefined ? {} : { safeModeScope: record.safe_mode_scope }),
          },
          workspaceRegistry(record.workspace),
        );
        if ("loads" in record.outcome) assert.deepEqual(failed, [], `Keras ${record.version} loads it`);
        if (!("exception" in record.outcome)) continue;
        const real = `${record.outcome.exception}: ${record.outcome.message}`;
        if (!isFindingError(record.outcome)) continue;
        assert.deepEqual([failed[0] ?? unknown], [real], `Keras ${record.version}`);
      }
    });
  }
}
