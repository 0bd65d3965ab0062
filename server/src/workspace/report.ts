import type { SourceLocation } from "../registry/view.ts";
import type { Fix } from "../rules/fixes.ts";
import type { RuleCode, Severity } from "../rules/rule.ts";

/** What one file's check says; offsets are UTF-16 into `text`, ends are exclusive. The rims convert to positions. */
export interface FileReport {
  /** The file's URI; for an archive that of the archive itself. */
  readonly uri: string;
  /** The text that offsets point into: the file's, or that of `config.json` inside an archive. */
  readonly text: string;
  /** The archive member that `text` is, where the file is an archive. */
  readonly member?: string;
  /** Which dialect the document is in, null where it holds no config. */
  readonly dialect: string | null;
  /** By which function of Keras it is loaded, null where it holds no config and is no archive. */
  readonly loader: string | null;
  /** The Keras versions it was checked for, and why those. */
  readonly keras: readonly KerasTarget[];
  /** How many serialized objects the load would visit. */
  readonly objects: number;
  readonly problems: readonly Problem[];
  readonly unknown: readonly UnknownObject[];
}

export interface KerasTarget {
  /** A release of the catalogue, such as "3.12.4". */
  readonly version: string;
  /** A sentence part that says which source named it: "--keras", "requirements.txt pins keras==3.12.4", "the newest known". */
  readonly from: string;
}

export interface Problem {
  readonly rule: RuleCode;
  readonly severity: Severity;
  /** Keras's sentence, then the key that was looked up. */
  readonly message: string;
  /** What to do about it: one sentence, absent where nothing useful can be said. */
  readonly hint?: string;
  /** What would mend it, the likeliest first. */
  readonly fixes?: readonly Fix[];
  /** The serialized object or string that it is about: a node of the analysis's tree; absent for the document as a whole. */
  readonly object?: number;
  readonly start: number;
  readonly end: number;
  /** JSON Pointer of the value at `start`. */
  readonly pointer: string;
  readonly versions: readonly string[];
  /** The other versions, which find the object; absent where none does. */
  readonly foundIn?: readonly string[];
  /** Whether Keras stops here (the first problem of the load). */
  readonly stops: boolean;
  /** What Keras raises: `type(e).__name__` and `str(e)`; absent where it raises nothing. */
  readonly outcome?: { readonly exception: string; readonly message: string };
  /** Places that help: where a class of this name is declared, and the like. */
  readonly related?: readonly {
    readonly message: string;
    readonly uri: string;
    readonly line: number;
    readonly character: number;
    readonly end: { readonly line: number; readonly character: number };
  }[];
}

/** An object of which it cannot be known from here whether Keras finds it. */
export interface UnknownObject {
  readonly pointer: string;
  readonly start: number;
  readonly end: number;
  /** The serialized object or string that it is about: a node of the analysis's tree; absent for the document as a whole. */
  readonly object?: number;
  /** Why, with the place where one decides it. */
  readonly reason: string;
  readonly location?: SourceLocation;
  /** A scope or a `custom_objects=` argument provides it for some loads. */
  readonly provided?: true;
  readonly versions: readonly string[];
}
