import type { Node } from "../json/index.ts";
import type { FoundObject } from "./load.ts";

/** Why safe mode does not hold: it is switched off, or `from_config` is called by itself, where no loader opens its scope. */
export type Unguarded = "safe mode off" | "no loader";

/**
 * What a load does without raising anything and what is hardly meant, or runs what somebody else wrote. Facts only:
 * `rules/warnings.ts` has the words. Each is a rule of the same code.
 */
export type Warning = {
  /** The value that decides: where it is shown. */
  readonly at: Node;
} & (
  | {
      /** A dict with `class_name` and without `config` stays a dict where an object is due. */
      readonly rule: "missing-config";
      readonly name: string;
    }
  | {
      /** Nothing is registered under `registered_name`, and a built-in is taken in place of what was. */
      readonly rule: "registered-name-on-builtin";
      readonly registeredName: string;
      /** The path of the built-in. */
      readonly resolved: string;
      /** Whether releases from 3.15 raise instead. */
      readonly isRefusedLater: boolean;
    }
  | {
      /** What is registered under `registered_name` has nothing to do with the class that the config names. */
      readonly rule: "unrelated-object";
      readonly key: string;
      /** The class that the config names, by its path. */
      readonly named: string;
      readonly found: WorkspaceObject;
    }
  | {
      /** `custom_objects` or a scope hands in an object under a key under which another one is registered. */
      readonly rule: "custom-object-ignored";
      readonly key: string;
      readonly handed: WorkspaceObject;
      readonly by: "scope" | "argument";
      readonly found: WorkspaceObject;
    }
  | {
      /** A layer of a Functional model leads to none of its outputs: it is made, and the model has it not. */
      readonly rule: "unreachable-layer";
      readonly name: string;
    }
  | {
      /** A string that names no loss or metric stays in the compiled model until it is used. */
      readonly rule: "unknown-loss-or-metric";
      readonly kind: "loss" | "metric";
      readonly name: string;
    }
  | {
      /** Keras 2 keeps the bare name of an object that it does not know, until it is used. */
      readonly rule: "unknown-identifier";
      readonly name: string;
    }
  | {
      /** A lambda is made a function again: of a Lambda layer as this argument, else wherever one stands. */
      readonly rule: "unsafe-lambda";
      readonly argument?: string;
      /** Absent in an .h5 file, whose loader does not ask for safe mode. */
      readonly unguarded?: Unguarded;
    }
  | {
      /** A function of Keras that loads, saves or downloads is found; later releases refuse it. */
      readonly rule: "not-a-modeling-function";
      readonly path: string;
      readonly refusedFrom: "3.11" | "3.15";
    }
  | {
      /** A module that no model needs is imported, and what it holds is taken for an object. */
      readonly rule: "unsafe-module";
      readonly module: string;
      readonly name: string;
    }
  | {
      /** The pickle of a TorchModuleWrapper is read. */
      readonly rule: "unsafe-torch-module";
      /** Absent where the release refuses it nowhere. */
      readonly unguarded?: Unguarded;
    }
  | {
      /** A vocabulary is read from the path or URL that the config holds. */
      readonly rule: "vocabulary-file";
      readonly path: string;
      /** Absent where the release refuses it nowhere. */
      readonly unguarded?: Unguarded;
    }
  | {
      /** A TFSMLayer loads the SavedModel at the path that the config holds. */
      readonly rule: "unsafe-saved-model";
      readonly path: string;
      /** Absent where the release refuses it nowhere. */
      readonly unguarded?: Unguarded;
    }
);

export type WorkspaceObject = Extract<FoundObject, { from: "workspace" }>;
