import { afterImport, type Chain, elseRun, mayBind, plainImports, withRun, withTests } from "./branches.ts";
import { changedInBody } from "./classBodies.ts";
import { classFlows } from "./classFlows.ts";
import { decide, nameTest } from "./conditions.ts";
import { basesAndKeywords, decoratorFacts, HEADER_BUDGET, qualnameWithin } from "./definitionFacts.ts";
import { ExportList } from "./exportList.ts";
import type { Expression } from "./expressions.ts";
import {
  blockHeader,
  definitionHeader,
  definitionName,
  importStatement,
  type SimpleStatement,
  simpleStatement,
} from "./headers.ts";
import { bindingAliases } from "./importAliases.ts";
import type { PythonTree } from "./parse.ts";
import type { SourceText } from "./source.ts";
import type { Statement } from "./statements.ts";
import type {
  Binding,
  BoundValue,
  ClassFact,
  FunctionFact,
  ImportFact,
  NameTest,
  PatchFact,
  Run,
  ScopeSummary,
  StarImport,
  ValueSyntax,
} from "./summary.ts";
import { parametersOf, valueSyntax } from "./valueSyntax.ts";
import type { Context, VisitedStatement } from "./visits.ts";
import { statementExpressions } from "./walk.ts";

/** Parts kept of a value that a module binds to a name. */
const BINDING_BUDGET = 400;

interface OpenScope extends ScopeSummary {
  readonly bindings: Binding[];
  readonly stars: StarImport[];
}

/**
 * Reads a module's scopes: imports, bindings, classes and functions with the branch that they stand in. Function bodies
 * are searched for imports, classes and functions alone, unless their statements are asked for.
 */
export class ScopeReader {
  readonly scopes: OpenScope[] = [];
  readonly imports: ImportFact[] = [];
  readonly classes: ClassFact[] = [];
  readonly functions: FunctionFact[] = [];
  readonly exports: ExportList;
  /** What statements of class bodies may change of the class beside what they bind. */
  readonly patches: PatchFact[] = [];
  private readonly source: SourceText;
  private readonly tree: PythonTree;
  /** All statements in source order, where function bodies are read. */
  readonly visited: VisitedStatement[] = [];
  private readonly deep: boolean;
  /** The scope of the last class of a name, by the scope that it is bound in and the name. */
  private readonly bodies = new Map<string, number>();
  /** The statement of each class, whose methods are read when the module's names are known. */
  private readonly bodiesOfClasses: (readonly [index: number, statement: Statement])[] = [];

  constructor(source: SourceText, tree: PythonTree, deep: boolean) {
    this.source = source;
    this.tree = tree;
    this.deep = deep;
    this.exports = new ExportList(tree.text);
    this.scopes.push({ kind: "module", parent: -1, qualname: "", owner: -1, bindings: [], stars: [] });
    this.block(tree.body, { scope: 0, run: undefined, loops: [] });
    const resolve = bindingAliases(this.scopes[0]!.bindings);
    for (const [index, statement] of this.bodiesOfClasses)
      this.classes[index] = { ...this.classes[index]!, ...classFlows(tree, statement, resolve) };
  }

  /** Statements in order. Recursion is bounded by the depth that blocks are read to. */
  private block(statements: readonly Statement[], context: Context): void {
    let chain: Chain = "none";
    // The tests of names that a chain of `if` and `elif` has made so far; undefined where one was of another kind.
    let tested: readonly NameTest[] | undefined = [];
    // The imports of a `try` so far: what stands behind them runs only where they succeed.
    let needed: string[] = [];
    let tried: Run | undefined;
    let failed: readonly string[] | undefined;
    for (const statement of statements) {
      switch (statement.kind) {
        case "if":
        case "elif": {
          const before = statement.kind === "if" ? "none" : chain;
          if (statement.kind === "if") tested = [];
          const test = blockHeader(this.tree, statement).expressions[0];
          chain = this.branch(statement, test, context, before, tested);
          const asked = test && nameTest(test);
          if (chain === "open") tested = asked && tested && [...tested, { ...asked, is: !asked.is }];
          break;
        }
        case "else":
          if (chain === "open" && tested) this.body(statement, { ...context, run: withTests(context.run, tested) });
          else if (chain !== "none") this.body(statement, { ...context, run: elseRun(context.run, chain) });
          // The `else` of a `try` runs where its body did; of a loop, where it was not broken off.
          else this.body(statement, { ...context, run: needed.length > 0 ? tried : context.run });
          chain = "none";
          break;
        case "try":
          needed = [];
          tried = this.tryBody(statement, context, needed);
          failed = plainImports(this.tree, statement);
          chain = "none";
          break;
        case "except":
          this.body(statement, { ...context, run: { ...context.run, ...(failed ? { failed } : { maybe: true }) } });
          break;
        case "finally":
          this.body(statement, context);
          break;
        default:
          chain = "none";
          needed = [];
          this.statement(statement, context);
      }
    }
  }

