import type { Expression } from "./expressions.ts";
import { blockHeader, importStatement, simpleStatement } from "./headers.ts";
import type { PythonTree } from "./parse.ts";
import type { Statement } from "./statements.ts";
import type { Code, Step, ValueSyntax, WithItem } from "./summary.ts";
import { valueSyntax } from "./valueSyntax.ts";

/** Parts of one expression of a body that are kept. */
const EXPRESSION_BUDGET = 1500;
/** Statements of one body that are kept. */
const MOST_STEPS = 1000;

/** Turns the statements of a body into steps that linking can follow, as plain data. */
export class CodeReader {
  private readonly tree: PythonTree;
  /** Index of the class or function whose statement begins at an offset. */
  private readonly definitions: ReadonlyMap<number, number>;
  private left = MOST_STEPS;

  constructor(tree: PythonTree, definitions: ReadonlyMap<number, number>) {
    this.tree = tree;
    this.definitions = definitions;
  }

  /** The steps of some statements; undefined where they are too many. */
  read(statements: readonly Statement[]): Code | undefined {
    this.left = MOST_STEPS;
    const code = this.block(statements);
    return this.left > 0 ? code : undefined;
  }

  /** Recursion is bounded by the depth that blocks are read to. */
  private block(statements: readonly Statement[]): Code {
    const steps: Step[] = [];
    for (let at = 0; at < statements.length && this.left > 0; at++) {
      const statement = statements[at]!;
      this.left--;
      const last = chainEnd(statements, at);
      const step = this.step(statement, statements.slice(at + 1, last));
      at = last - 1;
      if (step) steps.push(step);
    }
    return steps;
  }

  /** One statement with the clauses that belong to it. */
  private step(statement: Statement, clauses: readonly Statement[]): Step | undefined {
    const { tree } = this;
    switch (statement.kind) {
      case "simple":
        return this.simple(statement);
      case "return": {
        const { value } = simpleStatement(tree, statement);
        const step = { kind: "return", offset: statement.start } as const;
        return value && value.kind !== "opaque" ? { ...step, value: this.value(value) } : step;
      }
      case "raise":
        return { kind: "raise" };
      case "del":
        return { kind: "delete", targets: this.targetsOf(statement), offset: statement.start };
      case "if":
        return this.conditional([statement, ...clauses]);
      case "for": {
        const { targets, expressions } = blockHeader(tree, statement);
        const [target, over] = [targets[0], expressions[0]];
        if (!target || !over) return OTHER;
        const body = this.block(statement.body);
        return this.withElse({ kind: "for", target: this.value(target), over: this.value(over), body }, clauses);
      }
      case "while": {
        const test = this.testOf(statement);
        return this.withElse({ kind: "while", test, body: this.block(statement.body) }, clauses);
      }
      case "with":
        return this.with(statement);
      case "try":
        return this.try(statement, clauses);
      case "import":
      case "from": {
        const { from, names } = importStatement(tree, statement);
        const bound = names.map(({ name, as }) => as ?? (from === undefined ? name.split(".", 1)[0]! : name));
        return { kind: "import", names: bound, offset: statement.start };
      }
      case "class":
      case "def": {
        const index = this.definitions.get(statement.start);
        if (index === undefined) return OTHER;
        return { kind: statement.kind === "class" ? "class" : "function", index };
      }
      case "break":
      case "continue":
        return { kind: statement.kind };
      case "global":
      case "nonlocal": {
        const names = tree.text.slice(statement.start, statement.end).match(/\w+/g) ?? [];
        return { kind: "outer", names: names.slice(1) };
      }
      case "pass":
      case "assert":
        return undefined;
      default:
        return OTHER;
    }
  }

  private simple(statement: Statement): Step | undefined {
    const { operator, targets, value } = simpleStatement(this.tree, statement);
    if (!value) return undefined;
    const offset = statement.start;
    if (targets.length === 0) {
      // A docstring, or `...`.
      if (value.kind === "string" || value.kind === "constant") return undefined;
      return { kind: "run", value: this.value(value), offset };
    }
    const step = {
      kind: "assign",
      targets: targets.map((target) => this.value(target)),
      value: this.value(value),
      offset,
    } as const;
    return operator === "=" ? step : { ...step, operator: operator.slice(0, -1) };
  }

  private conditional([first, ...rest]: readonly Statement[]): Step {
    const [next] = rest;
    const orElse = !next ? [] : next.kind === "elif" ? [this.conditional(rest)] : this.block(next.body);
    return { kind: "if", test: this.testOf(first!), body: this.block(first!.body), orElse };
  }

  private with(statement: Statement): Step {
    const { text } = this.tree;
    const { expressions, targets } = blockHeader(this.tree, statement);
    const items = expressions.map((expression, index): WithItem => {
      // Targets are told apart by where they stand: one belongs to the item before it.
      const end = expressions[index + 1]?.start ?? Number.POSITIVE_INFINITY;
      const target = targets.find(({ start }) => start > expression.start && start < end);
      return { value: valueSyntax(text, expression, EXPRESSION_BUDGET), ...(target && { target: this.value(target) }) };
    });
    return { kind: "with", items, body: this.block(statement.body), offset: statement.start };
  }

  private try(statement: Statement, clauses: readonly Statement[]): Step {
    const handlers: Code[] = [];
    let orElse: Code = [];
    let last: Code = [];
    for (const clause of clauses) {
      if (clause.kind === "except") handlers.push(this.block(clause.body));
      else if (clause.kind === "else") orElse = this.block(clause.body);
      else last = this.block(clause.body);
    }
    return { kind: "try", body: this.block(statement.body), handlers, orElse, last };
  }

  /** A loop with its `else`, which runs behind it: nothing here follows `break` closely enough to tell. */
  private withElse(step: Step, clauses: readonly Statement[]): Step {
    if (clauses.length === 0) return step;
    return { kind: "try", body: [step], handlers: [], orElse: this.block(clauses[0]!.body), last: [] };
  }

  private testOf(statement: Statement): ValueSyntax {
    const [test] = blockHeader(this.tree, statement).expressions;
    return test ? this.value(test) : { kind: "other", names: [], strings: [] };
  }

  private targetsOf(statement: Statement): ValueSyntax[] {
    const { value } = simpleStatement(this.tree, statement);
    if (!value) return [];
    return (value.kind === "tuple" || value.kind === "list" ? value.elements : [value]).map((e) => this.value(e));
  }

  private value(expression: Expression): ValueSyntax {
    return valueSyntax(this.tree.text, expression, EXPRESSION_BUDGET);
  }
}

/** Where the clauses of a compound statement end: `elif`, `else`, `except` and `finally` stand behind it. */
function chainEnd(statements: readonly Statement[], at: number): number {
  let end = at + 1;
  while (end < statements.length && CLAUSES.has(statements[end]!.kind)) end++;
  return end;
}

const OTHER: Step = { kind: "other" };
const CLAUSES = new Set(["elif", "else", "except", "finally"]);
