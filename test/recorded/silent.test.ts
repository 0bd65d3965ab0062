/**
 * What loads and is hardly meant, or runs what somebody else wrote, held against real Keras: `silent.json` has, for each
 * case and release, what the load came to, and in `then` what was made of it or what using it raises.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { LoadEvent } from "../../server/src/deserialize/load.ts";
import { parseJson } from "../../server/src/json/index.ts";
import {
  readCases,
  readRecording,
  recordedVersions,
  type WorkspaceFiles,
} from "../conformance/deserialize/caseFile.ts";
import { simulateCase } from "../conformance/deserialize/simulateCase.ts";
import { catalogue } from "./shippedCatalogue.ts";
import { failuresIn, handedIn, type RecordedLoad, releasesIn, simulateRecord } from "./simulateRecord.ts";
import { workspaceRegistry } from "./workspaceRegistry.ts";

declare const __ROOT__: string;

interface Raised {
  readonly exception: string;
  readonly message: string;
}

type Outcome = (Raised | { readonly loads: true; readonly object: string }) & { readonly then?: string | Raised };

interface Case extends RecordedLoad {
  readonly name: string;
  readonly workspace: WorkspaceFiles;
  readonly outcomes: readonly { readonly versions: readonly string[]; readonly outcome: Outcome }[];
}

const recording = JSON.parse(readFileSync(join(__ROOT__, "test/recorded/silent.json"), "utf8")) as {
  readonly versions: readonly string[];
  readonly cases: readonly Case[];
};

/** The interpreter that was asked has these. */
const PACKAGES = ["torch", "tensorflow"];

function warned(all: readonly LoadEvent[]): string[] {
  return [...new Set(all.flatMap((event) => (event.kind === "warned" ? [event.warning.rule] : [])))];
}

