/**
 * Reads the cases and what real Keras answered (README.md in this folder says how both are made). A case is a config, a
 * way of loading it and a workspace of Python; a recording has the outcomes of one release by the ids of cases.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { compareVersions } from "../../../server/src/deserialize/behaviour.ts";
import { type Edit, edited } from "./edits.ts";

declare const __ROOT__: string;

const folder = join(__ROOT__, "test/conformance/deserialize");

/**
 * What a load came to. `object` is the dotted path of the class of what was loaded (or of the function or class itself),
 * `found` what objects were found as, by their JSON Pointers, where that was to be had. `raised_in` is the innermost
 * function of Keras, or else of the workspace, that the first exception of the chain came from. `dies`: the process
 * ended with this status.
 */
export type Outcome =
  | {
      readonly loads: true;
      readonly object: string;
      readonly found?: Readonly<Record<string, string>>;
      /** What the case's expression made of it, as a text, or what that raised. */
      readonly then?: string | { readonly exception: string; readonly message: string };
    }
  | { readonly exception: string; readonly message: string; readonly raised_in?: string }
  | { readonly hangs: true }
  | { readonly dies: number };

/** Files of the user's Python by their path in the workspace; all of them are imported before the load. */
export type WorkspaceFiles = Readonly<Record<string, string>>;

/**
 * A way into Keras; `load_model` is that of a `.keras` file, `tfjs` that of tensorflowjs, the last four are questions to
 * parts of Keras.
 */
export type Door =
  | "deserialize_keras_object"
  | "model_from_json"
  | "load_model"
  | "load_model_h5"
  | "tfjs"
  | "layers.deserialize"
  | "from_config"
  | "optimizers.get"
  | "optimizers.deserialize"
  | "serialize_keras_object"
  | "import";

/** The options of a call. `custom_objects` and `scope` give keys the dotted paths of objects. */
export interface Call {
  readonly custom_objects?: Readonly<Record<string, string>>;
  readonly scope?: Readonly<Record<string, string>>;
  readonly safe_mode?: boolean;
  /** The call stands in a `SafeModeScope` of this. */
  readonly safe_mode_scope?: boolean;
  readonly compile?: boolean;
  /** Set where only this backend can build what the config holds; of what a release wrote, only that release is asked. */
  readonly backend?: string;
  /** A module called torch is there, whose `load` says that it was called. */
  readonly torch?: boolean;
  /** For `from_config`: the path of the class whose method is called. */
  readonly class?: string;
}

export type Half = "open" | "held out";

/** A config as a release, or a hand, wrote it. For `load_model_h5` it is the object of the file's attributes. */
interface Base extends Call {
  readonly name: string;
  readonly door: Door;
  readonly config: string;
  readonly half: Half;
  readonly workspace?: string;
  /** The group of questions by hand that it belongs to, where a test of its own holds that. */
  readonly about?: "warnings";
  /** All releases that wrote it, oldest first. */
  readonly written_by_all: readonly string[];
}

interface StoredCase extends Call {
  readonly id: string;
  readonly base: number;
  readonly family: string;
  readonly kind: string;
  /** JSON Pointer of the value that was damaged, or of where it was. */
  readonly at?: string;
  readonly edits?: readonly Edit[];
}

interface CaseFile {
  readonly workspaces: Readonly<Record<string, WorkspaceFiles>>;
  readonly bases: readonly Base[];
  readonly cases: readonly StoredCase[];
}

export interface Case {
  readonly id: string;
  /** What the case is, to a reader. */
  readonly label: string;
  /** What the base is called. */
  readonly name: string;
  readonly about: "warnings" | undefined;
  readonly half: Half;
  readonly family: string;
  readonly kind: string;
  readonly at: string | undefined;
  /** JSON Pointers of all that was edited. */
  readonly edited: readonly string[];
  readonly door: Door;
  readonly call: Call;
  readonly backend: string | undefined;
  readonly workspace: WorkspaceFiles;
  readonly writtenBy: readonly string[];
  /** The config as Keras got to see it. */
  readonly config: () => string;
}

interface Recording {
  readonly version: string;
  readonly python: string;
  readonly outcomes: readonly Outcome[];
  readonly answers: Readonly<Record<string, number>>;
}

function readCompressed<T>(name: string): T {
  return JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString("utf8")) as T;
}

/** Every case, in the order of the files; one that both have comes once. */
export function readCases(): Case[] {
  const byId = new Map<string, Case>();
  for (const name of ["cases.json.gz", "cases-keras2.json.gz"]) {
    for (const one of casesOf(readCompressed<CaseFile>(name))) if (!byId.has(one.id)) byId.set(one.id, one);
  }
  return [...byId.values()];
}

function casesOf({ workspaces, bases, cases }: CaseFile): Case[] {
  return cases.map((stored) => {
    const base = bases[stored.base] as Base;
    const where = stored.at === undefined ? "" : ` at ${stored.at || "the root"}`;
    const writers = base.written_by_all.join(", ");
    return {
      id: stored.id,
      label: `${base.name} (${base.door}, written by ${writers}): ${stored.kind}${where}`,
      name: base.name,
      about: base.about,
      half: base.half,
      family: stored.family,
      kind: stored.kind,
      at: stored.at,
      edited: (stored.edits ?? []).map((edit) => edit.at),
      door: base.door,
      call: callOf(base, stored),
      backend: base.backend,
      workspace: workspaces[base.workspace ?? ""] ?? {},
      writtenBy: base.written_by_all,
      config: () => edited(base.config, stored.edits ?? []),
    };
  });
}

const callOptions = ["custom_objects", "scope", "safe_mode", "safe_mode_scope", "compile", "class", "torch"] as const;

/** The options of the base, and what the case says otherwise. */
function callOf(base: Call, stored: Call): Call {
  const call: Record<string, unknown> = {};
  for (const one of [base, stored]) {
    for (const name of callOptions) {
      if (one[name] !== undefined) call[name] = one[name];
    }
  }
  return call as Call;
}

/** The releases that were asked, oldest first. */
export function recordedVersions(): string[] {
  const names = readdirSync(join(folder, "recordings")).filter((name) => name.endsWith(".json.gz"));
  return names.map((name) => name.replace(/\.json\.gz$/, "")).sort(compareVersions);
}

/** What one release answered: outcomes by the ids of cases, and the Python (`3.11`) that ran it. */
export function readRecording(version: string): { python: string; outcomes: ReadonlyMap<string, Outcome> } {
  const { python, outcomes, answers } = readCompressed<Recording>(`recordings/${version}.json.gz`);
  return {
    python,
    outcomes: new Map(Object.entries(answers).map(([id, index]) => [id, outcomes[index] as Outcome])),
  };
}

interface Release {
  readonly version: string;
  readonly speaks_for: readonly string[];
  readonly interpreter?: string;
}

function readReleases(): Release[] {
  const text = readFileSync(join(folder, "versions.json"), "utf8");
  const { keras2, versions } = JSON.parse(text) as { keras2: Release[]; versions: Release[] };
  return [...keras2, ...versions];
}

/** Which releases a recorded one answers for, since the files that decide are the same. */
export function spokenFor(): ReadonlyMap<string, readonly string[]> {
  return new Map(readReleases().map((one) => [one.version, one.speaks_for]));
}

/** The environment variable that names the Python which runs a release. */
export function interpreterOf(version: string): string {
  return readReleases().find((one) => one.version === version)?.interpreter ?? "KERAS_CONFIG_ORACLE_PYTHON";
}
