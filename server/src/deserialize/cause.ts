/** Why an object is not found, as the simulation tells causes apart; each is a rule of the same code. */
export type Cause =
  | "class-not-registered"
  | "function-not-registered"
  | "module-not-importable"
  | "not-a-saveable-class"
  | "not-a-layer"
  | "not-a-modeling-function"
  | "registered-name-on-builtin"
  | "null-module"
  | "unknown-identifier"
  | "unknown-layer"
  | "missing-from-config"
  | "unsafe-lambda"
  | "unsafe-torch-module"
  | "vocabulary-file"
  | "unsafe-saved-model"
  | "missing-config"
  | "wrong-field-type";
