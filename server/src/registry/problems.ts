import type { ArgumentSyntax, Fact, ValueSyntax } from "../python/summary.ts";
import type { Evaluator } from "./evaluate.ts";
import type { Entity, Findings, Registration } from "./findings.ts";
import type { Hierarchy } from "./hierarchy.ts";
import { importedModules } from "./importOrder.ts";
import type { ClassEntity, LinkedModule } from "./moduleTable.ts";
import { hasGetConfig, isKerasObject, isStandardLibrary, rootOf } from "./packages.ts";
import { isRegister, type RegisterArguments, type Resolved, type Site } from "./resolved.ts";
import type { SourceLocation } from "./view.ts";

/** What is wrong with a registration itself; `rules/table.ts` holds what is said of each. */
export type RegistrationCause = RegistrationProblem["cause"];

interface At {
  /** Of the decorator, or of the call or statement that registers. */
  readonly at: SourceLocation;
  /** The class or function that it is about, as Python calls it. */
  readonly name: string;
}

/** A registration that does not do what it looks like, as plain data. */
export type RegistrationProblem =
  /** `@register_keras_serializable` without parentheses. */
  | (At & { readonly cause: "decorator-not-called"; readonly kind: "class" | "function" })
  /** Keras refuses the class. `object` is the place of its name. */
  | (At & { readonly cause: "missing-get-config"; readonly object: SourceLocation })
  /** `register_keras_serializable("my_loss")` of `my_loss`: the only argument, `given`, is the package. */
  | (At & { readonly cause: "name-as-package"; readonly given: string; readonly key: string })
  /** A class or function of Keras itself; `chosen` where its package is not the one by default. */
  | (At & {
      readonly cause: "built-in-registered";
      readonly kind: "class" | "function";
      readonly key: string;
      readonly chosen: boolean;
    })
  /** An object of a class, `name`, where the class or a function belongs. `key` where it is written down. */
  | (At & {
      readonly cause: "instance-registered";
      readonly by: "register_keras_serializable" | "get_custom_objects";
      readonly key?: string;
      /** Whether it is an `Activation` of Keras, round a function. */
      readonly isActivation: boolean;
    })
  /** Other objects are registered under the same key, in the order of import. */
  | (At & {
      readonly cause: "duplicate-registration";
      readonly key: string;
      readonly others: readonly { readonly name: string; readonly at: SourceLocation }[];
      /** What is registered last where one program surely registers all of them; undefined where that is not known. */
      readonly last?: { readonly name: string; readonly isThis: boolean };
    });

/** What the search asks of a registry. */
export interface ProblemSources {
  readonly evaluator: Evaluator;
  readonly hierarchy: Hierarchy;
  readonly findings: Findings;
  /** All that is registered, in the order of import, by key. */
  readonly byKey: ReadonlyMap<string, readonly Registration[]>;
}

/** Finds what is wrong with the registrations of one module after the other. */
export class ProblemFinder {
  private readonly sources: ProblemSources;
  private readonly byModule = new Map<LinkedModule, Registration[]>();
  private readonly reached = new Map<LinkedModule, ReadonlySet<LinkedModule>>();
  private readonly imports = new Map<LinkedModule, readonly LinkedModule[]>();

  constructor(sources: ProblemSources) {
    this.sources = sources;
    for (const list of sources.byKey.values()) {
      for (const entry of list) {
        const own = this.byModule.get(entry.by);
        if (own) own.push(entry);
        else this.byModule.set(entry.by, [entry]);
      }
    }
  }

