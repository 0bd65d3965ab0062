import type { Place, Run, ValueSyntax } from "../python/summary.ts";
import type { Evaluator } from "./evaluate.ts";
import type { Entity, Findings } from "./findings.ts";
import type { Following, Root } from "./following.ts";
import type { Hierarchy } from "./hierarchy.ts";
import type { Memory } from "./memory.ts";
import { collectMentions } from "./mentions.ts";
import { type ClassEntity, classAround, type FunctionEntity, type LinkedModule } from "./moduleTable.ts";
import { isKnownSilent, KERAS_PACKAGES, rootOf } from "./packages.ts";
import { isParameter, type Resolved, type Site } from "./resolved.ts";
import type { Traced } from "./tracker.ts";
import type { When } from "./view.ts";

/** A use of something of the workspace that may turn out to register what it is given. */
export interface Use {
  readonly callees: readonly Resolved[];
  /** What it is given. */
  readonly values: readonly ValueSyntax[];
  /** What the loops around it run over. */
  readonly loops: readonly ValueSyntax[];
  readonly site: Site;
  readonly place: Place;
  readonly text: string;
  /** What it decorates, the decorator itself, and when that happens. */
  readonly target?: { readonly entity: Entity; readonly syntax: ValueSyntax; readonly when: When };
  readonly form: "decorator" | "call" | "reference";
}

/**
 * The workspace's own functions and classes that register what they are given: found by following registrations that
 * depend on parameters to their callers, until nothing new turns up.
 */
export class Wrappers {
  private readonly evaluator: Evaluator;
  private readonly hierarchy: Hierarchy;
  private readonly findings: Findings;
  private readonly following: Following;
  /** Whether a package outside the workspace was not read and may register. */
  private readonly isUnreadPackage: (root: string) => boolean;
  private readonly memory: Memory<Use>;
  /** The methods of a class that Python calls by itself. */
  private readonly called = new Map<ClassEntity, Traced<readonly FunctionEntity[]>>();
  /** How many uses were looked at. */
  private seen = 0;
  private methods: { readonly of: number; readonly names: ReadonlySet<string> } = { of: 0, names: new Set() };
  private readonly reach = new Map<FunctionEntity, Traced<boolean>>();

  constructor(
    evaluator: Evaluator,
    hierarchy: Hierarchy,
    findings: Findings,
    following: Following,
    memory: Memory<Use>,
    isUnreadPackage: (root: string) => boolean,
  ) {
    this.evaluator = evaluator;
    this.hierarchy = hierarchy;
    this.findings = findings;
    this.following = following;
    this.memory = memory;
    this.isUnreadPackage = isUnreadPackage;
  }

  /** Notes that what these functions register depends on how they are called. */
  registers(functions: readonly FunctionEntity[]): void {
    for (const entity of functions) {
      // What Keras itself is made of registers what it is asked to; who asks is what counts.
      if (!KERAS_PACKAGES.has(rootOf(entity.module.name))) this.findings.registering.add(entity);
    }
  }

  /** Whether a call of this registers what it is given. */
  registersItsArguments(callee: Resolved): boolean {
    // An object that cannot be told, with a method of that name that registers.
    if (callee.kind === "unknown") return this.methodNames().has(callee.name);
    return this.functionsOf(callee).some((entity) => this.findings.registering.has(entity));
  }

  /** Whether a dotted path leads into a package that was not read. */
  isOpenPath(path: string): boolean {
    const root = rootOf(path);
    return !isKnownSilent(root) && this.isUnreadPackage(root);
  }

  /**
   * Follows what registers its arguments through the functions that hand theirs on, then looks at the other decorators, of
   * the uses that were found since the last time. Yields between uses.
   */
  *follow(): Generator<undefined, void> {
    const { findings, memory } = this;
    const { tracker } = this.evaluator;
    let uses: readonly Use[] = findings.uses.slice(this.seen);
    this.seen = findings.uses.length;
    for (let found = true; found; ) {
      const rest: Use[] = [];
      const hits: Use[] = [];
      for (const use of uses) {
        yield;
        if (use.callees.some((callee) => this.registersItsArguments(callee))) hits.push(use);
        else rest.push(use);
      }
      uses = rest;
      for (const use of hits) {
        yield;
        memory.add(use, findings, tracker, () => this.registeringUse(use), "registers");
      }
      found = hits.length > 0;
    }
    for (const use of uses) {
      yield;
      if (use.form === "decorator") memory.add(use, findings, tracker, () => this.otherDecorator(use));
    }
  }

