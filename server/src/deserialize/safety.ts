import type { BuiltinSymbol } from "../catalogue/keras.ts";
import { NO_NODE, type Node } from "../json/index.ts";
import type { Unknown } from "../registry/view.ts";
import { builtinBase, type FromConfigPlan, reachesBase } from "./constructorSlots.ts";
import { pythonType } from "./dict.ts";
import type { Frame, Load, PythonError, Revival } from "./load.ts";
import { typeError } from "./messages.ts";
import * as messages from "./safetyMessages.ts";
import type { Unguarded } from "./warning.ts";

/** What a layer's config can have Keras run or read from outside the model, as far as later releases refuse it. */
type Danger = "unsafe-torch-module" | "vocabulary-file" | "unsafe-saved-model";

/** Whether the release refuses it in safe mode. */
function isRefused({ behaviour }: Load, danger: Danger): boolean {
  if (danger === "unsafe-torch-module") return behaviour.refusesTorchPickles;
  return danger === "vocabulary-file" ? behaviour.refusesVocabularyFiles : behaviour.refusesSavedModels;
}

/**
 * Says what a layer's config has Keras run or read from outside the model: an error where the release refuses it, or where it cannot be
 * there, else a warning. True where that is an error, so that nothing of the config is deserialized.
 */
export function refusesDanger(load: Load, revival: Revival, plan: FromConfigPlan, inConstructor: Frame): boolean {
  const { config, frame } = revival;
  const found = dangerOf(load, revival, plan);
  if (!found) return false;
  if ("unknown" in found) {
    load.unknown(config.node, found.at, found.unknown);
    return false;
  }
  const { danger, at, text } = found;
  const absent = absentPackage(load, danger);
  const isTorch = danger === "unsafe-torch-module";
  if (absent && (isTorch || frame.safeMode === false || !isRefused(load, danger))) {
    load.fail(config.node, { rule: danger, node: at, error: absent }, isTorch ? frame : inConstructor);
    return true;
  }
  // Outside of every safe mode scope some refuse, and some do not.
  const isGuarded = frame.safeMode ?? refusesOutsideScopes(load, danger);
  if (isRefused(load, danger) && isGuarded) {
    const failing = danger === "vocabulary-file" ? inConstructor : frame;
    load.fail(config.node, { rule: danger, node: at, error: refusal(danger, text) }, failing);
    return true;
  }
  if (isTorch && !load.behaviour.readsTorchPickles) {
    const error = noBytes(load, at);
    if (error) load.fail(config.node, { rule: "invalid-argument", node: at, error, name: "module" }, frame);
    return error !== undefined;
  }
  const unguarded = isRefused(load, danger) ? unguardedBy(frame) : {};
  load.warn(
    config.node,
    danger === "unsafe-torch-module"
      ? { rule: danger, at, ...unguarded }
      : { rule: danger, at, path: text, ...unguarded },
    frame,
  );
  if (danger !== "vocabulary-file" || text !== "") return false;
  const error = messages.noVocabulary(text);
  load.fail(config.node, { rule: "invalid-argument", node: at, error, name: "vocabulary" }, inConstructor);
  return true;
}

/** `io.BytesIO`, which takes a pickle to 3.10, of what JSON holds, null apart. */
function noBytes({ tree }: Load, node: Node): PythonError | undefined {
  const type = pythonType(tree, { node });
  return type === "NoneType" ? undefined : typeError(`a bytes-like object is required, not '${type}'`);
}

/** Why safe mode does not hold in a frame. */
export function unguardedBy(frame: Frame): { readonly unguarded: Unguarded } {
  return { unguarded: frame.safeMode === false ? "safe mode off" : "no loader" };
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

interface FoundDanger {
  readonly danger: Danger;
  readonly at: Node;
  readonly text: string;
}

function dangerOf(
  load: Load,
  { object, config }: Revival,
  plan: FromConfigPlan,
): FoundDanger | { readonly at: Node; readonly unknown: Unknown } | undefined {
  if (object.from === "other") return undefined;
  const symbol = object.from === "keras" ? object.symbol : builtinBase(load, object);
  if (!symbol) return undefined;
  const found = dangerOfBuiltin(load, symbol, config.node);
  if (!found || object.from === "keras") return found;
  // The others ask in `from_config`, before the constructor gets to see anything.
  const isHandedOn =
    found.danger === "vocabulary-file" ? reachesBase(load, object, plan, "vocabulary") : plan.by !== "workspace";
  if (isHandedOn) return found;
  const reason = `whether \`${object.qualname}\` hands on its \`${load.tree.key(found.at)}\` is decided by its own code`;
  return { at: found.at, unknown: { reason, location: object.location, names: [object.qualname] } };
}

function dangerOfBuiltin({ tree }: Load, symbol: BuiltinSymbol, config: Node): FoundDanger | undefined {
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
