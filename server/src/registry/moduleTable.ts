import { absoluteModule, bindingAliases, type NameResolver } from "../python/importAliases.ts";
import { functionAround, functionsAround } from "../python/scopes.ts";
import type { Binding, ClassFact, FunctionFact, ModuleSummary, Place, StarImport } from "../python/summary.ts";
import { lastSegment } from "../python/words.ts";
import type { SourceLocation } from "./view.ts";

/** One module to link. */
export interface ModuleInput {
  readonly summary: ModuleSummary;
  /** The names that it can be imported under, the likeliest first; `__main__` where it is a script or a notebook. */
  readonly names: readonly string[];
  /** Whether it is a package's `__init__.py`; by default, whether its address ends so. */
  readonly isPackage?: boolean;
  /** Whether it belongs to an installed package rather than to the workspace. */
  readonly installed?: boolean;
}

/** Whether two inputs stand at the same place of the import path. */
export function samePlaces(
  a: Pick<ModuleInput, "names" | "isPackage">,
  b: Pick<ModuleInput, "names" | "isPackage">,
): boolean {
  return a.isPackage === b.isPackage && a.names.join() === b.names.join();
}

/** A module with its bindings by name. */
export class LinkedModule {
  readonly summary: ModuleSummary;
  readonly names: readonly string[];
  /** Python's `__module__` of what it defines. */
  readonly name: string;
  readonly isPackage: boolean;
  readonly installed: boolean;
  readonly classes: readonly ClassEntity[];
  private readonly functions: (FunctionEntity | undefined)[] = [];
  /** How many parts of its expressions were looked at: counted by the evaluator, which stops at a limit. */
  steps = 0;
  private importIndex: ImportIndex | undefined;
  private aliasIndex: NameResolver | undefined;
  private readonly tables: (Map<string, Binding[]> | undefined)[] = [];

  constructor({ summary, names, isPackage, installed }: ModuleInput) {
    this.summary = summary;
    this.names = names;
    this.name = names[0] ?? "__main__";
    this.isPackage = isPackage ?? /(?:^|\/)__init__\.pyi?$/.test(summary.uri);
    this.installed = installed ?? false;
    this.classes = summary.classes.map((fact, index) => ({ kind: "class", module: this, fact, index }));
  }

  /** The function of that index in the summary; always the same object. */
  function(index: number): FunctionEntity {
    let entity = this.functions[index];
    if (!entity) {
      entity = { kind: "function", module: this, fact: this.summary.functions[index]!, index };
      this.functions[index] = entity;
    }
    return entity;
  }

  /** The bindings of a name in one scope, in source order. */
  bindings(scope: number, name: string): readonly Binding[] {
    const all = this.summary.scopes[scope]?.bindings ?? NO_BINDINGS;
    // A table costs more than it saves where there is little to look through.
    if (all.length <= SMALL_SCOPE)
      return all.some((binding) => binding.name === name)
        ? all.filter((binding) => binding.name === name)
        : NO_BINDINGS;
    return this.table(scope).get(name) ?? NO_BINDINGS;
  }

  /** The names that a scope binds, with their bindings. */
  table(scope: number): ReadonlyMap<string, Binding[]> {
    let table = this.tables[scope];
    if (!table) {
      table = new Map();
      for (const binding of this.summary.scopes[scope]?.bindings ?? []) {
        const list = table.get(binding.name);
        if (list) list.push(binding);
        else table.set(binding.name, [binding]);
      }
      this.tables[scope] = table;
    }
    return table;
  }

  /** What it imports, in whatever scope, by the names that it has where it comes from. */
  get imports(): ImportIndex {
    this.importIndex ??= indexImports(this.summary);
    return this.importIndex;
  }

  /** What its own names stand for, as dotted paths. */
  get aliases(): NameResolver {
    this.aliasIndex ??= bindingAliases(this.summary.scopes[0]!.bindings);
    return this.aliasIndex;
  }

  /** A place of this module as a location. */
  location(place: Place): SourceLocation {
    const { start, end, line, character, endLine, endCharacter, cell } = place;
    const uri = (cell !== undefined && this.summary.cells?.[cell]) || this.summary.uri;
    return { uri, start, end, range: { start: { line, character }, end: { line: endLine, character: endCharacter } } };
  }

  /** Whether a scope is, or lies in, a function. */
  inFunction(scope: number): boolean {
    return functionAround(this.summary.scopes, scope) !== undefined;
  }

  /** The functions that a scope lies in, innermost first. */
  enclosingFunctions(scope: number): FunctionEntity[] {
    return Array.from(functionsAround(this.summary.scopes, scope), (index) => this.function(index));
  }
}

/** The imports of a module in the order that questions about them are asked in. */
export interface ImportIndex {
  /** Name behind `from … import` → where it is bound, and as what. */
  readonly members: ReadonlyMap<string, readonly { readonly scope: number; readonly name: string }[]>;
  readonly stars: readonly { readonly scope: number; readonly star: StarImport }[];
  /** The last parts of all names that are imported. */
  readonly lastNames: ReadonlySet<string>;
}

function indexImports({ scopes, imports }: ModuleSummary): ImportIndex {
  const members = new Map<string, { scope: number; name: string }[]>();
  const stars: { scope: number; star: StarImport }[] = [];
  for (const [scope, { bindings, stars: own }] of scopes.entries()) {
    for (const star of own) stars.push({ scope, star });
    for (const { name, value } of bindings) {
      if (value.kind !== "member") continue;
      const list = members.get(value.name);
      if (list) list.push({ scope, name });
      else members.set(value.name, [{ scope, name }]);
    }
  }
  const lastNames = new Set(imports.flatMap(({ module, names }) => (names ?? [module]).map(lastSegment)));
  return { members, stars, lastNames };
}

