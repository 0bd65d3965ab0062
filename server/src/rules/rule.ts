export type Severity = "error" | "warning" | "information";

/** The causes that the tool reports; `rules/table.ts` holds what is said of each. */
export type RuleCode =
  | "syntax-error"
  | "unreadable-archive"
  | "class-not-registered"
  | "function-not-registered"
  | "module-not-importable"
  | "not-a-saveable-class"
  | "not-a-modeling-function"
  | "registered-name-on-builtin"
  | "null-module"
  | "unknown-identifier"
  | "unknown-layer"
  | "missing-from-config"
  | "unsafe-lambda"
  | "wrong-field-type";
