import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findingRecords, findingVersions } from "./recordings.ts";
import { isFindingError, simulateRecord } from "./simulateRecord.ts";
import { workspaceRegistry } from "./workspaceRegistry.ts";

for (const version of findingVersions) {
  describe(`damaged configs in Keras ${version}`, () => {
    const falseErrors: string[] = [];
    const missed: string[] = [];
    const otherWords: string[] = [];
    let failing = 0;
    let open = 0;
    for (const record of findingRecords(version)) {
      const { failed, unknown } = simulateRecord(record, workspaceRegistry(record.workspace));
      const { outcome } = record;
      if ("loads" in outcome) {
        for (const line of failed) falseErrors.push(`${record.id}: ${line}`);
      } else if ("exception" in outcome) {
        const real = `${outcome.exception}: ${outcome.message}`;
        if (!isFindingError(real)) continue;
        failing++;
        if (failed.includes(real)) continue;
        if (unknown.length > 0) open++;
        else if (failed.length > 0) otherWords.push(`${record.id}\n  Keras: ${real}\n  here:  ${failed[0]}`);
        else missed.push(`${record.id}: ${real}`);
      }
    }

    test("no error where Keras loads", () => assert.deepEqual(falseErrors, []));
    test("no failure of finding is missed", () => assert.deepEqual(missed, []));
    test("Keras's own words", () => assert.deepEqual(otherWords, []));
    test("next to nothing is left open", () => assert.ok(open <= failing / 100, `${open} of ${failing}`));
  });
}
