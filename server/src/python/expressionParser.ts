import { BracketParser } from "./bracketParser.ts";
import {
  type Argument,
  DEEPEST_EXPRESSION,
  type Expression,
  LONGEST_CHAIN,
  type ParameterSyntax,
} from "./expressions.ts";

/** Names that are no operand: an expression cannot begin with them. */
const NO_OPERAND = new Set([
  "if",
  "else",
  "for",
  "in",
  "is",
  "and",
  "or",
  "as",
  "from",
  "import",
  "async",
  "class",
  "def",
]);
const COMPARISONS = new Set(["<", ">", "==", "!=", "<=", ">=", "<>"]);
const ARITHMETIC_OPERATORS = new Set(["+", "-", "*", "/", "//", "%", "@", "**", "|", "&", "^", "<<", ">>"]);

/** Levels of binding, loosest first. */
const OR = 0;
const AND = 1;
const NOT = 2;
const COMPARISON = 3;
const ARITHMETIC = 4;

/**
 * Parses one expression or a list of them out of a range. Takes any text, in linear time: what makes no sense becomes
 * `opaque`. Recursion is bounded by DEEPEST_EXPRESSION, not by the text.
 */
export class ExpressionParser extends BracketParser {
  /** `a, *b, c` without brackets: a tuple where there is a comma, else the one expression. */
  list(): Expression {
    const { tokens } = this;
    const start = tokens.start;
    const first = this.element();
    if (!tokens.is(",")) return first;
    const elements = [first];
    while (tokens.is(",")) {
      tokens.next();
      if (this.atEnd || this.endsOperand()) break;
      elements.push(this.element());
    }
    return { kind: "tuple", start, end: tokens.previousStop, elements };
  }

  /** One element: a starred, assigned (`:=`) or ordinary expression. */
  override element(): Expression {
    const { tokens } = this;
    const start = tokens.start;
    if (tokens.is("*") || tokens.is("**")) {
      tokens.next();
      const value = this.expression();
      return { kind: "starred", start, end: value.end, value };
    }
    if (tokens.kind === "name" && tokens.value === "yield") return this.yielded();
    const target = this.expression();
    if (!tokens.is(":=")) return target;
    tokens.next();
    const value = this.expression();
    return { kind: "walrus", start, end: value.end, value, target };
  }

  /** A conditional expression, a lambda, or what is simpler. */
  override expression(): Expression {
    if (this.depth >= DEEPEST_EXPRESSION) return this.skipDeep();
    this.depth++;
    const { tokens } = this;
    const start = tokens.start;
    let result: Expression;
    if (tokens.kind === "name" && tokens.value === "lambda") {
      tokens.next();
      const parameters = this.parameters(":");
      if (tokens.is(":")) tokens.next();
      const body = this.expression();
      result = { kind: "lambda", start, end: body.end, parameters, body };
    } else {
      result = this.disjunction();
      if (this.isName("if")) {
        this.take();
        const test = this.disjunction();
        let orElse: Expression = this.nothing();
        if (this.isName("else")) {
          tokens.next();
          orElse = this.expression();
        }
        result = { kind: "conditional", start, end: tokens.previousStop, test, body: result, orElse };
      }
    }
    this.depth--;
    return result;
  }

  protected override disjunction(): Expression {
    return this.binary(OR);
  }

  /** `or` of `and` of `not` of comparisons of arithmetic; each level flat. */
  private binary(level: number): Expression {
    const { tokens } = this;
    const start = tokens.start;
    if (level === NOT) {
      if (!this.isName("not")) return this.binary(COMPARISON);
      while (this.isName("not")) this.take();
      const operand = this.binary(COMPARISON);
      return { kind: "operation", start, end: operand.end, operators: ["not"], operands: [operand] };
    }
    const first = level === ARITHMETIC ? this.prefixed() : this.binary(level + 1);
    let symbol = this.operator(level);
    if (symbol === "") return first;
    const operators: string[] = [];
    const operands = [first];
    while (symbol !== "") {
      operators.push(symbol);
      operands.push(level === ARITHMETIC ? this.prefixed() : this.binary(level + 1));
      symbol = this.operator(level);
    }
    return { kind: "operation", start, end: tokens.previousStop, operators, operands };
  }

