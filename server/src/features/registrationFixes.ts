import {
  type CallExpression,
  definitionHeader,
  type Expression,
  parseExpression,
  parsePython,
  type Statement,
  statementExpressions,
  stringValue,
  walkExpression,
  walkStatements,
} from "../python/index.ts";
import type { PythonTree } from "../python/parse.ts";
import type { TextRange } from "../python/statements.ts";
import type { RegistrationProblem } from "../registry/index.ts";
import type { TextChange } from "./textChange.ts";

/** A fix of a registration, in the text that holds it. */
export interface RegistrationFix {
  /** Holds what it writes. */
  readonly title: string;
  readonly changes: readonly TextChange[];
  /** Whether it is the one that most probably is meant. */
  readonly isPreferred: boolean;
}

/** Where a problem stands in the text as it is now: UTF-16 offsets of the registration, and of the class's name. */
export interface PlacesInText {
  readonly at: TextRange;
  readonly object?: TextRange;
}

/** The fixes of a problem, the likeliest first; none where the text is not what it was, or there is no place for one. */
export function registrationFixes(problem: RegistrationProblem, text: string, places: PlacesInText): RegistrationFix[] {
  switch (problem.cause) {
    case "decorator-not-called":
      return [fix("Add `()`", [insertion(places.at.end, "()")])];
    case "name-as-package":
      return nameFixes(problem.given, text, places.at);
    case "missing-get-config":
      return places.object ? configFixes(text, places.object) : [];
    case "instance-registered":
      return instanceFixes(problem, text, places.at);
    case "built-in-registered":
      return removalFixes(text, places.at);
    default:
      return [];
  }
}

function fix(title: string, changes: readonly TextChange[], isPreferred = true): RegistrationFix {
  return { title, changes, isPreferred };
}

function insertion(at: number, newText: string): TextChange {
  return { start: at, end: at, newText };
}

/** `name=` before the string, or `package=` where it is meant. */
function nameFixes(given: string, text: string, at: TextRange): RegistrationFix[] {
  const found = outermostCalls(parseExpression(text, at)).flatMap((call) => call.arguments.slice(0, 1));
  const argument = found.find(({ value }) => value.kind === "string" && stringValue(text, value) === given);
  if (!argument || argument.keyword !== undefined) return [];
  const written = text.slice(argument.value.start, argument.value.end);
  return [
    fix(`Write \`name=${written}\``, [insertion(argument.value.start, "name=")]),
    fix(`Write \`package=${written}\`: it is the package`, [insertion(argument.value.start, "package=")], false),
  ];
}

/** The calls of `register("p")(Scale)`, the outermost first. */
function outermostCalls(expression: Expression): CallExpression[] {
  const calls: CallExpression[] = [];
  for (let at = expression; at.kind === "call"; at = at.callee) calls.push(at);
  return calls;
}

/** `get_config` at the end of the class, and `from_config` where it has none. */
function configFixes(text: string, object: TextRange): RegistrationFix[] {
  const tree = parsePython(text);
  const statement = [...walkStatements(tree.body)].find(
    (each) => each.kind === "class" && definitionHeader(tree, each)?.nameStart === object.start,
  );
  const [first] = statement?.body ?? [];
  const last = statement?.body.at(-1);
  if (!statement || !first || !last) return [];
  const lineStart = text.lastIndexOf("\n", first.start - 1) + 1;
  // Decorators stand before the statement, and a body behind the colon has no lines of its own.
  const opening = first.decorators[0]?.start ?? first.start;
  const openingLine = text.lastIndexOf("\n", opening - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart))![0];
  if (openingLine <= statement.start || indent === "") return [];
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const inner = indent + indentStep(text, statement, indent);
  const methods = new Map(statement.body.flatMap((each) => methodName(tree, each)));
  const entries = storedArguments(tree, methods.get("__init__")).map((name) => `"${name}": self.${name}`);
  const lines = ["", `${indent}def get_config(self):`, `${inner}return {${entries.join(", ")}}`];
  const addsFrom = !methods.has("from_config");
  if (addsFrom)
    lines.push("", `${indent}@classmethod`, `${indent}def from_config(cls, config):`, `${inner}return cls(**config)`);
  const end = lineEndOf(text, last.bodyEnd);
  const title = addsFrom ? "Add `get_config` and `from_config`" : "Add `get_config`";
  return [fix(title, [insertion(end, eol + lines.join(eol))])];
}

/** What the body of a class is indented by, beyond the class itself. */
function indentStep(text: string, statement: Statement, indent: string): string {
  const header = /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", statement.start - 1) + 1))![0];
  return indent.slice(header.length);
}

