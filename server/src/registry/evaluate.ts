import type { Binding, BoundValue, Run, ValueSyntax } from "../python/summary.ts";
import { partsOf } from "../python/valueSyntax.ts";
import { lastSegment } from "../python/words.ts";
import { evaluateCall } from "./evaluateCall.ts";
import {
  type ClassEntity,
  type FunctionEntity,
  type LinkedModule,
  lastBefore,
  type ModuleTable,
  qualnameOf,
} from "./moduleTable.ts";
import { BUILTINS, rootOf } from "./packages.ts";
import {
  asRegister,
  exports,
  isParameter,
  MOST_MEANINGS,
  PARAMETER,
  type Resolved,
  type Site,
  UNKNOWN,
  unique,
} from "./resolved.ts";
import { isScript, type Presence, runsOf } from "./runs.ts";
import { type Traced, Tracker } from "./tracker.ts";

/** Names that lead to names and so on, deeper than this, are unknown. */
const DEEPEST_NAME = 60;
/** Parts of one expression and of all that it leads to that are looked at. */
const MOST_STEPS = 5000;
/** Parts of expressions of one module that are looked at in all: what a file of a sane size asks is a hundredth of it. */
const MOST_MODULE_STEPS = 1_000_000;
/** Bindings of one name in one scope that are looked at, from the last one back. */
const MOST_BINDINGS = 50;

/** Evaluates expressions over linked modules: follows imports, re-exports, aliases and attributes, never runs anything. */
export class Evaluator {
  readonly table: ModuleTable;
  /** Whether the import of a package is known to succeed, or to fail. */
  private readonly presence: Presence;
  readonly tracker = new Tracker();
  private readonly members = new Map<LinkedModule, Map<string, Traced<readonly Resolved[]>>>();
  private readonly subscripted = new Map<ClassEntity, Traced<boolean>>();
  private depth = 0;
  private steps = 0;

  constructor(table: ModuleTable, presence: Presence) {
    this.table = table;
    this.presence = presence;
  }

  /** The meanings of an expression, the likeliest first; never empty. */
  evaluate(value: ValueSyntax, at: Site): readonly Resolved[] {
    if (this.depth === 0) this.steps = 0;
    if (this.depth >= DEEPEST_NAME || ++this.steps > MOST_STEPS || ++at.module.steps > MOST_MODULE_STEPS)
      return UNKNOWN;
    this.depth++;
    const result = this.evaluateInner(value, at);
    this.depth--;
    return result.length === 0 ? UNKNOWN : result;
  }

  private evaluateInner(value: ValueSyntax, at: Site): readonly Resolved[] {
    switch (value.kind) {
      case "name": {
        const [head, ...rest] = value.path.split(".");
        let result = this.lookUp(head!, at);
        for (const name of rest) result = this.attribute(result, name, at);
        return result;
      }
      case "string":
        return [{ kind: "string", value: value.value }];
      case "constant":
        return value.value === "None" ? [{ kind: "none" }] : [{ kind: "syntax", value, at }];
      case "attribute":
        return this.attribute(this.evaluate(value.of, at), value.name, at);
      case "call":
        return evaluateCall(this, value, at);
      case "join":
        return this.join(value.parts, at);
      case "choice":
        return unique(value.options.flatMap((option) => this.evaluate(option, at)));
      case "subscript":
        return this.subscript(value, at);
      case "element":
        return this.evaluate(value.of, at).some(isParameter) ? PARAMETER : [{ kind: "syntax", value, at }];
      case "other":
        return value.names.some((path) => this.lookUp(path.split(".", 1)[0]!, at).some(isParameter))
          ? PARAMETER
          : [{ kind: "syntax", value, at }];
      case "spread":
      case "operation":
      case "lambda":
      case "comprehension": {
        const parts = partsOf(value);
        const given = parts.some((part) => this.evaluate(part, at).some(isParameter));
        return given ? PARAMETER : [{ kind: "syntax", value, at }];
      }
      default:
        return [{ kind: "syntax", value, at }];
    }
  }