  /** Takes an operator of this level; "" where none stands here. */
  private operator(level: number): string {
    const { tokens } = this;
    const { kind, value } = tokens;
    if (kind === "operator") {
      const fits =
        level === ARITHMETIC ? ARITHMETIC_OPERATORS.has(value) : level === COMPARISON && COMPARISONS.has(value);
      return fits ? this.take() : "";
    }
    if (kind !== "name") return "";
    if (level === OR) return value === "or" ? this.take() : "";
    if (level === AND) return value === "and" ? this.take() : "";
    if (level !== COMPARISON) return "";
    if (value === "in") return this.take();
    if (value !== "is" && value !== "not") return "";
    this.take();
    const second = value === "is" ? "not" : "in";
    return this.isName(second) ? `${value} ${this.take()}` : value;
  }

  private prefixed(): Expression {
    const { tokens } = this;
    const start = tokens.start;
    let sign = "";
    while (tokens.kind === "operator" && (tokens.is("-") || tokens.is("+") || tokens.is("~"))) sign = this.take();
    if (sign !== "") {
      const operand = this.awaited();
      return { kind: "operation", start, end: operand.end, operators: [sign], operands: [operand] };
    }
    return this.awaited();
  }

  private awaited(): Expression {
    if (!this.isName("await")) return this.primary();
    const start = this.tokens.start;
    this.take();
    const value = this.primary();
    return { kind: "await", start, end: value.end, value };
  }

  /** An atom with the calls, attributes and subscripts behind it. */
  protected override primary(): Expression {
    const { tokens } = this;
    let result = this.atom();
    for (let links = 0; tokens.kind === "operator"; links++) {
      if (links >= LONGEST_CHAIN) result = { kind: "opaque", start: result.start, end: result.end };
      if (tokens.is(".")) {
        tokens.next();
        const named = this.atName;
        const nameStart = tokens.start;
        const name = tokens.value;
        if (named) tokens.next();
        const end = tokens.previousStop;
        const chained: Expression = {
          kind: "attribute",
          start: result.start,
          end,
          value: result,
          name: named ? name : "",
          nameStart: named ? nameStart : end,
        };
        result = chained;
        if (!named) break;
      } else if (tokens.is("(")) {
        tokens.next();
        const list = this.arguments();
        const closed = tokens.is(")");
        if (closed) tokens.next();
        result = {
          kind: "call",
          start: result.start,
          end: tokens.previousStop,
          callee: result,
          arguments: list,
          closed,
        };
      } else if (tokens.is("[")) {
        tokens.next();
        const index = this.index();
        this.close("]");
        result = { kind: "subscript", start: result.start, end: tokens.previousStop, value: result, index };
      } else break;
    }
    return result;
  }

  private atom(): Expression {
    const { tokens } = this;
    const { start, stop } = tokens;
    switch (tokens.kind) {
      case "name": {
        const id = tokens.value;
        if (NO_OPERAND.has(id)) return this.nothing();
        if (id === "yield") return this.yielded();
        if (id === "lambda") return this.expression();
        tokens.next();
        if (id === "None") return { kind: "constant", start, end: stop, type: "none" };
        if (id === "True") return { kind: "constant", start, end: stop, type: "true" };
        if (id === "False") return { kind: "constant", start, end: stop, type: "false" };
        return { kind: "name", start, end: stop, id };
      }
      case "number":
        tokens.next();
        return { kind: "constant", start, end: stop, type: "number" };
      case "string":
        return this.strings();
      case "operator":
        if (tokens.is("(")) return this.bracketed("(", ")");
        if (tokens.is("[")) return this.bracketed("[", "]");
        if (tokens.is("{")) return this.bracketed("{", "}");
        if (tokens.is("...")) {
          tokens.next();
          return { kind: "constant", start, end: stop, type: "ellipsis" };
        }
        return this.nothing();
      default:
        return this.nothing();
    }
  }

