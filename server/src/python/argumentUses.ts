import type { CallExpression, ComprehensionExpression, Expression } from "./expressions.ts";
import type { ArgumentUse } from "./flow.ts";
import { asksOnly, type Flow, isChange, isRareChange } from "./flows.ts";
import { blockHeader, definitionHeader, importStatement, simpleStatement } from "./headers.ts";
import { bindImport, type NameResolver, resolveDotted } from "./importAliases.ts";
import { dottedName, stringPieces, stringValue } from "./literals.ts";
import { type PythonTree, parseExpression } from "./parse.ts";
import type { Statement } from "./statements.ts";
import { NO_FLOWS, parts, Variables } from "./variables.ts";
import { childExpressions, statementExpressions } from "./walk.ts";

/** How an f-string begins. */
const FORMATTED = /^(?:f|rf|fr)/i;
/** Managers of contexts that let errors through. */
const PLAIN_CONTEXT = /^[\w.]*(?:scope|device|strategy|graph|context|lock)\b/i;
/** Calls by which a function's own variables can be changed, whatever their names. */
const OPENS_VARIABLES = new Set(["exec", "eval", "locals", "vars", "inspect.currentframe", "sys._getframe"]);
/** A callee that is no dotted name is kept as its source text, up to this length. */
const LONGEST_CALLEE = 80;

/**
 * Which parameter of a function goes into which call, in the order of evaluation. Followed are the parameter itself,
 * `config["key"]`, `config.pop("key")` and `config.get("key")`, copies of the dict, the elements of a loop or
 * comprehension over one of these (`each`), keys out of a literal list (`for key in ("a", "b"): f(config[key])`), and
 * local variables and attributes that hold one of these. What a call returns is not followed. Nested functions and
 * lambdas count as conditional.
 */
export function argumentUses(tree: PythonTree, statement: Statement, resolve: NameResolver): ArgumentUse[] {
  const reader = new UseReader(tree, resolve);
  for (const { name } of definitionHeader(tree, statement)?.parameters ?? []) {
    reader.variables.values.set(name, [{ parameter: name, conditional: false }]);
  }
  reader.block(statement.body);
  return reader.uses;
}

class UseReader {
  readonly uses: ArgumentUse[] = [];
  readonly variables: Variables;
  private readonly tree: PythonTree;
  /** Keys of a dict parameter that the code took out, wrote or may have, so far; `"*"` for any. */
  private readonly changed = new Map<string, Set<string>>();
  /** Keys of a dict parameter that are there for certain, since the code wrote them. */
  private readonly written = new Map<string, Set<string>>();
  /** What the code in hand stands under: the test of an `if`, or undefined for a loop, a `try` and the like. */
  private readonly conditions: (Expression | undefined)[] = [];
  /** Those of them that a loop runs over. */
  private readonly iterables = new Set<Expression>();

  constructor(tree: PythonTree, resolve: NameResolver) {
    this.tree = tree;
    this.variables = new Variables(tree, resolve);
  }

  /** Statements in order. Recursion is bounded by the depth that blocks are read to. */
  block(statements: readonly Statement[]): void {
    const before = this.conditions.length;
    this.statements(statements);
    this.conditions.length = before;
  }

  private statements(statements: readonly Statement[]): void {
    let chain: Expression[] = [];
    for (const [index, statement] of statements.entries()) {
      // What comes behind a block that may return is not sure to run.
      const last = statements[index - 1];
      if (last && isCompound(last) && mayReturn(last)) this.conditions.push(undefined);
      const { kind } = statement;
      if (kind === "if" || kind === "elif") {
        if (kind === "if") chain = [];
        const tests = blockHeader(this.tree, statement).expressions;
        this.under(chain, () => this.expressions(tests));
        chain.push(...tests);
        this.under(chain, () => this.block(statement.body));
      } else if (kind === "else" && chain.length > 0) {
        this.under(chain, () => this.block(statement.body));
        chain = [];
      } else {
        chain = [];
        this.statement(statement);
      }
    }
  }

