import type { TextRange } from "./statements.ts";

/**
 * The expressions of Python, as data. Operators are flat: `a + b * c` is one `operation` with three operands, since
 * nothing here asks which of them binds tighter. No expression is nested deeper than DEEPEST_EXPRESSION: what lies
 * deeper is one `opaque` node, so that readers may recurse.
 */
export type Expression =
  | NameExpression
  | AttributeExpression
  | CallExpression
  | SubscriptExpression
  | StringExpression
  | ConstantExpression
  | SequenceExpression
  | DictExpression
  | ComprehensionExpression
  | OperationExpression
  | ConditionalExpression
  | LambdaExpression
  | StarredExpression
  | SliceExpression
  | WrappedExpression
  | OpaqueExpression;

export interface NameExpression extends TextRange {
  readonly kind: "name";
  readonly id: string;
}
export interface AttributeExpression extends TextRange {
  readonly kind: "attribute";
  readonly value: Expression;
  readonly name: string;
  /** Where the attribute's name begins; it ends with the expression. */
  readonly nameStart: number;
}
export interface Argument extends TextRange {
  /** The keyword of `keyword=value`; absent for positional arguments and spreads. */
  readonly keyword?: string;
  /** 1 for `*value`, 2 for `**value`. */
  readonly stars: 0 | 1 | 2;
  readonly value: Expression;
}
export interface CallExpression extends TextRange {
  readonly kind: "call";
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
  /** False where the closing parenthesis is missing. */
  readonly closed: boolean;
}
export interface SubscriptExpression extends TextRange {
  readonly kind: "subscript";
  readonly value: Expression;
  /** What stands in the brackets; several indices are a tuple. */
  readonly index: Expression;
}
/** One or more adjacent literals; `stringValue` and `stringPieces` of tree.ts decode them. */
export interface StringExpression extends TextRange {
  readonly kind: "string";
  readonly literals: readonly TextRange[];
}
export interface ConstantExpression extends TextRange {
  readonly kind: "constant";
  readonly type: "number" | "none" | "true" | "false" | "ellipsis";
}
export interface SequenceExpression extends TextRange {
  readonly kind: "tuple" | "list" | "set";
  readonly elements: readonly Expression[];
}
export interface DictExpression extends TextRange {
  readonly kind: "dict";
  /** `key` is absent for a spread (`**value`). */
  readonly entries: readonly { readonly key?: Expression; readonly value: Expression }[];
}
export interface ComprehensionExpression extends TextRange {
  readonly kind: "comprehension";
  readonly form: "list" | "set" | "dict" | "generator";
  /** The key of a dict comprehension. */
  readonly key?: Expression;
  readonly element: Expression;
  readonly clauses: readonly { readonly target: Expression; readonly iterable: Expression }[];
  readonly conditions: readonly Expression[];
}
export interface OperationExpression extends TextRange {
  readonly kind: "operation";
  /** Prefix operators have one operand; `not in` and `is not` are one operator each. */
  readonly operators: readonly string[];
  readonly operands: readonly Expression[];
}
export interface ConditionalExpression extends TextRange {
  readonly kind: "conditional";
  readonly test: Expression;
  readonly body: Expression;
  readonly orElse: Expression;
}
export interface LambdaExpression extends TextRange {
  readonly kind: "lambda";
  readonly parameters: readonly ParameterSyntax[];
  readonly body: Expression;
}
export interface StarredExpression extends TextRange {
  readonly kind: "starred";
  readonly value: Expression;
}
/** `a:b:c` in a subscript; parts that are left out are left out here too. */
export interface SliceExpression extends TextRange {
  readonly kind: "slice";
  readonly parts: readonly Expression[];
}
/** `await x`, `yield x`, `yield from x` (without a value: `opaque`), and `name := x`. */
export interface WrappedExpression extends TextRange {
  readonly kind: "await" | "yield" | "walrus";
  readonly value: Expression;
  /** The name that a walrus binds. */
  readonly target?: Expression;
}
/** Nothing, half-typed text, or what is nested too deep. */
export interface OpaqueExpression extends TextRange {
  readonly kind: "opaque";
}

/** A parameter of a function or lambda, in source order. */
export interface ParameterSyntax extends TextRange {
  readonly name: string;
  readonly kind: "positional-only" | "positional" | "keyword-only" | "varargs" | "kwargs";
  /** Of the name alone. */
  readonly nameEnd: number;
  readonly annotation?: Expression;
  readonly default?: Expression;
}

/** Brackets, prefix operators and the like nested deeper than this are not looked into (CPython's own limit is 200). */
export const DEEPEST_EXPRESSION = 100;
/** A chain of calls, attributes and subscripts longer than this is cut: `a.b.c…`. */
export const LONGEST_CHAIN = 400;