const loads = (outcome: Outcome): outcome is Extract<Outcome, { loads: true }> => "loads" in outcome;
const isRefused = (outcome: Outcome): boolean =>
  !loads(outcome) &&
  /Requested the (deserialization|loading)|is a Python lambda|annot deserialize `keras/.test(outcome.message);
const failsInUse = (outcome: Outcome): boolean => loads(outcome) && typeof outcome.then === "object";
const goesOn = (outcome: Outcome): boolean => !isRefused(outcome);
const isBytes = (outcome: Outcome): boolean =>
  !loads(outcome) && outcome.message.includes("a bytes-like object is required");
/** What is made is Keras's own or another class of the workspace. */
const made =
  (path: RegExp) =>
  (outcome: Outcome): boolean =>
    loads(outcome) && path.test(String(outcome.then));

/** Which cases are warned of, under which rule, and where: as real Keras's own outcome tells. */
const warnings: readonly (readonly [cases: RegExp, rule: string, happens: (outcome: Outcome) => boolean])[] = [
  [/^a (loss|metric) without config in compile_config$/, "missing-config", failsInUse],
  [/^(loss|metrics|weighted_metrics)=.* in compile_config$/, "unknown-loss-or-metric", failsInUse],
  [/^a loss string in a list of training_config$/, "unknown-loss-or-metric", failsInUse],
  [/^a built-in (in place of a custom layer|that is reached)/, "registered-name-on-builtin", made(/^keras\./)],
  [/^a built-in function in place of a custom one$/, "registered-name-on-builtin", made(/^relu$/)],
  [/^a built-in in place of a custom initializer$/, "registered-name-on-builtin", made(/^keras\./)],
  [/^another class under the registered name/, "unrelated-object", made(/^layers\.Scale$/)],
  [
    /^(custom_objects and a registration under one key|a scope and a registration under one key, inside)$/,
    "custom-object-ignored",
    (outcome) => made(/Scale$/)(outcome) || /Scale\.call/.test(JSON.stringify(outcome)),
  ],
  [/\.h5 file$/, "unsafe-lambda", made(/^<lambda>$/)],
  [/^a function of (the standard library|Python itself)$/, "unsafe-module", loads],
  [/^a Lambda layer of a function of the standard library$/, "unsafe-module", loads],
  [
    /^a class of the standard library$/,
    "unsafe-module",
    (outcome) => !loads(outcome) && /from_config/.test(outcome.message),
  ],
  [/^keras\.|by its source module$/, "not-a-modeling-function", loads],
  [
    /^a TorchModuleWrapper( in a Sequential)?$/,
    "unsafe-torch-module",
    (outcome) => goesOn(outcome) && !isBytes(outcome),
  ],
  [/vocabulary/, "vocabulary-file", goesOn],
  [/^a TFSMLayer( in a Sequential)?$/, "unsafe-saved-model", goesOn],
];

describe("what loads without a word, in every release that was asked", () => {
  for (const one of recording.cases) {
    test(one.name, () => {
      const registry = workspaceRegistry(one.workspace);
      for (const { versions, outcome } of one.outcomes) {
        for (const version of versions.flatMap((range) => releasesIn(range, recording.versions))) {
          const release = catalogue.release(version);
          for (const object of handedIn({ ...one.custom_objects, ...one.scope }, release, registry).values())
            assert.equal(object.from, "workspace");
          const all = simulateRecord(one, release, registry, PACKAGES);
          const expected = warnings
            .filter(([cases, , happens]) => cases.test(one.name) && happens(outcome))
            .map(([, rule]) => rule);
          assert.deepEqual(warned(all), [...new Set(expected)], `Keras ${version}`);
          if (loads(outcome)) assert.deepEqual(failuresIn(all), [], `Keras ${version} loads it`);
          else if (failuresIn(all).length > 0)
            assert.equal(failuresIn(all)[0], `${outcome.exception}: ${outcome.message}`, `Keras ${version}`);
          // Where a release refuses what another loads, that is an error.
          const raisesItself =
            isRefused(outcome) || /^a (layer|wrapped|cell|bi|learning).*without config$/.test(one.name);
          if (raisesItself && !loads(outcome)) assert.ok(failuresIn(all).length > 0, `Keras ${version}`);
        }
      }
    });
  }
});

const written = readCases().filter((one) => one.family === "as written" && Object.keys(one.workspace).length === 0);

for (const version of ["3.1.1", "3.3.3", "3.8.0", "3.12.4", "3.15.1"]) {
  test(`nothing that Keras ${version} writes and loads is warned of`, () => {
    const { outcomes } = readRecording(version);
    const wrong: string[] = [];
    let loaded = 0;
    for (const one of written) {
      const outcome = outcomes.get(one.id);
      if (!one.writtenBy.includes(version) || !outcome || !("loads" in outcome)) continue;
      loaded++;
      for (const rule of warned(simulateCase(one, parseJson(one.config()).tree, version)))
        wrong.push(`${one.label}: ${rule}`);
    }
    assert.deepEqual(wrong, []);
    assert.ok(loaded > 500, `only ${loaded} configs`);
  });
}

test("a dict without config fails where it is said to, in the same words", () => {
  const damaged = readCases().filter((one) => one.kind === "config missing");
  const wrong: string[] = [];
  let failing = 0;
  for (const version of recordedVersions()) {
    const { outcomes } = readRecording(version);
    for (const one of damaged) {
      const outcome = outcomes.get(one.id);
      if (!outcome) continue;
      for (const event of simulateCase(one, parseJson(one.config()).tree, version)) {
        if (event.kind !== "failed" || event.failure.rule !== "missing-config") continue;
        failing++;
        const real = "exception" in outcome ? `${outcome.exception}: ${outcome.message}` : "it loads";
        const said = `${event.outcome.exception}: ${event.outcome.message}`;
        if (said !== real) wrong.push(`${one.label}, Keras ${version}\n  Keras: ${real}\n  here:  ${said}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(failing > 0);
});
