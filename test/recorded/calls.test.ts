/** The same configs loaded by different functions of Keras: `calls.json.gz` has what real Keras made of each call. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { behaviourOf } from "../../server/src/deserialize/behaviour.ts";
import type { CustomObject, Loader } from "../../server/src/deserialize/load.ts";
import { simulateLoad } from "../../server/src/deserialize/simulateLoad.ts";
import { parseJson } from "../../server/src/json/index.ts";
import type { Outcome, WorkspaceFiles } from "../conformance/deserialize/caseFile.ts";
import { isFindingError } from "../conformance/deserialize/judge.ts";
import { catalogue } from "./shippedCatalogue.ts";
import { workspaceRegistry } from "./workspaceRegistry.ts";

declare const __ROOT__: string;

interface CallCase {
  readonly name: string;
  readonly loader: Exclude<Loader, "load_model_from_hdf5"> | "legacy_h5";
  readonly config: string;
  readonly workspace: WorkspaceFiles;
  readonly custom_objects?: Readonly<Record<string, string>>;
  readonly scope?: Readonly<Record<string, string>>;
  readonly safe_mode?: boolean;
  readonly safe_mode_scope?: boolean;
  readonly outcomes: readonly { readonly versions: readonly string[]; readonly outcome: Outcome }[];
}

const { versions, cases } = JSON.parse(
  gunzipSync(readFileSync(join(__ROOT__, "test/recorded/calls.json.gz"))).toString("utf8"),
) as { versions: string[]; cases: CallCase[] };

/** The releases of `3.0.5..3.11.3`, both ends included. */
function expand(range: string): readonly string[] {
  const [first = "", last = first] = range.split("..");
  return versions.slice(versions.indexOf(first), versions.indexOf(last) + 1);
}

function handedIn(one: CallCase, version: string, names: Readonly<Record<string, string>>): Map<string, CustomObject> {
  const entries = Object.entries(names).map(([key, path]): [string, CustomObject] => {
    const dot = path.lastIndexOf(".");
    const member = workspaceRegistry(one.workspace).moduleMember(path.slice(0, dot), path.slice(dot + 1));
    if (member) return [key, { from: "workspace", ...member }];
    const symbol = catalogue.release(version).resolve(path);
    return [key, symbol ? { from: "keras", symbol } : { from: "other", kind: "other" }];
  });
  return new Map(entries);
}

/** What Keras would raise, in order, and what is left open. */
function simulate(one: CallCase, version: string): { failed: string[]; unknown: string[] } {
  const { tree } = parseJson(one.config);
  const isH5 = one.loader === "legacy_h5";
  const trainingConfig = tree.member(tree.root, "training_config");
  const { events } = simulateLoad({
    tree,
    root: isH5 ? tree.member(tree.root, "model_config") : tree.root,
    loader: one.loader === "legacy_h5" ? "load_model_from_hdf5" : one.loader,
    ...(isH5 && trainingConfig >= 0 ? { trainingConfig } : {}),
    ...(one.custom_objects ? { customObjects: handedIn(one, version, one.custom_objects) } : {}),
    ...(one.scope ? { scope: handedIn(one, version, one.scope) } : {}),
    ...(one.safe_mode === undefined ? {} : { safeMode: one.safe_mode }),
    ...(one.safe_mode_scope === undefined ? {} : { safeModeScope: one.safe_mode_scope }),
    behaviour: behaviourOf(version),
    release: catalogue.release(version),
    registry: workspaceRegistry(one.workspace),
    packageInstalled: () => false,
  });
  return {
    failed: events.flatMap((event) =>
      event.kind === "failed" ? [`${event.outcome.exception}: ${event.outcome.message}`] : [],
    ),
    unknown: events.flatMap((event) => (event.kind === "unknown" ? [event.unknown.reason] : [])),
  };
}

describe("the same configs by different calls, in every release that was asked", () => {
  for (const one of cases) {
    test(one.name, () => {
      for (const { versions: ranges, outcome } of one.outcomes) {
        for (const version of ranges.flatMap(expand)) {
          const { failed, unknown } = simulate(one, version);
          if ("loads" in outcome) assert.deepEqual(failed, [], `Keras ${version} loads it`);
          if (!("exception" in outcome) || !isFindingError(outcome)) continue;
          assert.deepEqual([failed[0] ?? unknown], [`${outcome.exception}: ${outcome.message}`], `Keras ${version}`);
        }
      }
    });
  }
});
