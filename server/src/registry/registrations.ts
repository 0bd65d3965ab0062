import type { DecoratorFact, Fact, Place, Run, ValueSyntax } from "../python/summary.ts";
import { REGISTER_FUNCTION } from "../python/words.ts";
import {
  type Evaluator,
  isParameter,
  isRegister,
  type RegisterArguments,
  type Resolved,
  type Site,
} from "./evaluate.ts";
import type { Hierarchy } from "./hierarchy.ts";
import { collectMentions, type Mentions } from "./mentions.ts";
import { type ClassEntity, classAround, type FunctionEntity, type LinkedModule, qualnameOf } from "./moduleTable.ts";
import { isKnownSilent, KERAS_PACKAGES, rootOf } from "./packages.ts";
import type { Declaration, SourceLocation, When } from "./view.ts";

/** Something that may register names that are not computed. */
export interface Uncomputed {
  readonly location: SourceLocation;
  /** One sentence without a trailing period. */
  readonly reason: string;
  /** Keys, class names and function names that it speaks of. */
  readonly names: ReadonlySet<string>;
  /** Whether it may register any name at all; of the one package where that is known. */
  readonly anything: boolean;
  readonly package?: string;
  readonly module: LinkedModule;
}

/** What looks like a registration and is none. */
export interface RegistrationHint {
  readonly kind: /** `@register_keras_serializable` without parentheses: the class becomes Keras's inner function. */
    | "not called"
    /** A class without `get_config()`: Keras raises ValueError when the module is imported. */
    | "no get_config";
  readonly name: string;
  readonly module: string;
  readonly qualname: string;
  readonly location: SourceLocation;
  readonly at: SourceLocation;
}

/** A declaration, with where its registration stands, for the order of imports. */
export interface Registration extends Declaration {
  readonly by: LinkedModule;
  readonly scope: number;
  readonly offset: number;
}

type Entity = ClassEntity | FunctionEntity;

/** A use of something of the workspace that may turn out to register what it is given. */
interface Use {
  readonly callees: readonly Resolved[];
  readonly values: readonly ValueSyntax[];
  readonly loops: readonly ValueSyntax[];
  readonly site: Site;
  readonly place: Place;
  readonly text: string;
  readonly target?: Entity;
  readonly isDecorator: boolean;
  done: boolean;
}

/** Reads decorators and facts of linked modules into what is registered, what may be, and what only looks so. */
export class Registrations {
  readonly declared: Registration[] = [];
  readonly uncomputed: Uncomputed[] = [];
  readonly hints: RegistrationHint[] = [];
  /** Functions that register what they are called with. */
  readonly registering = new Set<FunctionEntity>();
  /** Functions whose bodies were not read and would decide something. */
  readonly unread = new Set<FunctionEntity>();
  /** Classes that a decorator or the like leaves open. */
  private readonly open: Set<ClassEntity>;
  private readonly uses: Use[] = [];
  private readonly evaluator: Evaluator;
  private readonly hierarchy: Hierarchy;
  /** Whether a package outside the workspace was not read and may register. */
  private readonly isUnreadPackage: (root: string) => boolean;
  private readonly reach = new Map<FunctionEntity, boolean>();
  /** The methods of a class that Python calls by itself. */
  private readonly called = new Map<ClassEntity, readonly FunctionEntity[]>();
  /** The names of methods that register. */
  private readonly methods = new Set<string>();

  /** `open` is filled while reading: the hierarchy asks it later. */
  constructor(
    evaluator: Evaluator,
    hierarchy: Hierarchy,
    open: Set<ClassEntity>,
    isUnreadPackage: (root: string) => boolean,
  ) {
    this.evaluator = evaluator;
    this.hierarchy = hierarchy;
    this.open = open;
    this.isUnreadPackage = isUnreadPackage;
  }

  /** Reads all modules, then follows what registers through the functions that call it. */
  read(modules: readonly LinkedModule[]): void {
    for (const module of modules) {
      for (const entity of module.classes) this.decorated(entity);
      for (const [index, { decorators }] of module.summary.functions.entries()) {
        if (decorators.length > 0) this.decorated(module.function(index));
      }
      for (const fact of module.summary.facts) this.fact(fact, module);
      if (module.summary.incomplete !== undefined && module.summary.hasWord) this.tooLong(module);
    }
    this.propagate();
    const methods = [...this.registering].filter((entity) => INHERITED.has(entity.fact.name) && classAround(entity));
    if (methods.length === 0) return;
    for (const module of modules) for (const entity of module.classes) this.inherited(entity);
  }

