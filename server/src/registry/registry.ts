import { keysOf } from "./customObjects.ts";
import type { Evaluator } from "./evaluate.ts";
import type { Findings, FoundLoad, Provided, Registration, RegistrationHint, Uncomputed } from "./findings.ts";
import { objectOf } from "./following.ts";
import type { Hierarchy } from "./hierarchy.ts";
import {
  type ClassEntity,
  type FunctionEntity,
  type LinkedModule,
  type ModuleTable,
  qualnameOf,
} from "./moduleTable.ts";
import { Openness, type SiblingRoot, type UnreadPackage } from "./openness.ts";
import type { OutsideImports } from "./outside.ts";
import type { PackageStatus } from "./packages.ts";
import { Patches } from "./patches.ts";
import { ProblemFinder, type RegistrationProblem } from "./problems.ts";
import type { Resolved } from "./resolved.ts";
import { Signatures } from "./signatures.ts";
import type {
  Declaration,
  KerasPatch,
  LoadInSight,
  ProvidedKey,
  RegistryView,
  Signature,
  SourceLocation,
  Unknown,
  WorkspaceClass,
} from "./view.ts";

/** What is known beyond the modules themselves. */
export interface World {
  /** Whether the index holds all of the workspace: nothing was cut by a cap or could not be read. */
  readonly complete: boolean;
  /** Why it does not, as part of a sentence: "the scan stopped at 20,000 files". */
  readonly incompleteReason?: string;
  /** The user says that nothing outside the workspace registers names. */
  readonly closed?: boolean;
  /** Imported packages by their first name; one that is not listed and not known to be silent counts as missing. */
  readonly packages?: ReadonlyMap<string, PackageStatus>;
  /** The other roots of the workspace. Read when a question is asked, so that roots may name each other. */
  readonly siblings?: readonly SiblingRoot[];
}

type Member = Exclude<ReturnType<RegistryView["moduleMember"]>, undefined>;

/** One revision of what the workspace registers, with what a caller needs to make it whole. */
export interface Registry extends RegistryView {
  /** All registrations of the workspace's own modules, sorted by key, then by place. */
  readonly registrations: readonly Declaration[];
  /** What scopes and `custom_objects=` of the workspace's own modules provide for some loads, sorted by key and place. */
  readonly provided: readonly Provided[];
  /** What may register and is not computed, in the workspace's own modules, sorted by place. */
  readonly uncomputed: readonly Uncomputed[];
  /**
   * Modules to summarise again with `summariseFully`, by address, with the names to ask for; then build anew. Empty when
   * the answer is whole.
   */
  readonly wanted: ReadonlyMap<string, ReadonlySet<string>>;
  /** Classes of packages, by their dotted paths, whose modules have to be read before the answer is whole. */
  readonly wantedModules: ReadonlySet<string>;
  /** The packages that the workspace imports of which nothing is known, with the first import of each. */
  readonly unreadPackages: readonly UnreadPackage[];
  /** Why the index is not complete; undefined where it is. */
  readonly incomplete: string | undefined;
  /** What looks like a registration of a class or function of that name and is none. */
  hintsFor(name: string): readonly RegistrationHint[];
  /** What may register a key or an object of that name and is not computed. */
  mentioned(key: string, name: string): Uncomputed | undefined;
  /** The addresses of the workspace's own modules, sorted. */
  readonly files: readonly string[];
  /** What is wrong with the registrations of a module of the workspace, by its address, in its order. */
  problemsIn(uri: string): readonly RegistrationProblem[];
  /** All packages that the workspace imports, by their first name, outside itself and the standard library. */
  readonly importedPackages: ReadonlySet<string>;
}

/** What linking made. */
export interface Linked {
  readonly table: ModuleTable;
  readonly evaluator: Evaluator;
  readonly hierarchy: Hierarchy;
  readonly findings: Findings;
  /** In the order of import. */
  readonly declared: readonly Registration[];
  readonly wanted: ReadonlyMap<string, ReadonlySet<string>>;
  readonly outside: OutsideImports;
}

