/**
 * Puts the questions of `cases.py` to real Keras again, in every release that is there. It needs an environment with
 * TensorFlow in KERAS_CONFIG_ORACLE_TENSORFLOW_PYTHON, and KERAS_CONFIG_ORACLE_RELEASES (test/conformance/deserialize/README.md). Texts
 * are compared where the interpreter is the one that recorded.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { describe, test } from "node:test";

declare const __ROOT__: string;

type Outcome = Readonly<Record<string, unknown>>;

interface Recording {
  readonly python: string;
  readonly versions: readonly string[];
  readonly cases: readonly {
    readonly name: string;
    readonly outcomes: readonly { readonly versions: readonly string[]; readonly outcome: Outcome }[];
  }[];
}

interface Answers {
  readonly python: string;
  readonly cases: readonly { readonly name: string; readonly outcome: Outcome }[];
}

const python = process.env.KERAS_CONFIG_ORACLE_TENSORFLOW_PYTHON;
const releases = process.env.KERAS_CONFIG_ORACLE_RELEASES;
const recording = JSON.parse(readFileSync(join(__ROOT__, "test/recorded/silent.json"), "utf8")) as Recording;
const there = releases && existsSync(releases) ? readdirSync(releases) : [];
const versions = recording.versions.filter((version) => there.includes(version));
const skip =
  python && versions.length > 0
    ? false
    : "KERAS_CONFIG_ORACLE_TENSORFLOW_PYTHON and KERAS_CONFIG_ORACLE_RELEASES are not set";

function ask(version: string): Answers {
  const folder = mkdtempSync(join(tmpdir(), "silent-"));
  try {
    const out = join(folder, "out.json");
    const conformance = join(__ROOT__, "test/conformance");
    const path = [join(resolve(releases!), version), conformance, join(conformance, "deserialize")].join(delimiter);
    const result = spawnSync(python!, ["-W", "ignore", "-m", "silent.ask", out], {
      encoding: "utf8",
      env: {
        ...process.env,
        KERAS_BACKEND: "tensorflow",
        PYTHONHASHSEED: "0",
        PYTHONPATH: path,
        CUDA_VISIBLE_DEVICES: "-1",
      },
    });
    assert.equal(result.status, 0, result.stderr);
    return JSON.parse(readFileSync(out, "utf8")) as Answers;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function recorded(version: string, { outcomes }: Recording["cases"][number]): Outcome | undefined {
  const index = recording.versions.indexOf(version);
  const holds = (range: string) => {
    const [first = "", last = first] = range.split("..");
    return recording.versions.indexOf(first) <= index && index <= recording.versions.indexOf(last);
  };
  return outcomes.find((one) => one.versions.some(holds))?.outcome;
}

describe("real Keras answers as recorded", { skip }, () => {
  for (const version of versions) {
    test(`what loads without a word in Keras ${version}`, () => {
      const answers = ask(version);
      assert.deepEqual(
        answers.cases.map(({ name }) => name),
        recording.cases.map(({ name }) => name),
      );
      for (const [index, one] of recording.cases.entries()) {
        const answer = answers.cases[index]?.outcome;
        const was = recorded(version, one);
        if (answers.python === recording.python) assert.deepEqual(answer, was, one.name);
        else assert.deepEqual([answer?.loads, answer?.exception], [was?.loads, was?.exception], one.name);
      }
    });
  }
});
