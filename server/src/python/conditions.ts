import type { Expression, OperationExpression, SequenceExpression } from "./expressions.ts";
import { dottedName, stringValue } from "./literals.ts";

import type { NameTest } from "./summary.ts";

/** What is known of a test before anything runs. `main` is true only where the module is the script. */
export type Decision = "true" | "false" | "main" | "open";

/**
 * Decides what can be decided about the test of an `if`: constants, `TYPE_CHECKING`, `__name__ == "__main__"`, and
 * comparisons of `sys.version_info` that hold for every Python that Keras 3 runs on (3.9 and newer).
 */
export function decide(text: string, test: Expression): Decision {
  switch (test.kind) {
    case "constant":
      if (test.type === "number") return Number(text.slice(test.start, test.end)) === 0 ? "false" : "true";
      return test.type === "true" ? "true" : test.type === "ellipsis" ? "open" : "false";
    case "name":
    case "attribute":
      return /(?:^|\.)TYPE_CHECKING$/.test(dottedName(test) ?? "") ? "false" : "open";
    case "operation":
      return decideOperation(text, test);
    default:
      return "open";
  }
}

/** The name that a test asks after alone: `name`, `not name`, `name is None`, `name is not None`; undefined for others. */
export function nameTest(test: Expression): NameTest | undefined {
  const name = dottedName(test);
  if (name !== undefined) return { name, is: true, at: test.start };
  if (test.kind !== "operation" || test.operators.length !== 1) return undefined;
  const [operator] = test.operators;
  const [left, right] = test.operands;
  if (operator === "not") {
    const inner = left && nameTest(left);
    return inner && { ...inner, is: !inner.is };
  }
  const asked = left && dottedName(left);
  if (asked === undefined || right?.kind !== "constant" || right.type !== "none") return undefined;
  if (operator === "is" || operator === "==") return { name: asked, is: false, none: true, at: test.start };
  if (operator === "is not" || operator === "!=") return { name: asked, is: true, none: true, at: test.start };
  return undefined;
}

function decideOperation(text: string, test: OperationExpression): Decision {
  const [operator] = test.operators;
  const [left, right] = test.operands;
  if (operator === "not") return opposite(decide(text, left!));
  if (operator === "and" || operator === "or") {
    const settles = operator === "and" ? "false" : "true";
    const decisions = test.operands.map((operand) => decide(text, operand));
    if (decisions.includes(settles)) return settles;
    const rest = decisions.filter((decision) => decision !== opposite(settles));
    return rest.length === 0 ? opposite(settles) : rest.length === 1 && operator === "and" ? rest[0]! : "open";
  }
  if (test.operators.length !== 1 || !left || !right) return "open";
  if (isMainTest(text, left, right) || isMainTest(text, right, left)) {
    return operator === "==" ? "main" : "open";
  }
  if (dottedName(left) === "sys.version_info" && right.kind === "tuple") return decideVersion(text, operator!, right);
  return "open";
}

function isMainTest(text: string, name: Expression, value: Expression): boolean {
  return dottedName(name) === "__name__" && value.kind === "string" && stringValue(text, value) === "__main__";
}

function decideVersion(text: string, operator: string, tuple: SequenceExpression): Decision {
  const [major, minor] = tuple.elements.map((element) => Number(text.slice(element.start, element.end)));
  if (major === undefined || Number.isNaN(major)) return "open";
  // Whether every Python from 3.9 on is at least this version.
  const always = major < 3 || (major === 3 && (minor ?? 0) <= 9);
  if (!always) return major > 3 ? (operator === "<" ? "true" : operator === ">=" ? "false" : "open") : "open";
  if (operator === ">=" || operator === ">") return operator === ">" && major === 3 && minor === 9 ? "open" : "true";
  if (operator === "<") return "false";
  return "open";
}

function opposite(decision: Decision): Decision {
  if (decision === "true") return "false";
  return decision === "false" ? "true" : "open";
}