function methodName(tree: PythonTree, statement: Statement): [string, Statement][] {
  const header = statement.kind === "def" ? definitionHeader(tree, statement) : undefined;
  return header ? [[header.name, statement]] : [];
}

/** The parameters of `__init__` that it keeps under their own names. */
function storedArguments(tree: PythonTree, init: Statement | undefined): string[] {
  const header = init && definitionHeader(tree, init);
  if (!init || !header) return [];
  const body = tree.text.slice(init.end, init.bodyEnd);
  return header.parameters
    .slice(1)
    .map(({ name }) => name)
    .filter((name) => new RegExp(`\\bself\\.${name}\\s*(?::[^=\\n]*)?=(?!=)`).test(body));
}

/** `Scale` in place of `Scale(2)`, and `swish` in place of `Activation(swish)`. */
function instanceFixes(
  { by, key, name, isActivation }: Extract<RegistrationProblem, { cause: "instance-registered" }>,
  text: string,
  at: TextRange,
): RegistrationFix[] {
  const tree = parsePython(text);
  const found: CallExpression[] = [];
  const take = (expression: Expression | undefined) => {
    if (expression?.kind === "call") found.push(expression);
  };
  const isKey = (expression: Expression | undefined) =>
    expression?.kind === "string" && stringValue(text, expression) === key;
  for (const statement of statementsAround(tree, at)) {
    const expressions = statementExpressions(tree, statement);
    if (by === "register_keras_serializable") {
      for (const call of expressions.flatMap(callsIn)) {
        if (call.start === at.start && call.end === at.end) take(call.arguments[0]?.value);
      }
      continue;
    }
    const [target, value] = expressions;
    if (target?.kind === "subscript" && target.start === at.start && isKey(target.index)) take(value);
    for (const call of expressions.flatMap(callsIn)) {
      if (call.start !== at.start || call.end !== at.end) continue;
      const [first, second] = call.arguments;
      if (isKey(first?.value)) take(second?.value);
      if (first?.value.kind === "dict")
        for (const entry of first.value.entries) if (isKey(entry.key)) take(entry.value);
    }
  }
  const [call] = found;
  if (!call || found.length > 1) return [];
  const [argument] = call.arguments;
  const isPlain = call.arguments.length === 1 && argument?.keyword === undefined && argument?.stars === 0;
  const inner = isActivation
    ? isPlain && argument?.value.kind !== "string"
      ? argument?.value
      : undefined
    : call.callee;
  if (!inner || (inner === call.callee && !text.slice(inner.start, inner.end).endsWith(name))) return [];
  const newText = text.slice(inner.start, inner.end);
  return [fix(`Change to \`${newText}\``, [{ start: call.start, end: call.end, newText }])];
}

function callsIn(expression: Expression): CallExpression[] {
  const calls: CallExpression[] = [];
  walkExpression(expression, (each) => {
    if (each.kind === "call") calls.push(each);
    return true;
  });
  return calls;
}

function statementsAround(tree: PythonTree, at: TextRange): Statement[] {
  return [...walkStatements(tree.body, (each) => each.start <= at.start && at.end <= each.bodyEnd)].filter(
    (each) => each.start <= at.start && at.end <= each.end,
  );
}

/** Takes out a statement that is only the registration, with its line. */
function removalFixes(text: string, at: TextRange): RegistrationFix[] {
  const tree = parsePython(text);
  const statement = statementsAround(tree, at).find(({ start, end }) => start === at.start && end === at.end);
  const body = [tree.body, ...[...walkStatements(tree.body)].map((each) => each.body)].find((each) =>
    each.some((one) => one === statement),
  );
  // A block has to keep a statement.
  if (!statement || !body || (body !== tree.body && body.length === 1)) return [];
  const lineStart = text.lastIndexOf("\n", at.start - 1) + 1;
  const end = lineEndOf(text, at.end);
  const rest = text.slice(at.end, end).trim();
  if (text.slice(lineStart, at.start).trim() !== "" || (rest !== "" && !rest.startsWith("#"))) return [];
  const next = text.startsWith("\r\n", end) ? end + 2 : Math.min(end + 1, text.length);
  return [fix("Remove this registration", [{ start: lineStart, end: next, newText: "" }])];
}

/** The end of the line that holds an offset, before its line break. */
function lineEndOf(text: string, offset: number): number {
  const end = /\r?\n|$/.exec(text.slice(offset))!.index;
  return offset + end;
}