  private statement(statement: Statement): void {
    const { tree } = this;
    switch (statement.kind) {
      case "import":
      case "from":
        bindImport(importStatement(tree, statement), undefined, (name, path) => this.variables.imports.set(name, path));
        return;
      case "simple":
        this.assignment(statement);
        return;
      case "del": {
        const expressions = statementExpressions(tree, statement);
        this.expressions(expressions);
        for (const expression of expressions) this.writeKey(expression);
        return;
      }
      case "for": {
        const { expressions, targets } = blockHeader(tree, statement);
        this.expressions(expressions);
        const literal = expressions.length === 1 && targets.length === 1 && this.bindLoop(targets[0]!, expressions[0]!);
        // What runs for each element runs where there is one: the loop asks after its own value only.
        for (const expression of expressions) this.iterables.add(expression);
        this.under(literal ? [] : expressions, () => this.block(statement.body));
        return;
      }
      case "class":
        this.expressions(statementExpressions(tree, statement));
        this.block(statement.body);
        return;
      case "with": {
        const { expressions, targets } = blockHeader(tree, statement);
        this.expressions(expressions);
        for (const part of targets.flatMap(parts)) if (part.kind === "name") this.bind(part.id, NO_FLOWS);
        // What a manager of a context makes of an error is its own affair: `contextlib.suppress(TypeError)`.
        const isPlain = expressions.every((one) => PLAIN_CONTEXT.test(tree.text.slice(one.start, one.end)));
        this.under(isPlain ? [] : [undefined], () => this.block(statement.body));
        return;
      }
      default:
        this.expressions(statementExpressions(tree, statement));
        this.under([undefined], () => this.block(statement.body));
    }
  }

  private bind(name: string, flows: readonly Flow[]): void {
    this.variables.bind(name, flows, this.conditions.length > 0);
  }

  private bindLoop(target: Expression, iterable: Expression): boolean {
    return this.variables.bindLoop(target, iterable, this.conditions.length > 0);
  }

  private under(conditions: readonly (Expression | undefined)[], read: () => void): void {
    this.conditions.push(...conditions);
    read();
    this.conditions.length -= conditions.length;
  }

  private assignment(statement: Statement): void {
    const { operator, targets, value } = simpleStatement(this.tree, statement);
    if (value) this.expression(value);
    this.expressions(targets.flatMap(parts));
    for (const target of targets) {
      // `config |= …` changes the dict itself.
      if (operator !== "=" && target.kind === "name") this.change(target, undefined);
      for (const part of parts(target)) this.writeKey(part, operator === "=");
    }
    if (operator !== "=" || !value) return;
    const flows = this.variables.flows(value);
    for (const target of targets) {
      // What a dict is put into may change it: `self.__dict__["options"] = kwargs`.
      if (target.kind === "subscript" && value.kind === "name") this.change(value, undefined);
      const names = parts(target);
      const values = value.kind === "tuple" && value.elements.length === names.length ? value.elements : undefined;
      names.forEach((element, index) => {
        const name = dottedName(element);
        if (name !== undefined) {
          this.bind(name, names.length === 1 ? flows : values ? this.variables.flows(values[index]!) : NO_FLOWS);
        }
      });
    }
  }

  /** Notes that `config["key"]` is written, where `isThere`, or deleted. */
  private writeKey(target: Expression, isThere = false): void {
    if (target.kind !== "subscript") return;
    const { index } = target;
    const literal = index.kind === "string" ? [stringValue(this.tree.text, index)] : undefined;
    const keys = literal ?? (index.kind === "name" ? this.variables.keys.get(index.id) : undefined) ?? [undefined];
    for (const key of keys) this.change(target.value, key, isThere);
  }

  private change(dict: Expression, key: string | undefined, isThere = false): void {
    for (const flow of this.variables.flows(dict)) {
      if (flow.key !== undefined) continue;
      this.write(flow, key, isThere);
      const keys = this.changed.get(flow.parameter);
      if (keys) keys.add(key ?? "*");
      else this.changed.set(flow.parameter, new Set([key ?? "*"]));
    }
  }