  /** Decorators run from the one next to the `def` or `class` outwards. */
  private decorated(entity: Entity): void {
    const { module, fact } = entity;
    const when = this.when(fact.run, fact.scope, module);
    if (when === undefined) return;
    const site: Site = { module, scope: fact.scope, offset: fact.offset };
    for (let index = fact.decorators.length - 1; index >= 0; index--) {
      const decorator = fact.decorators[index]!;
      const meanings = this.evaluator.evaluate(decorator.value, site);
      const registering = meanings.find((meaning) => meaning.kind === "registering");
      if (registering) {
        const sure = meanings[0] === registering;
        const via = { text: `@${decorator.text}`, place: decorator.at };
        this.register(registering.given, entity, site, sure ? when : atMost(when), via, [decorator.value], []);
      } else if (meanings.some((m) => m.kind === "register" || (m.kind === "function" && isRegister(m)))) {
        const at = module.location(decorator.at);
        this.hints.push({ kind: "not called", ...describe(entity), at });
        if (entity.kind === "class") this.open.add(entity);
        // What the decorators above it get is no longer this class.
        return;
      } else this.decoratorUse(entity, decorator, meanings, site);
    }
  }

  private decoratorUse(entity: Entity, decorator: DecoratorFact, meanings: readonly Resolved[], site: Site): void {
    const callees = [...meanings, ...this.inner(decorator.value, site)];
    if (callees.some((callee) => isOfWorkspace(callee))) {
      const { text, at: place, value } = decorator;
      this.uses.push({
        callees,
        values: [value],
        loops: [],
        site,
        place,
        text,
        target: entity,
        isDecorator: true,
        done: false,
      });
      return;
    }
    // Methods are no objects that a config names, and what a parameter decorates is decided where it is given.
    const isMethod = entity.kind === "function" && classAround(entity) !== undefined;
    if (isMethod || callees.every(isParameter) || !callees.some((callee) => this.isUnknown(callee))) return;
    if (entity.kind === "function" && entity.module.inFunction(entity.fact.scope) && callees.some(isParameter)) return;
    if (entity.kind === "class") this.open.add(entity);
    const mentions = collectMentions(this.evaluator, site, [decorator.value]);
    mentions.names.add(entity.fact.name);
    this.record(
      site.module,
      decorator.at,
      `@${decorator.text} is not known, it may register \`${entity.fact.name}\``,
      mentions,
    );
  }

  /** What is called on the way to a value: the callee of a call, the object of an attribute. */
  private inner(value: ValueSyntax, site: Site): Resolved[] {
    const result: Resolved[] = [];
    let at = value;
    while (at.kind === "call" || at.kind === "attribute" || at.kind === "subscript") {
      at = at.kind === "call" ? at.callee : at.of;
      result.push(...this.evaluator.evaluate(at, site));
    }
    return result;
  }

  private isUnknown(meaning: Resolved): boolean {
    if (meaning.kind === "external") return this.isOpenPath(meaning.path);
    return meaning.kind === "unknown" || meaning.kind === "syntax" || meaning.kind === "module";
  }

  private isOpenPath(path: string): boolean {
    const root = rootOf(path);
    return !isKnownSilent(root) && this.isUnreadPackage(root);
  }

  /** Registers a class or function under what the arguments say, or says why that is not computed. */
  private register(
    given: RegisterArguments,
    entity: Entity | { external: string },
    site: Site,
    when: When,
    via: { text: string; place: Place },
    values: readonly ValueSyntax[],
    loops: readonly ValueSyntax[],
  ): void {
    const { module } = site;
    const packages = given.open ? undefined : strings(given.package, "Custom", "None");
    const ownName =
      "external" in entity ? entity.external.slice(entity.external.lastIndexOf(".") + 1) : entity.fact.name;
    const names = given.open ? undefined : strings(given.name, ownName, ownName);
    if (!packages || !names || loops.length > 0) {
      const mentions = collectMentions(this.evaluator, site, values, loops);
      mentions.names.add(ownName);
      this.uncertain(site, via.place, via.text, mentions, packages?.length === 1 ? packages[0] : undefined);
      return;
    }
    if ("kind" in entity && entity.kind === "class" && this.lacksGetConfig(entity)) {
      this.hints.push({ kind: "no get_config", ...describe(entity), at: module.location(via.place) });
      return;
    }
    const place = { text: via.text, location: module.location(via.place) };
    const sure = packages.length * names.length === 1 ? when : atMost(when);
    for (const pack of packages) {
      for (const name of names) {
        const described =
          "external" in entity ? describeExternal(entity.external, place.location) : describeObject(entity);
        this.declared.push({
          key: `${pack}>${name}`,
          ...described,
          via: place,
          when: sure,
          by: module,
          scope: site.scope,
          offset: site.offset,
        });
      }
    }
  }