/** A registry over what linking made. */
export class LinkedRegistry implements Registry {
  readonly registrations: readonly Registration[];
  readonly uncomputed: readonly Uncomputed[];
  readonly provided: readonly Provided[];
  readonly wanted: ReadonlyMap<string, ReadonlySet<string>>;
  readonly wantedModules: ReadonlySet<string>;
  readonly unreadPackages: readonly UnreadPackage[];
  readonly importedPackages: ReadonlySet<string>;
  readonly incomplete: string | undefined;
  private readonly table: ModuleTable;
  private readonly evaluator: Evaluator;
  private readonly hierarchy: Hierarchy;
  private readonly openness: Openness;
  private readonly loads: readonly FoundLoad[];
  private readonly byKey = new Map<string, Registration[]>();
  private readonly byName = new Map<string, Registration[]>();
  private readonly byObject = new Map<string, Registration>();
  private readonly hints = new Map<string, RegistrationHint[]>();
  private readonly makeFinder: () => ProblemFinder;
  private finder: ProblemFinder | undefined;
  private sortedKeys: readonly string[] | undefined;
  private definitions: Map<string, (ClassEntity | FunctionEntity)[]> | undefined;
  private readonly classes = new Map<string, WorkspaceClass | undefined>();
  private readonly signatures: Signatures;
  private patchIndex: Patches | undefined;

  constructor({ table, evaluator, hierarchy, findings, declared, wanted, outside }: Linked, world: World) {
    this.table = table;
    this.signatures = new Signatures(table);
    this.evaluator = evaluator;
    this.hierarchy = hierarchy;
    this.makeFinder = () => new ProblemFinder({ evaluator, hierarchy, findings, byKey: this.byKey });
    for (const entry of declared) this.index(entry);
    for (const hint of findings.hints) push(this.hints, hint.name, hint);
    this.registrations = declared.filter(({ by }) => !by.installed).sort(compareRegistrations);
    this.uncomputed = findings.uncomputed
      .filter(({ module, depends }) => !module.installed && !depends)
      .sort((a, b) => compareLocations(a.location, b.location));
    this.provided = findings.provided
      .filter(({ module }) => !module.installed)
      .sort((a, b) => compare(a.key, b.key) || compareLocations(a.location, b.location));
    this.loads = findings.loads;
    this.wanted = wanted;
    this.wantedModules = findings.wanted;
    this.incomplete = world.complete ? undefined : (world.incompleteReason ?? "some of it could not be read");
    this.importedPackages = outside.imported;
    this.unreadPackages = outside.unread;
    this.openness = new Openness(
      {
        incomplete: this.incomplete ?? (this.wanted.size > 0 ? "some files have to be read again" : undefined),
        closed: world.closed ?? false,
        unreadPackages: outside.unread,
        lostModules: outside.lost,
        siblings: world.siblings ?? [],
      },
      this.byKey,
      findings.uncomputed,
      findings.provided,
      (name) => this.hasModule(name) || table.isOwn(name),
    );
  }

  private index(entry: Registration): void {
    push(this.byKey, entry.key, entry);
    if (entry.kind !== "other") push(this.byName, entry.qualname.slice(entry.qualname.lastIndexOf(".") + 1), entry);
    this.byObject.set(placeKey(entry.location), entry);
  }

  declarations(key: string): readonly Declaration[] {
    return this.byKey.get(key) ?? [];
  }

  declarationsEndingWith(suffix: string): readonly Declaration[] {
    return [...this.byKey].flatMap(([key, list]) => (key.endsWith(suffix) ? list : []));
  }

  keys(): readonly string[] {
    this.sortedKeys ??= [...this.byKey.keys()].sort();
    return this.sortedKeys;
  }

  declarationsNamed(name: string): readonly Declaration[] {
    return this.byName.get(name) ?? [];
  }

  providedNamed(name: string): readonly ProvidedKey[] {
    return this.provided
      .filter(
        ({ key, object }) => (object ? object.qualname.slice(object.qualname.lastIndexOf(".") + 1) : key) === name,
      )
      .map(({ key, by, location }) => ({ key, by, location }));
  }

  moduleMember(module: string, name: string): Member | undefined {
    // Of several modules of one name, such as two notebooks, each is its own.
    for (const found of this.table.all(module)) {
      const [meaning] = this.evaluator.member(found, name);
      if (meaning) return this.describe(meaning, found, name);
    }
    return undefined;
  }

  private describe(meaning: Resolved, module: LinkedModule, name: string): Member {
    if (meaning.kind === "class" || meaning.kind === "function") {
      const qualname = qualnameOf(meaning);
      const location = meaning.module.location(meaning.fact.at);
      const registered = this.byObject.get(placeKey(location));
      if (registered) return registered;
      return { kind: meaning.kind, location, module: meaning.module.name, qualname };
    }
    const start = { line: 0, character: 0 };
    const location = { uri: module.summary.uri, start: 0, end: 0, range: { start, end: start } };
    if (meaning.kind !== "external") return { kind: "other", location, module: module.name, qualname: name };
    const dot = meaning.path.lastIndexOf(".");
    return {
      kind: "other",
      location,
      module: meaning.path.slice(0, Math.max(dot, 0)),
      qualname: meaning.path.slice(dot + 1),
    };
  }