  private write(flow: Flow, key: string | undefined, isThere: boolean): void {
    const written = this.written.get(flow.parameter) ?? new Set();
    this.written.set(flow.parameter, written);
    if (key === undefined) written.clear();
    else if (!isThere) written.delete(key);
    else if (!flow.conditional && this.conditions.length === 0) written.add(key);
  }

  /** Notes what a method of dict does to a parameter: `config.pop("key")`, `config.update(key=…)`, `config.clear()`. */
  private changeByMethod(call: CallExpression): void {
    if (call.callee.kind !== "attribute") return;
    const { name, value } = call.callee;
    const first = call.arguments[0];
    if (isRareChange(name)) this.change(value, undefined);
    else if (name === "pop" || name === "setdefault") {
      const key = first?.value;
      if (key?.kind === "name" && this.variables.keys.has(key.id))
        for (const k of this.variables.keys.get(key.id)!) this.change(value, k);
      else this.change(value, key?.kind === "string" ? stringValue(this.tree.text, key) : undefined);
    } else if (name === "update") {
      for (const argument of call.arguments) this.change(value, argument.keyword);
    }
  }

  private expressions(list: readonly Expression[]): void {
    for (const expression of list) this.expression(expression);
  }

  /** Records the calls in an expression, inner ones first. Recursion is bounded by the depth of expressions. */
  private expression(expression: Expression): void {
    switch (expression.kind) {
      case "name":
      case "constant":
      case "opaque":
        return;
      case "string":
        if (FORMATTED.test(this.tree.text.slice(expression.start, expression.start + 2)))
          for (const piece of stringPieces(this.tree.text, expression) ?? [])
            if (typeof piece !== "string") this.expression(parseExpression(this.tree.text, piece));
        return;
      case "call":
        // The method of a call says itself what it changes.
        this.expression(expression.callee.kind === "attribute" ? expression.callee.value : expression.callee);
        this.expressions(expression.arguments.map(({ value }) => value));
        this.call(expression);
        return;
      case "attribute":
        this.expression(expression.value);
        // `put = config.setdefault`, with which anything may be put in.
        if (isChange(expression.name)) this.change(expression.value, undefined);
        return;
      case "tuple":
      case "list":
      case "set":
        this.held(expression.elements);
        return;
      case "dict":
        this.expressions(expression.entries.flatMap(({ key }) => (key ? [key] : [])));
        this.held(expression.entries.flatMap(({ key, value }) => (key ? [value] : [])));
        this.expressions(expression.entries.flatMap(({ key, value }) => (key ? [] : [value])));
        return;
      case "conditional":
        this.expression(expression.test);
        this.under([expression.test], () => this.expressions([expression.body, expression.orElse]));
        return;
      case "operation": {
        const [first, ...rest] = expression.operands;
        const shortCircuit = expression.operators[0] === "or" || expression.operators[0] === "and";
        this.expression(first!);
        this.under(shortCircuit ? [first] : [], () => this.expressions(rest));
        return;
      }
      case "lambda":
        this.under([undefined], () => this.expression(expression.body));
        return;
      case "comprehension":
        this.comprehension(expression);
        return;
      case "walrus":
        this.expression(expression.value);
        if (expression.target?.kind === "name") this.bind(expression.target.id, this.variables.flows(expression.value));
        return;
      default:
        this.expressions(childExpressions(expression));
    }
  }

  /** What stands in a list or dict may be changed by way of it. */
  private held(elements: readonly Expression[]): void {
    this.expressions(elements);
    for (const element of elements) if (element.kind === "name") this.change(element, undefined);
  }