  /** The meanings of a plain name where it is used. */
  lookUp(name: string, at: Site): readonly Resolved[] {
    const { module } = at;
    const { scopes } = module.summary;
    let { offset } = at;
    for (let scope = at.scope, first = true; scope >= 0; scope = scopes[scope]!.parent) {
      const { kind } = scopes[scope]!;
      // A class body is seen by its own statements alone, not by the functions in it.
      if (kind !== "class" || first) {
        const found =
          scope === 0 && offset === Number.POSITIVE_INFINITY
            ? this.member(module, name)
            : this.bound(name, { module, scope, offset });
        if (found.length > 0) return found;
      }
      // A function runs when the scopes around it are complete; a class body runs where it stands.
      if (kind === "function") offset = Number.POSITIVE_INFINITY;
      first = false;
    }
    if (name === "__name__") return [{ kind: "string", value: module.name }];
    if (BUILTINS.has(name)) return [{ kind: "external", path: `builtins.${name}` }];
    return [{ kind: "unknown", name }];
  }

  /** What a module binds under a name once it ran, submodules of a package included; empty where it binds nothing. */
  member(module: LinkedModule, name: string): readonly Resolved[] {
    let table = this.members.get(module);
    if (!table) {
      table = new Map();
      this.members.set(module, table);
    }
    if (this.depth >= DEEPEST_NAME && !table.has(name)) return [];
    const compute = () => {
      this.depth++;
      const found = this.bound(name, { module, scope: 0, offset: Number.POSITIVE_INFINITY });
      this.depth--;
      return found.length > 0 ? found : this.submodule(module, name);
    };
    // A name that leads back to itself stands for nothing.
    return this.tracker.remember(table, name, compute, { value: [], from: new Set([module]) });
  }

  private submodule(module: LinkedModule, name: string): readonly Resolved[] {
    if (!module.isPackage) return [];
    for (const own of module.names) {
      const found = this.named(`${own}.${name}`, module);
      if (found) return [found];
    }
    return [];
  }

  /** The module or namespace package that a dotted name is where `from` imports it. */
  named(name: string, from: LinkedModule): Resolved | undefined {
    const module = this.table.find(name, from);
    if (module) return { kind: "module", module };
    return this.table.isNamespace(name) ? { kind: "namespace", name } : undefined;
  }

  /** The bindings of a name in one scope that can be in force at `offset`: what runs for certain, then what may run. */
  private bound(name: string, { module, scope, offset }: Site): readonly Resolved[] {
    this.tracker.touch(module);
    const bindings = module.bindings(scope, name);
    const last = lastBefore(bindings, offset);
    const certain: Resolved[] = [];
    const possible: Resolved[] = [];
    const stop = Math.max(0, last - MOST_BINDINGS);
    for (let at = last; at >= stop && certain.length === 0; at--) {
      const binding = bindings[at]!;
      const runs = this.runs(binding.run, module);
      if (runs === "never") continue;
      (runs === "sure" ? certain : possible).push(...this.value(binding, { module, scope, offset: binding.at }));
    }
    if (certain.length > 0 || possible.length > 0) return unique([...certain, ...possible]);
    return this.starred(name, { module, scope, offset });
  }

  /** Whether a statement runs when its scope does. */
  runs(run: Run | undefined, module: LinkedModule): "sure" | "maybe" | "never" {
    return runsOf(run, isScript(module), this.presence, (test) => {
      if (this.depth >= DEEPEST_NAME) return undefined;
      this.depth++;
      const at = { module, scope: 0, offset: test.at };
      const meanings = this.evaluate({ kind: "name", path: test.name }, at);
      this.depth--;
      return meanings;
    });
  }