  /** What of a function body a header summary holds: its imports, classes and functions, in whatever branch. */
  private definitions(statements: readonly Statement[], context: Context): void {
    for (const statement of statements) {
      const { kind } = statement;
      if (kind === "import" || kind === "from" || kind === "class" || kind === "def")
        this.statement(statement, context);
      else if (statement.body.length > 0) this.definitions(statement.body, context);
    }
  }

  private branch(
    statement: Statement,
    test: Expression | undefined,
    context: Context,
    before: Chain,
    tested: readonly NameTest[] | undefined,
  ): Chain {
    const asked = test && nameTest(test);
    const decision = test ? decide(this.tree.text, test) : "open";
    let { run } = context;
    if (before === "taken" || decision === "false") run = { ...run, never: true };
    else if (decision === "main") run = { ...run, main: true };
    else if (decision === "open" && asked && tested) run = withTests(run, [...tested, asked]);
    else if (decision === "open" || before === "open") run = { ...run, maybe: true };
    this.visit(statement, context);
    this.block(statement.body, { ...context, run });
    if (before === "taken" || (decision === "true" && before !== "open")) return "taken";
    return decision === "false" && before !== "open" ? "skipped" : "open";
  }

  private tryBody(statement: Statement, context: Context, needed: string[]): Run | undefined {
    let run = context.run;
    for (const child of statement.body) {
      if (child.kind === "import" || child.kind === "from") run = afterImport(this.tree, child, context.run, needed);
      this.block([child], run === context.run ? context : { ...context, run });
    }
    return run;
  }

  private body(statement: Statement, context: Context): void {
    this.visit(statement, context);
    this.block(statement.body, context);
  }

  private statement(statement: Statement, context: Context): void {
    const { scope, run, loops } = context;
    if (this.scopes[scope]!.kind === "class") this.bodyStatement(statement, this.scopes[scope]!);
    switch (statement.kind) {
      case "import":
      case "from":
        this.import(statement, context);
        return;
      case "class":
        this.class(statement, context);
        return;
      case "def":
        this.function(statement, context);
        return;
      case "simple":
        this.simple(statement, context);
        return;
      case "for":
      case "while": {
        this.visit(statement, context);
        const { expressions, targets } = blockHeader(this.tree, statement);
        const over = expressions.map((expression) => valueSyntax(this.tree.text, expression, BINDING_BUDGET));
        const element = over[0];
        if (statement.kind === "for" && element) {
          for (const target of targets)
            this.bindNames(target, context, { kind: "element", of: element }, statement.start);
        }
        this.block(statement.body, { scope, run: { ...run, maybe: true }, loops: [...loops, ...over] });
        return;
      }
      case "with": {
        this.visit(statement, context);
        const { targets } = blockHeader(this.tree, statement);
        for (const target of targets) this.bindNames(target, context, UNKNOWN, statement.start);
        this.block(statement.body, context);
        return;
      }
      case "match":
        this.visit(statement, context);
        this.block(statement.body, context);
        return;
      case "case":
        this.visit(statement, context);
        this.block(statement.body, { ...context, run: { ...run, maybe: true } });
        return;
      case "global":
        this.global(statement);
        return;
      default:
        this.visit(statement, context);
    }
  }

  private bodyStatement(statement: Statement, { owner }: OpenScope): void {
    const changed = changedInBody(this.tree, statement);
    if (changed.length === 0) return;
    const classes = [this.classes[owner]!.name];
    const at = this.source.place(statement.start, statement.end);
    this.patches.push({ classes, ...(changed === "any" ? {} : { members: changed }), at });
  }

  /** A function assigns to names of the module, whenever it is called. */
  private global(statement: Statement): void {
    const [, ...names] = this.tree.text.slice(statement.start, statement.end).match(/\w+/g) ?? [];
    const value: BoundValue = { kind: "value", value: UNKNOWN };
    for (const name of names) this.bind(0, this.binding(name, statement.start, { maybe: true }, value));
  }

  private import(statement: Statement, { scope, run }: Context): void {
    const { from, level, names } = importStatement(this.tree, statement);
    const at = this.source.place(statement.start, statement.end);
    const offset = statement.start;
    if (from === undefined) {
      for (const { name, as } of names) {
        this.imports.push(withRun({ module: name, level: 0, at, scope }, run));
        const module = as === undefined ? name.split(".", 1)[0]! : name;
        this.bind(scope, this.binding(as ?? module, offset, run, { kind: "module", module }));
      }
      return;
    }
    this.imports.push(withRun({ module: from, level, names: names.map((name) => name.name), at, scope }, run));
    for (const { name, as } of names) {
      if (name === "*") this.scopes[scope]!.stars.push(withRun({ module: from, level, at: offset }, run));
      else {
        const value: BoundValue = { kind: "member", module: from, level, name };
        this.bind(scope, this.binding(as ?? name, offset, run, value));
      }
    }
  }

