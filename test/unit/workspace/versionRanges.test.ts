import assert from "node:assert/strict";
import { test } from "node:test";
import type { FileReport } from "../../../server/src/workspace/report.ts";
import { verdictLine, versionRanges, versionWords } from "../../../server/src/workspace/versionRanges.ts";

const checked = ["3.6.0", "3.7.0", "3.8.0", "3.9.2", "3.15.1"];

const ranges: readonly (readonly [versions: string, words: string])[] = [
  ["3.7.0", "3.7.0"],
  ["3.6.0", "3.6.0"],
  ["3.15.1", "3.15.1"],
  ["3.7.0 3.8.0", "3.7.0 and 3.8.0"],
  ["3.7.0 3.8.0 3.9.2", "3.7.0 to 3.9.2"],
  ["3.6.0 3.7.0 3.8.0", "up to 3.8.0"],
  ["3.9.2 3.15.1", "from 3.9.2 on"],
  ["3.6.0 3.7.0 3.9.2 3.15.1", "up to 3.7.0 and from 3.9.2 on"],
  ["3.6.0 3.8.0 3.15.1", "3.6.0, 3.8.0 and 3.15.1"],
  ["3.6.0 3.7.0 3.8.0 3.9.2 3.15.1", "3.6.0 to 3.15.1"],
];

test("versions are said as ranges of those that were checked, in whatever order", () => {
  for (const [versions, words] of ranges) {
    assert.equal(versionRanges(versions.split(" "), checked), words);
    assert.equal(versionRanges(versions.split(" ").reverse(), [...checked].reverse()), words);
  }
  assert.equal(versionRanges(["3.8.0", "3.15.1"], ["3.8.0", "3.15.1"]), "3.8.0 and 3.15.1");
});

const report: FileReport = {
  uri: "file:///a.json",
  text: "",
  dialect: "object",
  loader: "deserialize_keras_object",
  keras: checked.map((version) => ({ version, from: "--keras" })),
  objects: 1,
  problems: [],
  unknown: [],
};
const at = { start: 0, end: 0, pointer: "" };

test("a file says which versions load it", () => {
  assert.equal(verdictLine(report), "Keras 3.6.0 to 3.15.1: all found");
  const problem = { ...at, rule: "class-not-registered", severity: "error", message: "", stops: true } as const;
  const outcome = { exception: "TypeError", message: "" };
  const problems = [{ ...problem, versions: ["3.9.2"], outcome }];
  const unknown = [{ ...at, reason: "", versions: ["3.8.0", "3.9.2", "3.15.1"] }];
  assert.equal(
    verdictLine({ ...report, problems, unknown }),
    "Keras up to 3.7.0: all found; 3.9.2: fails; 3.8.0 and 3.15.1: cannot be known",
  );
  // What raises nothing does not keep a config from loading.
  assert.equal(
    verdictLine({ ...report, problems: [{ ...problem, versions: ["3.9.2"] }] }),
    "Keras 3.6.0 to 3.15.1: all found",
  );
});

test("a problem says in which versions it is one, and which find the object", () => {
  const said = { versions: ["3.9.2", "3.15.1"], foundIn: ["3.6.0", "3.7.0", "3.8.0"] };
  assert.equal(versionWords(said, report), "Keras from 3.9.2 on; found by Keras up to 3.8.0");
});