  /** Whether Keras refuses to register a class, as far as its ancestors are all known to have no `get_config`. */
  private lacksGetConfig(entity: ClassEntity): boolean {
    const { order, complete } = this.hierarchy.order(entity);
    if (!complete || this.open.has(entity) || this.hierarchy.defines(entity, "get_config")) return false;
    return order.every((item) => typeof item !== "string" || !KERAS_PACKAGES.has(rootOf(item)));
  }

  private fact(fact: Fact, module: LinkedModule): void {
    const when = this.when(fact.run, fact.scope, module);
    if (when === undefined) return;
    const site: Site = { module, scope: fact.scope, offset: fact.offset };
    const loops = fact.loops ?? [];
    switch (fact.kind) {
      case "call":
        this.call(fact, when, site);
        return;
      case "reference":
        this.handedOn(fact, site);
        return;
      case "registry": {
        const given = fact.statement ? [fact.statement] : fact.values;
        const mentions = collectMentions(this.evaluator, site, [], [...given, ...loops]);
        if (fact.statement) this.record(module, fact.at, "get_custom_objects() is given to a function here", mentions);
        else this.changed(fact, site, mentions, "get_custom_objects() is changed here");
        return;
      }
      default: {
        const mentions = collectMentions(this.evaluator, site, [], fact.values);
        // What a parameter brings is spoken of where it is given.
        if (mentions.parameter) mentions.anything = false;
        if (mentions.names.size === 0 && !mentions.anything && mentions.unread.size === 0) return;
        const what =
          fact.text === "custom_objects="
            ? "custom_objects= brings names for one load"
            : `${fact.text} brings names for a while`;
        this.record(module, fact.at, what, mentions);
      }
    }
  }

  private call(fact: Fact, when: When, site: Site): void {
    const [value] = fact.values;
    if (value?.kind !== "call") return;
    const { module } = site;
    const callees = this.evaluator.evaluate(value.callee, site);
    const registering = callees.find((callee) => callee.kind === "registering");
    if (registering) {
      const argument = value.arguments[0];
      const targets = argument && !argument.stars ? this.evaluator.evaluate(argument.value, site) : [];
      const via = { text: `${fact.text}(…)(…)`, place: fact.at };
      const sure = callees[0] === registering ? when : atMost(when);
      this.target(registering.given, targets, site, sure, via, value, fact.loops ?? []);
      return;
    }
    if (callees.some((callee) => callee.kind === "register" || (callee.kind === "function" && isRegister(callee)))) {
      // Called, and what it returns goes elsewhere.
      this.handedOn(fact, site);
      return;
    }
    const all = [...callees, ...this.inner(value.callee, site)];
    const { text, at: place } = fact;
    const values = [value, ...(fact.statement ? [fact.statement] : [])];
    this.uses.push({
      callees: all,
      values,
      loops: fact.loops ?? [],
      site,
      place,
      text: text || module.name,
      isDecorator: false,
      done: false,
    });
  }

