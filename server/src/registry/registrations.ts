import type { CodeFact, DecoratorFact, Fact, Run, ValueSyntax } from "../python/summary.ts";
import { REGISTER_FUNCTION } from "../python/words.ts";
import { ARGUMENT } from "./customObjects.ts";
import type { Evaluator } from "./evaluate.ts";
import { describe, describeObject, type Entity, type Findings, type Via } from "./findings.ts";
import type { Following } from "./following.ts";
import { collectMentions, type Mentions } from "./mentions.ts";
import { classAround, type LinkedModule } from "./moduleTable.ts";
import { givenTo, packagesOf, strings } from "./registerArguments.ts";
import { isParameter, isRegister, type RegisterArguments, type Resolved, type Site } from "./resolved.ts";
import type { When } from "./view.ts";
import { isOfWorkspace, isUnknown, type Wrappers } from "./wrappers.ts";

/** Reads decorators and facts of linked modules into what is registered, what may be, and what only looks so. */
export class Registrations {
  private readonly evaluator: Evaluator;
  private readonly findings: Findings;
  private readonly wrappers: Wrappers;
  private readonly following: Following;

  constructor(evaluator: Evaluator, findings: Findings, wrappers: Wrappers, following: Following) {
    this.evaluator = evaluator;
    this.findings = findings;
    this.wrappers = wrappers;
    this.following = following;
  }

  /** Reads the decorators of one module, and what its functions may do. */
  read(module: LinkedModule): void {
    const { functions, code, facts, incomplete, hasWord } = module.summary;
    this.evaluator.tracker.touch(module);
    for (const entity of module.classes) if (entity.fact.decorators.length > 0) this.decorated(entity);
    for (const [index, { decorators }] of functions.entries()) {
      if (decorators.length > 0) this.decorated(module.function(index));
    }
    for (const fact of facts) if (!around(code, fact.offset)) this.readFact(fact, module, false);
    if (incomplete !== undefined && hasWord) this.tooLong(module, incomplete);
  }

  /** Follows the statements that run when a module does, when it is known what its decorators do. */
  run(module: LinkedModule): void {
    const { code, facts } = module.summary;
    this.evaluator.tracker.touch(module);
    const followed = this.statements(module);
    for (const fact of facts) {
      const statement = around(code, fact.offset);
      if (!statement) continue;
      const registers = followed.get(statement);
      if (registers === undefined || this.escapes(fact, module, registers)) {
        this.readFact(fact, module, registers !== undefined);
      }
    }
  }

  private readFact(fact: Fact, module: LinkedModule, followed: boolean): void {
    const before = this.findings.uncomputed.length;
    this.fact(fact, module, followed);
    // What an installed package does inside its own functions is no reason to know nothing about the workspace.
    if (module.installed && !this.runsOnImport(fact, module)) this.findings.narrow(before);
  }

  /** Follows the statements of a module; answers those of which nothing is left open, and whether they register. */
  private statements(module: LinkedModule): ReadonlyMap<CodeFact, boolean> {
    const facts = [...module.summary.facts].sort((a, b) => a.offset - b.offset);
    const followed = new Map<CodeFact, boolean>();
    let next = 0;
    for (const code of module.summary.code) {
      const when = this.when(code.run, code.scope, module);
      while (next < facts.length && facts[next]!.offset < code.offset) next++;
      const fact = facts[next];
      if (when === undefined || !fact || fact.offset >= code.end) {
        followed.set(code, true);
        continue;
      }
      const site: Site = { module, scope: code.scope, offset: code.offset };
      const text = fact.kind === "call" ? `${fact.text}(…)` : fact.text;
      const before = this.findings.declared.length;
      if (!this.following.statement(code, { site, when, via: { text, place: fact.at } })) continue;
      followed.set(code, this.findings.declared.length > before);
    }
    return followed;
  }

