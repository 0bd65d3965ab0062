import { resolveDotted } from "../python/importAliases.ts";
import { leavesObject } from "./decorators.ts";
import { type FunctionEntity, type ModuleTable, qualnameOf } from "./moduleTable.ts";
import type { Signature } from "./view.ts";

/**
 * The header of a function or method of the workspace, `uri` that of its document; undefined where there is none, or several of
 * that name, where its file was not read whole, or where a decorator may put another in its place.
 */
export function signatureOf(table: ModuleTable, module: string, qualname: string, uri: string): Signature | undefined {
  const named = table
    .all(module)
    .flatMap((found) => found.summary.functions.map((_, index) => found.function(index)))
    .filter((entity) => qualnameOf(entity) === qualname && isIn(entity, uri));
  const [entity] = named;
  const { parameters, decorators = [] } = entity?.fact ?? {};
  if (!entity || named.length > 1 || !parameters) return undefined;
  if (decorators.some(({ text }) => !leavesObject(resolveDotted(text, entity.module.aliases)))) return undefined;
  return {
    qualname,
    parameters: parameters.map(({ name, kind, default: initial }) => ({
      name,
      kind,
      isRequired: initial === undefined,
    })),
  };
}

/** Whether it stands in that document, and nothing else takes its place in its class. */
function isIn({ module, fact }: FunctionEntity, uri: string): boolean {
  const isMethod = module.summary.scopes[fact.scope]?.kind === "class";
  return module.location(fact.at).uri === uri && !(isMethod && module.bindings(fact.scope, fact.name).length > 1);
}