  private starred(name: string, { module, scope, offset }: Site): readonly Resolved[] {
    const stars = module.summary.scopes[scope]!.stars;
    const outside: Resolved[] = [];
    for (let at = stars.length - 1; at >= 0; at--) {
      const star = stars[at]!;
      if (star.at >= offset || this.runs(star.run, module) === "never") continue;
      const from = this.table.resolve(star.module, star.level, module);
      if (typeof from === "string") {
        const path = `${from}.${name}`;
        outside.push(asRegister(path) ?? { kind: "external", path });
        continue;
      }
      this.tracker.touch(from);
      if (exports(from, name)) {
        const found = this.member(from, name);
        if (found.length > 0) return found;
      }
    }
    // A name of the language is what it is unless the package that was not read has it too, which is not to be expected.
    if (BUILTINS.has(name) || name.startsWith("__")) return [];
    return outside.slice(0, MOST_MEANINGS);
  }

  private value(binding: Binding, at: Site): readonly Resolved[] {
    const { module } = at;
    const value: BoundValue = binding.value;
    switch (value.kind) {
      case "class":
        return [module.classes[value.index]!];
      case "function":
        return [module.function(value.index)];
      case "parameter":
        return PARAMETER;
      case "module": {
        const found = this.table.resolve(value.module, 0, module);
        if (typeof found !== "string") return [{ kind: "module", module: found }];
        return [this.table.isNamespace(found) ? { kind: "namespace", name: found } : { kind: "external", path: found }];
      }
      case "member": {
        const from = this.table.resolve(value.module, value.level, module);
        if (typeof from === "string") return [this.outside(from, value.name, module)];
        const found = this.member(from, value.name);
        // `from package import module` in the package itself.
        const members = found.length > 0 ? found : this.submodule(from, value.name);
        return members.length > 0 ? members : [{ kind: "unknown", name: `${from.name}.${value.name}` }];
      }
      default:
        return this.evaluate(value.value, at);
    }
  }

  private outside(from: string, name: string, module: LinkedModule): Resolved {
    const path = from.endsWith(".") ? from + name : `${from}.${name}`;
    return this.named(path, module) ?? asRegister(path) ?? { kind: "external", path };
  }

  /** An attribute of each meaning. */
  attribute(of: readonly Resolved[], name: string, at: Site): readonly Resolved[] {
    return unique(of.flatMap((meaning) => this.attributeOf(meaning, name, at)));
  }

  private attributeOf(meaning: Resolved, name: string, at: Site): readonly Resolved[] {
    switch (meaning.kind) {
      case "module": {
        const found = this.member(meaning.module, name);
        return found.length > 0 ? found : [{ kind: "unknown", name: `${meaning.module.name}.${name}` }];
      }
      case "namespace":
        return [this.outside(meaning.name, name, at.module)];
      case "external": {
        const path = `${meaning.path}.${name}`;
        return [asRegister(path) ?? { kind: "external", path }];
      }
      case "class":
      case "function":
        if (name === "__name__") return [{ kind: "string", value: meaning.fact.name }];
        if (name === "__qualname__") return [{ kind: "string", value: qualnameOf(meaning) }];
        if (name === "__module__") return [{ kind: "string", value: meaning.module.name }];
        if (meaning.kind === "class" && this.isEnum(meaning))
          return [{ kind: "enum member", value: this.classMember(meaning, name) }];
        return meaning.kind === "class" ? this.classMember(meaning, name) : [this.functionMember(meaning, name)];
      case "enum member":
        return name === "value" || name === "_value_" ? meaning.value : UNKNOWN;
      case "instance":
        return this.classMember(meaning.of, name);
      case "parameter":
        return PARAMETER;
      default:
        return [{ kind: "unknown", name }];
    }
  }

  /** Whether a class is an enumeration: what its body binds is not what its attributes are. */
  isEnum(entity: ClassEntity): boolean {
    return this.bases(entity).some((base) => base.kind === "external" && rootOf(base.path) === "enum");
  }

