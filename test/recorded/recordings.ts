/**
 * Reads what real Keras answered (see README.md in this folder): typed records for the tests that hold the tool against
 * them. Files are read when an iterator is started; a release without a file throws.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

declare const __ROOT__: string;

const folder = join(__ROOT__, "test/recorded");

/**
 * What a load came to. `object` is the dotted path of the class of what was loaded (or of the function or class itself).
 * `raised_in` is the innermost function of Keras, or else of the workspace, that the first exception of the chain came
 * from, as `saving/serialization_lib.py: _retrieve_class_or_fn`; `cases.json` leaves it out.
 */
export type Outcome =
  | { readonly loads: true; readonly object: string }
  | { readonly exception: string; readonly message: string; readonly raised_in?: string }
  | { readonly hangs: true };

/** Files of the user's Python by their path in the workspace; all of them are imported before the load. */
export type WorkspaceFiles = Readonly<Record<string, string>>;

export type Loader = "deserialize_keras_object" | "load_model" | "legacy_h5";

/**
 * A config that Keras wrote, or one made from its own lists, and what it made of it. For `legacy_h5`, `config` is the
 * object of the file's attributes: `model_config`, `training_config`, `keras_version`, `backend`.
 */
export interface LoadRecord {
  readonly name: string;
  readonly version: string;
  readonly backend: "numpy" | "jax" | "tensorflow";
  readonly loader: Loader;
  readonly config: string;
  readonly outcome: Outcome;
}

/** A config with one damage, and what Keras made of it. */
export interface FindingRecord {
  readonly id: string;
  readonly version: string;
  readonly loader: Loader;
  readonly config: string;
  readonly workspace: WorkspaceFiles;
  /** What was done to the config, e.g. "typo in class_name". */
  readonly mutation: string;
  /** JSON Pointer of the value that was changed, or of where it was where it was removed. */
  readonly pointer: string;
  readonly outcome: Outcome;
}

/** A small question put to many releases. */
export interface CaseRecord {
  readonly name: string;
  readonly version: string;
  readonly loader:
    | Loader
    | "model_from_json"
    | "from_config"
    | "layers.deserialize"
    | "Sequential.from_config"
    | "optimizers.get"
    | "optimizers.deserialize"
    | "serialize_keras_object"
    | "import";
  readonly workspace: WorkspaceFiles;
  /** The `custom_objects` argument: keys to dotted paths. */
  readonly custom_objects?: Readonly<Record<string, string>>;
  /** What a `custom_object_scope` around the call holds. */
  readonly scope?: Readonly<Record<string, string>>;
  /** The `safe_mode` argument, and what a `SafeModeScope` around the call holds. */
  readonly safe_mode?: boolean;
  readonly safe_mode_scope?: boolean;
  /** For `serialize_keras_object`: the Python expression that is serialized. */
  readonly object?: string;
  readonly config: string;
  readonly outcome: Outcome;
}

export const loadVersions = ["3.1.1", "3.3.3", "3.8.0", "3.12.4", "3.15.1"] as const;
export const findingVersions = ["3.3.3", "3.6.0", "3.9.2", "3.12.4", "3.15.1"] as const;

function readCompressed(name: string): unknown {
  return JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString("utf8"));
}

/** Everything that one release serializes and loads back; some of it Keras itself cannot load. */
export function* loadRecords(version: (typeof loadVersions)[number]): Generator<LoadRecord> {
  yield* (readCompressed(`loads-${version}.json.gz`) as { records: LoadRecord[] }).records;
}

/** The damaged configs of one release. */
export function* findingRecords(version: (typeof findingVersions)[number]): Generator<FindingRecord> {
  const { workspaces, records } = readCompressed(`finding-${version}.json.gz`) as {
    workspaces: Record<string, WorkspaceFiles>;
    records: (Omit<FindingRecord, "workspace"> & { workspace: string })[];
  };
  for (const record of records) yield { ...record, workspace: workspaces[record.workspace] ?? {} };
}

interface CaseFile {
  python: string;
  versions: string[];
  cases: (Omit<CaseRecord, "version" | "outcome"> & { outcomes: { versions: string[]; outcome: Outcome }[] })[];
}

function readCases(): CaseFile {
  return JSON.parse(readFileSync(join(folder, "cases.json"), "utf8")) as CaseFile;
}

/** Every case in every release that was asked: one record for each pair. */
export function caseRecords(): Generator<CaseRecord> {
  return recordsOf(readCases());
}

/** The same configs by different calls, in every release that was asked. */
export function callRecords(): Generator<CaseRecord> {
  return recordsOf(readCompressed("calls.json.gz") as CaseFile);
}

function* recordsOf({ versions, cases }: CaseFile): Generator<CaseRecord> {
  for (const { outcomes, ...rest } of cases) {
    for (const { versions: ranges, outcome } of outcomes) {
      for (const version of ranges.flatMap((range) => expand(range, versions))) yield { ...rest, version, outcome };
    }
  }
}

/** The releases of `3.0.0..3.11.3`, both ends included, among those that were asked. */
function expand(range: string, versions: readonly string[]): string[] {
  const [first, last = first] = range.split("..");
  return versions.slice(versions.indexOf(first!), versions.indexOf(last!) + 1);
}

/** The Python (`3.11`) that answered in a recording: some texts are Python's own, not Keras's. */
export function recordedWith(kind: "loads" | "finding" | "cases", version: string): string {
  const file = kind === "cases" ? readCases() : readCompressed(`${kind}-${version}.json.gz`);
  return (file as { python: string }).python;
}
