import type {
  Expression,
  OperationExpression,
  ParameterSyntax,
  SliceExpression,
  StringExpression,
} from "./expressions.ts";
import { dottedName, stringPieces, stringValue } from "./literals.ts";
import { parseExpression } from "./parse.ts";
import type { ArgumentSyntax, ParameterFact, ValueSyntax } from "./summary.ts";
import { walkExpression } from "./walk.ts";

/** How many parts of an expression are kept; what goes beyond is `other` with its names. */
export const LARGEST_VALUE = 4000;
/** Names and strings that `other` keeps of each kind. */
export const MOST_MENTIONS = 400;
/** A literal longer than this is no name. */
export const LONGEST_MENTION = 120;

/** The value of an expression as far as linking reads it, of at most `budget` parts. */
export function valueSyntax(text: string, expression: Expression, budget: number): ValueSyntax {
  return new ValueReader(text, budget).read(expression);
}

/** The parameters of a function, defaults included, each of at most `budget` parts. */
export function parametersOf(text: string, list: readonly ParameterSyntax[], budget: number): ParameterFact[] {
  return new ValueReader(text, budget).parameters(list);
}

/** The parts of an operation, a lambda, a comprehension or a spread; of other kinds none. */
export function partsOf(value: ValueSyntax): readonly ValueSyntax[] {
  switch (value.kind) {
    case "spread":
      return [value.of];
    case "operation":
      return value.operands;
    case "lambda":
      return [value.body, ...value.parameters.flatMap((parameter) => parameter.default ?? [])];
    case "comprehension":
      return [
        ...(value.key ? [value.key] : []),
        value.element,
        ...value.clauses.map(({ over }) => over),
        ...value.conditions,
      ];
    default:
      return [];
  }
}

function numberSyntax(text: string): ValueSyntax {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  return { kind: "constant", value: "number", ...(number === undefined ? {} : { number }) };
}

class ValueReader {
  private readonly text: string;
  private budget: number;

  constructor(text: string, budget: number) {
    this.text = text;
    this.budget = budget;
  }

  /** Recursion is bounded by the depth of expressions. */
  read(expression: Expression): ValueSyntax {
    if (--this.budget <= 0) return this.other(expression);
    switch (expression.kind) {
      case "name":
        return { kind: "name", path: expression.id };
      case "attribute": {
        const path = dottedName(expression);
        if (path !== undefined) return { kind: "name", path };
        return { kind: "attribute", of: this.read(expression.value), name: expression.name };
      }
      case "string":
        return this.string(expression);
      case "constant": {
        if (expression.type === "ellipsis") return this.other(expression);
        if (expression.type === "number") return numberSyntax(this.text.slice(expression.start, expression.end));
        const value = { none: "None", true: "True", false: "False" } as const;
        return { kind: "constant", value: value[expression.type] };
      }
      case "call": {
        // A call that is being typed stands for nothing yet.
        if (!expression.closed || expression.arguments.length > this.budget) return this.other(expression);
        const list = expression.arguments.map((argument): ArgumentSyntax => {
          const value = this.read(argument.value);
          if (argument.keyword !== undefined) return { keyword: argument.keyword, value };
          return argument.stars === 0 ? { value } : { stars: argument.stars, value };
        });
        return { kind: "call", callee: this.read(expression.callee), arguments: list };
      }
      case "subscript":
        return { kind: "subscript", of: this.read(expression.value), key: this.read(expression.index) };
      case "tuple":
      case "list":
      case "set":
        if (expression.elements.length > this.budget) return this.other(expression);
        return {
          kind: "items",
          form: expression.kind,
          items: expression.elements.map((element) => this.read(element)),
        };
      case "dict": {
        if (expression.entries.length * 2 > this.budget) return this.other(expression);
        const entries = expression.entries.map(({ key, value }) => ({
          ...(key ? { key: this.read(key) } : {}),
          value: this.read(value),
        }));
        return { kind: "dict", entries };
      }
      case "operation":
        return this.operation(expression);
      case "conditional": {
        const by = { test: this.read(expression.test) };
        return { kind: "choice", options: [this.read(expression.body), this.read(expression.orElse)], by };
      }
      case "slice":
        return this.slice(expression);
      case "starred":
        return { kind: "spread", of: this.read(expression.value) };
      case "lambda":
        return { kind: "lambda", parameters: this.parameters(expression.parameters), body: this.read(expression.body) };
      case "comprehension": {
        const { form, key, element, clauses, conditions } = expression;
        return {
          kind: "comprehension",
          form,
          ...(key ? { key: this.read(key) } : {}),
          element: this.read(element),
          clauses: clauses.map(({ target, iterable }) => ({ target: this.read(target), over: this.read(iterable) })),
          conditions: conditions.map((condition) => this.read(condition)),
        };
      }
      case "walrus":
      case "await":
        return this.read(expression.value);
      default:
        return this.other(expression);
    }
  }