  /** Whether a fact says more than following its statement did: custom objects, and what registers and is kept for later. */
  private escapes(fact: Fact, module: LinkedModule, registers: boolean): boolean {
    if (fact.kind === "scope" || fact.text === ARGUMENT) return true;
    if (fact.kind === "custom objects") return !registers;
    if (registers || (fact.kind !== "reference" && (fact.kind !== "call" || fact.assigned)))
      return fact.deferred === true;
    const [value] = fact.values;
    const callee = value?.kind === "call" ? value.callee : value;
    const site: Site = { module, scope: fact.scope, offset: fact.offset };
    return (
      fact.deferred === true || (callee !== undefined && this.evaluator.evaluate(callee, site).some(isRegisterFunction))
    );
  }

  /** Decorators run from the one next to the `def` or `class` outwards. */
  private decorated(entity: Entity): void {
    const { module, fact } = entity;
    const when = this.when(fact.run, fact.scope, module);
    if (when === undefined) return;
    const site: Site = { module, scope: fact.scope, offset: fact.offset };
    // What a decorator of the workspace makes of it is asked for where that is registered.
    const before: ValueSyntax[] = [];
    for (const decorator of fact.decorators.toReversed()) {
      const meanings = this.evaluator.evaluate(decorator.value, site);
      const registering = meanings.find((meaning) => meaning.kind === "registering");
      if (registering) {
        const via = { text: `@${decorator.text}`, place: decorator.at };
        const sure = meanings[0] === registering ? when : atMost(when);
        const { object, name } =
          before.length > 0 ? this.following.decorated(before, entity, site) : { object: entity, name: fact.name };
        this.register(registering.given, object, site, sure, via, decorator.value, [], name);
      } else if (meanings.some(isRegisterFunction)) {
        const at = module.location(decorator.at);
        this.findings.hints.push({ kind: "not called", ...describe(entity), at, when });
        if (entity.kind === "class") this.findings.open.add(entity);
        // What the decorators above it get is no longer this class.
        return;
      } else {
        this.otherDecorator(entity, decorator, meanings, site);
        if ([...meanings, ...this.inner(decorator.value, site)].some(isOfWorkspace)) before.push(decorator.value);
      }
    }
  }

