/** Reads what tf-keras answered (see README.md in this folder), and says what the simulation makes of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { decodeCatalogue } from "../../server/src/catalogue/decode.ts";
import { keras2Versions, withKeras2 } from "../../server/src/catalogue/keras2.ts";
import type { Outcome, WorkspaceFiles } from "../conformance/deserialize/caseFile.ts";
import { catalogue } from "./shippedCatalogue.ts";
import type { RecordedLoad } from "./simulateRecord.ts";

declare const __ROOT__: string;

function unpacked(path: string): string {
  return gunzipSync(readFileSync(join(__ROOT__, path))).toString("utf8");
}

export const catalogueWithKeras2 = withKeras2(catalogue, () =>
  decodeCatalogue(unpacked("server/data/catalogue-keras2.txt.gz")),
);

export { keras2Versions };

/** A load that tf-keras was asked. */
interface Keras2Record extends RecordedLoad {
  readonly version: string;
  readonly outcome: Outcome;
}

/** A config that tf-keras wrote. */
interface LoadRecord extends Keras2Record {
  readonly name: string;
}

/** A config with one damage. */
interface FindingRecord extends Keras2Record {
  readonly id: string;
  readonly workspace: WorkspaceFiles;
}

/** A small question. `loader` may be a part of Keras that is asked alone. */
export interface CaseRecord extends Omit<Keras2Record, "loader"> {
  readonly name: string;
  readonly loader: string;
  readonly workspace: WorkspaceFiles;
}

function recording(kind: string, version: string): unknown {
  return JSON.parse(unpacked(`test/recorded/keras2-${kind}-${version}.json.gz`));
}

/** What tf-keras serializes, and what it made of it. */
export function keras2Loads(version: string): LoadRecord[] {
  return (recording("loads", version) as { records: LoadRecord[] }).records;
}

/** The damaged configs. */
export function keras2Finding(version: string): FindingRecord[] {
  const { workspaces, records } = recording("finding", version) as {
    workspaces: Record<string, WorkspaceFiles>;
    records: (Omit<FindingRecord, "workspace"> & { workspace: string })[];
  };
  return records.map((record) => ({ ...record, workspace: workspaces[record.workspace] ?? {} }));
}

/** The small questions that were put to Keras 3 too. */
export function keras2Cases(version: string): CaseRecord[] {
  const { cases } = recording("cases", version) as { cases: CaseRecord[] };
  return cases.map((record) => ({ ...record, version }));
}

/** Sentences that tf-keras raises while it seeks an object; other failures are for constructors and graphs. */
const findingSentences: readonly RegExp[] = [
  /Could not locate (?:class|function) /,
  / cannot be imported\. Full object config/,
  /Cannot deserialize object of type /,
  /Unknown (?:layer|initializer|constraint|regularizer|optimizer|decay|loss function|metric function): '/,
  /Unknown activation function:? '/,
  /class is missing a `from_config\(\)` method/,
  /deserialization of a (?:`lambda` object|Lambda layer with a Python `lambda`)/,
  /object has no attribute 'startswith'/,
  /can only concatenate str \(not /,
  /Received: layer=.* of type <class 'str'>\.$/,
];

/** Whether what tf-keras raised is about finding an object. */
export function isKeras2FindingError(outcome: Extract<Outcome, { exception: string }>): boolean {
  const { message, raised_in } = outcome;
  // A policy that is not found comes back as its name.
  if (raised_in === "mixed_precision/policy.py: get_policy")
    return message.includes("'str' object has no attribute 'name'");
  return findingSentences.some((sentence) => sentence.test(message));
}