  /** The problems of a module's registrations, in its order. */
  in(module: LinkedModule): readonly RegistrationProblem[] {
    const { classes, summary } = module;
    const entities: Entity[] = [...classes, ...summary.functions.map((_, index) => module.function(index))];
    const found = [
      ...entities.flatMap((entity) => this.decorated(entity)),
      ...this.refused(module),
      ...summary.facts.flatMap((fact) => this.fact(fact, module)),
      ...(this.byModule.get(module) ?? []).flatMap((entry) => builtIn(entry) ?? this.duplicate(entry) ?? []),
    ];
    const seen = new Set<string>();
    const once = found.filter(({ cause, name, at: { uri, start } }) => {
      const id = JSON.stringify([cause, name, uri, start]);
      return !seen.has(id) && seen.add(id);
    });
    return once.sort((a, b) => (a.at.uri === b.at.uri ? a.at.start - b.at.start : 0));
  }

  /** Decorators that are not called, or are called with a name for the package. */
  private decorated(entity: Entity): RegistrationProblem[] {
    const { module, fact } = entity;
    if (fact.run?.never) return [];
    const site: Site = { module, scope: fact.scope, offset: fact.offset };
    return fact.decorators.flatMap(({ value, at: place }): RegistrationProblem[] => {
      const meanings = this.sources.evaluator.evaluate(value, site);
      const common = { name: fact.name, at: module.location(place) };
      // A fallback for an older Keras, such as one that returns what it is given, is called so, too.
      if (meanings.every(isRegisterFunction)) return [{ cause: "decorator-not-called", kind: entity.kind, ...common }];
      return this.nameAsPackage(value, site, common);
    });
  }

  private nameAsPackage(value: ValueSyntax, site: Site, common: At): RegistrationProblem[] {
    if (value.kind !== "call") return [];
    const callees = this.sources.evaluator.evaluate(value.callee, site);
    // With a package that `functools.partial` bound, the first argument is the name.
    if (!callees.every((one) => isRegisterFunction(one) && (one.kind !== "register" || isEmpty(one.bound)))) return [];
    const given = onlyString(value.arguments);
    if (given === undefined || folded(given) !== folded(common.name)) return [];
    // What is the package of something else too is meant as one.
    const isPackage = [...this.sources.byKey.keys()].some(
      (key) => key.startsWith(`${given}>`) && key !== `${given}>${common.name}`,
    );
    return isPackage ? [] : [{ cause: "name-as-package", given, key: `${given}>${common.name}`, ...common }];
  }

  /** Classes that Keras refuses when the module is imported. What is refused in a function, a test may expect. */
  private refused(module: LinkedModule): RegistrationProblem[] {
    const uris = new Set([module.summary.uri, ...(module.summary.cells ?? [])]);
    return this.sources.findings.hints.flatMap(({ kind, when, name, at, location }): RegistrationProblem[] => {
      if (kind !== "no get_config" || when !== "import" || !uris.has(at.uri)) return [];
      const entity = this.classAt(location);
      if (!entity || entity.module.inFunction(entity.fact.scope) || this.hasMetaclass(entity)) return [];
      return [{ cause: "missing-get-config", name, at, object: location }];
    });
  }

  private classAt({ uri, start }: SourceLocation): ClassEntity | undefined {
    for (const module of this.sources.evaluator.table.modules) {
      if (module.summary.uri !== uri && !module.summary.cells?.includes(uri)) continue;
      const found = module.classes.find(({ fact }) => fact.at.start === start && module.location(fact.at).uri === uri);
      if (found) return found;
    }
    return undefined;
  }

  /** Whether a metaclass that is not Python's own makes a class or one of its bases: it may bring attributes. */
  private hasMetaclass(entity: ClassEntity): boolean {
    const { evaluator, hierarchy } = this.sources;
    return hierarchy.order(entity).order.some((item) => {
      if (typeof item === "string") return false;
      const { module, fact } = item;
      const metaclass = fact.keywords.find((keyword) => keyword.name === "metaclass");
      const site: Site = { module, scope: fact.scope, offset: fact.offset };
      const meanings = metaclass ? evaluator.evaluate(metaclass.value, site) : [];
      return meanings.some((meaning) => meaning.kind !== "external" || !isStandardLibrary(rootOf(meaning.path)));
    });
  }

