import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { emptyRegistry } from "./emptyRegistry.ts";
import { catalogueWithKeras2, isKeras2FindingError, keras2Finding, keras2Loads, keras2Versions } from "./keras2.ts";
import type { Outcome } from "./recordings.ts";
import { type Question, simulateRecord } from "./simulateRecord.ts";
import { workspaceRegistry } from "./workspaceRegistry.ts";

interface Answered extends Question {
  readonly name: string;
  readonly outcome: Outcome;
}

/** Holds the simulation against what was answered. */
function compare(records: Iterable<Answered>, registryOf: (record: Answered) => Parameters<typeof simulateRecord>[1]) {
  const result = {
    falseErrors: [] as string[],
    missed: [] as string[],
    otherWords: [] as string[],
    loaded: 0,
    failing: 0,
    open: 0,
    openLoads: 0,
  };
  for (const record of records) {
    const { failed, unknown } = simulateRecord(record, registryOf(record), catalogueWithKeras2);
    const { outcome } = record;
    if ("loads" in outcome) {
      result.loaded++;
      for (const line of failed) result.falseErrors.push(`${record.name}: ${line}`);
      if (failed.length === 0 && unknown.length > 0) result.openLoads++;
    } else if ("exception" in outcome && isKeras2FindingError(outcome)) {
      const real = `${outcome.exception}: ${outcome.message}`;
      result.failing++;
      if (failed.includes(real)) continue;
      if (unknown.length > 0) result.open++;
      else if (failed.length > 0) result.otherWords.push(`${record.name}\n  Keras: ${real}\n  here:  ${failed[0]}`);
      else result.missed.push(`${record.name}: ${real}`);
    }
  }
  return result;
}

for (const version of keras2Versions.slice(0, process.env["K2"] ? 1 : 2)) {
  describe(`what tf-keras ${version} writes`, () => {
    const result = compare(keras2Loads(version), () => emptyRegistry);
    test("no error where it loads", () => assert.deepEqual(result.falseErrors, []));
    test("no failure of finding is missed", () => assert.deepEqual(result.missed, []));
    test("its own words", () => assert.deepEqual(result.otherWords, []));
    test("next to nothing is left open", (context) => {
      context.diagnostic(
        JSON.stringify({
          ...result,
          falseErrors: result.falseErrors.length,
          missed: result.missed.length,
          otherWords: result.otherWords.length,
        }),
      );
    });
  });

  describe(`damaged configs in tf-keras ${version}`, () => {
    const records = keras2Finding(version).map((record) => ({ ...record, name: record.id }));
    const result = compare(records, (record) => workspaceRegistry((record as (typeof records)[number]).workspace));
    test("no error where it loads", () => assert.deepEqual(result.falseErrors, []));
    test("no failure of finding is missed", () => assert.deepEqual(result.missed, []));
    test("its own words", () => assert.deepEqual(result.otherWords, []));
    test("little is left open", (context) => {
      context.diagnostic(
        JSON.stringify({
          ...result,
          falseErrors: result.falseErrors.length,
          missed: result.missed.length,
          otherWords: result.otherWords.length,
        }),
      );
    });
  });
}
