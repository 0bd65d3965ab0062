/**
 * Compares the static registry of small packages, one for each way of registering, with what Keras registered when it
 * imported them. Fixtures and recordings stand in test/conformance/registry; record.py there makes the recordings.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { compare, listingOf, readRecording } from "../conformance/registry/compare.ts";

declare const __ROOT__: string;

const here = join(__ROOT__, "test/conformance/registry");

/** What stands in a branch that reading cannot decide, though importing did: tests of Keras's version. */
const UNDECIDED: Readonly<Record<string, readonly string[]>> = { version_branches: ["keras>ForKeras3"] };

describe("what importing a fixture registers", () => {
  for (const name of readdirSync(join(here, "fixtures"))) {
    test(name.replaceAll("_", " "), async () => {
      const recording = readRecording(join(here, "recordings/fixtures", `${name}.json`));
      const listed = await listingOf(join(here, "fixtures", name), ".", recording);
      const { missed, invented, misplaced, unsure, uncomputed } = compare(recording, listed);
      assert.deepEqual(
        { missed, invented, misplaced, uncomputed },
        { missed: [], invented: [], misplaced: [], uncomputed: [] },
      );
      assert.deepEqual(unsure, UNDECIDED[name] ?? []);
    });
  }
});
