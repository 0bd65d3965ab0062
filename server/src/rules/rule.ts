import type { Cause } from "../deserialize/cause.ts";

export type Severity = "error" | "warning" | "information" | "hint";

/** The causes that the tool reports; `rules/table.ts` holds what is said of each. */
export type RuleCode = Cause | "syntax-error" | "unreadable-archive" | "cannot-be-known";
