import type { CallExpression, Expression } from "./expressions.ts";
import { blockHeader, simpleStatement } from "./headers.ts";
import { dottedName, literalValue, stringValue } from "./literals.ts";
import type { PythonTree } from "./parse.ts";
import type { Statement } from "./statements.ts";
import { childExpressions, statementExpressions } from "./walk.ts";

/** Calls that look at a dict or copy it. */
const HARMLESS = new Set(["copy.copy", "copy.deepcopy", "deepcopy", "dict", "isinstance", "len", "list", "print"]);
/** Methods of dict that need no key and add none. */
const READS = new Set(["copy", "get", "items", "keys", "values"]);

/**
 * The keys of a dict parameter without which a function raises KeyError: `config["key"]` and `config.pop("key")` that run for
 * certain, in source order, up to where something else may have put a key there or left the function.
 */
export function demandedKeys(tree: PythonTree, body: readonly Statement[], parameter: string): readonly string[] {
  const reader = new DemandReader(tree, parameter);
  for (const statement of body) if (!reader.statement(statement)) break;
  return reader.demanded;
}

class DemandReader {
  readonly demanded: string[] = [];
  private readonly tree: PythonTree;
  /** The dict by each of its names; copies are other dicts with the same keys. */
  private readonly names: Set<string>;
  /** Keys that are there, or gone, whatever the config says. */
  private readonly decided = new Set<string>();
  /** The keys that variables of loops stand for. */
  private readonly keys = new Map<string, string>();
  private isOpen = true;

  constructor(tree: PythonTree, parameter: string) {
    this.tree = tree;
    this.names = new Set([parameter]);
  }

  /** Reads a statement of the body; false where what follows is not sure to run, or to find the dict as it was. */
  statement(statement: Statement): boolean {
    switch (statement.kind) {
      case "simple":
        this.assignment(statement);
        return this.isOpen;
      case "return":
      case "raise":
        this.expressions(statementExpressions(this.tree, statement));
        return false;
      case "del":
        for (const target of statementExpressions(this.tree, statement)) this.subscript(target, "demand");
        return this.isOpen;
      case "assert":
      case "import":
      case "from":
      case "global":
      case "nonlocal":
      case "pass":
        this.expressions(statementExpressions(this.tree, statement));
        return this.isOpen;
      case "if":
      case "for": {
        const { expressions, targets } = blockHeader(this.tree, statement);
        const keys = statement.kind === "for" ? this.literalKeys(expressions, targets) : undefined;
        if (keys) return this.eachKey(keys.variable, keys.values, statement.body);
        this.expressions(targets);
        this.expressions(expressions.filter((one) => statement.kind === "if" || !this.isDict(one)));
        return this.isOpen && this.passes(statement.body);
      }
      case "elif":
        this.perhaps(blockHeader(this.tree, statement).expressions);
        return this.isOpen && this.passes(statement.body);
      case "else":
        return this.passes(statement.body);
      default:
        // Whether anything else runs to its end, and what it catches, is not followed.
        return false;
    }
  }

