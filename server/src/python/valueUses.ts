import type { CallExpression, ComprehensionExpression, Expression } from "./expressions.ts";
import type { ValueUse } from "./flow.ts";
import { blockHeader, boundUnseen, definitionHeader, simpleStatement } from "./headers.ts";
import { dottedName } from "./literals.ts";
import type { PythonTree } from "./parse.ts";
import type { Statement } from "./statements.ts";
import { parts } from "./variables.ts";
import { childExpressions, statementExpressions, statementsOfScope, walkStatements } from "./walk.ts";

/** A value that is held or handed in, or each of its elements. */
type Value = Pick<ValueUse, "attribute" | "parameter" | "each">;

/** What makes another kind of function of a body, or changes names of the module. */
const HIDES = /\b(?:yield|await|globals)\b/;
/** Uses that are kept of one method. */
const MOST_USES = 40;

/**
 * What a method does for certain, in the order of evaluation, with the attributes of its object that are `held` and, where
 * `ofParameters`, with its own parameters: what stands behind a `return` that may run, in a branch or in a `try` is not certain.
 * Nothing where it cannot be told. That nothing in the class changes names or attributes unseen is the caller's to know.
 */
export function valueUses(
  tree: PythonTree,
  statement: Statement,
  held: ReadonlySet<string>,
  ofParameters: ReadonlySet<string>,
): readonly ValueUse[] {
  const self = definitionHeader(tree, statement)?.parameters[0];
  const text = tree.text.slice(statement.start, statement.bodyEnd);
  if (!self || self.kind === "varargs" || /^async\b/.test(text) || HIDES.test(text)) return [];
  const reader = new ValueUseReader(tree, self.name, held, ofParameters);
  reader.block(statement.body);
  return reader.uses;
}

class ValueUseReader {
  readonly uses: ValueUse[] = [];
  private readonly tree: PythonTree;
  /** The name of the object itself; undefined once it may be another. */
  private self: string | undefined;
  private readonly held: ReadonlySet<string>;
  /** What local names stand for. */
  private readonly names = new Map<string, Value>();
  /** Which value the code in hand runs only for, and unless what. */
  private condition: { readonly of: Value; readonly unless: "none" | "false" } | undefined;

  constructor(tree: PythonTree, self: string, held: ReadonlySet<string>, parameters: ReadonlySet<string>) {
    this.tree = tree;
    this.self = self;
    this.held = held;
    for (const parameter of parameters) this.names.set(parameter, { parameter });
  }

  /** Statements in order; whether what comes behind them is certain to run. Recursion is bounded by the depth of blocks. */
  block(statements: readonly Statement[]): boolean {
    for (const statement of statements) if (!this.statement(statement)) return false;
    return true;
  }

  private statement(statement: Statement): boolean {
    const { tree } = this;
    switch (statement.kind) {
      case "simple":
        this.assignment(statement);
        return true;
      case "return":
      case "raise":
        this.expressions(statementExpressions(tree, statement));
        return false;
      case "if":
        this.branch(statement);
        return this.leave(statement) || this.goesOnFor(statement);
      case "elif":
      case "else":
        return this.leave(statement);
      case "for":
        this.loop(statement);
        return this.leave(statement);
      case "while":
        this.expressions(blockHeader(tree, statement).expressions);
        return this.leave(statement);
      case "import":
      case "from":
      case "def":
      case "class":
        for (const name of boundUnseen(tree, statement)) this.names.delete(name);
        return true;
      case "pass":
      case "assert":
        return true;
      default:
        return false;
    }
  }

  /** Forgets what the body of a statement may have changed; whether what comes behind it is certain to run. */
  private leave(statement: Statement): boolean {
    this.names.clear();
    if (this.rebindsSelf(statement)) this.self = undefined;
    for (const { kind } of statementsOfScope(statement.body))
      if (kind === "return" || kind === "break" || kind === "continue") return false;
    return true;
  }

  private rebindsSelf({ start, bodyEnd }: Statement): boolean {
    const { self } = this;
    if (self === undefined) return false;
    return new RegExp(`\\b${self}\\b\\s*(?:=[^=]|,|\\bin\\b)|\\bas\\s+${self}\\b`).test(
      this.tree.text.slice(start, bodyEnd),
    );
  }

  /** `if self.layer is not None:` and `if self.layer:` run for every value that is something. */
  private branch(statement: Statement): void {
    const [test] = blockHeader(this.tree, statement).expressions;
    if (!test) return;
    this.expression(test);
    const asked = comparedWithNone(test, "is not");
    const of = this.valueOf(asked ?? test);
    // Of the elements of a list, some may pass.
    if (!of || of.each || this.condition) return;
    this.condition = { of, unless: asked ? "none" : "false" };
    this.block(statement.body);
    this.condition = undefined;
  }

  /** What stands behind `if self.layer is None: return x` runs for every other value. */
  private goesOnFor(statement: Statement): boolean {
    const [test] = blockHeader(this.tree, statement).expressions;
    const asked = test && comparedWithNone(test, "is");
    const isNegated = test?.kind === "operation" && test.operators.join() === "not";
    const of = asked ? this.valueOf(asked) : isNegated ? this.valueOf(test.operands[0]!) : undefined;
    if (!of || of.each || this.condition) return false;
    this.condition = { of, unless: asked ? "none" : "false" };
    return true;
  }

