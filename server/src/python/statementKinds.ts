/** What a statement is by its first word; `simple` is every expression and assignment. */
export type StatementKind =
  | "class"
  | "def"
  | "if"
  | "elif"
  | "else"
  | "for"
  | "while"
  | "try"
  | "except"
  | "finally"
  | "with"
  | "match"
  | "case"
  | "import"
  | "from"
  | "return"
  | "raise"
  | "global"
  | "nonlocal"
  | "del"
  | "assert"
  | "pass"
  | "break"
  | "continue"
  | "simple";

/** The kinds that have a body. */
export const COMPOUND = new Set<string>([
  "class",
  "def",
  "if",
  "elif",
  "else",
  "for",
  "while",
  "try",
  "except",
  "finally",
  "with",
]);
/** The kind of a statement by its first word; what is not listed is `simple`. */
export const KINDS = new Map<string, StatementKind>(
  (
    [
      ...["class", "def", "if", "elif", "else", "for", "while", "try", "except", "finally", "with", "import", "from"],
      ...["return", "raise", "global", "nonlocal", "del", "assert", "pass", "break", "continue"],
    ] as StatementKind[]
  ).map((kind) => [kind, kind]),
);