  private comprehension(expression: ComprehensionExpression): void {
    const before = new Map<string, readonly Flow[] | undefined>();
    let literal = expression.conditions.length === 0;
    for (const { target, iterable } of expression.clauses) {
      this.expression(iterable);
      for (const name of target.kind === "tuple" ? target.elements : [target]) {
        if (name.kind === "name" && !before.has(name.id)) {
          before.set(name.id, this.variables.values.get(name.id));
          this.variables.values.delete(name.id);
        }
      }
      if (!this.bindLoop(target, iterable)) literal = false;
    }
    const iterables = expression.clauses.map((clause) => clause.iterable);
    for (const iterable of iterables) this.iterables.add(iterable);
    const tests = [...iterables, ...expression.conditions];
    this.under(literal ? [] : tests, () => {
      this.expressions([...expression.conditions, ...(expression.key ? [expression.key] : []), expression.element]);
    });
    for (const [name, flows] of before) {
      if (flows) this.variables.values.set(name, flows);
      else this.variables.values.delete(name);
      this.variables.keys.delete(name);
    }
  }

  private call(call: CallExpression): void {
    this.changeByMethod(call);
    const path = dottedName(call.callee);
    if (
      path !== undefined &&
      OPENS_VARIABLES.has(resolveDotted(path, this.variables.resolve)) &&
      !(path === "vars" && call.arguments.length > 0)
    )
      for (const name of [...this.variables.values.keys()])
        this.change({ kind: "name", id: name, start: call.start, end: call.end }, undefined);
    let callee: string | undefined;
    call.arguments.forEach((argument, index) => {
      const flows = this.variables.flows(argument.value);
      if (flows.length === 0) return;
      callee ??= this.callee(call.callee);
      const place = argument.keyword ?? (argument.stars === 2 ? "**" : argument.stars === 1 ? "*" : index);
      for (const flow of flows) {
        const conditional = flow.conditional || this.conditions.length > 0;
        const own =
          conditional && !flow.conditional && this.conditions.every((test) => test && this.asksOnly(test, flow));
        const isLooped = own && this.conditions.every((test) => test && this.iterables.has(test));
        const changed = flow.key === undefined ? this.changed.get(flow.parameter) : undefined;
        const written = flow.key === undefined ? this.written.get(flow.parameter) : undefined;
        this.uses.push({
          parameter: flow.parameter,
          ...(flow.key === undefined ? {} : { key: flow.key }),
          callee,
          argument: place,
          ...(place === "**" && call.arguments.length === 1 ? { alone: true } : {}),
          conditional,
          ...(own ? { ownCondition: true } : {}),
          ...(isLooped ? { isLooped: true } : {}),
          ...(flow.each ? { each: true } : {}),
          ...(changed ? { changed: [...changed] } : {}),
          ...(written && written.size > 0 ? { written: [...written] } : {}),
        });
      }
    });
  }

  private asksOnly(test: Expression, flow: Flow): boolean {
    return asksOnly(test, flow, this.tree.text, (expression) => this.variables.flows(expression));
  }

  private callee(expression: Expression): string {
    const name = dottedName(expression);
    // `cls = Other`
    if (name !== undefined && this.variables.rebound.has(name.split(".", 1)[0]!)) return `(${name})`;
    if (name !== undefined) return resolveDotted(name, this.variables.resolve);
    // `super(Base, self).__init__` is `super().__init__`.
    if (expression.kind === "attribute" && expression.value.kind === "call") {
      const inner = dottedName(expression.value.callee);
      if (inner === "super") return `super().${expression.name}`;
      if (inner !== undefined) return `${resolveDotted(inner, this.variables.resolve)}().${expression.name}`;
    }
    return this.tree.text.slice(expression.start, expression.end).slice(0, LONGEST_CALLEE).replace(/\s+/g, " ");
  }
}

function isCompound({ kind }: Statement): boolean {
  return kind !== "def" && kind !== "class" && kind !== "simple";
}

/** Whether a `return` stands in the blocks of a statement, those of functions and classes within it not counted. */
function mayReturn(statement: Statement): boolean {
  const open = [...statement.body];
  for (let inner = open.pop(); inner; inner = open.pop()) {
    if (inner.kind === "return") return true;
    if (isCompound(inner)) for (const child of inner.body) open.push(child);
  }
  return false;
}
