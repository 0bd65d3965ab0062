/** Puts the rules of constructors to real Keras; README.md says how. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { keras2Versions } from "../../../server/src/catalogue/keras2.ts";
import { emptyRegistry } from "../../recorded/emptyRegistry.ts";
import { catalogueWithKeras2 as catalogue } from "../../recorded/shippedCatalogue.ts";
import { simulateRecord } from "../../recorded/simulateRecord.ts";
import { interpreterOf } from "../deserialize/caseFile.ts";
import { normalised } from "../deserialize/judge.ts";
import { questions } from "./questions.ts";

declare const __ROOT__: string;

const python = process.env.KERAS_CONFIG_ORACLE_PYTHON;
const releases = process.env.KERAS_CONFIG_ORACLE_RELEASES;
const there =
  releases && existsSync(releases) ? readdirSync(releases).filter((name) => /^[23]\.\d+\.\d+$/.test(name)) : [];
const skip =
  python && there.length > 0 ? false : "KERAS_CONFIG_ORACLE_PYTHON and KERAS_CONFIG_ORACLE_RELEASES are not set";
/** Of so many questions one is asked. */
const STEP = process.env.KERAS_CONFIG_CONSTRUCTOR_QUESTIONS === "all" ? 1 : 12;

type Outcome = readonly [exception: string, text: string] | null;

function ask(version: string, texts: readonly string[]): Outcome[] {
  const keras = keras2Versions.includes(version) ? "tf_keras" : "keras";
  const script = join(__ROOT__, "test/conformance/constructors/ask.py");
  const result = spawnSync(process.env[interpreterOf(version)] as string, ["-W", "ignore", script, keras], {
    input: JSON.stringify(texts),
    encoding: "utf8",
    maxBuffer: 1 << 30,
    env: { ...process.env, KERAS_BACKEND: "numpy", PYTHONPATH: join(releases as string, version) },
  });
  assert.equal(result.status, 0, result.stderr);
  // TensorFlow may write something before.
  return JSON.parse(result.stdout.slice(result.stdout.search(/\[(?:null|\[)/))) as Outcome[];
}

/** The first error that the tool shows. */
function said(version: string, text: string): Outcome {
  const load = { loader: "deserialize_keras_object", config: text } as const;
  const { events } = simulateRecord(load, catalogue.release(version), emptyRegistry);
  const failed = events.find((event) => event.kind === "failed");
  return failed ? [failed.outcome.exception, failed.outcome.message] : null;
}

/** The last sentence, with sets in one order and without what is printed behind `config=`. */
function sentence([exception, text]: NonNullable<Outcome>): string {
  const last = text.split("Exception encountered: ").at(-1) ?? "";
  return `${exception}: ${normalised(last).replace(/(config=|Full object config: )\{.*\}/s, "$1{…}")}`;
}

describe("one argument at a time", { skip }, () => {
  const isAskable = (version: string) => catalogue.versions.includes(version) && interpreterOf(version) in process.env;
  for (const version of there.filter(isAskable)) {
    test(`Keras ${version} refuses what the tool says, in these words`, () => {
      const asked = [...questions(catalogue.release(version))].filter((_, index) => index % STEP === 0);
      const answers = ask(version, asked);
      const falseErrors: string[] = [];
      let [refused, reported, same] = [0, 0, 0];
      for (const [index, text] of asked.entries()) {
        const real = answers[index] as Outcome;
        const here = said(version, text);
        if (real) refused++;
        if (!here) continue;
        reported++;
        if (!real) falseErrors.push(`${text}: ${sentence(here)}`);
        else if (sentence(real) === sentence(here)) same++;
      }
      console.log(
        `${asked.length} asked of Keras ${version}: ${refused} refused, ${reported} said, ${same} in Keras's words`,
      );
      assert.deepEqual(falseErrors, []);
      assert.ok(reported > refused * 0.8, `${reported} of ${refused} are said`);
      assert.ok(same > reported * 0.95, `${same} of ${reported} in Keras's words`);
    });
  }
});
