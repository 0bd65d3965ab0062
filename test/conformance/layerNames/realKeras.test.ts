/**
 * Gives every layer of models that Keras wrote another name, and has real Keras load what comes of it. It needs the environment
 * that ../deserialize/README.md describes, in KERAS_CONFIG_ORACLE_PYTHON and KERAS_CONFIG_ORACLE_RELEASES.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { describe, test } from "node:test";
import { layerNamesOf } from "../../../server/src/config/layerNames.ts";
import { renameAt } from "../../../server/src/features/rename.ts";
import { applied } from "../../unit/features/applied.ts";
import { shapeOf } from "../../unit/features/shape.ts";
import { type Case, type Outcome, readCases, readRecording } from "../deserialize/caseFile.ts";

declare const __ROOT__: string;

const python = process.env.KERAS_CONFIG_ORACLE_PYTHON;
const releases = process.env.KERAS_CONFIG_ORACLE_RELEASES;
/** Models of each release; those of keras.applications are as large as this, in UTF-16 units. */
const sampleSize = 120;
const largest = 400_000;

/** The config with all of its layers renamed, and how many these are. */
async function renamed(text: string, version: string): Promise<{ text: string; layers: number }> {
  const shape = await shapeOf(text);
  const { tree } = shape.document;
  const names = layerNamesOf(tree, shape.roots);
  const changes = [];
  let layers = 0;
  for (let node = 0; node < tree.size; node++) {
    const [own] = names.layerOf(node)?.places ?? [];
    const outcome = own && renameAt(shape, own.start, `renamed_${++layers}`, [version]);
    if (outcome && "changes" in outcome) changes.push(...outcome.changes);
  }
  return { text: applied(text, changes), layers };
}

/** What a release makes of the configs, in their order. */
function ask(version: string, cases: readonly (Case & { readonly text: string })[]): Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), "keras-config-renamed-"));
  const questions = join(folder, "questions.json");
  const workspaces = Object.fromEntries(cases.map(({ id, workspace }) => [id, workspace]));
  const asked = cases.map(({ id, text, door, call }) => ({
    ...{ ...call, id, door },
    config: text,
    family: "as written",
    workspace: id,
  }));
  writeFileSync(questions, JSON.stringify({ workspaces, cases: asked, load: [] }));
  const path = [resolve(releases!, version), join(__ROOT__, "test/conformance/deserialize")].join(delimiter);
  const { status, stdout, stderr } = spawnSync(python!, ["-m", "keras_oracle.ask", questions, "0"], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, PYTHONPATH: path, KERAS_BACKEND: "numpy" },
  });
  rmSync(folder, { recursive: true });
  assert.equal(status, 0, stderr);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Outcome);
}

const there = releases && existsSync(releases) ? readdirSync(releases) : [];
const skip = python && releases ? false : "KERAS_CONFIG_ORACLE_PYTHON and KERAS_CONFIG_ORACLE_RELEASES are not set";

describe("real Keras loads what is renamed as it loads what it wrote", { skip }, () => {
  const allCases = readCases();
  for (const version of ["3.1.1", "3.3.3", "3.8.0", "3.12.4", "3.15.1"].filter((one) => there.includes(one))) {
    test(`Keras ${version}`, async () => {
      const { outcomes } = readRecording(version);
      const written = allCases.filter(({ id, family, backend, writtenBy }) => {
        const outcome = outcomes.get(id);
        const isRead = family === "as written" && backend === undefined && writtenBy.includes(version);
        return isRead && outcome !== undefined && "loads" in outcome;
      });
      const models = [];
      for (const one of written) {
        const before = one.config();
        if (before.length > largest || !before.includes('"layers"')) continue;
        const after = await renamed(before, version);
        if (after.layers > 1) models.push({ ...one, text: after.text });
      }
      const step = Math.max(1, Math.floor(models.length / sampleSize));
      const cases = models.filter((_, i) => i % step === 0);
      assert.ok(cases.length > 40, `${cases.length} models`);
      for (const [i, outcome] of ask(version, cases).entries()) {
        const { id, label } = cases[i] as Case;
        const before = outcomes.get(id) as { object: string };
        assert.ok("loads" in outcome, `${label}: ${JSON.stringify(outcome).slice(0, 500)}`);
        assert.equal(outcome.object, before.object, label);
      }
    });
  }
});
