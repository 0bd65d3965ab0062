import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RegistryView } from "../../server/src/registry/view.ts";
import type { Outcome } from "../conformance/deserialize/caseFile.ts";
import { emptyRegistry } from "./emptyRegistry.ts";
import {
  catalogueWithKeras2,
  isKeras2FindingError,
  keras2Cases,
  keras2Finding,
  keras2Loads,
  keras2Versions,
} from "./keras2.ts";
import { failuresIn, type RecordedLoad, reasonsIn, simulateRecord } from "./simulateRecord.ts";
import { workspaceRegistry } from "./workspaceRegistry.ts";

interface Answered extends RecordedLoad {
  readonly name: string;
  readonly version: string;
  readonly registry: RegistryView;
  readonly outcome: Outcome;
}

/** Holds the simulation against what was answered. */
function compare(records: Iterable<Answered>) {
  const falseErrors: string[] = [];
  const missed: string[] = [];
  const otherWords: string[] = [];
  /** What is left open of what loads, and of what fails to be found. */
  const open = { loading: 0, failing: 0 };
  const counted = { loading: 0, failing: 0 };
  for (const record of records) {
    const events = simulateRecord(record, catalogueWithKeras2.release(record.version), record.registry);
    const failed = failuresIn(events);
    const unknown = reasonsIn(events);
    const { outcome } = record;
    if ("loads" in outcome) {
      counted.loading++;
      for (const line of failed) falseErrors.push(`${record.name}: ${line}`);
      if (failed.length === 0 && unknown.length > 0) open.loading++;
    } else if ("exception" in outcome && isKeras2FindingError(outcome)) {
      const real = `${outcome.exception}: ${outcome.message}`;
      counted.failing++;
      if (failed.includes(real)) continue;
      if (unknown.length > 0) open.failing++;
      else if (failed.length > 0) otherWords.push(`${record.name}\n  Keras: ${real}\n  here:  ${failed[0]}`);
      else missed.push(`${record.name}: ${real}`);
    }
  }
  return { falseErrors, missed, otherWords, open, counted };
}

function held(title: string, records: Iterable<Answered>, mostOpen: { loading: number; failing: number }): void {
  describe(title, () => {
    const { falseErrors, missed, otherWords, open, counted } = compare(records);
    test("no error where it loads", () => assert.deepEqual(falseErrors, []));
    test("no failure of finding is missed", () => assert.deepEqual(missed, []));
    test("its own words", () => assert.deepEqual(otherWords, []));
    test("little is left open", (context) => {
      assert.ok(counted.loading > 30 && counted.failing > 3, `only ${JSON.stringify(counted)}`);
      for (const kind of ["loading", "failing"] as const)
        assert.ok(open[kind] <= counted[kind] * mostOpen[kind], `${open[kind]} of ${counted[kind]} ${kind}`);
      context.diagnostic(`open: ${JSON.stringify(open)} of ${JSON.stringify(counted)}`);
    });
  });
}

/** The loaders that are loads of a whole config; the others are questions to parts of Keras. */
const loaders: readonly string[] = ["deserialize_keras_object", "model_from_json", "load_model", "legacy_h5"];

function* cases(version: string): Generator<Answered> {
  for (const record of keras2Cases(version)) {
    if (!loaders.includes(record.loader)) continue;
    const loader = record.loader as RecordedLoad["loader"];
    yield { ...record, loader, registry: workspaceRegistry(record.workspace) };
  }
}

for (const version of keras2Versions) {
  const loads = keras2Loads(version).map((record) => ({ ...record, registry: emptyRegistry }));
  held(`what tf-keras ${version} writes`, loads, { loading: 0, failing: 0 });

  const damaged = keras2Finding(version).map((record) => ({
    ...record,
    name: record.id,
    registry: workspaceRegistry(record.workspace),
  }));
  // A name that it does not know is often left standing: whether that fails, what is done with it later decides.
  held(`damaged configs in tf-keras ${version}`, damaged, { loading: 0.08, failing: 0.05 });

  held(`small cases in tf-keras ${version}`, cases(version), { loading: 0.08, failing: 0.05 });
}
