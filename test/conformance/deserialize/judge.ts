/** Holds what the tool says of a case in one release against what real Keras answered there. */
import type { FoundObject, LoadEvent } from "../../../server/src/deserialize/load.ts";
import { jsonPointer, NO_NODE, nodeAtPointer, type ValueTree } from "../../../server/src/json/index.ts";
import type { Case, Outcome } from "./caseFile.ts";
import { objectAround } from "./edits.ts";

type Failed = Extract<LoadEvent, { kind: "failed" }>;

/** What one (case, release) pair comes to. */
export type Judgement =
  /** Keras loads it. An error that the tool shows is false; what it leaves open is no error. */
  | {
      readonly real: "loads";
      readonly falseErrors: readonly string[];
      readonly open: readonly string[];
      readonly sameClass: number;
      readonly otherClass: readonly string[];
    }
  /** Keras fails, and the tool shows no error: it found everything (missed), or it says why it cannot know. */
  | { readonly real: "fails"; readonly tool: "missed"; readonly text: string }
  | { readonly real: "fails"; readonly tool: "open"; readonly text: string; readonly reasons: readonly string[] }
  /** Keras fails, and the tool shows an error: its first is compared. The places are those of damaged cases. */
  | {
      readonly real: "fails";
      readonly tool: "reports";
      readonly text: string;
      readonly said: string;
      readonly sameException: boolean;
      readonly sameMessage: boolean;
      readonly place?: "exact" | "object" | "elsewhere";
      readonly shownAt: string;
    }
  /** Keras neither loads nor fails: whether the tool says so. */
  | { readonly real: "hangs"; readonly told: boolean };

/** Judges one pair. `tree` is the config as the case has it, `events` what the tool says of its load. */
export function judge(
  one: Pick<Case, "at" | "edited">,
  tree: ValueTree,
  events: readonly LoadEvent[],
  outcome: Outcome,
): Judgement {
  const failed = events.filter((event): event is Failed => event.kind === "failed");
  if ("hangs" in outcome || "dies" in outcome) return { real: "hangs", told: failed[0]?.outcome.exception === "" };
  const reasons = events.flatMap((event) => (event.kind === "unknown" ? [event.unknown.reason] : []));
  if ("loads" in outcome) {
    return {
      real: "loads",
      falseErrors: failed.map((event) => `${jsonPointer(tree, event.failure.node) || "the root"}: ${textOf(event)}`),
      open: reasons,
      ...compareClasses(tree, events, outcome.found ?? {}),
    };
  }
  const text = `${outcome.exception}: ${outcome.message}`;
  const [first] = failed;
  if (!first)
    return reasons.length > 0
      ? { real: "fails", tool: "open", text, reasons }
      : { real: "fails", tool: "missed", text };
  return {
    real: "fails",
    tool: "reports",
    text,
    said: textOf(first),
    sameException: first.outcome.exception === outcome.exception,
    sameMessage: normalised(textOf(first)) === text,
    ...(one.at === undefined ? {} : { place: placeOf(one, tree, first) }),
    shownAt: jsonPointer(tree, first.failure.node),
  };
}

function textOf(event: Failed): string {
  return `${event.outcome.exception}: ${event.outcome.message}`;
}

/** Sets in one order, as the recordings have them. */
export function normalised(message: string): string {
  return message.replace(/\{((?:'[^']*'|None)(?:, (?:'[^']*'|None))*)\}/g, (_, items: string) => {
    return `{${items.split(", ").sort().join(", ")}}`;
  });
}

/**
 * Where the tool shows the problem, against the damage. Exact: at the damaged value, or within it where a whole value was
 * put there; where the damage took a value away, at the object that lost it, or at the name that stands for it. Else at its
 * object (or another of its fields), or elsewhere.
 */
function placeOf(one: Pick<Case, "at" | "edited">, tree: ValueTree, event: Failed): "exact" | "object" | "elsewhere" {
  const shown = jsonPointer(tree, event.failure.node);
  // Where the call is damaged, nothing of the config is: what is not found is the object.
  const damaged = one.edited.length > 0 ? [one.at ?? "", ...one.edited] : [objectAround(tree, one.at ?? "")];
  for (const at of damaged) {
    const isThere = nodeAtPointer(tree, at) !== NO_NODE;
    if (isThere ? shown === at || shown.startsWith(`${at}/`) : namesOf(tree, objectAround(tree, at)).includes(shown)) {
      return "exact";
    }
  }
  const objects = damaged.map((at) => objectAround(tree, at));
  return objects.includes(shown) || objects.includes(objectAround(tree, shown)) ? "object" : "elsewhere";
}

/** Where a problem of a whole object may be shown: at all of it, or at its name. */
function namesOf(tree: ValueTree, object: string): string[] {
  const className = nodeAtPointer(tree, `${object}/class_name`);
  const isFunction = className !== NO_NODE && tree.string(className) === "function";
  return [object, `${object}/${isFunction ? "config" : "class_name"}`];
}

/** What objects are found as, where both sides say so. */
function compareClasses(
  tree: ValueTree,
  events: readonly LoadEvent[],
  found: Readonly<Record<string, string>>,
): { sameClass: number; otherClass: string[] } {
  let sameClass = 0;
  const otherClass: string[] = [];
  if (Object.keys(found).length === 0) return { sameClass, otherClass };
  for (const event of events) {
    if (event.kind !== "found") continue;
    const pointer = jsonPointer(tree, event.node);
    const real = found[pointer];
    const here = pathOf(event.object);
    if (real === undefined || here === undefined) continue;
    if (real === here) sameClass++;
    else otherClass.push(`${pointer || "the root"}: ${here}, really ${real}`);
  }
  return { sameClass, otherClass };
}

function pathOf(object: FoundObject): string | undefined {
  if (object.from === "other") return undefined;
  if (object.from === "workspace") return `${object.module}.${object.qualname}`;
  return `${object.symbol.module}.${object.symbol.qualname}`;
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
  // Of Keras 2.
  "Unknown initializer: '",
  "Unknown constraint: '",
  "Unknown regularizer: '",
  "Unknown optimizer: '",
  "Unknown decay: '",
  "Unknown loss function: '",
  "Unknown metric function: '",
  "Unknown activation function",
  "of type <class 'str'>.",
];

/** Whether what Keras raised is about finding an object. */
export function isFindingError(outcome: { exception: string; message: string; raised_in?: string }): boolean {
  // In Keras 2, a policy that is not found comes back as its name.
  if (outcome.raised_in === "mixed_precision/policy.py: get_policy") return outcome.message.includes("'str' object");
  // Constructors stumble over dicts with the same words.
  if (/^(backend|layers|metrics|optimizers\/base)/.test(outcome.raised_in ?? "")) return false;
  const error = `${outcome.exception}: ${outcome.message}`;
  // Where an instance is printed, a constructor has made it before.
  if (/identifier: (<\w+ name=|\{.*<class )/.test(error)) return false;
  return /^TypeError: unhashable type/.test(error) || findingSentences.some((sentence) => error.includes(sentence));
}