  /** `register_keras_serializable(…)(target)`. */
  private target(
    given: RegisterArguments,
    targets: readonly Resolved[],
    site: Site,
    when: When,
    via: { text: string; place: Place },
    value: ValueSyntax,
    loops: readonly ValueSyntax[],
  ): void {
    const [target] = targets;
    const same = targets.length === 1 ? when : atMost(when);
    if (target?.kind === "class" || target?.kind === "function") {
      this.register(given, target, site, same, via, [value], loops);
    } else if (target?.kind === "external" && !target.path.includes("()")) {
      this.register(given, { external: target.path }, site, same, via, [value], loops);
    } else {
      const mentions = collectMentions(this.evaluator, site, [value], loops);
      const packages = given.open ? undefined : strings(given.package, "Custom", "None");
      const names = given.name && strings(given.name, "", "");
      if (
        packages?.length === 1 &&
        names?.length === 1 &&
        names[0] !== "" &&
        loops.length === 0 &&
        !targets.some(isParameter)
      ) {
        // The key is known, the object is not.
        const location = site.module.location(via.place);
        const object = { kind: "other", module: site.module.name, qualname: names[0]!, location } as const;
        this.declared.push({
          key: `${packages[0]}>${names[0]}`,
          ...object,
          via: { text: via.text, location },
          when,
          by: site.module,
          scope: site.scope,
          offset: site.offset,
        });
        return;
      }
      if (target?.kind === "syntax" || target?.kind === "unknown" || target === undefined) {
        if (!mentions.parameter && mentions.objects === 0) mentions.anything = true;
      }
      this.uncertain(site, via.place, via.text, mentions, packages?.length === 1 ? packages[0] : undefined);
    }
  }

  /** A registration that depends on more than what stands there: of its function's parameters, or of something unread. */
  private uncertain(site: Site, place: Place, text: string, mentions: Mentions, pack: string | undefined): void {
    const functions = site.module.enclosingFunctions(site.scope);
    if (functions.length > 0 && (mentions.parameter || !mentions.anything)) {
      this.registers(functions);
      const [inner] = functions;
      const reason = `${text} registers what ${inner!.fact.name}() is called with`;
      if (mentions.parameter) mentions.anything = false;
      this.record(site.module, place, reason, mentions, pack);
      return;
    }
    this.registers(functions);
    this.record(site.module, place, `${text} registers names that are not literals`, mentions, pack);
  }

  private registers(functions: readonly FunctionEntity[]): void {
    for (const entity of functions) {
      // What Keras itself is made of registers what it is asked to; who asks is what counts.
      if (KERAS_PACKAGES.has(rootOf(entity.module.name))) continue;
      this.registering.add(entity);
      if (classAround(entity) && !entity.fact.name.startsWith("__")) this.methods.add(entity.fact.name);
    }
  }

  /** Something that registers goes into a variable, an argument or a result. */
  private handedOn(fact: Fact, site: Site): void {
    const [value] = fact.values;
    if (!value) return;
    const inner = [...this.evaluator.evaluate(value, site), ...this.inner(value, site)];
    const registers = inner.some(
      (m) => m.kind === "register" || m.kind === "registering" || (m.kind === "function" && isRegister(m)),
    );
    if (!registers) {
      this.uses.push({
        ...{ callees: inner, values: fact.statement ? [fact.statement] : [value], loops: fact.loops ?? [] },
        ...{ site, place: fact.at, text: fact.text, isDecorator: false, done: false },
      });
      return;
    }
    const mentions = collectMentions(this.evaluator, site, [fact.statement ?? value], fact.loops);
    mentions.names.delete(REGISTER_FUNCTION);
    const functions = site.module.enclosingFunctions(site.scope);
    this.registers(functions);
    if (functions.length > 0) mentions.anything = false;
    else if (mentions.objects === 0) mentions.anything = true;
    this.record(site.module, fact.at, `${fact.text} is handed on here, what it registers is not followed`, mentions);
  }

  private changed(fact: Fact, site: Site, mentions: Mentions, reason: string): void {
    const functions = site.module.enclosingFunctions(site.scope);
    if (mentions.parameter) {
      this.registers(functions);
      mentions.anything = false;
    }
    this.record(site.module, fact.at, reason, mentions);
  }

  /** Follows what registers its arguments through the functions that hand theirs on. */
  private propagate(): void {
    for (let changed = true; changed; ) {
      changed = false;
      for (const use of this.uses) {
        if (use.done || !use.callees.some((callee) => this.registersItsArguments(callee))) continue;
        use.done = true;
        changed = true;
        this.registeringUse(use);
      }
    }
    for (const use of this.uses) if (!use.done && use.isDecorator) this.harmlessDecorator(use);
  }

  /** Whether a call of this registers what it is given. */
  registersItsArguments(callee: Resolved): boolean {
    // An object that cannot be told, with a method of that name that registers.
    if (callee.kind === "unknown") return this.methods.has(callee.name);
    return this.functionsOf(callee).some((entity) => this.registering.has(entity));
  }

