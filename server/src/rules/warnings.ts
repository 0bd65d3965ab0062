import type { KerasRelease } from "../catalogue/keras.ts";
import type { Unguarded, Warning } from "../deserialize/warning.ts";
import type { Node } from "../json/index.ts";
import type { SourceLocation } from "../registry/view.ts";
import type { Hint } from "./fixes.ts";
import { nearest } from "./nearest.ts";

/** A string of the config goes so far into a sentence, in UTF-16 units; the place shows all of it. */
const MOST_SHOWN = 200;

function shown(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

/** What is said of a load that goes on: what happens instead of what was meant, then the advice. */
export interface WarningWords extends Hint {
  readonly message: string;
}

/**
 * The words on a warning of the object (or string) `node`. They name releases, and so are the same for all of them; the
 * advice may name what `release` holds, where one is given.
 */
export function warningWords(warning: Warning, node: Node, release: KerasRelease | undefined): WarningWords {
  switch (warning.rule) {
    case "missing-config":
      return {
        message: `There is no \`config\`: this dict stays a dict, where an object of \`${warning.name}\` is due.`,
        places: [],
        fixes: [{ kind: "write", node, field: "config", value: {} }],
      };
    case "registered-name-on-builtin":
      return replacedWords(warning);
    case "unrelated-object": {
      const { key, named, found } = warning;
      return {
        message: `\`${key}\` is registered for \`${found.qualname}\`, which is loaded in place of \`${named}\`.`,
        text: "Keras looks at the registered name alone: write the one of the class that is meant.",
        places: [place(`\`${key}\` is registered for this class`, found.location)],
        fixes: [],
      };
    }
    case "unreachable-layer":
      return {
        message: `No output of the model comes of \`${shown(warning.name)}\`: Keras makes the layer and drops it, the model has none of that name.`,
        text: "Refer to it in `inbound_nodes` or `output_layers`, or take it out. Weights that were saved with it have no place in the model.",
        places: [],
        fixes: [],
      };
    case "custom-object-ignored":
      return ignoredWords(warning);
    case "unknown-loss-or-metric": {
      const { kind, name } = warning;
      const message =
        `No ${kind} is called \`${shown(name)}\`: it loads, and training or evaluating the model raises ` +
        `ValueError: Could not interpret ${kind} identifier: ${shown(name)}`;
      const similar = release && nearest(name, release.tableNames(kind === "loss" ? "losses" : "metrics"));
      if (similar !== undefined) {
        const fixes = [{ kind: "write", node, value: similar }] as const;
        return { message, text: `Did you mean \`${similar}\`?`, places: [], fixes };
      }
      const text = name.includes(">")
        ? `Register the ${kind} as \`${shown(name)}\` before loading.`
        : `A ${kind} of your own is written as an object with its registered name; or compile the model after loading it.`;
      return { message, text, places: [], fixes: [] };
    }
    case "unknown-identifier":
      return {
        message: `Keras 2 knows no \`${shown(warning.name)}\` here and keeps the bare name: it loads, and fails where the object is used.`,
        text: "Register the class or function before loading, or pass it in `custom_objects`.",
        places: [],
        fixes: [],
      };
    default:
      return { ...dangerWords(warning), places: [], fixes: [] };
  }
}

function replacedWords(warning: Extract<Warning, { rule: "registered-name-on-builtin" }>): WarningWords {
  const { registeredName, resolved, isRefusedLater } = warning;
  const later = isRefusedLater ? " Keras 3.15 raises ValueError here." : "";
  return {
    message: `Nothing is registered as \`${registeredName}\`: Keras takes its own \`${resolved}\` in its place.${later}`,
    text: `Register the class or function as \`${registeredName}\` before loading, or remove \`registered_name\` where Keras's own is meant.`,
    places: [],
    fixes: [],
  };
}

function ignoredWords(warning: Extract<Warning, { rule: "custom-object-ignored" }>): WarningWords {
  const { key, handed, by, found } = warning;
  const giver = by === "argument" ? "`custom_objects=`" : "A custom object scope";
  return {
    message: `${giver} hands in \`${handed.qualname}\` as \`${key}\`, and it is ignored: what is registered under that key, \`${found.qualname}\`, counts.`,
    text:
      by === "argument"
        ? "Keras asks `custom_objects=` last. Only a custom object scope around the call comes first, and only for the outermost object."
        : "Inside another object Keras asks what is registered before the scope. Take the registration away, or give one of the two another key.",
    places: [
      place(`\`${key}\` is registered for this`, found.location),
      place("This is handed in, and ignored", handed.location),
    ],
    fixes: [],
  };
}

type Danger = Exclude<
  Warning,
  {
    rule:
      | "missing-config"
      | "registered-name-on-builtin"
      | "unrelated-object"
      | "custom-object-ignored"
      | "unreachable-layer"
      | "unknown-loss-or-metric"
      | "unknown-identifier";
  }
>;

/** The advice on what only an untrusted file makes dangerous. */
const trust = "Load it only where you trust whoever wrote it.";

function dangerWords(warning: Danger): { readonly message: string; readonly text: string } {
  switch (warning.rule) {
    case "unsafe-lambda":
      return lambdaWords(warning);
    case "unsafe-torch-module":
      return {
        message: `${opens(warning.unguarded, "Keras 3.11.0 to 3.11.2", "reads")} this pickle with \`torch.load\`, which runs what it holds (CVE-2025-49655).`,
        text: warning.unguarded ? guarded(warning.unguarded) : `${trust} Keras 3.11.3 refuses it.`,
      };
    case "vocabulary-file":
      return {
        message: `${opens(warning.unguarded, "To 3.11 Keras", "opens")} this path or URL, \`${shown(warning.path)}\`, while it loads the config (CVE-2025-12058).`,
        text: `Write the vocabulary itself as a list${warning.unguarded ? "." : "; Keras 3.12 refuses a path."}`,
      };
    case "unsafe-saved-model":
      return {
        message: `The layer loads the SavedModel at \`${shown(warning.path)}\`, whose graph runs whatever it holds (CVE-2026-1462).`,
        text: warning.unguarded
          ? guarded(warning.unguarded)
          : `${trust} Keras 3.12.1 to 3.12.4, 3.13.2 and 3.14 refuse it.`,
      };
    case "not-a-modeling-function": {
      const { path, refusedFrom } = warning;
      const allowed = refusedFrom === "3.11" ? "To 3.10 Keras" : "To 3.14 Keras, but for 3.12.3 and 3.12.4,";
      return {
        message: `${allowed} loads \`${path}\` from a config, and a layer can then call it (${gadgets}).`,
        text: "Remove it. A config that names such a function may have been made to attack whoever loads it.",
      };
    }
    case "unsafe-module": {
      const { module, name } = warning;
      return {
        message: `To 3.8 Keras imports \`${module}\` for this and takes its \`${name}\`, which a layer can then call (CVE-2025-1550).`,
        text: "Remove it. Keras itself writes no such config: it may have been made to attack whoever loads it.",
      };
    }
  }
}

function lambdaWords({ argument, unguarded }: Extract<Warning, { rule: "unsafe-lambda" }>) {
  const what = argument === undefined ? "This is a Python lambda" : `\`${argument}\` is a Python lambda`;
  if (unguarded === undefined) {
    return {
      message: `${what}, and to 3.11.2 Keras runs its bytecode from .h5 files also in safe mode (CVE-2025-9905).`,
      text: `${trust} Keras 3.11.3 refuses it: replace the lambda by a registered function or a layer.`,
    };
  }
  const how =
    unguarded === "safe mode off"
      ? "with safe mode off Keras makes it a function again, whose bytecode runs when it is called (CVE-2024-3660)"
      : "`from_config`, called by itself, makes it a function again in Keras 3.0 to 3.12.2, 3.13 and 3.14";
  return { message: `${what}, and ${how}.`, text: guarded(unguarded) };
}

/** Who does it, and why nothing keeps him from it. */
function opens(unguarded: Unguarded | undefined, releases: string, does: string): string {
  if (unguarded === undefined) return `${releases} ${does}`;
  return unguarded === "safe mode off"
    ? `With safe mode off Keras ${does}`
    : `Called by itself, \`from_config\` ${does}`;
}

/** What would refuse it. */
function guarded(unguarded: Unguarded): string {
  return unguarded === "safe mode off"
    ? `${trust} Safe mode, the default, refuses it.`
    : `${trust} \`deserialize_keras_object\` and \`load_model\` refuse it in safe mode.`;
}

const gadgets = "CVE-2025-8747, CVE-2025-9906";

function place(message: string, location: SourceLocation): WarningWords["places"][number] {
  return { message, location };
}

/** What `from_config` of a model does with a Lambda layer without `module` where no loader opens a safe mode scope. */
export const outsideSafeMode =
  "`Sequential.from_config` and the like, called by themselves, run it in Keras 3.0 to 3.12.2, 3.13 and 3.14.";

/** What a problem of a release that refuses says of those that do not; undefined where all of them refuse. */
export function olderReleases(rule: string, lookedUp: string | undefined): string | undefined {
  switch (rule) {
    case "unsafe-lambda":
      return "Keras before 2.13 runs it on load (CVE-2024-3660), and Keras to 3.11.2 where it stands in an .h5 file (CVE-2025-9905).";
    case "not-a-modeling-function":
      return `Older releases load \`${lookedUp}\`, and a layer can then call it (${gadgets}).`;
    case "unsafe-torch-module":
      return "Keras 3.11.0 to 3.11.2 reads the pickle, which runs what it holds (CVE-2025-49655).";
    case "vocabulary-file":
      return "To 3.11 Keras opens the path or URL (CVE-2025-12058). Write the vocabulary itself as a list.";
    case "unsafe-saved-model":
      return "Keras 3.12.0, 3.13.1 and what is older load the SavedModel, whose graph runs whatever it holds (CVE-2026-1462).";
    default:
      return undefined;
  }
}
