/** The same configs loaded by different functions of Keras: `calls.json.gz` has what real Keras made of each call. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { Outcome, WorkspaceFiles } from "../conformance/deserialize/caseFile.ts";
import { isFindingError } from "../conformance/deserialize/judge.ts";
import { catalogue } from "./shippedCatalogue.ts";
import { failuresIn, type RecordedLoad, reasonsIn, releasesIn, simulateRecord } from "./simulateRecord.ts";
import { workspaceRegistry } from "./workspaceRegistry.ts";

declare const __ROOT__: string;

interface CallCase extends RecordedLoad {
  readonly name: string;
  readonly workspace: WorkspaceFiles;
  readonly outcomes: readonly { readonly versions: readonly string[]; readonly outcome: Outcome }[];
}

const { versions, cases } = JSON.parse(
  gunzipSync(readFileSync(join(__ROOT__, "test/recorded/calls.json.gz"))).toString("utf8"),
) as { versions: string[]; cases: CallCase[] };

describe("the same configs by different calls, in every release that was asked", () => {
  for (const one of cases) {
    test(one.name, () => {
      for (const { versions: ranges, outcome } of one.outcomes) {
        for (const version of ranges.flatMap((range) => releasesIn(range, versions))) {
          const events = simulateRecord(one, catalogue.release(version), workspaceRegistry(one.workspace));
          const failed = failuresIn(events);
          if ("loads" in outcome) assert.deepEqual(failed, [], `Keras ${version} loads it`);
          if (!("exception" in outcome) || !isFindingError(outcome)) continue;
          assert.deepEqual(
            [failed[0] ?? reasonsIn(events)],
            [`${outcome.exception}: ${outcome.message}`],
            `Keras ${version}`,
          );
        }
      }
    });
  }
});