  /** The names of methods that register. */
  private methodNames(): ReadonlySet<string> {
    const { registering } = this.findings;
    if (this.methods.of !== registering.size) {
      const methods = [...registering].filter((entity) => classAround(entity) && !entity.fact.name.startsWith("__"));
      this.methods = { of: registering.size, names: new Set(methods.map(({ fact }) => fact.name)) };
    }
    return this.methods.names;
  }

  private registeringUse(use: Use): void {
    const { site, target, form, place, text } = use;
    if (target) {
      const { entity, syntax, when } = target;
      if (this.following.decorator(syntax, entity, { site, when, via: { text: `@${text}`, place } })) return;
    }
    const functions = site.module.enclosingFunctions(site.scope);
    if (form === "call" && functions.length > 0) {
      const root = { site, when: "call", via: { text, place } } as const;
      if (this.following.inFunction(root)) {
        this.registers(functions);
        return;
      }
    }
    if (form === "reference" && functions.length > 0) {
      this.registers(functions);
      return;
    }
    const mentions = collectMentions(this.evaluator, site, use.values, use.loops);
    if (form === "reference" && mentions.objects < 2) mentions.anything = true;
    const decorated = target?.entity;
    if (decorated) {
      mentions.names.add(decorated.fact.name);
      if (decorated.kind === "class") this.findings.open.add(decorated);
    } else if (functions.length > 0 && (mentions.parameter || /^(?:self|cls|super\(\))\./.test(use.text))) {
      this.registers(functions);
      mentions.anything = false;
      if (mentions.names.size === 0) return;
    }
    const reason = decorated
      ? `@${use.text} registers \`${decorated.fact.name}\` under names that are not computed (${this.following.unfollowed})`
      : `${use.text} registers names that are not computed`;
    this.findings.record(site.module, use.place, reason, mentions);
  }

  /** A decorator of the workspace that registers nothing: harmless unless its body calls into a package that was not read. */
  private otherDecorator({ callees, target: use, values, site, place, text }: Use): void {
    const target = use?.entity;
    if (!target || (target.kind === "function" && classAround(target))) return;
    if (!callees.some((callee) => this.functionsOf(callee).some((entity) => this.reachesUnread(entity)))) return;
    if (target.kind === "class") this.findings.open.add(target);
    const mentions = collectMentions(this.evaluator, site, values);
    mentions.names.add(target.fact.name);
    const reason = `@${text} calls into a package that was not read, it may register \`${target.fact.name}\``;
    this.findings.record(site.module, place, reason, mentions);
  }

  /** The functions that run when something is called, or when what it returns is. */
  private functionsOf(callee: Resolved): readonly FunctionEntity[] {
    if (callee.kind === "function") return [callee];
    if (callee.kind === "result") return [callee.of];
    const entity = callee.kind === "instance" ? callee.of : callee.kind === "class" ? callee : undefined;
    if (!entity) return [];
    return this.evaluator.tracker.remember(this.called, entity, () =>
      CALLED_BY_PYTHON.flatMap((name) =>
        this.evaluator.classMember(entity, name).filter((member) => member.kind === "function"),
      ),
    );
  }

  /** Whether a function's body, or that of one of its file that it calls, calls into a package that was not read. */
  private reachesUnread(start: FunctionEntity): boolean {
    return this.evaluator.tracker.remember(this.reach, start, () => this.searchUnread(start));
  }