/** The elements that two collections have in common, found from the smaller one. */
export function common<T>(a: ReadonlySet<T>, b: Pick<ReadonlyMap<T, unknown>, "has" | "size" | "keys">): T[] {
  return a.size <= b.size ? [...a].filter((each) => b.has(each)) : [...b.keys()].filter((each) => a.has(each));
}

const SMALL_SCOPE = 12;
const NO_BINDINGS: readonly Binding[] = [];

export interface ClassEntity {
  readonly kind: "class";
  readonly module: LinkedModule;
  readonly fact: ClassFact;
  readonly index: number;
}

export interface FunctionEntity {
  readonly kind: "function";
  readonly module: LinkedModule;
  readonly fact: FunctionFact;
  readonly index: number;
}

/** Python's `__qualname__`. */
export function qualnameOf(entity: ClassEntity | FunctionEntity): string {
  const { scopes } = entity.module.summary;
  const { fact } = entity;
  if (fact.body >= 0) return scopes[fact.body]!.qualname;
  const outer = scopes[fact.scope]!;
  if (outer.kind === "module") return fact.name;
  return outer.kind === "class" ? `${outer.qualname}.${fact.name}` : `${outer.qualname}.<locals>.${fact.name}`;
}

/** The class whose body defines a function, if one does. */
export function classAround(entity: FunctionEntity): ClassEntity | undefined {
  const scope = entity.module.summary.scopes[entity.fact.scope]!;
  return scope.kind === "class" ? entity.module.classes[scope.owner] : undefined;
}

/** All modules by the names that they can be imported under. */
export class ModuleTable {
  readonly modules: LinkedModule[] = [];
  private readonly byName = new Map<string, LinkedModule[]>();
  /** Folders on the way to a module that are no modules themselves: namespace packages. */
  private readonly prefixes = new Set<string>();
  /** The first parts of the workspace's own module names. */
  private readonly tops = new Set<string>();
  private filledNames: ReadonlySet<string> | undefined;

  constructor(inputs: readonly ModuleInput[]) {
    for (const input of inputs) this.add(input);
  }

  /** Adds a module; the table is whole when all are in. */
  add(input: ModuleInput): void {
    const module = new LinkedModule(input);
    this.modules.push(module);
    for (const name of module.names) {
      const list = this.byName.get(name);
      if (list) list.push(module);
      else this.byName.set(name, [module]);
      let dot = name.lastIndexOf(".");
      for (; dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
        const prefix = name.slice(0, dot);
        if (this.prefixes.has(prefix)) break;
        this.prefixes.add(prefix);
      }
      if (!module.installed) this.tops.add(name.split(".", 1)[0]!);
    }
  }

  /** The names of lists and dicts that modules fill in others where nobody follows it. Asked for when the table is whole. */
  get filledElsewhere(): ReadonlySet<string> {
    this.filledNames ??= new Set(this.modules.flatMap(({ summary }) => summary.filledElsewhere));
    return this.filledNames;
  }

  /** The same modules, some of them with another summary under the same names. */
  with(changed: ReadonlyMap<LinkedModule, ModuleInput>): ModuleTable {
    const table = new ModuleTable([]);
    const made = new Map([...changed].map(([module, input]) => [module, new LinkedModule(input)] as const));
    const current = (module: LinkedModule) => made.get(module) ?? module;
    for (const module of this.modules) table.modules.push(current(module));
    for (const [name, list] of this.byName) table.byName.set(name, list);
    for (const module of changed.keys()) {
      for (const name of module.names) table.byName.set(name, table.byName.get(name)!.map(current));
    }
    for (const prefix of this.prefixes) table.prefixes.add(prefix);
    for (const top of this.tops) table.tops.add(top);
    return table;
  }

  /** The module of that name; of several the importing one itself (`__main__` in a notebook), else one in its vicinity. */
  find(name: string, from?: LinkedModule): LinkedModule | undefined {
    const list = this.byName.get(name);
    if (!list || list.length === 1 || !from) return list?.[0];
    if (list.includes(from)) return from;
    let best = list[0]!;
    let most = -1;
    for (const module of list) {
      const shared = commonPrefix(module.summary.uri, from.summary.uri);
      if (shared > most) {
        best = module;
        most = shared;
      }
    }
    return best;
  }

  /** All modules of that name. */
  all(name: string): readonly LinkedModule[] {
    return this.byName.get(name) ?? [];
  }

  isNamespace(name: string): boolean {
    return this.prefixes.has(name);
  }

  /** Whether the first part of a module's name is one of the workspace's own. */
  isOwn(name: string): boolean {
    return this.tops.has(name.split(".", 1)[0]!);
  }

  /**
   * What an import in `from` names: a module, or the absolute name that no module has. A script's siblings are found by
   * their plain names, as Python finds them beside the script.
   */
  resolve(module: string, level: number, from: LinkedModule): LinkedModule | string {
    if (level === 0) {
      const found = this.find(module, from);
      if (found || this.prefixes.has(module)) return found ?? module;
      const sibling = absoluteModule(module, 1, { module: from.name, isPackage: from.isPackage });
      return (!from.isPackage && from.name.includes(".") && this.find(sibling, from)) || module;
    }
    let name = "";
    for (const own of from.names) {
      name = absoluteModule(module, level, { module: own, isPackage: from.isPackage });
      const found = this.find(name, from);
      if (found) return found;
      if (this.prefixes.has(name)) return name;
    }
    return name;
  }
}

function commonPrefix(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return a.lastIndexOf("/", at);
}

/** The index of the last binding whose statement begins before `offset`; -1 where none does. */
export function lastBefore(bindings: readonly Binding[], offset: number): number {
  let low = -1;
  let high = bindings.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (bindings[middle]!.at < offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