  definitionsNamed(name: string) {
    if (!this.definitions) {
      this.definitions = new Map();
      for (const module of this.table.modules) {
        if (module.installed) continue;
        for (const entity of module.classes) push(this.definitions, entity.fact.name, entity);
        for (const [index, fact] of module.summary.functions.entries()) {
          if (module.summary.scopes[fact.scope]!.kind !== "class")
            push(this.definitions, fact.name, module.function(index));
        }
      }
    }
    return (this.definitions.get(name) ?? []).map((entity) => ({
      kind: entity.kind,
      module: entity.module.name,
      qualname: qualnameOf(entity),
      location: entity.module.location(entity.fact.at),
    }));
  }

  hasModule(module: string): boolean {
    return this.table.find(module) !== undefined || this.table.isNamespace(module);
  }

  classOf(module: string, qualname: string, location?: SourceLocation): WorkspaceClass | undefined {
    const key = location ? placeKey(location) : `${module}:${qualname}`;
    if (!this.classes.has(key)) {
      const named = this.table
        .all(module)
        .flatMap((found) => found.classes.filter((at) => qualnameOf(at) === qualname));
      // A class that a call made may have the name of another that stands in the module.
      const entity = location ? named.find((at) => placeKey(at.module.location(at.fact.at)) === key) : named.at(-1);
      this.classes.set(key, entity && this.hierarchy.classOf(entity, (one) => this.patches.of(one)));
    }
    return this.classes.get(key);
  }

  private get patches(): Patches {
    this.patchIndex ??= new Patches(this.table.modules);
    return this.patchIndex;
  }

  kerasPatches(): readonly KerasPatch[] {
    return this.patches.ofKeras();
  }

  signatureOf(module: string, qualname: string, uri: string): Signature | undefined {
    return this.signatures.of(module, qualname, uri);
  }

  hintsFor(name: string): readonly RegistrationHint[] {
    return this.hints.get(name) ?? [];
  }

  get files(): readonly string[] {
    const own = this.table.modules.filter(({ installed }) => !installed);
    return own.map(({ summary }) => summary.uri).sort();
  }

  problemsIn(uri: string): readonly RegistrationProblem[] {
    const modules = this.table.modules.filter(({ installed, summary }) => !installed && summary.uri === uri);
    this.finder ??= this.makeFinder();
    return modules.flatMap((module) => this.finder!.in(module));
  }

  mentioned(key: string, name: string): Uncomputed | undefined {
    return this.openness.mentioned(key, name);
  }

  whyOpen(key: string, name: string, module: string | null, inLoad = false): Unknown | undefined {
    return this.openness.why(key, name, module, inLoad);
  }

  loadOf(uri: string): LoadInSight | undefined {
    const named = this.loads.filter(({ path, location }) => isPathOf(path, uri, location.uri));
    const places = new Set(named.map(({ location }) => `${location.uri} ${location.start}`));
    const [load] = named;
    if (!load || places.size > 1) return undefined;
    const maps = [load.scopes, load.objects].map((objects) => {
      const { entries, open } = keysOf(objects);
      return open || !load.sure
        ? undefined
        : new Map(entries.map(([key, value]) => [key, objectOf(value, load.location)]));
    });
    const [scope, customObjects] = maps;
    return scope && customObjects ? { location: load.location, scope, customObjects } : undefined;
  }
}

/** Whether a path in a program, taken from its folder or from one around it, is that of a file. */
function isPathOf(path: string, file: string, program: string): boolean {
  const plain = path.replaceAll("\\", "/").replace(/^(?:\.\/)+/, "");
  if (plain === "" || !file.endsWith(`/${plain}`)) return false;
  if (plain.startsWith("/")) return true;
  return program.startsWith(file.slice(0, -plain.length));
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function placeKey({ uri, start }: SourceLocation): string {
  return `${uri}\0${start}`;
}

function compareRegistrations(a: Registration, b: Registration): number {
  return (
    compare(a.key, b.key) ||
    compareLocations(a.location, b.location) ||
    compareLocations(a.via.location, b.via.location)
  );
}

function compareLocations(a: SourceLocation, b: SourceLocation): number {
  return compare(a.uri, b.uri) || a.start - b.start || a.end - b.end;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
