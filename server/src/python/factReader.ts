import type { CallExpression, Expression, SubscriptExpression } from "./expressions.ts";
import type { SimpleStatement } from "./headers.ts";
import { dottedName, stringValue } from "./literals.ts";
import type { PythonTree } from "./parse.ts";
import type { SourceText } from "./source.ts";
import type { Statement } from "./statements.ts";
import type { Fact, ValueSyntax } from "./summary.ts";
import { LARGEST_VALUE, valueSyntax } from "./valueSyntax.ts";
import type { Context, VisitedStatement } from "./visits.ts";
import { childExpressions } from "./walk.ts";
import { isCustomObjectsName, LOADERS, lastSegment, type Vocabulary } from "./words.ts";

/** What an expression is there for, as far as that decides whether something that registers escapes. */
type Role =
  /** Its value goes somewhere: an element, what is returned. */
  | "value"
  /** It is an argument of a call. */
  | "argument"
  /** It is bound to a name, which linking follows. */
  | "assigned"
  /** Only looked at: a test, a comparison, what an attribute is taken of. */
  | "looked at";

/** Facts that are kept of one module. */
const MOST_FACTS = 10_000;
/** Methods of a dict that put something in, and those that take something out. */
const CHANGES = new Set(["update", "setdefault", "__setitem__", "__ior__"]);
const REMOVALS = new Set(["pop", "popitem", "clear", "__delitem__"]);
const READS = new Set(["get", "items", "keys", "values", "copy", "__getitem__", "__contains__"]);

/** Functions that look at what they are given and do not call it. */
const ONLY_LOOKS = new Set([
  ...["hasattr", "getattr", "callable", "isinstance", "issubclass", "print", "repr", "str", "id", "type", "bool"],
  ...["len", "dict", "list", "tuple", "set", "sorted", "wraps", "update_wrapper", "signature", "getsource", "getdoc"],
]);

/** Finds the calls that may register in the statements of a module, and what custom objects are spoken of. */
export class FactReader {
  readonly facts: Fact[] = [];
  /** Whether there was more than is kept. */
  overflow = false;
  private readonly source: SourceText;
  private readonly tree: PythonTree;
  private readonly words: Vocabulary;
  private statement!: Statement;
  private context!: Context;
  private loops: readonly ValueSyntax[] = [];
  /** How many lambdas, and branches of expressions, the expression in hand stands in. */
  private lambdas = 0;
  private branches = 0;
  private whole: Expression | undefined;
  private wholeValue: { of: Expression; value: ValueSyntax } | undefined;

  constructor(source: SourceText, tree: PythonTree, words: Vocabulary) {
    this.source = source;
    this.tree = tree;
    this.words = words;
  }

  /** Reads the expressions that stand in one statement itself. */
  read({ statement, context, simple, expressions }: VisitedStatement): void {
    if (context.run?.never) return;
    this.statement = statement;
    this.context = context;
    this.loops = context.loops;
    this.whole = undefined;
    const { kind, decorators } = statement;
    if (simple) this.simple(simple);
    else if (kind === "def" || kind === "class") {
      expressions.forEach((expression, index) => {
        this.whole = expression;
        // What decorators call is kept with the class or function; bases and metaclasses are followed by linking.
        if (index < decorators.length) this.decorator(expression);
        else this.visit(expression, kind === "class" ? "looked at" : "value");
      });
    } else {
      const looksOn = kind === "if" || kind === "elif" || kind === "while" || kind === "assert" || kind === "del";
      for (const expression of expressions) {
        this.whole = expression;
        if (kind === "del" && expression.kind === "subscript" && this.isRegistry(expression.value))
          this.removed(expression);
        this.visit(expression, looksOn ? "looked at" : "value");
      }
    }
  }

  /** Something is taken out of the dict: that brings no name. */
  private removed(at: Expression): void {
    this.push({ ...this.fact("registry", at, "get_custom_objects()"), values: [] });
  }

  private decorator(expression: Expression): void {
    let at = expression;
    while (at.kind === "call") {
      this.arguments(at);
      this.customObjectsArgument(at);
      at = at.callee;
    }
  }

  private simple({ operator, targets, value }: SimpleStatement): void {
    if (!value) return;
    this.whole = value;
    for (const target of targets) {
      if (target.kind === "subscript" && this.isRegistry(target.value)) {
        this.add("registry", target, "get_custom_objects()", [target.index, value]);
      } else if (target.kind === "subscript" && this.isCustomObjects(target.value)) {
        this.add("custom objects", target, this.sourceOf(target.value), [target.index, value]);
      } else if (this.isCustomObjects(target) && (value.kind === "dict" || this.isDictCall(value))) {
        this.add("custom objects", target, this.sourceOf(target), [value]);
      } else if (operator === "|=" && this.isRegistry(target)) {
        this.add("registry", target, "get_custom_objects()", [value]);
      } else if (target.kind !== "name") for (const child of childExpressions(target)) this.visit(child, "looked at");
    }
    const [target] = targets;
    // `saving.register_keras_serializable = utils.register_keras_serializable` keeps the name that is looked for.
    const keepsName = target?.kind === "attribute" && this.words.interesting.has(target.name);
    const bound = targets.length === 1 && (target!.kind === "name" || keepsName) && operator === "=";
    this.visit(value, bound ? "assigned" : targets.length === 0 ? "looked at" : "value");
  }