  /** What a function has besides its own: `find.register` where `find` is decorated with `functools.singledispatch`. */
  private functionMember({ module, fact }: FunctionEntity, name: string): Resolved {
    const [outermost] = fact.decorators;
    const site = { module, scope: fact.scope, offset: fact.offset };
    const [meaning] = outermost ? this.evaluate(outermost.value, site) : [];
    return meaning?.kind === "external"
      ? { kind: "external", path: `${meaning.path}().${name}` }
      : { kind: "unknown", name };
  }

  /** A name of a class's body or of its bases' bodies. */
  classMember(entity: ClassEntity, name: string): readonly Resolved[] {
    const seen = new Set<ClassEntity>();
    const queue = [entity];
    let outside: Resolved | undefined;
    for (let at = queue.shift(); at && seen.size < 100; at = queue.shift()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const found = this.boundInClass(at, name);
      if (found.length > 0) return found;
      for (const base of this.bases(at)) {
        if (base.kind === "class") queue.push(base);
        else if (base.kind === "external") outside ??= { kind: "external", path: `${base.path}.${name}` };
      }
    }
    return [outside ?? { kind: "unknown", name }];
  }

  /** What a class's own body binds under a name once it ran. */
  boundInClass({ module, fact }: ClassEntity, name: string): readonly Resolved[] {
    return this.bound(name, { module, scope: fact.body, offset: Number.POSITIVE_INFINITY });
  }

  /** The likeliest meaning of each base of a class. */
  bases(entity: ClassEntity): readonly Resolved[] {
    const { module, fact } = entity;
    this.tracker.touch(module);
    return fact.bases.map((base) => this.evaluate(base, { module, scope: fact.scope, offset: fact.offset })[0]!);
  }

  /** Whether another class than the likeliest may stand as one of a class's bases when it is made. */
  hasOtherBases({ module, fact }: ClassEntity): boolean {
    const site = { module, scope: fact.scope, offset: fact.offset };
    return fact.bases.some((base) => {
      const meanings = this.evaluate(base, site).filter(({ kind }) => kind !== "none");
      const [first] = meanings;
      // `keras.layers.Layer` is the same whichever package it comes from.
      const isSame = (one: Resolved) =>
        one.kind === "external" && first?.kind === "external" && lastSegment(one.path) === lastSegment(first.path);
      return meanings.slice(1).some((one) => !isSame(one));
    });
  }

  /** Whether `Base[…]` is what a method of the class makes of it. */
  private answersSubscript(entity: ClassEntity): boolean {
    const compute = () =>
      this.boundInClass(entity, "__class_getitem__").length > 0 ||
      this.bases(entity).some((base) => base.kind === "class" && this.answersSubscript(base));
    return this.tracker.remember(this.subscripted, entity, compute, { value: false, from: new Set([entity.module]) });
  }

  /** Strings added up; a parameter where one is in it. */
  private join(parts: readonly ValueSyntax[], at: Site): readonly Resolved[] {
    let text = "";
    for (const part of parts) {
      const [meaning] = this.evaluate(part, at);
      if (meaning!.kind === "parameter") return PARAMETER;
      if (meaning!.kind !== "string" || text.length > 10_000) return UNKNOWN;
      text += meaning!.value;
    }
    return [{ kind: "string", value: text }];
  }

  private subscript(value: Extract<ValueSyntax, { kind: "subscript" }>, at: Site): readonly Resolved[] {
    const of = this.evaluate(value.of, at);
    const { key } = value;
    return unique(
      of.flatMap((meaning): readonly Resolved[] => {
        // `Generic[T]`, `Base[int]`
        if (meaning.kind === "class" && this.answersSubscript(meaning)) return UNKNOWN;
        if (meaning.kind === "class" || meaning.kind === "external" || meaning.kind === "parameter") return [meaning];
        if (meaning.kind === "syntax" && meaning.value.kind === "dict" && key.kind === "string") {
          const entry = meaning.value.entries.findLast((e) => e.key?.kind === "string" && e.key.value === key.value);
          if (entry) return this.evaluate(entry.value, meaning.at);
        }
        return [{ kind: "unknown", name: "[]" }];
      }),
    );
  }
}
