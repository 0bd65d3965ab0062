import { argumentUses } from "./argumentUses.ts";
import { demandedKeys } from "./demandedKeys.ts";
import { ATTRIBUTES_OF_KERAS, type FlowParameter, type FunctionFlow } from "./flow.ts";
import { definitionHeader } from "./headers.ts";
import type { NameResolver } from "./importAliases.ts";
import { dottedName } from "./literals.ts";
import { decoratorsOf, type PythonTree } from "./parse.ts";
import type { Statement } from "./statements.ts";

/**
 * The parameters of a function and what its body does with them. `statement` is the `def`; `resolve` says what the
 * names of the module stand for (`importAliases` of the module, for instance).
 */
export function functionFlow(tree: PythonTree, statement: Statement, resolve: NameResolver): FunctionFlow {
  const parameters: FlowParameter[] = [];
  let varargs: string | undefined;
  let kwargs: string | undefined;
  const header = definitionHeader(tree, statement);
  for (const parameter of header?.parameters ?? []) {
    if (parameter.kind === "varargs") varargs = parameter.name;
    else if (parameter.kind === "kwargs") kwargs = parameter.name;
    else {
      const initial = parameter.default;
      const text = initial && tree.text.slice(initial.start, initial.end);
      parameters.push({
        name: parameter.name,
        ...(text === undefined ? {} : { default: text }),
        ...(parameter.kind === "keyword-only" || varargs !== undefined ? { keywordOnly: true } : {}),
      });
    }
  }
  const dict = header?.name === "from_config" ? parameters[1]?.name : header?.name === "__init__" ? kwargs : undefined;
  const demands = dict === undefined ? [] : demandedKeys(tree, statement.body, dict);
  const sets = header?.name === "__init__" ? attributesSet(tree, statement) : [];
  return {
    parameters,
    ...(sets.length > 0 ? { sets } : {}),
    ...(demands.length > 0 ? { demands } : {}),
    ...(dict !== undefined && demands[0] !== undefined && subscriptsFirst(tree, statement, dict, demands[0])
      ? { subscripts: true }
      : {}),
    ...(isDecorated(tree, statement) ? { isDecorated: true } : {}),
    ...(varargs === undefined ? {} : { varargs }),
    ...(kwargs === undefined ? {} : { kwargs }),
    uses: argumentUses(tree, statement, resolve),
  };
}

/** Whether the first that a function does with a parameter is to ask it for the key; a comment may hide that. */
function subscriptsFirst(tree: PythonTree, { body, bodyEnd }: Statement, parameter: string, key: string): boolean {
  const text = tree.text.slice(body[0]?.start ?? bodyEnd, bodyEnd);
  const at = text.search(new RegExp(`\\b${parameter}\\b`));
  const rest = at < 0 ? "" : text.slice(at + parameter.length, at + parameter.length + key.length + 4);
  return rest.startsWith(`["${key}"]`) || rest.startsWith(`['${key}']`);
}

function isDecorated(tree: PythonTree, statement: Statement): boolean {
  return decoratorsOf(tree, statement).some((decorator) => dottedName(decorator) !== "classmethod");
}

const attributePatterns = ATTRIBUTES_OF_KERAS.map((name) => ({ name, pattern: new RegExp(`\\.${name}\\b`) }));

/** Wherever it stands in the body: whether it runs is not asked. */
function attributesSet(tree: PythonTree, { start, bodyEnd }: Statement): string[] {
  const text = tree.text.slice(start, bodyEnd);
  return attributePatterns.filter(({ pattern }) => pattern.test(text)).map(({ name }) => name);
}