  private registeringUse(use: Use): void {
    const { site, target } = use;
    const mentions = collectMentions(this.evaluator, site, use.values, use.loops);
    if (target) {
      mentions.names.add(target.fact.name);
      if (target.kind === "class") this.open.add(target);
    }
    const functions = site.module.enclosingFunctions(site.scope);
    const handsOn = mentions.parameter || /^(?:self|cls|super\(\))\b/.test(use.text);
    if (handsOn && !target) {
      this.registers(functions);
      mentions.anything = false;
      if (functions.length > 0 && mentions.names.size === 0) return;
    }
    const what = use.isDecorator
      ? `@${use.text} registers \`${target!.fact.name}\` under names that are not computed`
      : `${use.text}() registers names that are not computed`;
    this.record(site.module, use.place, what, mentions);
  }

  /** A decorator of the workspace: it opens nothing unless its body calls into a package that was not read. */
  private harmlessDecorator(use: Use): void {
    const functions = use.callees.flatMap((callee) => this.functionsOf(callee));
    const entity = use.target!;
    if (entity.kind === "function" && classAround(entity)) return;
    if (!functions.some((inner) => this.reachesUnread(inner))) return;
    if (entity.kind === "class") this.open.add(entity);
    const mentions = collectMentions(this.evaluator, use.site, use.values);
    mentions.names.add(entity.fact.name);
    this.record(
      use.site.module,
      use.place,
      `@${use.text} calls into a package that was not read, it may register \`${entity.fact.name}\``,
      mentions,
    );
  }

  private functionsOf(callee: Resolved): readonly FunctionEntity[] {
    if (callee.kind === "function") return [callee];
    if (callee.kind === "result") return [callee.of];
    const entity = callee.kind === "instance" ? callee.of : callee.kind === "class" ? callee : undefined;
    if (!entity) return [];
    let functions = this.called.get(entity);
    if (!functions) {
      functions = CALLED_BY_PYTHON.flatMap((name) =>
        this.evaluator.classMember(entity, name).filter((member) => member.kind === "function"),
      );
      this.called.set(entity, functions);
    }
    return functions;
  }

  /** Whether a function's body, or that of one of its file that it calls, calls into a package that was not read. */
  private reachesUnread(start: FunctionEntity): boolean {
    const known = this.reach.get(start);
    if (known !== undefined) return known;
    this.reach.set(start, false);
    const seen = new Set<FunctionEntity>([start]);
    const queue = [start];
    let reached = false;
    for (let at = queue.pop(); at && !reached && seen.size < 200; at = queue.pop()) {
      const { module, fact } = at;
      if (fact.calls === undefined) {
        // Only the headers were read: that is enough where the module imports nothing that was not read.
        if (this.importsUnread(module)) {
          this.unread.add(at);
          reached = true;
        }
        continue;
      }
      const site: Site = { module, scope: fact.body < 0 ? fact.scope : fact.body, offset: Number.POSITIVE_INFINITY };
      for (const path of fact.calls) {
        for (const meaning of this.evaluator.evaluate({ kind: "name", path }, site)) {
          if (meaning.kind === "external" && this.isOpenPath(meaning.path)) reached = true;
          // Beyond the decorator's own file the way is too long for what it would find.
          if (meaning.kind === "function" && meaning.module === start.module && !seen.has(meaning)) {
            seen.add(meaning);
            queue.push(meaning);
          }
        }
      }
    }
    this.reach.set(start, reached);
    return reached;
  }

  private importsUnread(module: LinkedModule): boolean {
    return module.summary.imports.some((fact) => {
      if (fact.level > 0 || fact.run?.never) return false;
      const target = this.evaluator.table.resolve(fact.module, 0, module);
      return typeof target === "string" && !this.evaluator.table.isNamespace(target) && this.isOpenPath(target);
    });
  }

