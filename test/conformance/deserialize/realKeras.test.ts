/**
 * Puts a seeded sample of the cases to real Keras again. It needs the environment that README.md describes, in
 * KERAS_CONFIG_ORACLE_PYTHON and KERAS_CONFIG_ORACLE_RELEASES, and asks the releases that are there; what needs TensorFlow where
 * KERAS_CONFIG_ORACLE_TENSORFLOW_PYTHON is set, too, and of Keras 2 those whose interpreter is named. Texts are compared
 * where the interpreter is the one that recorded: some are Python's own.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import { type Case, interpreterOf, type Outcome, readCases, readRecording, recordedVersions } from "./caseFile.ts";

declare const __ROOT__: string;

const python = process.env.KERAS_CONFIG_ORACLE_PYTHON;
const releases = process.env.KERAS_CONFIG_ORACLE_RELEASES;
const sampleSize = 400;

/** Every so many-eth of the cases, from a place that depends on the release, so that releases differ in their sample. */
function sample(cases: readonly Case[], version: string): Case[] {
  const step = Math.max(1, Math.floor(cases.length / sampleSize));
  const start = Number(version.replaceAll(".", "")) % step;
  return cases.filter((_, index) => index % step === start);
}

/** What real Keras answers now: outcomes by the ids of cases, and the Python that runs it. */
function ask(version: string, cases: readonly Case[]): { python: string; outcomes: Record<string, Outcome> } {
  const result = spawnSync(python!, [join(__ROOT__, "test/conformance/deserialize/record.py"), "again", version], {
    input: JSON.stringify(cases.map((one) => one.id)),
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, KERAS_CONFIG_ORACLE_RELEASES: resolve(releases!) },
  });
  assert.equal(result.status, 0, result.stderr);
  return JSON.parse(result.stdout) as { python: string; outcomes: Record<string, Outcome> };
}

/** Whether the case can be asked here. What needs TensorFlow is asked by hand; what was written on it is left out. */
function isAskable(one: Case): boolean {
  return (
    one.backend === undefined || (one.family === "by hand" && "KERAS_CONFIG_ORACLE_TENSORFLOW_PYTHON" in process.env)
  );
}

/** What of an outcome must be the same: all of it, or only whether it loads and by which exception it fails. */
function essence(outcome: Outcome | undefined, texts: boolean): unknown {
  if (!outcome || !("exception" in outcome)) return outcome;
  return texts ? { exception: outcome.exception, message: outcome.message } : { exception: outcome.exception };
}

const there = releases && existsSync(releases) ? readdirSync(releases) : [];
const skip =
  python && there.length > 0 ? false : "KERAS_CONFIG_ORACLE_PYTHON and KERAS_CONFIG_ORACLE_RELEASES are not set";

describe("real Keras answers as recorded", { skip }, () => {
  const isThere = (version: string): boolean => there.includes(version) && interpreterOf(version) in process.env;
  for (const version of recordedVersions().filter(isThere)) {
    test(`Keras ${version}`, () => {
      const recorded = readRecording(version);
      const asked = readCases().filter((one) => recorded.outcomes.has(one.id) && isAskable(one));
      const cases = sample(asked, version);
      assert.ok(cases.length >= 300, `${cases.length} cases`);
      const answers = ask(version, cases);
      const texts = answers.python === recorded.python;
      for (const one of cases) {
        const now = essence(answers.outcomes[one.id], texts);
        assert.deepEqual(now, essence(recorded.outcomes.get(one.id), texts), one.label);
      }
    });
  }
});
