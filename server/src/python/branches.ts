import { importStatement } from "./headers.ts";
import type { PythonTree } from "./parse.ts";
import type { Statement } from "./statements.ts";
import type { NameTest, Run } from "./summary.ts";

/** What came before in a chain of `if`, `elif`, `else`: nothing, all false, one that is taken, or undecided. */
export type Chain = "none" | "skipped" | "taken" | "open";

/** What decides whether the `else` behind a chain runs. */
export function elseRun(run: Run | undefined, chain: Chain): Run | undefined {
  if (chain === "taken") return { ...run, never: true };
  return chain === "open" ? { ...run, maybe: true } : run;
}

/** What decides whether a branch runs that stands behind tests of names. */
export function withTests(run: Run | undefined, tests: readonly NameTest[]): Run {
  return { ...run, tests: [...(run?.tests ?? []), ...tests] };
}

/** The packages that the body of a `try` imports, where it does nothing else: `import a, b as c`. */
export function plainImports(tree: PythonTree, statement: Statement): readonly string[] | undefined {
  const roots: string[] = [];
  for (const child of statement.body) {
    if (child.kind !== "import" || child.end - child.start > 10_000) return undefined;
    for (const { name } of importStatement(tree, child).names) {
      if (name.includes(".")) return undefined;
      roots.push(name);
    }
  }
  return roots.length > 0 ? roots : undefined;
}

/** Whether a function body may hold an import, class or function: all that is read of it in a header summary. */
export function mayBind(statement: Statement): boolean {
  const { kind } = statement;
  return kind === "import" || kind === "from" || kind === "class" || kind === "def" || statement.body.length > 0;
}

/** A fact with what decides whether its statement runs, where something does. */
export function withRun<T extends object>(fact: T, run: Run | undefined): T & { readonly run?: Run } {
  return run ? { ...fact, run } : fact;
}

/** Packages that a `try` is known to depend on. */
const MOST_NEEDED = 30;

/**
 * What decides whether the statements of a `try` behind an import run: `needed` are the packages that it has imported so
 * far, to which those of this import are added.
 */
export function afterImport(tree: PythonTree, statement: Statement, run: Run | undefined, needed: string[]): Run {
  if (statement.end - statement.start < 10_000) {
    const { from, level, names } = importStatement(tree, statement);
    const modules = from === undefined ? names.map(({ name }) => name) : level === 0 ? [from] : [];
    for (const module of modules) {
      const root = module.split(".", 1)[0]!;
      if (needed.length < MOST_NEEDED && !needed.includes(root)) needed.push(root);
    }
  }
  return { ...run, after: [...(run?.after ?? []), ...needed] };
}