  /** The variable and the keys of `for key in ("a", "b")`. */
  private literalKeys(expressions: readonly Expression[], targets: readonly Expression[]) {
    const [iterable, target] = [expressions[0], targets[0]];
    if (expressions.length !== 1 || targets.length !== 1 || !iterable || target?.kind !== "name") return undefined;
    const values = literalValue(this.tree.text, iterable);
    const isKeys = Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === "string");
    return isKeys ? { variable: target.id, values: values as readonly string[] } : undefined;
  }

  /** Reads a loop's body for each of these keys; one that does not run to its end ends it all. */
  private eachKey(variable: string, values: readonly string[], body: readonly Statement[]): boolean {
    for (const value of values) {
      this.keys.set(variable, value);
      for (const statement of body) if (!this.statement(statement)) this.isOpen = false;
    }
    this.keys.delete(variable);
    return this.isOpen;
  }

  /** A key that is written as a literal, or is the variable of such a loop. */
  private key(index: Expression): string | undefined {
    if (index.kind === "name") return this.keys.get(index.id);
    return index.kind === "string" ? stringValue(this.tree.text, index) : undefined;
  }

  /** Whether a block that may run leaves the function, or does anything to the dict but write single keys. */
  private passes(body: readonly Statement[]): boolean {
    const before = this.demanded.length;
    for (const statement of body) {
      if (statement.kind === "return" || statement.kind === "raise" || !this.statement(statement)) this.isOpen = false;
    }
    // What it reads is read only where it runs.
    this.demanded.length = before;
    return this.isOpen;
  }

  private assignment(statement: Statement): void {
    const { operator, targets, value } = simpleStatement(this.tree, statement);
    const isRenamed = value && this.isDict(value) && targets.every(({ kind }) => kind === "name");
    if (value && !isRenamed) this.expression(value);
    for (const target of targets) {
      const parts = target.kind === "tuple" || target.kind === "list" ? target.elements : [target];
      for (const part of parts) {
        if (part.kind === "subscript" && this.isDict(part.value))
          this.subscript(part, operator === "=" ? "write" : "demand");
        else if (part.kind === "name") this.bind(part.id, parts.length === 1 ? value : undefined);
        else this.expression(part);
      }
    }
  }

  private bind(name: string, value: Expression | undefined): void {
    if (value && this.isSame(value)) this.names.add(name);
    else this.names.delete(name);
    if (this.names.size === 0) this.isOpen = false;
  }

  /** Whether a value is the dict, or a copy of it. */
  private isSame(value: Expression): boolean {
    if (this.isDict(value)) return true;
    if (value.kind === "dict") {
      const [entry] = value.entries;
      return value.entries.length === 1 && entry?.key === undefined && entry !== undefined && this.isDict(entry.value);
    }
    if (value.kind !== "call") return false;
    const { callee } = value;
    if (callee.kind === "attribute" && callee.name === "copy" && this.isDict(callee.value)) return true;
    const [first] = value.arguments;
    const copies = HARMLESS.has(dottedName(callee) ?? "") && value.arguments.length === 1;
    return copies && first !== undefined && this.isDict(first.value);
  }

  private isDict(expression: Expression): boolean {
    return expression.kind === "name" && this.names.has(expression.id);
  }

  private subscript(target: Expression, how: "demand" | "write"): void {
    if (target.kind !== "subscript" || !this.isDict(target.value)) {
      if (target.kind === "subscript") this.expressions(childExpressions(target));
      else this.expression(target);
      return;
    }
    const key = this.key(target.index);
    if (key === undefined) {
      this.expression(target.index);
      if (how === "write") this.isOpen = false;
    } else if (how === "demand") this.demand(key);
    else this.decided.add(key);
  }

  private demand(key: string): void {
    if (this.isOpen && !this.decided.has(key) && !this.demanded.includes(key)) this.demanded.push(key);
  }

  private expressions(list: readonly Expression[]): void {
    for (const expression of list) this.expression(expression);
  }

  /** Reads an expression in the order of its evaluation. Recursion is bounded by the depth of expressions. */
  private expression(expression: Expression): void {
    switch (expression.kind) {
      case "name":
        // Whoever else gets the dict may put something in.
        if (this.names.has(expression.id)) this.isOpen = false;
        return;
      case "subscript":
        this.subscript(expression, "demand");
        return;
      case "call":
        this.call(expression);
        return;
      case "dict":
        for (const { key, value } of expression.entries) {
          if (key) this.expression(key);
          if (key || !this.isDict(value)) this.expression(value);
        }
        return;
      case "conditional":
        this.expression(expression.test);
        this.perhaps([expression.body, expression.orElse]);
        return;
      case "lambda":
        this.perhaps([expression.body]);
        return;
      case "operation": {
        const [first, ...rest] = expression.operands;
        const [operator = ""] = expression.operators;
        const isTest = operator === "in" || operator === "not in" || operator === "is" || operator === "is not";
        const open = isTest ? expression.operands.filter((operand) => !this.isDict(operand)) : undefined;
        if (open) this.expressions(open);
        else if (operator === "or" || operator === "and") {
          if (first) this.expression(first);
          this.perhaps(rest);
        } else this.expressions(expression.operands);
        return;
      }
      case "comprehension": {
        const [first, ...rest] = expression.clauses;
        if (first && !this.isDict(first.iterable)) this.expression(first.iterable);
        const inner = [...rest.map(({ iterable }) => iterable), ...expression.conditions];
        this.perhaps([...inner, ...(expression.key ? [expression.key] : []), expression.element]);
        return;
      }
      default:
        this.expressions(childExpressions(expression));
    }
  }

  /** What is read there is not demanded; what is done to the dict may be done. */
  private perhaps(list: readonly Expression[]): void {
    const before = this.demanded.length;
    this.expressions(list);
    this.demanded.length = before;
  }

  private call({ callee, arguments: given }: CallExpression): void {
    if (callee.kind === "attribute" && this.isDict(callee.value)) {
      this.method(callee.name, given);
      return;
    }
    if (callee.kind !== "name") this.expression(callee);
    const isHarmless = HARMLESS.has(dottedName(callee) ?? "");
    for (const { value, stars } of given) {
      // A spread dict is copied.
      if (!((stars === 2 || isHarmless) && this.isDict(value))) this.expression(value);
    }
  }

  private method(name: string, given: CallExpression["arguments"]): void {
    const [first] = given;
    this.expressions(given.map(({ value }) => value));
    if (READS.has(name)) return;
    const key = first && first.stars === 0 ? this.key(first.value) : undefined;
    if (key === undefined || (name !== "pop" && name !== "setdefault")) this.isOpen = false;
    else if (name === "pop" && given.length === 1) {
      this.demand(key);
      this.decided.add(key);
    } else this.decided.add(key);
  }
}