  /** A loop over a value runs for each of its elements, where nothing ends it before. */
  private loop(statement: Statement): void {
    const { expressions, targets } = blockHeader(this.tree, statement);
    const [iterable] = expressions;
    const [target] = targets;
    if (!iterable || !target || expressions.length > 1) return;
    const isCounted = iterable.kind === "call" && dottedName(iterable.callee) === "enumerate";
    const over = isCounted ? iterable.arguments[0]?.value : iterable;
    this.expression(iterable);
    const of = over && this.valueOf(over);
    if (!of || of.each) return;
    this.use(of, { is: "iterated" });
    const name = isCounted ? parts(target)[1] : target;
    const isWhole = [...walkStatements(statement.body)].every(
      ({ kind }) => kind !== "return" && kind !== "break" && kind !== "continue" && kind !== "raise",
    );
    if (name?.kind !== "name" || !isWhole) return;
    this.names.set(name.id, { ...of, each: true });
    this.block(statement.body);
  }

  private assignment(statement: Statement): void {
    const { operator, targets, value } = simpleStatement(this.tree, statement);
    if (value) this.expression(value);
    const of = value && operator === "=" ? this.valueOf(value) : undefined;
    for (const target of targets) {
      const bound = parts(target);
      for (const part of bound) {
        if (part.kind === "name" && part.id === this.self) this.self = undefined;
        if (part.kind === "name" && of && bound.length === 1) this.names.set(part.id, of);
        else if (part.kind === "name") this.names.delete(part.id);
        else if (part.kind === "starred") this.names.clear();
      }
    }
  }

  private expressions(list: readonly Expression[]): void {
    for (const expression of list) this.expression(expression);
  }

  /** Records what is done for certain, inner things first. Recursion is bounded by the depth of expressions. */
  private expression(expression: Expression): void {
    switch (expression.kind) {
      case "lambda":
        return;
      case "conditional":
        this.expression(expression.test);
        return;
      case "operation": {
        const { operators, operands } = expression;
        const mayStop = operators.length > 1 || operators[0] === "and" || operators[0] === "or";
        this.expressions(mayStop ? operands.slice(0, 1) : operands);
        return;
      }
      case "attribute": {
        this.expression(expression.value);
        const of = this.valueOf(expression.value);
        if (of) this.use(of, { is: "asked", name: expression.name });
        return;
      }
      case "call":
        this.call(expression);
        return;
      case "comprehension":
        this.comprehension(expression);
        return;
      default:
        this.expressions(childExpressions(expression));
    }
  }

  private call(expression: CallExpression): void {
    this.expression(expression.callee);
    this.expressions(expression.arguments.map(({ value }) => value));
    const { callee } = expression;
    const told = callee.kind === "attribute" && callee.name === "build" ? this.valueOf(callee.value) : undefined;
    if (told) this.use(told, { is: "told", name: "build" });
    const of = this.valueOf(callee);
    const isCounted = expression.arguments.every(({ stars }) => stars === 0);
    const keywords = expression.arguments.flatMap(({ keyword }) => (keyword === undefined ? [] : [keyword]));
    const call = { positional: expression.arguments.length - keywords.length, keywords };
    if (of) this.use(of, { is: "called", ...(isCounted ? { call } : {}) });
    if (dottedName(expression.callee) !== `${this.self}.add_weight`) return;
    const initializer = expression.arguments.find(({ keyword }) => keyword === "initializer");
    const made = initializer && this.valueOf(initializer.value);
    if (made) this.use(made, { is: "initializer" });
  }

  private comprehension({ form, clauses, conditions, element, key }: ComprehensionExpression): void {
    const [clause] = clauses;
    if (!clause) return;
    this.expression(clause.iterable);
    const of = this.valueOf(clause.iterable);
    if (!of || of.each) return;
    this.use(of, { is: "iterated" });
    const { target } = clause;
    // A generator runs when it is asked.
    if (form === "generator" || target.kind !== "name" || clauses.length > 1 || conditions.length > 0 || key) return;
    const before = this.names.get(target.id);
    this.names.set(target.id, { ...of, each: true });
    this.expression(element);
    if (before) this.names.set(target.id, before);
    else this.names.delete(target.id);
  }

  /** The value that an expression is. */
  private valueOf(expression: Expression): Value | undefined {
    if (expression.kind === "name") return this.names.get(expression.id);
    if (expression.kind !== "attribute" || expression.value.kind !== "name") return undefined;
    const isHeld = expression.value.id === this.self && this.held.has(expression.name);
    return isHeld ? { attribute: expression.name } : undefined;
  }

  private use(of: Value, use: Pick<ValueUse, "is" | "call" | "name">): void {
    const { condition } = this;
    const isOwn = condition && condition.of.attribute === of.attribute && condition.of.parameter === of.parameter;
    if ((condition && !isOwn) || this.uses.length >= MOST_USES) return;
    this.uses.push({ ...of, ...use, ...(condition ? { unless: condition.unless } : {}) });
  }
}

/** What a test compares with None by this operator. */
function comparedWithNone(test: Expression, operator: "is" | "is not"): Expression | undefined {
  if (test.kind !== "operation" || test.operators.join() !== operator) return undefined;
  const [value, none] = test.operands;
  return none?.kind === "constant" && none.type === "none" ? value : undefined;
}
