import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { decodeCatalogue } from "../../server/src/catalogue/decode.ts";
import { behaviourOf } from "../../server/src/deserialize/behaviour.ts";
import type { CustomObject } from "../../server/src/deserialize/load.ts";
import { simulateLoad } from "../../server/src/deserialize/simulateLoad.ts";
import { jsonPointer, parseJson } from "../../server/src/json/index.ts";
import type { RegistryView } from "../../server/src/registry/view.ts";
import type { Loader } from "./recordings.ts";

declare const __ROOT__: string;

export const catalogue = decodeCatalogue(
  gunzipSync(readFileSync(join(__ROOT__, "server/data/catalogue.txt.gz"))).toString("utf8"),
);

export interface Question {
  readonly version: string;
  readonly loader: Loader | "model_from_json" | "layers.deserialize" | "from_config";
  readonly config: string;
  readonly customObjects?: ReadonlyMap<string, CustomObject>;
  readonly scope?: ReadonlyMap<string, CustomObject>;
  readonly safeMode?: boolean;
  readonly safeModeScope?: boolean;
}

/** What the simulation says of a record: what Keras would raise, `Type: message` in order, and what is left open. */
export function simulateRecord(
  record: Question,
  registry: RegistryView,
  releases = catalogue,
): { failed: string[]; unknown: string[] } {
  const { tree } = parseJson(record.config);
  const legacy = record.loader === "legacy_h5";
  const trainingConfig = tree.member(tree.root, "training_config");
  const answer = simulateLoad({
    tree,
    root: legacy ? tree.member(tree.root, "model_config") : tree.root,
    loader: record.loader === "legacy_h5" ? "load_model_from_hdf5" : record.loader,
    ...(legacy && trainingConfig >= 0 ? { trainingConfig } : {}),
    ...(record.customObjects ? { customObjects: record.customObjects } : {}),
    ...(record.scope ? { scope: record.scope } : {}),
    ...(record.safeMode === undefined ? {} : { safeMode: record.safeMode }),
    ...(record.safeModeScope === undefined ? {} : { safeModeScope: record.safeModeScope }),
    behaviour: behaviourOf(record.version),
    release: releases.release(record.version),
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

/** Sentences that Keras raises while it seeks an object; every other failure is for the constructor or the graph. */
const findingSentences = [
  "Could not locate ",
  " cannot be imported. Full object config",
  " because it is not a KerasSaveable subclass",
  "loading functions are not allowed during deserialization",
  "because it is not a modeling function",
  "resolved to a Keras built-in and does not use registered names",
  "Cannot deserialize object of type ",
  "Could not interpret activation function identifier",
  "Could not interpret initializer identifier",
  "Could not interpret loss identifier",
  "Could not interpret metric identifier",
  "Could not interpret optimizer identifier",
  "Could not interpret regularizer identifier",
  "Could not interpret constraint identifier",
  "Unknown layer: '",
  "class is missing a `from_config()` method",
  "is a Python lambda",
  "deserialization of a Python lambda",
  "deserialization of a `lambda` object",
  "object has no attribute 'startswith'",
  "can only concatenate str (not ",
  "'str' object has no attribute 'quantization_mode'",
  "Expected 'config' to be a ",
  "object that is not a `keras.layers.Layer`",
];

/** Whether what Keras raised is about finding an object. */
export function isFindingError(outcome: { exception: string; message: string; raised_in?: string }): boolean {
  // Constructors stumble over dicts with the same words.
  if (/^(backend|layers|metrics|optimizers\/base)/.test(outcome.raised_in ?? "")) return false;
  const error = `${outcome.exception}: ${outcome.message}`;
  // Where an instance is printed, a constructor has made it before.
  if (/identifier: (<\w+ name=|\{.*<class )/.test(error)) return false;
  return /^TypeError: unhashable type/.test(error) || findingSentences.some((sentence) => error.includes(sentence));
}