  private class(statement: Statement, context: Context): void {
    const header = definitionHeader(this.tree, statement);
    if (!header) return;
    const body = this.openScope("class", context.scope, header.name, this.classes.length);
    const index = this.classes.length;
    this.classes.push(
      withRun(
        {
          name: header.name,
          at: this.source.place(header.nameStart, header.nameEnd),
          offset: statement.start,
          scope: context.scope,
          body,
          decorators: decoratorFacts(this.tree, this.source, statement),
          ...basesAndKeywords(this.tree, header),
        },
        context.run,
      ),
    );
    this.bind(context.scope, this.binding(header.name, statement.start, context.run, { kind: "class", index }));
    this.bodies.set(`${context.scope} ${header.name}`, body);
    this.visit(statement, context);
    this.block(statement.body, { ...context, scope: body });
    this.bodiesOfClasses.push([index, statement]);
  }

  private function(statement: Statement, context: Context): void {
    const header = definitionName(this.tree, statement);
    if (!header) return;
    const index = this.functions.length;
    const hasDefinitions = this.deep || statement.body.some(mayBind);
    const body = hasDefinitions ? this.openScope("function", context.scope, header.name, index) : -1;
    this.functions.push(
      withRun(
        {
          name: header.name,
          at: this.source.place(header.start, header.end),
          offset: statement.start,
          scope: context.scope,
          body,
          decorators: decoratorFacts(this.tree, this.source, statement),
        },
        context.run,
      ),
    );
    this.bind(context.scope, this.binding(header.name, statement.start, context.run, { kind: "function", index }));
    this.visit(statement, context);
    if (body < 0) return;
    if (this.deep) {
      const parameters = definitionHeader(this.tree, statement)?.parameters ?? [];
      for (const { name } of parameters) this.bind(body, { name, at: statement.start, value: { kind: "parameter" } });
      const facts = parametersOf(this.tree.text, parameters, HEADER_BUDGET);
      this.functions[index] = { ...this.functions[index]!, parameters: facts };
    }
    const inner = { scope: body, run: context.run?.never ? context.run : undefined, loops: [] };
    if (this.deep) this.block(statement.body, inner);
    else this.definitions(statement.body, inner);
  }

  private openScope(kind: "class" | "function", parent: number, name: string, owner: number): number {
    const outer = this.scopes[parent]!;
    const qualname = qualnameWithin(outer, name);
    return this.scopes.push({ kind, parent, qualname, owner, bindings: [], stars: [] }) - 1;
  }

  private visit(statement: Statement, context: Context): void {
    if (this.deep) this.visited.push({ statement, context, expressions: statementExpressions(this.tree, statement) });
  }

  private simple(statement: Statement, context: Context): void {
    const simple = simpleStatement(this.tree, statement);
    const { targets, value } = simple;
    if (this.deep)
      this.visited.push({ statement, context, simple, expressions: value ? [...targets, value] : targets });
    this.assignment(simple, statement, context);
  }

  private assignment({ operator, targets, value }: SimpleStatement, statement: Statement, context: Context): void {
    if (operator === "" && context.scope === 0 && value) this.exports.call(value);
    if (targets.length === 0 || !value) return;
    for (const target of targets) {
      if (target.kind === "attribute" && target.name === "__name__" && target.value.kind === "name") {
        // Under its new name it is registered by a name that is not read.
        const run = { ...context.run, maybe: true } as const;
        this.bind(
          context.scope,
          this.binding(target.value.id, statement.start, run, { kind: "value", value: UNKNOWN }),
        );
      } else if (target.kind === "attribute" && target.value.kind === "name") {
        // What is set on a class stands in it from then on: `Gain.__call__ = …`.
        const body = this.bodies.get(`${context.scope} ${target.value.id}`);
        const binding = this.binding(target.name, statement.start, context.run, { kind: "value", value: UNKNOWN });
        if (body !== undefined) this.bind(body, binding);
      }
      const names = target.kind === "tuple" || target.kind === "list" ? target.elements : [target];
      const tuple = value.kind === "tuple" && value.elements.length === names.length && target !== names[0];
      names.forEach((name, index) => {
        if (name.kind !== "name") return;
        // `name |= …` changes a dict that is bound already.
        if (operator === "|=") return;
        if (name.id === "__all__" && context.scope === 0) this.exports.assign(operator, value);
        const part = names.length === 1 && names[0] === target ? value : tuple ? value.elements[index] : undefined;
        const bound: ValueSyntax =
          part && operator === "=" ? valueSyntax(this.tree.text, part, BINDING_BUDGET) : UNKNOWN;
        this.bindNames(name, context, bound, statement.start);
      });
    }
  }

  private bindNames(target: Expression, context: Context, value: ValueSyntax, at: number): void {
    const names = target.kind === "tuple" || target.kind === "list" ? target.elements : [target];
    for (const name of names) {
      const inner = name.kind === "starred" ? name.value : name;
      if (inner.kind !== "name") continue;
      this.bind(context.scope, this.binding(inner.id, at, context.run, { kind: "value", value }));
    }
  }

  private binding(name: string, at: number, run: Run | undefined, value: BoundValue): Binding {
    return run ? { name, at, run, value } : { name, at, value };
  }

  private bind(scope: number, binding: Binding): void {
    this.scopes[scope]!.bindings.push(binding);
  }
}

const UNKNOWN: ValueSyntax = { kind: "other", names: [], strings: [] };
