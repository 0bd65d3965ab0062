/**
 * Puts a seeded sample of the recorded questions to real Keras again. It needs the environment that
 * test/recorded/README.md describes, in KERAS_CONFIG_ORACLE_PYTHON and KERAS_CONFIG_ORACLE_RELEASES, and asks the releases
 * that are there. Texts are compared where the interpreter is the one that recorded: some are Python's own.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import {
  caseRecords,
  findingRecords,
  findingVersions,
  loadRecords,
  loadVersions,
  type Outcome,
  recordedWith,
} from "../recorded/recordings.ts";

declare const __ROOT__: string;

const python = process.env.KERAS_CONFIG_ORACLE_PYTHON;
const releases = process.env.KERAS_CONFIG_ORACLE_RELEASES;
const sampleSize = 200;

interface Question {
  readonly label: string;
  readonly outcome: Outcome;
  readonly loader: string;
  readonly config: string;
}

interface Answers {
  readonly python: string;
  readonly records: Outcome[];
  readonly cases: Outcome[];
}

/** Every so many-eth of the questions, from a place that depends on the release, so that releases differ in their sample. */
function sample<T>(questions: readonly T[], version: string): T[] {
  const step = Math.max(1, Math.floor(questions.length / sampleSize));
  const start = Number(version.replaceAll(".", "")) % step;
  return questions.filter((_, index) => index % step === start);
}

function ask(version: string, questions: object): Answers {
  const result = spawnSync(python!, ["-W", "ignore", "-m", "keras_oracle.ask_again"], {
    input: JSON.stringify(questions),
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: {
      ...process.env,
      KERAS_BACKEND: version.startsWith("3.0.") ? "jax" : "numpy",
      PYTHONHASHSEED: "0",
      PYTHONPATH: [join(resolve(releases!), version), join(__ROOT__, "test/conformance"), process.env.PYTHONPATH]
        .filter(Boolean)
        .join(process.platform === "win32" ? ";" : ":"),
    },
  });
  assert.equal(result.status, 0, result.stderr);
  return JSON.parse(result.stdout) as Answers;
}

/** What of an outcome must be the same: all of it, or only whether it loads and by which exception it fails. */
function essence(outcome: Outcome, texts: boolean): unknown {
  if (!("exception" in outcome)) return outcome;
  return texts ? { exception: outcome.exception, message: outcome.message } : { exception: outcome.exception };
}

function compare(questions: readonly Question[], answers: readonly Outcome[], texts: boolean): void {
  assert.equal(answers.length, questions.length);
  questions.forEach((question, index) => {
    assert.deepEqual(essence(answers[index]!, texts), essence(question.outcome, texts), question.label);
  });
}

const there = releases && existsSync(releases) ? readdirSync(releases) : [];
const skip =
  python && there.length > 0 ? false : "KERAS_CONFIG_ORACLE_PYTHON and KERAS_CONFIG_ORACLE_RELEASES are not set";

describe("real Keras answers as recorded", { skip }, () => {
  for (const version of findingVersions.filter((one) => there.includes(one))) {
    test(`damaged configs in Keras ${version}`, () => {
      const records = sample([...findingRecords(version)], version).map((one) => ({ ...one, label: one.id }));
      const files = records[0]!.workspace;
      const answers = ask(version, {
        files,
        records: records.map(({ loader, config }) => ({ loader, config })),
        cases: [],
      });
      compare(records, answers.records, answers.python === recordedWith("finding", version));
    });
  }

  for (const version of loadVersions.filter((one) => there.includes(one))) {
    test(`configs that Keras ${version} writes`, () => {
      const written = [...loadRecords(version)].filter((one) => one.backend === "numpy");
      const records = sample(written, version).map((one) => ({ ...one, label: `${one.name}, ${one.loader}` }));
      const answers = ask(version, { files: {}, records, cases: [] });
      compare(records, answers.records, answers.python === recordedWith("loads", version));
    });
  }

  for (const version of new Set([...caseRecords()].map((one) => one.version).filter((one) => there.includes(one)))) {
    test(`cases in Keras ${version}`, () => {
      const cases = [...caseRecords()].filter((one) => one.version === version && !("hangs" in one.outcome));
      const questions = cases.map((one) => ({ ...one, label: one.name }));
      const answers = ask(version, { files: {}, records: [], cases });
      compare(questions, answers.cases, answers.python === recordedWith("cases", version));
    });
  }
});