  /** Recursion is bounded by the depth of expressions. */
  private visit(expression: Expression, role: Role): void {
    switch (expression.kind) {
      case "call":
        this.call(expression, role);
        return;
      case "name":
      case "attribute": {
        const path = dottedName(expression);
        if (path !== undefined) this.reference(expression, path, role);
        else this.visit((expression as Extract<Expression, { kind: "attribute" }>).value, "looked at");
        return;
      }
      case "subscript":
        this.subscript(expression);
        return;
      case "operation": {
        const selects = expression.operators[0] === "or" || expression.operators[0] === "and";
        const [first, ...rest] = expression.operands;
        this.visit(first!, selects ? role : "looked at");
        if (selects) this.branches++;
        for (const operand of rest) this.visit(operand, selects ? role : "looked at");
        if (selects) this.branches--;
        return;
      }
      case "conditional":
        this.visit(expression.test, "looked at");
        this.branches++;
        this.visit(expression.body, role);
        this.visit(expression.orElse, role);
        this.branches--;
        return;
      case "lambda":
        this.lambdas++;
        for (const child of childExpressions(expression)) this.visit(child, "value");
        this.lambdas--;
        return;
      case "comprehension": {
        const { loops } = this;
        const over = expression.clauses.map(({ iterable }) => this.value(iterable));
        for (const { iterable } of expression.clauses) this.visit(iterable, "value");
        this.loops = [...loops, ...over];
        for (const condition of expression.conditions) this.visit(condition, "looked at");
        if (expression.key) this.visit(expression.key, "value");
        this.visit(expression.element, "value");
        this.loops = loops;
        return;
      }
      default:
        for (const child of childExpressions(expression)) this.visit(child, "value");
    }
  }

  private reference(expression: Expression, path: string, role: Role): void {
    const name = lastSegment(path);
    if (role !== "value" && role !== "argument") return;
    if (this.words.registries.has(name)) {
      if (role === "argument") this.passedOn(expression);
    } else if (this.words.interesting.has(name)) {
      this.push({
        ...this.fact("reference", expression, path),
        values: [{ kind: "name", path }],
        ...this.inStatement(),
      });
    }
  }

  /** The dict itself is given to a call, which may put something in. */
  private passedOn(expression: Expression): void {
    this.push({ ...this.fact("registry", expression, "get_custom_objects()"), values: [], ...this.inStatement() });
  }

  private subscript(expression: SubscriptExpression): void {
    this.visit(expression.value, "looked at");
    this.visit(expression.index, "looked at");
  }

  private call(call: CallExpression, role: Role): void {
    const { callee } = call;
    if (callee.kind === "attribute" && this.isRegistry(callee.value)) {
      const known = CHANGES.has(callee.name);
      if (REMOVALS.has(callee.name)) this.removed(call);
      else if (!READS.has(callee.name)) {
        this.add("registry", call, "get_custom_objects()", known ? argumentsOf(call) : [call], keywordsOf(call));
      }
      this.arguments(call);
      return;
    }
    if (callee.kind === "attribute" && CHANGES.has(callee.name) && this.isCustomObjects(callee.value)) {
      this.add("custom objects", call, this.sourceOf(callee.value), argumentsOf(call), keywordsOf(call));
    }
    this.customObjectsArgument(call);
    const name = calleeName(call);
    if (this.isRegistryCall(call)) {
      if (role === "argument") this.passedOn(call);
      return;
    }
    if (name !== undefined && this.words.scopeNames.has(name)) {
      this.add("scope", call, name, argumentsOf(call));
    } else if (this.isInteresting(call)) {
      this.interestingCall(call, role);
    } else if (name === "getattr" && call.arguments.length > 1) {
      const attribute = call.arguments[1]!.value;
      const word = attribute.kind === "string" ? stringValue(this.tree.text, attribute) : undefined;
      if (word !== undefined && this.words.interesting.has(word) && role !== "assigned") {
        this.push({
          ...this.fact("reference", call, word),
          values: [this.value(call)],
          ...this.inStatement(),
        });
      }
    } else this.visit(callee, "looked at");
    // `reg = functools.partial(register_keras_serializable, package="p")` is followed like the name itself.
    this.arguments(call, role === "assigned" && name === "partial");
  }

  private interestingCall(call: CallExpression, role: Role): void {
    let callee: Expression = call;
    while (callee.kind === "call" || callee.kind === "subscript") {
      if (callee.kind === "call" && callee !== call) this.arguments(callee);
      callee = callee.kind === "call" ? callee.callee : callee.value;
    }
    this.push({
      ...this.fact("call", call, this.sourceOf(callee)),
      values: [this.value(call)],
      ...(role === "assigned" ? { assigned: true } : {}),
      ...(this.whole === call ? {} : this.inStatement()),
    });
  }

