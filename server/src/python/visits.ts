import type { Expression } from "./expressions.ts";
import type { SimpleStatement } from "./headers.ts";
import type { Statement } from "./statements.ts";
import type { Run, ValueSyntax } from "./summary.ts";

/** Where a statement stands. */
export interface Context {
  readonly scope: number;
  readonly run: Run | undefined;
  /** What the loops around it run over. */
  readonly loops: readonly ValueSyntax[];
}

/** A statement with what was parsed of it, where function bodies are read. */
export interface VisitedStatement {
  readonly statement: Statement;
  readonly context: Context;
  /** What it says, where it is a simple statement. */
  readonly simple?: SimpleStatement;
  /** The expressions that stand in the statement itself. */
  readonly expressions: readonly Expression[];
}