  /** `a:b:c` as the call of `slice` that it stands for. */
  private slice({ parts, start, end }: SliceExpression): ValueSyntax {
    const none: ValueSyntax = { kind: "constant", value: "None" };
    const bounds: ValueSyntax[] = [none, none, none];
    let at = start;
    let colons = 0;
    for (const part of parts) {
      colons += this.text.slice(at, part.start).split(":").length - 1;
      at = part.end;
      if (colons < bounds.length) bounds[colons] = this.read(part);
    }
    if (this.text.slice(at, end).includes("#") || colons > 2) return { kind: "other", names: [], strings: [] };
    return { kind: "call", callee: { kind: "name", path: "slice" }, arguments: bounds.map((value) => ({ value })) };
  }

  private operation(expression: OperationExpression): ValueSyntax {
    const [operator] = expression.operators;
    const { length } = expression.operands;
    if (length > this.budget) return this.other(expression);
    const operands = () => expression.operands.map((operand) => this.read(operand));
    if (operator === "or" || operator === "and") return { kind: "choice", options: operands(), by: operator };
    if (length > 1 && expression.operators.every((symbol) => symbol === "+"))
      return { kind: "join", parts: operands() };
    const negative = operator === "-" && length === 1 ? this.read(expression.operands[0]!) : undefined;
    if (negative?.kind === "constant" && negative.number !== undefined)
      return { ...negative, number: -negative.number };
    if (expression.operators.length === 1) return { kind: "operation", operator: operator!, operands: operands() };
    return this.other(expression);
  }

  parameters(list: readonly ParameterSyntax[]): ParameterFact[] {
    return list.map(({ name, kind, default: value }) => ({ name, kind, ...(value && { default: this.read(value) }) }));
  }

  private string(expression: Extract<Expression, { kind: "string" }>): ValueSyntax {
    const value = stringValue(this.text, expression);
    if (value !== undefined) {
      return value.length > 1000 ? { kind: "other", names: [], strings: [] } : { kind: "string", value };
    }
    const pieces = stringPieces(this.text, expression);
    if (!pieces || pieces.length > this.budget) return this.other(expression);
    const parts = pieces.map((piece): ValueSyntax => {
      if (typeof piece === "string") return { kind: "string", value: piece };
      return this.read(parseExpression(this.text, piece));
    });
    return { kind: "join", parts };
  }

  private other(expression: Expression): ValueSyntax {
    const { names, strings, cut } = mentions(this.text, [expression]);
    return { kind: "other", names, strings, ...(cut ? { cut } : {}) };
  }
}

/** The dotted names and the short strings that look like names or paths in some expressions. */
export function mentions(
  text: string,
  expressions: readonly Expression[],
): { names: string[]; strings: string[]; cut: boolean } {
  const names = new Set<string>();
  const strings = new Set<string>();
  let cut = false;
  const add = (set: Set<string>, value: string) => {
    if (set.size < MOST_MENTIONS) set.add(value);
    else if (!set.has(value)) cut = true;
  };
  for (const expression of expressions) {
    walkExpression(expression, (at) => {
      if (at.kind === "name" || at.kind === "attribute") {
        const path = dottedName(at);
        if (path === undefined) return true;
        add(names, path);
        return false;
      }
      if (at.kind === "string" && at.end - at.start <= LONGEST_MENTION) {
        const value = nameInString(text, at);
        if (value !== undefined) add(strings, value);
      }
      return true;
    });
  }
  return { names: [...names], strings: [...strings], cut };
}

/** The value of a literal that looks like a name or a path; undefined for others. */
export function nameInString(text: string, literal: StringExpression): string | undefined {
  const value = stringValue(text, literal);
  return value !== undefined && /^[\w.>:/ -]+$/.test(value) ? value : undefined;
}