  private arguments(call: CallExpression, followed = false): void {
    const name = calleeName(call);
    const role = followed || (name !== undefined && ONLY_LOOKS.has(name)) ? "looked at" : "argument";
    for (const argument of call.arguments) {
      // `custom_objects=get_custom_objects()` brings nothing that is not there.
      const { keyword, value } = argument;
      const passes = keyword === "custom_objects" && value.kind === "call" && this.isRegistryCall(value);
      if (!passes) this.visit(argument.value, argument.stars === 0 ? role : "value");
    }
  }

  /** `load_model(path, custom_objects={…})`, also by position. */
  private customObjectsArgument(call: CallExpression): void {
    const name = calleeName(call);
    const given = call.arguments.find((argument) => argument.keyword === "custom_objects");
    const second = name !== undefined && LOADERS.has(name) ? call.arguments[1] : undefined;
    const argument = given ?? (second && second.keyword === undefined && second.stars === 0 ? second : undefined);
    if (!argument || argument.value.kind === "constant") return;
    this.add("custom objects", argument.value, "custom_objects=", [argument.value]);
  }

  /** Whether what is called, or what returned what is called, has a name that may register. */
  private isInteresting(call: CallExpression): boolean {
    let callee: Expression = call;
    while (callee.kind === "call" || callee.kind === "subscript") {
      callee = callee.kind === "call" ? callee.callee : callee.value;
    }
    if (callee.kind === "name") return this.words.interesting.has(callee.id);
    if (callee.kind === "attribute") {
      if (this.words.interesting.has(callee.name)) return true;
      // `Registrar("p").register(Cls)`, and `registrar.register(Cls)` of an object whose class registers.
      const inner = callee.value.kind === "call" ? calleeName(callee.value) : dottedName(callee.value);
      return inner !== undefined && this.words.interesting.has(lastSegment(inner));
    }
    return false;
  }

  private isRegistry(expression: Expression): boolean {
    if (expression.kind === "call") return this.isRegistryCall(expression);
    const path = dottedName(expression);
    return path !== undefined && this.words.registries.has(lastSegment(path));
  }

  private isRegistryCall(call: CallExpression): boolean {
    const path = dottedName(call.callee);
    return path !== undefined && this.words.registryFunctions.has(lastSegment(path));
  }

  private isCustomObjects(expression: Expression): boolean {
    const path = dottedName(expression);
    return path !== undefined && isCustomObjectsName(lastSegment(path));
  }

  private isDictCall(expression: Expression): boolean {
    return expression.kind === "call" && dottedName(expression.callee) === "dict";
  }

  private add(
    kind: Fact["kind"],
    at: Expression,
    text: string,
    values: readonly Expression[],
    names: readonly ValueSyntax[] = [],
  ): void {
    this.push({ ...this.fact(kind, at, text), values: [...values.map((value) => this.value(value)), ...names] });
  }

  private push(fact: Fact): void {
    if (this.facts.length < MOST_FACTS) this.facts.push(fact);
    else this.overflow = true;
  }

  private fact(kind: Fact["kind"], at: Expression, text: string): Omit<Fact, "values"> {
    const { scope, run } = this.context;
    return {
      kind,
      at: this.source.place(at.start, at.end),
      offset: this.statement.start,
      scope,
      ...(this.branches > 0 ? { run: { ...run, maybe: true } } : run ? { run } : {}),
      ...(this.lambdas > 0 ? { deferred: true } : {}),
      text,
      ...(this.loops.length > 0 ? { loops: this.loops } : {}),
    };
  }

  /** The whole statement's value, read once for all that stands in it. */
  private inStatement(): { statement?: ValueSyntax } {
    const { whole } = this;
    if (!whole) return {};
    if (this.wholeValue?.of !== whole) this.wholeValue = { of: whole, value: this.value(whole) };
    return { statement: this.wholeValue.value };
  }

  private value(expression: Expression): ValueSyntax {
    return valueSyntax(this.tree.text, expression, LARGEST_VALUE);
  }

  private sourceOf(expression: Expression): string {
    return this.tree.text.slice(expression.start, expression.end).replace(/\s+/g, " ").slice(0, 120);
  }
}

function argumentsOf(call: CallExpression): Expression[] {
  return call.arguments.map((argument) => argument.value);
}

/** The keywords of a call as strings: `update(Scale=Scale)` writes the key "Scale". */
function keywordsOf(call: CallExpression): ValueSyntax[] {
  return call.arguments.flatMap(({ keyword }) => (keyword === undefined ? [] : [{ kind: "string", value: keyword }]));
}

/** The last name of what is called, through calls of calls; undefined where it has none. */
function calleeName(call: CallExpression): string | undefined {
  const path = dottedName(call.callee);
  if (path !== undefined) return lastSegment(path);
  return call.callee.kind === "attribute" ? call.callee.name : undefined;
}
