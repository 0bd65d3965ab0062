import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findingRecords, findingVersions } from "./recordings.ts";
import { isFindingError, simulateRecord } from "./simulateRecord.ts";
import { workspaceRegistry } from "./workspaceRegistry.ts";

/**
 * To 3.6, Bidirectional copies its layer by writing and reading its config, where a function loses its package: a
 * failure of its constructor that has the words of finding.
 */
const lostByCopying = /^bidirectional.* custom (function|key) instead at /;

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
        if (!isFindingError(outcome) || lostByCopying.test(record.id)) continue;
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
    // To 3.8 Keras imports modules of the standard library too, and what they hold is not known here.
    test("next to nothing is left open", () => assert.ok(open <= failing / 50, `${open} of ${failing}`));
  });
}