  private otherDecorator(entity: Entity, decorator: DecoratorFact, meanings: readonly Resolved[], site: Site): void {
    const { text, at: place, value } = decorator;
    const callees = [...meanings, ...this.inner(value, site)];
    const values = givenTo(value);
    if (callees.some(isOfWorkspace)) {
      const when = this.when(entity.fact.run, entity.fact.scope, entity.module) ?? "maybe";
      const use = { callees, values, loops: [], site, place, text, form: "decorator" } as const;
      this.findings.uses.push({ ...use, target: { entity, syntax: value, when } });
      return;
    }
    if (!callees.some((callee) => isUnknown(callee, this.wrappers))) return;
    const when = this.when(entity.fact.run, entity.fact.scope, entity.module) ?? "maybe";
    if (this.following.decorator(value, entity, { site, when, via: { text: `@${text}`, place } })) return;
    // Methods are no objects that a config names, and what a parameter decorates is decided where it is given.
    const isMethod = entity.kind === "function" && classAround(entity) !== undefined;
    if (isMethod || (entity.kind === "function" && callees.some(isParameter))) return;
    if (entity.kind === "class") this.findings.open.add(entity);
    const mentions = collectMentions(this.evaluator, site, values);
    mentions.names.add(entity.fact.name);
    this.findings.record(
      site.module,
      place,
      `@${text} is not known, it may register \`${entity.fact.name}\``,
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

  /**
   * Registers a class or function (of another package by its path) under what the arguments say, or says why that is not
   * computed. As `keras/src/saving/object_registration.py` does it: `f"{package}>{name}"`, `Custom` and `__name__` by
   * default, ValueError for a class without `get_config`.
   */
  private register(
    given: RegisterArguments,
    object: Entity | string,
    site: Site,
    when: When,
    via: Via,
    value: ValueSyntax,
    loops: readonly ValueSyntax[],
    ownName = typeof object === "string" ? object.slice(object.lastIndexOf(".") + 1) : object.fact.name,
  ): void {
    const { module } = site;
    const packages = packagesOf(given);
    const names = given.open ? undefined : strings(given.name, ownName, ownName);
    if (!packages || !names || loops.length > 0) {
      const isDecorator = typeof object !== "string" && via.text.startsWith("@");
      if (isDecorator && this.following.decorator(value, object, { site, when, via })) return;
      const mentions = collectMentions(this.evaluator, site, givenTo(value), loops);
      mentions.names.add(ownName);
      this.uncertain(site, via, mentions, packages);
      return;
    }
    const at = module.location(via.place);
    if (typeof object !== "string" && object.kind === "class" && this.following.lacksGetConfig(object)) {
      this.findings.refused(object, at, when);
      return;
    }
    const sure = packages.length * names.length === 1 ? when : atMost(when);
    const common = { ...describeObject(object, at), via: { text: via.text, location: at }, when: sure, by: module };
    for (const pack of packages) {
      for (const name of names) {
        this.findings.declare({ key: `${pack}>${name}`, ...common, scope: site.scope, offset: site.offset });
      }
    }
  }

  private fact(fact: Fact, module: LinkedModule, followed: boolean): void {
    const runs = this.when(fact.run, fact.scope, module);
    if (runs === undefined) return;
    const when = fact.deferred ? "call" : runs;
    const site: Site = { module, scope: fact.scope, offset: fact.offset };
    switch (fact.kind) {
      case "call":
        this.call(fact, when, site);
        return;
      case "reference":
        this.handedOn(fact, site);
        return;
      case "registry":
        this.registryFact(fact, site);
        return;
      default:
        this.findings.places.push({ fact, module, followed });
    }
  }

  /** `get_custom_objects()["name"] = object`, `.update({…})`, or the dict given to a function. */
  private registryFact(fact: Fact, site: Site): void {
    const { module } = site;
    const via = { text: fact.text, place: fact.at };
    if (module.inFunction(site.scope) && this.following.inFunction({ site, when: "call", via })) {
      this.wrappers.registers(module.enclosingFunctions(site.scope));
      return;
    }
    const given = fact.statement ? [fact.statement] : fact.values;
    const mentions = collectMentions(this.evaluator, site, [], [...given, ...(fact.loops ?? [])]);
    if (fact.statement) {
      this.findings.record(module, fact.at, "get_custom_objects() is given to a function here", mentions);
      return;
    }
    if (mentions.parameter) {
      this.wrappers.registers(module.enclosingFunctions(site.scope));
      mentions.anything = false;
    }
    this.findings.record(module, fact.at, "get_custom_objects() is changed here", mentions);
  }

  private call(fact: Fact, when: When, site: Site): void {
    const [value] = fact.values;
    if (value?.kind !== "call") return;
    const callees = this.evaluator.evaluate(value.callee, site);
    const registering = callees.find((callee) => callee.kind === "registering");
    const loops = fact.loops ?? [];
    if (registering) {
      const via = { text: `${fact.text}(…)(…)`, place: fact.at };
      this.target(registering.given, value, site, callees[0] === registering ? when : atMost(when), via, loops);
    } else if (callees.some(isRegisterFunction)) {
      // Called, and what it returns goes elsewhere.
      if (!fact.assigned) this.handedOn(fact, site);
    } else {
      const all = [...callees, ...this.inner(value.callee, site)];
      const values = givenTo(value);
      this.findings.uses.push({
        callees: all,
        values,
        loops,
        site,
        place: fact.at,
        text: `${fact.text}()`,
        form: "call",
      });
    }
  }

  /** `register_keras_serializable(…)(target)`. */
  private target(
    given: RegisterArguments,
    call: Extract<ValueSyntax, { kind: "call" }>,
    site: Site,
    when: When,
    via: Via,
    loops: readonly ValueSyntax[],
  ): void {
    const [argument] = call.arguments;
    const targets = argument && !argument.stars ? this.evaluator.evaluate(argument.value, site) : [];
    const [target] = targets;
    const sure = targets.length === 1 ? when : atMost(when);
    if (target?.kind === "class" || target?.kind === "function") {
      this.register(given, target, site, sure, via, call, loops);
      return;
    }
    if (target?.kind === "external" && !target.path.includes("()")) {
      this.register(given, target.path, site, sure, via, call, loops);
      return;
    }
    const packages = packagesOf(given);
    const names = given.name && !given.open ? strings(given.name, "", "") : undefined;
    const literal = packages?.length === 1 && names?.length === 1 && names[0] !== "" && loops.length === 0;
    if (literal && !targets.some(isParameter)) {
      // The key is known, the object is not.
      const { module, scope, offset } = site;
      const location = module.location(via.place);
      const object = { kind: "other", module: module.name, qualname: names[0]!, location } as const;
      const how = { via: { text: via.text, location }, when, by: module, scope, offset };
      this.findings.declare({ key: `${packages[0]}>${names[0]}`, ...object, ...how });
      return;
    }
    const mentions = collectMentions(this.evaluator, site, givenTo(call), loops);
    if (!mentions.parameter && mentions.objects === 0 && loops.length === 0) mentions.anything = true;
    this.uncertain(site, via, mentions, packages);
  }

  /** A registration that depends on more than what stands there: of its function's parameters, or of something unread. */
  private uncertain(
    site: Site,
    { text, place }: Via,
    mentions: Mentions,
    packages: readonly string[] | undefined,
  ): void {
    const functions = site.module.enclosingFunctions(site.scope);
    this.wrappers.registers(functions);
    const [inner] = functions;
    const pack = packages?.length === 1 ? packages[0] : undefined;
    if (inner && mentions.parameter) {
      mentions.anything = false;
      const reason = `${text} registers what ${inner.fact.name}() is called with`;
      this.findings.record(site.module, place, reason, mentions, pack);
    } else this.findings.record(site.module, place, `${text} registers names that are not literals`, mentions, pack);
  }

  /** Something that registers goes into a variable, an argument or a result. */
  private handedOn(fact: Fact, site: Site): void {
    const [value] = fact.values;
    if (!value) return;
    const callees = [...this.evaluator.evaluate(value, site), ...this.inner(value, site)];
    const given = [fact.statement ?? value];
    const loops = fact.loops ?? [];
    if (!callees.some((meaning) => meaning.kind === "registering" || isRegisterFunction(meaning))) {
      const { at: place, text } = fact;
      this.findings.uses.push({ callees, values: given, loops, site, place, text, form: "reference" });
      return;
    }
    const mentions = collectMentions(this.evaluator, site, given, loops);
    mentions.names.delete(REGISTER_FUNCTION);
    const functions = site.module.enclosingFunctions(site.scope);
    this.wrappers.registers(functions);
    if (functions.length > 0) mentions.anything = false;
    else if (mentions.objects === 0) mentions.anything = true;
    const reason = `${fact.text} is handed on here, what it registers is not followed`;
    this.findings.record(site.module, fact.at, reason, mentions);
  }

  private runsOnImport({ kind, scope, deferred }: Fact, module: LinkedModule): boolean {
    return kind !== "custom objects" && kind !== "scope" && !deferred && !module.inFunction(scope);
  }

  private tooLong(module: LinkedModule, why: string): void {
    const location = module.location({ start: 0, end: 0, line: 0, character: 0, endLine: 0, endCharacter: 0 });
    const reason = `this file may register, and ${why}`;
    this.findings.uncomputed.push({ location, reason, names: new Set(), anything: true, module });
  }

  private when(run: Run | undefined, scope: number, module: LinkedModule): When | undefined {
    return this.wrappers.when(run, scope, module);
  }
}

/** The statement of some, in source order, that an offset lies in. */
function around(statements: readonly CodeFact[], offset: number): CodeFact | undefined {
  let low = 0;
  let high = statements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (statements[middle]!.end <= offset) low = middle + 1;
    else high = middle;
  }
  const found = statements[low];
  return found && found.offset <= offset ? found : undefined;
}

function isRegisterFunction(meaning: Resolved): boolean {
  return meaning.kind === "register" || (meaning.kind === "function" && isRegister(meaning));
}

function atMost(when: When): When {
  return when === "import" ? "maybe" : when;
}
