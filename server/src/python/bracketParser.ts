import type { ComprehensionExpression, DictExpression, Expression, StringExpression } from "./expressions.ts";
import type { TextRange } from "./statements.ts";
import { Tokens } from "./tokens.ts";

/** The part of the parser that reads tokens and what stands in brackets; operators and calls are ExpressionParser's. */
export abstract class BracketParser {
  readonly tokens: Tokens;
  protected depth = 0;

  constructor(text: string, start: number, end: number) {
    this.tokens = new Tokens(text, start, end);
  }

  get atEnd(): boolean {
    return this.tokens.kind === "end";
  }

  abstract element(): Expression;
  abstract expression(): Expression;
  protected abstract disjunction(): Expression;
  protected abstract primary(): Expression;

  protected strings(): StringExpression {
    const { tokens } = this;
    const start = tokens.start;
    const literals: TextRange[] = [];
    while (tokens.kind === "string") {
      literals.push({ start: tokens.start, end: tokens.stop });
      tokens.next();
    }
    return { kind: "string", start, end: tokens.previousStop, literals };
  }

  protected bracketed(open: "(" | "[" | "{", close: ")" | "]" | "}"): Expression {
    const { tokens } = this;
    const start = tokens.start;
    tokens.next();
    const elements: Expression[] = [];
    let entries: { key?: Expression; value: Expression }[] | undefined;
    let comma = false;
    let comprehension: ComprehensionExpression | undefined;
    while (!this.atEnd && !tokens.is(close) && !this.isCloser()) {
      const before = tokens.start;
      const spread = open === "{" && tokens.is("**");
      const element = this.element();
      if (spread && element.kind === "starred") {
        entries ??= [];
        entries.push({ value: element.value });
      } else if (open === "{" && tokens.is(":")) {
        tokens.next();
        entries ??= [];
        entries.push({ key: element, value: this.expression() });
      } else if (entries) entries.push({ key: element, value: this.nothing() });
      else if (element.kind !== "opaque" || element.end > element.start) elements.push(element);
      if (this.isComprehension()) {
        const entry = entries?.at(-1);
        const form = open === "(" ? "generator" : open === "[" ? "list" : entries ? "dict" : "set";
        comprehension = this.comprehension(start, form, entry ? entry.value : element, entry?.key);
      }
      if (tokens.is(",")) {
        comma = true;
        tokens.next();
      } else if (!tokens.is(close) && !this.atEnd && !this.isCloser()) {
        // Something is missing between two elements.
        if (tokens.start === before) tokens.next();
      }
    }
    this.close(close);
    const end = tokens.previousStop;
    if (comprehension) return { ...comprehension, end };
    if (open === "{" && (entries || elements.length === 0)) {
      return { kind: "dict", start, end, entries: entries ?? [] } satisfies DictExpression;
    }
    if (open === "(") {
      if (!comma && elements.length === 1) return elements[0]!;
      return { kind: "tuple", start, end, elements };
    }
    return { kind: open === "[" ? "list" : "set", start, end, elements };
  }

  /** The `for … in … if …` behind an element, up to the closing bracket or a comma. */
  protected comprehension(
    start: number,
    form: ComprehensionExpression["form"],
    element: Expression,
    key?: Expression,
  ): ComprehensionExpression {
    const { tokens } = this;
    const clauses: { target: Expression; iterable: Expression }[] = [];
    const conditions: Expression[] = [];
    this.depth++;
    for (;;) {
      if (this.isName("async")) this.take();
      if (this.isName("for")) {
        this.take();
        const target = this.targets();
        if (this.isName("in")) this.take();
        clauses.push({ target, iterable: this.disjunction() });
      } else if (this.isName("if")) {
        this.take();
        const test = this.disjunction();
        if (tokens.is(":=")) {
          tokens.next();
          const value = this.disjunction();
          conditions.push({ kind: "walrus", start: test.start, end: value.end, value, target: test });
        } else conditions.push(test);
      } else break;
    }
    this.depth--;
    return {
      kind: "comprehension",
      form,
      start,
      end: tokens.previousStop,
      ...(key ? { key } : {}),
      element,
      clauses,
      conditions,
    };
  }

  /** What stands between `for` and `in`, where `in` is no operator. */
  targets(): Expression {
    const { tokens } = this;
    const start = tokens.start;
    const elements: Expression[] = [];
    let comma = false;
    while (!this.atEnd && !this.isName("in") && !this.isCloser()) {
      const before = tokens.start;
      if (tokens.is("*")) {
        tokens.next();
        const value = this.primary();
        elements.push({ kind: "starred", start: before, end: value.end, value });
      } else elements.push(this.primary());
      if (tokens.is(",")) {
        comma = true;
        tokens.next();
      } else if (tokens.start === before) break;
    }
    if (!comma && elements.length === 1) return elements[0]!;
    return { kind: "tuple", start, end: tokens.previousStop, elements };
  }

  protected index(): Expression {
    const { tokens } = this;
    const start = tokens.start;
    const elements: Expression[] = [];
    let comma = false;
    while (!this.atEnd && !this.isCloser()) {
      const from = tokens.start;
      let element: Expression = tokens.is(":") ? this.nothing() : this.element();
      if (tokens.is(":")) {
        const parts = element.end > element.start ? [element] : [];
        while (tokens.is(":")) {
          tokens.next();
          if (!tokens.is(":") && !tokens.is(",") && !this.atEnd && !this.isCloser()) parts.push(this.element());
        }
        element = { kind: "slice", start: from, end: tokens.previousStop, parts };
      }
      elements.push(element);
      if (tokens.is(",")) {
        comma = true;
        tokens.next();
      } else if (tokens.start === from) tokens.next();
    }
    if (!comma && elements.length === 1) return elements[0]!;
    return { kind: "tuple", start, end: tokens.previousStop, elements };
  }

  /** What is nested too deep: everything up to the bracket that closes around it, or a comma. */
  protected skipDeep(): Expression {
    const start = this.tokens.start;
    const { tokens } = this;
    let open = 0;
    while (!this.atEnd) {
      if (tokens.kind === "operator") {
        if (tokens.is("(") || tokens.is("[") || tokens.is("{")) open++;
        else if (this.isCloser()) {
          if (open === 0) break;
          open--;
        } else if (open === 0 && tokens.is(",")) break;
      }
      tokens.next();
    }
    return { kind: "opaque", start, end: Math.max(start, tokens.previousStop) };
  }

  protected get atName(): boolean {
    return this.tokens.kind === "name";
  }

  protected isName(word: string): boolean {
    return this.tokens.kind === "name" && this.tokens.value === word;
  }

  protected isComprehension(): boolean {
    return this.isName("for") || this.isName("async");
  }

  protected isCloser(): boolean {
    return this.tokens.is(")") || this.tokens.is("]") || this.tokens.is("}");
  }

  protected endsOperand(): boolean {
    const { value } = this.tokens;
    return this.isCloser() || value === "=" || value === ":" || value === "," || value === ";";
  }

  protected take(): string {
    const { value } = this.tokens;
    this.tokens.next();
    return value;
  }

  protected close(closer: string): void {
    if (this.tokens.is(closer)) this.tokens.next();
  }

  protected nothing(): Expression {
    const at = Math.max(this.tokens.previousStop, Math.min(this.tokens.start, this.tokens.end));
    return { kind: "opaque", start: at, end: at };
  }
}
