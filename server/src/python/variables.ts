import type { CallExpression, Expression } from "./expressions.ts";
import { type Flow, taken, uncertain } from "./flows.ts";
import { type NameResolver, resolveDotted } from "./importAliases.ts";
import { dottedName, literalValue, stringValue } from "./literals.ts";
import type { PythonTree } from "./parse.ts";

export const NO_FLOWS: readonly Flow[] = [];
/** Calls that hand on what they are given. */
const COPIES = new Set(["dict", "list", "tuple", "copy.copy", "copy.deepcopy"]);

/** What the names of a function hold while it is read, statement by statement: its parameters, and what it binds. */
export class Variables {
  readonly values = new Map<string, readonly Flow[]>();
  /** Its own imports, as dotted paths. */
  readonly imports = new Map<string, string>();
  /** Loop variables over literal strings: the keys that they take. */
  readonly keys = new Map<string, readonly string[]>();
  /** The names that the function binds itself, beside its parameters. */
  readonly rebound = new Set<string>();
  private readonly tree: PythonTree;
  private readonly outer: NameResolver;

  constructor(tree: PythonTree, outer: NameResolver) {
    this.tree = tree;
    this.outer = outer;
  }

  /** A name as a dotted path; undefined where it is a parameter's, or nobody's. */
  readonly resolve: NameResolver = (name) => {
    if (this.values.has(name)) return undefined;
    return this.imports.get(name) ?? this.outer(name);
  };

  /** Binds a name to what an expression holds of parameters; perhaps, where `conditional`. */
  bind(name: string, flows: readonly Flow[], conditional: boolean): void {
    this.rebound.add(name);
    const before = conditional ? uncertain(this.values.get(name) ?? NO_FLOWS) : NO_FLOWS;
    const after = [...before];
    this.keys.delete(name);
    for (const flow of flows) {
      const added = conditional && !flow.conditional ? { ...flow, conditional } : flow;
      if (after.length < 8 && !after.some((f) => f.parameter === flow.parameter && f.key === flow.key))
        after.push(added);
    }
    if (after.length > 0) this.values.set(name, after);
    else this.values.delete(name);
  }

  /** Binds what a loop binds; true where it runs over literal strings. */
  bindLoop(target: Expression, iterable: Expression, conditional: boolean): boolean {
    const literal = literalValue(this.tree.text, iterable);
    if (target.kind === "name" && Array.isArray(literal) && literal.every((item) => typeof item === "string")) {
      this.keys.set(target.id, literal as string[]);
      return true;
    }
    let source = iterable;
    let names = target.kind === "tuple" ? target.elements : [target];
    if (source.kind === "call" && source.callee.kind === "attribute" && source.arguments.length === 0) {
      const method = source.callee.name;
      if (method === "items" || method === "values") source = source.callee.value;
      if (method === "items") names = names.slice(1);
    } else if (source.kind === "call" && dottedName(source.callee) === "enumerate" && source.arguments.length > 0) {
      source = source.arguments[0]!.value;
      names = names.slice(1);
    }
    const flows = this.flows(source).map((flow): Flow => ({ ...flow, each: true }));
    for (const part of parts(target)) {
      if (part.kind === "name")
        this.bind(part.id, names.length === 1 && names[0] === part ? flows : NO_FLOWS, conditional);
    }
    return false;
  }

  /** The parameters that an expression's value is. */
  flows(expression: Expression): readonly Flow[] {
    const { text } = this.tree;
    switch (expression.kind) {
      case "name":
        return this.values.get(expression.id) ?? NO_FLOWS;
      case "attribute": {
        const name = dottedName(expression);
        return (name !== undefined && this.values.get(name)) || NO_FLOWS;
      }
      case "subscript": {
        const base = this.flows(expression.value);
        if (base.length === 0) return NO_FLOWS;
        const { index } = expression;
        if (index.kind === "string") return taken(base, [stringValue(text, index)]);
        if (index.kind === "name") return taken(base, this.keys.get(index.id) ?? []);
        return NO_FLOWS;
      }
      case "call":
        return this.callFlows(expression);
      case "walrus":
        return this.flows(expression.value);
      case "conditional":
        return uncertain([...this.flows(expression.body), ...this.flows(expression.orElse)]);
      case "operation": {
        const [operator] = expression.operators;
        if (operator !== "or" && operator !== "and") return NO_FLOWS;
        return uncertain(expression.operands.flatMap((operand) => this.flows(operand)));
      }
      case "comprehension":
        // `[x for x in xs]` is `xs` again.
        return expression.element.kind === "name" && expression.clauses.length === 1
          ? this.sameElements(expression.element.id, expression.clauses[0]!)
          : NO_FLOWS;
      default:
        return NO_FLOWS;
    }
  }

  private sameElements(id: string, clause: { target: Expression; iterable: Expression }): readonly Flow[] {
    return clause.target.kind === "name" && clause.target.id === id ? this.flows(clause.iterable) : NO_FLOWS;
  }

  private callFlows(call: CallExpression): readonly Flow[] {
    const { callee } = call;
    const first = call.arguments[0];
    if (callee.kind === "attribute") {
      if (callee.name === "copy" && !first) return this.flows(callee.value);
      const takes = callee.name === "get" || callee.name === "pop";
      if (takes && first && first.stars === 0 && first.keyword === undefined) {
        const base = this.flows(callee.value);
        if (base.length > 0) {
          const { value } = first;
          const keys = value.kind === "name" ? this.keys.get(value.id) : undefined;
          return taken(base, keys ?? [value.kind === "string" ? stringValue(this.tree.text, value) : undefined]);
        }
      }
    }
    const name = dottedName(callee);
    if (name === undefined || !first || first.keyword !== undefined || first.stars > 0) return NO_FLOWS;
    if (!COPIES.has(resolveDotted(name, this.resolve))) return NO_FLOWS;
    // `dict(config, key=…)` is a copy in which something else may stand.
    return call.arguments.length === 1 ? this.flows(first.value) : uncertain(this.flows(first.value));
  }
}

/** What an assignment binds, one by one. */
export function parts(target: Expression): readonly Expression[] {
  return target.kind === "tuple" || target.kind === "list" ? target.elements : [target];
}