  /** Classes that a base's `__init_subclass__` or a metaclass registers. */
  private inherited(entity: ClassEntity): void {
    const { module, fact } = entity;
    const site: Site = { module, scope: fact.scope, offset: fact.offset };
    const isRegistering = (of: ClassEntity, names: readonly string[]) =>
      names.some((name) =>
        this.evaluator
          .classMember(of, name)
          .some((m) => m.kind === "function" && this.registering.has(m) && classAround(m) !== entity),
      );
    for (const base of this.evaluator.bases(entity)) {
      if (base.kind === "class" && isRegistering(base, ["__init_subclass__"]))
        this.bySuper(entity, "__init_subclass__ of a base");
    }
    for (const item of this.hierarchy.order(entity).order) {
      if (typeof item === "string") continue;
      const keyword = item.fact.keywords.find(({ name }) => name === "metaclass");
      if (!keyword) continue;
      const meanings = this.evaluator.evaluate(
        keyword.value,
        item === entity ? site : { module: item.module, scope: item.fact.scope, offset: item.fact.offset },
      );
      if (meanings.some((m) => m.kind === "class" && isRegistering(m, ["__new__", "__init__", "__call__"])))
        this.bySuper(entity, "its metaclass");
    }
  }

  private bySuper(entity: ClassEntity, what: string): void {
    const names = new Set([entity.fact.name]);
    this.open.add(entity);
    this.uncomputed.push({
      ...{ location: entity.module.location(entity.fact.at), names, anything: false, module: entity.module },
      reason: `${what} registers \`${entity.fact.name}\` under names that are not computed`,
    });
  }

  private tooLong(module: LinkedModule): void {
    const location = module.location({ start: 0, end: 0, line: 0, character: 0, endLine: 0, endCharacter: 0 });
    const reason = `this file may register, and ${module.summary.incomplete}`;
    this.uncomputed.push({ location, reason, names: new Set(), anything: true, module });
  }

  private record(module: LinkedModule, place: Place, reason: string, mentions: Mentions, pack?: string): void {
    for (const entity of mentions.unread) this.unread.add(entity);
    this.uncomputed.push({
      ...{ location: module.location(place), reason, names: mentions.names, module },
      anything: mentions.anything || mentions.unread.size > 0,
      ...(pack === undefined ? {} : { package: pack }),
    });
  }

  /** When a statement runs; undefined where it never does. */
  private when(run: Run | undefined, scope: number, module: LinkedModule): When | undefined {
    if (run?.never) return undefined;
    if (module.inFunction(scope)) return "call";
    if (run?.maybe) return "maybe";
    if (run?.main && !(module.names.length === 1 && module.names[0] === "__main__")) return "maybe";
    return this.evaluator.cannotRun(run) ? "maybe" : "import";
  }
}

/** Methods that run when a class is derived, or when a class of a metaclass is made. */
const INHERITED = new Set(["__init_subclass__", "__new__", "__init__", "__call__"]);
/** Methods that run when a class is called, or when what that returns is. */
const CALLED_BY_PYTHON = ["__call__", "__init__", "__new__", "__enter__", "__post_init__"];

function isOfWorkspace(meaning: Resolved): boolean {
  return (
    meaning.kind === "function" || meaning.kind === "class" || meaning.kind === "instance" || meaning.kind === "result"
  );
}

function atMost(when: When): When {
  return when === "import" ? "maybe" : when;
}

/** The strings that an argument can be: the default where it is not given, `none` where it is None; undefined if unknown. */
function strings(meanings: readonly Resolved[] | undefined, absent: string, none: string): string[] | undefined {
  if (!meanings) return [absent];
  const result: string[] = [];
  for (const meaning of meanings) {
    if (meaning.kind === "string") result.push(meaning.value);
    else if (meaning.kind === "none") result.push(none);
    else return undefined;
  }
  return [...new Set(result)];
}

function describe(entity: Entity) {
  const { module, fact } = entity;
  return { name: fact.name, module: module.name, qualname: qualnameOf(entity), location: module.location(fact.at) };
}

function describeObject(entity: Entity) {
  const { module, qualname, location } = describe(entity);
  return { kind: entity.kind, module, qualname, location };
}

/** A class or function of another package, registered by the workspace: its place is that of the registration. */
function describeExternal(path: string, location: SourceLocation) {
  const dot = path.lastIndexOf(".");
  const qualname = path.slice(dot + 1);
  // Keras names its classes with a capital letter, and its functions without.
  const kind = !KERAS_PACKAGES.has(rootOf(path)) ? "other" : /^[A-Z]/.test(qualname) ? "class" : "function";
  return { kind, module: path.slice(0, dot), qualname, location } as const;
}
