/** Reads what tf-keras answered (see README.md in this folder), and says what the simulation makes of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { decodeCatalogue } from "../../server/src/catalogue/decode.ts";
import { keras2Versions, withKeras2 } from "../../server/src/catalogue/keras2.ts";
import { behaviourOf } from "../../server/src/deserialize/behaviour.ts";
import type { CustomObject } from "../../server/src/deserialize/load.ts";
import { simulateLoad } from "../../server/src/deserialize/simulateLoad.ts";
import { jsonPointer, parseJson } from "../../server/src/json/index.ts";
import type { RegistryView } from "../../server/src/registry/view.ts";
import type { Outcome, WorkspaceFiles } from "../conformance/deserialize/caseFile.ts";
import { catalogue } from "./shippedCatalogue.ts";

declare const __ROOT__: string;

function unpacked(path: string): string {
  return gunzipSync(readFileSync(join(__ROOT__, path))).toString("utf8");
}

export const catalogueWithKeras2 = withKeras2(catalogue, () =>
  decodeCatalogue(unpacked("server/data/catalogue-keras2.txt.gz")),
);

export { keras2Versions };

/** What was asked. For `legacy_h5`, `config` is the object of the file's attributes. */
export interface Keras2Question {
  readonly version: string;
  readonly loader: "deserialize_keras_object" | "model_from_json" | "load_model" | "legacy_h5";
  readonly config: string;
  readonly customObjects?: ReadonlyMap<string, CustomObject>;
  readonly scope?: ReadonlyMap<string, CustomObject>;
}

/** A config that tf-keras wrote. */
interface LoadRecord extends Keras2Question {
  readonly name: string;
  readonly outcome: Outcome;
}

/** A config with one damage. */
interface FindingRecord extends Keras2Question {
  readonly id: string;
  readonly workspace: WorkspaceFiles;
  readonly outcome: Outcome;
}

/** A small question. `loader` may be a part of Keras that is asked alone. */
export interface CaseRecord {
  readonly name: string;
  readonly version: string;
  readonly loader: string;
  readonly workspace: WorkspaceFiles;
  /** Keys to dotted paths. */
  readonly custom_objects?: Readonly<Record<string, string>>;
  readonly scope?: Readonly<Record<string, string>>;
  readonly config: string;
  readonly outcome: Outcome;
}

/** What tf-keras would raise, `Type: message` in order, and what is left open. */
export function simulateKeras2(
  question: Keras2Question,
  registry: RegistryView,
): { failed: string[]; unknown: string[] } {
  const { version, loader, config, customObjects, scope } = question;
  const { tree } = parseJson(config);
  const isH5 = loader === "legacy_h5";
  const trainingConfig = tree.member(tree.root, "training_config");
  const answer = simulateLoad({
    tree,
    root: isH5 ? tree.member(tree.root, "model_config") : tree.root,
    loader: isH5 ? "load_model_from_hdf5" : loader,
    ...(isH5 && trainingConfig >= 0 ? { trainingConfig } : {}),
    ...(customObjects ? { customObjects } : {}),
    ...(scope ? { scope } : {}),
    behaviour: behaviourOf(version),
    release: catalogueWithKeras2.release(version),
    registry,
    packageInstalled: () => false,
  });
  const failed: string[] = [];
  const unknown: string[] = [];
  for (const event of answer.events) {
    if (event.kind === "failed") failed.push(`${event.outcome.exception}: ${event.outcome.message}`);
    if (event.kind === "unknown") unknown.push(`${jsonPointer(tree, event.node)}: ${event.unknown.reason}`);
  }
  return { failed, unknown };
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