  /** What stands behind `as` in a `with` statement. */
  target(): Expression {
    return this.primary();
  }

  /** The arguments of a call or the bases of a class, up to the closing parenthesis (which stays). */
  arguments(): Argument[] {
    const { tokens } = this;
    const result: Argument[] = [];
    while (!this.atEnd && !this.isCloser()) {
      const start = tokens.start;
      if (tokens.is(",")) {
        tokens.next();
        continue;
      }
      const stars = tokens.is("**") ? 2 : tokens.is("*") ? 1 : 0;
      if (stars > 0) tokens.next();
      let value = this.element();
      let keyword: string | undefined;
      if (stars === 0 && tokens.is("=")) {
        if (value.kind === "name") keyword = value.id;
        tokens.next();
        value = this.atEnd || this.isCloser() || tokens.is(",") ? this.nothing() : this.element();
      }
      if (this.isComprehension()) value = this.comprehension(value.start, "generator", value);
      if (!(value.kind === "opaque" && value.end === value.start && keyword === undefined)) {
        const { end } = value;
        result.push(keyword === undefined ? { start, end, stars, value } : { start, end, keyword, stars, value });
      }
      if (tokens.is(",")) tokens.next();
      else if (tokens.start === start) tokens.next();
    }
    return result;
  }

  /** Parameters of a function or lambda, up to `closer` (which stays). */
  parameters(closer: ")" | ":"): ParameterSyntax[] {
    const { tokens } = this;
    const result: ParameterSyntax[] = [];
    let keywordOnly = false;
    while (!this.atEnd && !tokens.is(closer)) {
      const start = tokens.start;
      let kind: ParameterSyntax["kind"] = keywordOnly ? "keyword-only" : "positional";
      if (tokens.is("**")) {
        kind = "kwargs";
        tokens.next();
      } else if (tokens.is("*")) {
        kind = "varargs";
        keywordOnly = true;
        tokens.next();
      }
      if (tokens.kind === "name") {
        const name = tokens.value;
        const nameStart = tokens.start;
        const nameEnd = tokens.stop;
        tokens.next();
        let annotation: Expression | undefined;
        let initial: Expression | undefined;
        if (closer === ")" && tokens.is(":")) {
          tokens.next();
          annotation = this.element();
        }
        if (tokens.is("=")) {
          tokens.next();
          initial = this.expression();
        }
        const end = tokens.previousStop;
        const plain = { start: nameStart, end, name, kind, nameEnd };
        const annotated = annotation ? { ...plain, annotation } : plain;
        result.push(initial ? { ...annotated, default: initial } : annotated);
      } else if (tokens.is("/")) {
        tokens.next();
        for (let i = 0; i < result.length; i++) result[i] = { ...result[i]!, kind: "positional-only" };
      }
      if (tokens.is(",")) tokens.next();
      else if (!tokens.is(closer) && tokens.start === start) tokens.next();
    }
    return result;
  }

  private yielded(): Expression {
    const { tokens } = this;
    const start = tokens.start;
    tokens.next();
    if (this.isName("from")) this.take();
    if (this.atEnd || this.endsOperand()) return { kind: "opaque", start, end: tokens.previousStop };
    const value = this.depth >= DEEPEST_EXPRESSION ? this.skipDeep() : this.deeper(() => this.list());
    return { kind: "yield", start, end: value.end, value };
  }

  private deeper(parse: () => Expression): Expression {
    this.depth++;
    const result = parse();
    this.depth--;
    return result;
  }
}
