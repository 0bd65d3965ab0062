import { NO_NODE, type Node } from "../json/index.ts";
import type { FoundObject, Frame, Load, PythonError, Revival } from "./load.ts";
import * as messages from "./messages.ts";

/** What a layer's config can have Keras run or read from outside the model, as far as later releases refuse it. */
type Danger = "unsafe-torch-module" | "vocabulary-file" | "unsafe-saved-model";

/** Whether the release refuses it in safe mode. */
function isRefused({ behaviour }: Load, danger: Danger): boolean {
  if (danger === "unsafe-torch-module") return behaviour.refusesTorchPickles;
  return danger === "vocabulary-file" ? behaviour.refusesVocabularyFiles : behaviour.refusesSavedModels;
}

/**
 * Says what a built-in layer's config has Keras run or read from outside the model: an error where the release refuses
 * it, else a warning. True where it is refused, so that nothing of the config is deserialized.
 */
export function refusesDanger(load: Load, revival: Revival, inConstructor: Frame): boolean {
  const { object, config, frame } = revival;
  const found = object.from === "keras" ? dangerOf(load, object, config.node) : undefined;
  if (!found) return false;
  const { danger, at, text } = found;
  const absent = absentPackage(load, danger);
  const isTorch = danger === "unsafe-torch-module";
  if (absent && (isTorch || frame.safeMode === false || !isRefused(load, danger))) {
    load.fail(config.node, { rule: danger, node: at, error: absent }, isTorch ? frame : inConstructor);
    return true;
  }
  // Who switches safe mode off knows what he runs.
  if (frame.safeMode === false) return false;
  if (!isRefused(load, danger)) {
    if (danger !== "unsafe-torch-module") load.warn(config.node, { rule: danger, at, path: text }, frame);
    // A pickle that is no text does not come back out of JSON.
    else if (load.behaviour.readsTorchPickles) load.warn(config.node, { rule: danger, at }, frame);
    return false;
  }
  const isInConstructor = danger === "vocabulary-file";
  // Outside of every safe mode scope some refuse, and some do not.
  if (frame.safeMode === undefined && !refusesOutsideScopes(load, danger)) return false;
  load.fail(
    config.node,
    { rule: danger, node: at, error: refusal(danger, text) },
    isInConstructor ? inConstructor : frame,
  );
  return true;
}

function refusesOutsideScopes(load: Load, danger: Danger): boolean {
  if (danger === "unsafe-torch-module") return load.behaviour.lambdaFailsClosed;
  return danger === "unsafe-saved-model";
}

function refusal(danger: Danger, text: string): PythonError {
  if (danger === "vocabulary-file") return messages.vocabularyRefused(text);
  return danger === "unsafe-saved-model" ? messages.savedModelRefused() : messages.torchModuleRefused();
}

/** What a layer raises where the package that it stands on is not installed; undefined where it is, or nobody knows. */
function absentPackage(load: Load, danger: Danger): PythonError | undefined {
  const isAbsent = (name: string) => load.question.packageInstalled?.(name) === false;
  if (danger === "unsafe-torch-module" && isAbsent("torch")) return messages.moduleNotFound("torch");
  if (danger !== "unsafe-saved-model" || !isAbsent("tensorflow")) return undefined;
  return messages.noTensorFlow(load.behaviour);
}

/** The layers that read a vocabulary, with the keys over whose absence their `from_config` stumbles first. */
const readVocabularies: ReadonlyMap<string, readonly string[]> = new Map([
  ["IndexLookup", []],
  ["IntegerLookup", []],
  ["StringLookup", []],
  ["TextVectorization", ["standardize", "split", "ngrams"]],
]);

function dangerOf(
  load: Load,
  object: Extract<FoundObject, { from: "keras" }>,
  config: Node,
): { readonly danger: Danger; readonly at: Node; readonly text: string } | undefined {
  const { tree } = load;
  const { symbol } = object;
  const textAt = (node: Node) => (node !== NO_NODE && tree.kind(node) === "string" ? tree.string(node) : undefined);
  if (symbol.qualname === "TorchModuleWrapper") {
    const at = tree.member(config, "module");
    return at === NO_NODE ? undefined : { danger: "unsafe-torch-module", at, text: "" };
  }
  if (symbol.qualname === "TFSMLayer") {
    const path = tree.member(config, "filepath");
    return { danger: "unsafe-saved-model", at: path === NO_NODE ? config : path, text: textAt(path) ?? "" };
  }
  const needed = readVocabularies.get(symbol.qualname);
  const at = needed ? tree.member(config, "vocabulary") : NO_NODE;
  const text = textAt(at);
  if (text === undefined || needed?.some((key) => tree.member(config, key) === NO_NODE)) return undefined;
  return { danger: "vocabulary-file", at, text };
}
