import type { Expression } from "./expressions.ts";
import { literalValue } from "./literals.ts";

/** A module's `__all__`, read from the statements that make it. */
export class ExportList {
  /** The names; `null` where they are not all literals, undefined where there is no `__all__`. */
  names: readonly string[] | null | undefined;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** `__all__ = […]` and `__all__ += […]`. */
  assign(operator: string, value: Expression): void {
    const names = this.strings(value);
    if (operator === "=") this.names = names;
    else this.add(names);
  }

  /** `__all__.append("x")` and `__all__.extend([…])`; other expressions are let pass. */
  call(expression: Expression): void {
    if (expression.kind !== "call" || expression.callee.kind !== "attribute") return;
    const { callee, arguments: given } = expression;
    if (callee.value.kind !== "name" || callee.value.id !== "__all__") return;
    const first = given[0]?.value;
    this.add(first ? this.strings(first) : null);
  }

  private add(names: readonly string[] | null): void {
    this.names = names && this.names ? [...this.names, ...names] : null;
  }

  private strings(expression: Expression): readonly string[] | null {
    const value = literalValue(this.text, expression);
    if (typeof value === "string") return [value];
    return Array.isArray(value) && value.every((name) => typeof name === "string") ? (value as string[]) : null;
  }
}
