import { resolveDotted } from "../python/importAliases.ts";
import { leavesObject } from "./decorators.ts";
import { type FunctionEntity, type ModuleTable, qualnameOf } from "./moduleTable.ts";
import type { Signature } from "./view.ts";

/** The headers of the functions and methods of a workspace. */
export class Signatures {
  private readonly table: ModuleTable;
  /** The functions of a module by their qualified names, read when one of them is asked for. */
  private readonly functions = new Map<string, ReadonlyMap<string, readonly FunctionEntity[]>>();

  constructor(table: ModuleTable) {
    this.table = table;
  }

  /**
   * The header of a function or method, `uri` that of its document; undefined where there is none, or several of that name, where its
   * file was not read whole, or where a decorator may put another in its place.
   */
  of(module: string, qualname: string, uri: string): Signature | undefined {
    const named = (this.functionsOf(module).get(qualname) ?? []).filter((entity) => isIn(entity, uri));
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

  private functionsOf(module: string): ReadonlyMap<string, readonly FunctionEntity[]> {
    const known = this.functions.get(module);
    if (known) return known;
    const all = this.table.all(module).flatMap((found) => found.summary.functions.map((_, i) => found.function(i)));
    const byName = new Map<string, FunctionEntity[]>();
    for (const entity of all) {
      const name = qualnameOf(entity);
      const list = byName.get(name);
      if (list) list.push(entity);
      else byName.set(name, [entity]);
    }
    this.functions.set(module, byName);
    return byName;
  }
}

/** Whether it stands in that document, and nothing else takes its place in its class. */
function isIn({ module, fact }: FunctionEntity, uri: string): boolean {
  const isMethod = module.summary.scopes[fact.scope]?.kind === "class";
  return module.location(fact.at).uri === uri && !(isMethod && module.bindings(fact.scope, fact.name).length > 1);
}
