import type { Cause } from "../deserialize/cause.ts";
import type { Warning } from "../deserialize/warning.ts";
import type { RegistrationCause } from "../registry/problems.ts";

export type Severity = "error" | "warning" | "information" | "hint";

/** The causes that the tool reports; `rules/table.ts` holds what is said of each. */
export type RuleCode =
  | Cause
  | Warning["rule"]
  | RegistrationCause
  | "syntax-error"
  | "unreadable-archive"
  | "archive-bomb"
  | "cannot-be-known";

/** What is said of one cause; `docs/rules/<code>.md` is made from it, and `--help` and the settings list it. */
export interface Rule {
  readonly code: RuleCode;
  /** What it is about: a config, or a registration in Python. */
  readonly of: "config" | "registration";
  /** The severity unless a setting says otherwise. */
  readonly severity: Severity;
  /** The severity where Keras raises nothing, of a rule that has both; absent where it always raises or never does. */
  readonly quietSeverity?: Severity;
  /** One line: what is wrong. */
  readonly summary: string;
  /** The form of the message: `{sentence}` is Keras's own, `{key}` what it looked up. */
  readonly message: string;
  /** Which function of Keras objects, and when. */
  readonly cause: string;
  /** What to do. */
  readonly fix: string;
  /** A config that has the problem, or Python that does. */
  readonly example: string;
}