  private fact(fact: Fact, module: LinkedModule): RegistrationProblem[] {
    if (fact.run?.never) return [];
    const site: Site = { module, scope: fact.scope, offset: fact.offset };
    const at = module.location(fact.at);
    if (fact.kind === "registry") {
      return entriesOf(fact.values).flatMap(({ key, value }): RegistrationProblem[] => {
        const instance = this.instance(value, site);
        // Whatever can be called may stand for a function; what Keras revives by `from_config` is a class elsewhere.
        if (!instance?.isOfKeras) return [];
        const { name, isActivation } = instance;
        return [{ cause: "instance-registered", by: "get_custom_objects", key, name, isActivation, at }];
      });
    }
    const [value] = fact.values;
    if (fact.kind !== "call" || value?.kind !== "call") return [];
    const callees = this.sources.evaluator.evaluate(value.callee, site);
    const [callee] = callees;
    const [argument] = value.arguments;
    if (callees.length !== 1 || callee?.kind !== "registering" || !argument || argument.stars) return [];
    const instance = this.instance(argument.value, site);
    if (instance) {
      const key = keyOf(callee.given);
      const { name, isActivation } = instance;
      const by = "register_keras_serializable";
      return [{ cause: "instance-registered", by, ...(key !== undefined && { key }), name, isActivation, at }];
    }
    const targets = this.sources.evaluator.evaluate(argument.value, site);
    const [target] = targets;
    if (targets.length !== 1 || (target?.kind !== "class" && target?.kind !== "function")) return [];
    return this.nameAsPackage(value.callee, site, { name: target.fact.name, at });
  }

  /** The class of which a call makes an object, where that is sure. */
  private instance(value: ValueSyntax, site: Site) {
    if (value.kind !== "call") return undefined;
    const { evaluator, hierarchy, findings } = this.sources;
    const meanings = evaluator.evaluate(value, site);
    const [meaning] = meanings;
    if (meanings.length !== 1) return undefined;
    if (meaning?.kind === "external") {
      const path = meaning.path.endsWith("()") ? meaning.path.slice(0, -2) : "";
      const name = path.slice(path.lastIndexOf(".") + 1);
      if (path.includes("()") || !isKerasObject(path) || !/^[A-Z]/.test(name) || !hasGetConfig(path)) return undefined;
      return { name, isOfKeras: true, isActivation: name === "Activation" };
    }
    if (meaning?.kind !== "instance") return undefined;
    const { order, complete } = hierarchy.order(meaning.of);
    // Whatever `__new__`, a metaclass or a decorator make of a call, or attributes that are made up, is not followed.
    const isOpen = !complete || findings.open.has(meaning.of) || meaning.of.fact.keywords.length > 0;
    if (isOpen || ["__new__", "__name__", "__getattr__"].some((name) => hierarchy.defines(meaning.of, name)))
      return undefined;
    const isOfKeras = order.some((item) => typeof item === "string" && hasGetConfig(item));
    return { name: meaning.of.fact.name, isOfKeras, isActivation: false };
  }

  /** What else is registered under the key, where one program may run both. */
  private duplicate(entry: Registration): RegistrationProblem | undefined {
    if (entry.kind === "other" || builtIn(entry)) return undefined;
    const all = this.sources.byKey.get(entry.key) ?? [];
    const others = all.filter((other) => this.clashes(entry, other));
    if (others.length === 0) return undefined;
    const isTogether = (other: Registration) => this.runTogether(entry.by, other.by);
    const together = others.filter(isTogether);
    const [last] = all.filter((one) => one === entry || together.includes(one)).slice(-1);
    return {
      cause: "duplicate-registration",
      key: entry.key,
      name: entry.qualname,
      at: entry.via.location,
      others: (together.length > 0 ? together : others).map((other) => ({
        name: other.module === entry.module ? other.qualname : `${other.module}.${other.qualname}`,
        at: other.via.location,
      })),
      ...(together.length > 0 && last && { last: { name: last.qualname, isThis: last === entry } }),
    };
  }

