import type { FunctionFlow } from "./flow.ts";
import { functionFlow } from "./functionFlow.ts";
import { definitionName } from "./headers.ts";
import { heldValues } from "./heldValues.ts";
import type { NameResolver } from "./importAliases.ts";
import type { PythonTree } from "./parse.ts";
import type { Statement } from "./statements.ts";
import type { ClassFact } from "./summary.ts";

/**
 * What a class does with what it is given: its `__init__`, its `from_config`, and what it keeps for `build` and `call`. `statement` is
 * the `class`; `resolve` says what the names of the module stand for.
 */
export function classFlows(
  tree: PythonTree,
  statement: Statement,
  resolve: NameResolver,
): Pick<ClassFact, "init" | "fromConfig" | "values"> {
  let init: FunctionFlow | undefined;
  let fromConfig: FunctionFlow | undefined;
  for (const child of statement.body) {
    const name = child.kind === "def" ? definitionName(tree, child)?.name : undefined;
    if (name === "__init__") init = functionFlow(tree, child, resolve);
    else if (name === "from_config") fromConfig = functionFlow(tree, child, resolve);
  }
  const values = init && heldValues(tree, statement, resolve);
  return { ...(init ? { init } : {}), ...(fromConfig ? { fromConfig } : {}), ...(values ? { values } : {}) };
}