  private searchUnread(start: FunctionEntity): boolean {
    const seen = new Set<FunctionEntity>([start]);
    const queue = [start];
    let reached = false;
    for (let at = queue.pop(); at && !reached && seen.size < 200; at = queue.pop()) {
      const { module, fact } = at;
      this.evaluator.tracker.touch(module);
      if (fact.calls === undefined) {
        // Only the headers were read: that is enough where the module imports nothing that was not read.
        if (this.importsUnread(module)) {
          this.findings.unread.add(at);
          reached = true;
        }
        continue;
      }
      const site: Site = {
        module,
        scope: fact.body < 0 ? fact.scope : fact.body,
        offset: Number.POSITIVE_INFINITY,
      };
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
    return reached;
  }

  private importsUnread(module: LinkedModule): boolean {
    const { table } = this.evaluator;
    return module.summary.imports.some((fact) => {
      if (fact.level > 0 || fact.run?.never) return false;
      const target = table.resolve(fact.module, 0, module);
      return typeof target === "string" && !table.isNamespace(target) && this.isOpenPath(target);
    });
  }

  /** Classes that a base's `__init_subclass__` or a metaclass registers. */
  *followInheritance(modules: readonly LinkedModule[]): Generator<undefined, void> {
    const names = new Set([...this.findings.registering].filter(classAround).map(({ fact }) => fact.name));
    const classes = modules.flatMap((module) => module.classes);
    if (names.has("__init_subclass__")) {
      for (const entity of classes) {
        yield;
        if (!this.evaluator.bases(entity).some((base) => this.isRegistering(base, ["__init_subclass__"], entity)))
          continue;
        const root = this.rootOf(entity, "__init_subclass__");
        if (root && !this.following.subclass(entity, root))
          this.registeredByOther(entity, "`__init_subclass__` of a base");
      }
    }
    if (!METACLASS_METHODS.some((name) => names.has(name))) return;
    const made = new Map<ClassEntity, ClassEntity>();
    for (const entity of classes) {
      yield;
      const keyword = entity.fact.keywords.find(({ name }) => name === "metaclass");
      if (!keyword) continue;
      const site: Site = { module: entity.module, scope: entity.fact.scope, offset: entity.fact.offset };
      const meta = this.evaluator
        .evaluate(keyword.value, site)
        .find((meaning) => this.isRegistering(meaning, METACLASS_METHODS, entity));
      if (meta?.kind === "class") made.set(entity, meta);
    }
    if (made.size === 0) return;
    for (const entity of classes) {
      yield;
      const base = this.hierarchy.order(entity).order.find((item) => typeof item !== "string" && made.has(item));
      const meta = typeof base === "object" ? made.get(base) : undefined;
      const root = meta && this.rootOf(entity, "metaclass");
      if (root && !this.following.metaclass(meta, entity, root)) this.registeredByOther(entity, "its metaclass");
    }
  }

  /** The making of a class as something to follow; undefined where it never happens. */
  private rootOf(entity: ClassEntity, text: string): Root | undefined {
    const { module, fact } = entity;
    const when = this.when(fact.run, fact.scope, module);
    if (when === undefined) return undefined;
    return { site: { module, scope: fact.scope, offset: fact.offset }, when, via: { text, place: fact.at } };
  }

  /** When a statement runs; undefined where it never does. */
  when(run: Run | undefined, scope: number, module: LinkedModule): When | undefined {
    if (run?.never) return undefined;
    if (module.inFunction(scope)) return "call";
    const runs = this.evaluator.runs(run, module);
    if (runs === "sure") return "import";
    // What needs a package that is not there now may have it elsewhere.
    return runs === "maybe" || run?.after ? "maybe" : undefined;
  }

  private isRegistering(of: Resolved, names: readonly string[], entity: ClassEntity): boolean {
    if (of.kind !== "class") return false;
    return names.some((name) =>
      this.evaluator.classMember(of, name).some((member) => this.isRegisteringMethod(member, entity)),
    );
  }

  private isRegisteringMethod(member: Resolved, of: ClassEntity): boolean {
    return member.kind === "function" && this.findings.registering.has(member) && classAround(member) !== of;
  }

  private registeredByOther(entity: ClassEntity, what: string): void {
    this.findings.open.add(entity);
    this.findings.uncomputed.push({
      location: entity.module.location(entity.fact.at),
      reason: `${what} registers \`${entity.fact.name}\` under names that are not computed`,
      names: new Set([entity.fact.name]),
      anything: false,
      module: entity.module,
    });
  }
}

/** Whether something is of the workspace, so that its body tells what it does. */
export function isOfWorkspace(meaning: Resolved): boolean {
  const { kind } = meaning;
  return kind === "function" || kind === "class" || kind === "instance" || kind === "result";
}

/** Whether nothing can be told of it: it may register. */
export function isUnknown(meaning: Resolved, wrappers: Wrappers): boolean {
  if (meaning.kind === "external") return wrappers.isOpenPath(meaning.path);
  return (
    !isParameter(meaning) && (meaning.kind === "unknown" || meaning.kind === "syntax" || meaning.kind === "module")
  );
}

/** Methods of a metaclass that run when a class of it is made. */
const METACLASS_METHODS = ["__new__", "__init__", "__call__"];
/** Methods that run when a class is called, or when what that returns is. */
const CALLED_BY_PYTHON = ["__call__", "__init__", "__new__", "__enter__", "__post_init__"];