  private clashes(a: Registration, b: Registration): boolean {
    if (b.kind === "other" || b.by.installed || builtIn(b)) return false;
    if (a.location.uri === b.location.uri && a.location.start === b.location.start) return false;
    if (a.by === b.by) {
      // A cell that is changed and run again defines its class anew.
      if (a.by.summary.cells && a.qualname === b.qualname) return false;
    } else if (isProgram(a.by) && isProgram(b.by)) return false;
    return a.when === "import" && b.when === "import";
  }

  private runTogether(a: LinkedModule, b: LinkedModule): boolean {
    return a === b || this.reach(a).has(b) || this.reach(b).has(a);
  }

  /** The modules that importing one imports, directly or through others. */
  private reach(start: LinkedModule): ReadonlySet<LinkedModule> {
    let reached = this.reached.get(start) as Set<LinkedModule> | undefined;
    if (reached) return reached;
    reached = new Set([start]);
    this.reached.set(start, reached);
    for (const module of reached) {
      for (const imported of this.importsOf(module)) reached.add(imported);
    }
    return reached;
  }

  private importsOf(module: LinkedModule): readonly LinkedModule[] {
    let imports = this.imports.get(module);
    if (!imports) {
      imports = [...new Set(importedModules(this.sources.evaluator.table, module))];
      this.imports.set(module, imports);
    }
    return imports;
  }
}

/** A registration of what Keras finds by itself. One under another name is an alias, which somebody wanted. */
function builtIn({ key, kind, module, qualname, location, via }: Registration): RegistrationProblem | undefined {
  // What is put into the dict by hand is found there, and keeps the name that it is saved by.
  const isSet = via.text.startsWith("get_custom_objects") || location !== via.location;
  if (kind === "other" || isSet || !isKerasObject(`${module}.${qualname}`) || !key.endsWith(`>${qualname}`))
    return undefined;
  const chosen = key !== `Custom>${qualname}`;
  return { cause: "built-in-registered", kind, name: qualname, key, chosen, at: via.location };
}

/** Whether a module is only ever run itself: a notebook. Two of them are never one program. */
function isProgram({ names }: LinkedModule): boolean {
  return names.every((name) => name === "__main__");
}

function isRegisterFunction(meaning: Resolved): boolean {
  return meaning.kind === "register" || (meaning.kind === "function" && isRegister(meaning));
}

function isEmpty({ package: pack, name, open }: RegisterArguments): boolean {
  return !pack && !name && !open;
}

/** The string that is the only argument, given by position. */
function onlyString(given: readonly ArgumentSyntax[]): string | undefined {
  const [argument] = given;
  if (given.length !== 1 || argument!.keyword !== undefined || argument!.stars) return undefined;
  return argument!.value.kind === "string" ? argument!.value.value : undefined;
}

/** The key that the arguments write down; undefined where it is made of the object's name, or is not known. */
function keyOf({ package: pack, name, open }: RegisterArguments): string | undefined {
  if (open || name?.length !== 1 || name[0]!.kind !== "string") return undefined;
  const [own] = pack ?? [];
  if (pack && (pack.length !== 1 || own?.kind !== "string")) return undefined;
  return `${own?.kind === "string" ? own.value : "Custom"}>${name[0]!.value}`;
}

/** What a change of the dict puts in, as far as it is written down: `update({…})`, `["key"] = …`, `setdefault("key", …)`. */
function entriesOf(values: readonly ValueSyntax[]): { key: string; value: ValueSyntax }[] {
  const [first, second] = values;
  if (first?.kind === "string" && second) return [{ key: first.value, value: second }];
  return values.flatMap((value) =>
    value.kind === "dict"
      ? value.entries.flatMap((entry) =>
          entry.key?.kind === "string" ? [{ key: entry.key.value, value: entry.value }] : [],
        )
      : [],
  );
}

/** A name without what tells `attention_loss` from `AttentionLoss`. */
function folded(name: string): string {
  return name.replace(/[_\s-]/g, "").toLowerCase();
}
