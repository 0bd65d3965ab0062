import type { Code, FunctionFact, Step, ValueSyntax } from "../../python/summary.ts";
import type { Evaluator } from "../evaluate.ts";
import type { Hierarchy } from "../hierarchy.ts";
import { type ClassEntity, classAround, type FunctionEntity, type LinkedModule } from "../moduleTable.ts";
import { hasGetConfig, isStandardLibrary, KERAS_PACKAGES, rootOf } from "../packages.ts";
import { isRegister } from "../resolved.ts";
import type { Modules, Traced } from "../tracker.ts";
import { bindArguments, registerArguments } from "./arguments.ts";
import { assign, assignWith, remove } from "./assignments.ts";
import { attribute, classAttribute, members, possible } from "./attributes.ts";
import type { Effect, Outcome } from "./effects.ts";
import { evaluate } from "./expressions.ts";
import { callExternal } from "./externals.ts";
import { callMethod } from "./methods.ts";
import { Names } from "./names.ts";
import {
  type Arguments,
  type ClosureValue,
  type DictValue,
  type Frame,
  holdsObject,
  listOf,
  NONE,
  oneOf,
  stringOf,
  truth,
  UNKNOWN_PARAMETER,
  UNKNOWN_VALUE,
  type Value,
} from "./values.ts";

/** Parts of statements and expressions that one root may cost, and a function that nobody was seen to call. */
const MOST_STEPS = 30_000;
const MOST_UNKNOWN_STEPS = 4000;
/** Of all roots together: what a workspace of a sane size costs is a hundredth of it. */
const MOST_STEPS_IN_ALL = 4_000_000;
/** Calls, blocks and expressions inside one another. */
const DEEPEST = 300;
const DEEPEST_CALL = 40;
/** Turns of one loop. */
const MOST_TURNS = 2000;

/** How a block ended: at its end, or by leaving it. */
type Completion = "end" | "return" | "raise" | "break" | "continue";

/** What was not read and might decide something. */
export interface Missing {
  readonly unread: Set<FunctionEntity>;
  /** Classes of packages by their dotted paths. */
  readonly wanted: Set<string>;
}

/** What a root may cost ran out. */
class Exhausted extends Error {}

/**
 * Follows functions and statements over linked modules, for what they do to Keras's registry. It is total and bounded:
 * what it cannot compute is `unknown`, a branch that cannot be decided is followed both ways, and an outcome says where
 * something was not followed that might register. Nothing of the workspace runs.
 */
export class Interpreter {
  readonly evaluator: Evaluator;
  readonly hierarchy: Hierarchy;
  readonly names: Names;
  /** The dict that `get_custom_objects()` returns. */
  readonly registry: DictValue = { kind: "dict", entries: new Map(), open: true, isRegistry: true };
  /** The class that is being made, for its metaclass. */
  making: ClassEntity | undefined;
  /** Classes of packages of which a member would decide something, by their dotted paths. */
  readonly wanted = new Set<string>();
  /** The modules that hold values which statements may change. */
  readonly homes = new WeakMap<Value, LinkedModule>();
  /** The module whose statement is followed. */
  root: LinkedModule | undefined;
  /** The modules whose statements changed what other modules hold, with those modules. */
  readonly changes = new Map<LinkedModule, Set<LinkedModule>>();
  /** `__name__` of what was given another one. */
  readonly renamed = new Map<ClassEntity | FunctionEntity, Value>();
  /** Offset of the statement in hand. */
  statement = 0;
  private readonly isOpenPath: (path: string) => boolean;
  private effects: Effect[] = [];
  private muted = 0;
  /** How many branches that cannot be decided the statement in hand stands in. */
  private uncertain = 0;
  private unfollowed: string | undefined;
  private unread = new Set<FunctionEntity>();
  /** What the custom object scopes hold that are entered. */
  private scopes: readonly Value[] = [];
  private steps = 0;
  private mostSteps = MOST_STEPS;
  private total = 0;
  private depth = 0;
  private readonly running: FunctionEntity[] = [];
  private readonly decorated = new Map<FunctionEntity, Traced<Value>>();
  /** What was not read of the decorators of a function. */
  private readonly undecorated = new Map<FunctionEntity, ReadonlySet<FunctionEntity>>();

  /**
   * `before` is the interpreter of an earlier reading: what modules hold that are still there (`isKept`) is what their
   * statements made of it.
   */
  constructor(
    evaluator: Evaluator,
    hierarchy: Hierarchy,
    isOpenPath: (path: string) => boolean,
    before?: Interpreter,
    isKept: (from: Modules) => boolean = () => false,
  ) {
    this.evaluator = evaluator;
    this.hierarchy = hierarchy;
    this.isOpenPath = isOpenPath;
    this.names = new Names(this, before?.names, isKept);
    for (const [entity, name] of before?.renamed ?? []) {
      if (isKept(new Set([entity.module]))) this.renamed.set(entity, name);
    }
    for (const [module, homes] of before?.changes ?? []) {
      if (isKept(new Set([module]))) this.changes.set(module, homes);
    }
  }

  /** Notes that a value which a module holds is changed. */
  changing(value: Value): void {
    const home = value.kind === "class" || value.kind === "function" ? value.module : this.homes.get(value);
    if (!home || !this.root || home === this.root) return;
    const homes = this.changes.get(this.root);
    if (homes) homes.add(home);
    else this.changes.set(this.root, new Set([home]));
  }

  /** Follows one root. Where not all of it could be followed, what might decide it is added to `missing`. */
  follow(root: () => Value, { unread, wanted }: Missing): Outcome {
    this.effects = [];
    this.muted = 0;
    this.uncertain = 0;
    this.unfollowed = undefined;
    this.unread = new Set();
    this.wanted.clear();
    this.steps = 0;
    this.mostSteps = MOST_STEPS;
    this.scopes = [];
    this.depth = 0;
    this.running.length = 0;
    let value: Value = UNKNOWN_VALUE;
    try {
      value = root();
    } catch (error) {
      if (!(error instanceof Exhausted)) throw error;
      this.unfollowed = "it is too much to be followed";
    }
    if (this.unfollowed !== undefined || this.effects.some(isVague)) {
      this.unfollowed ??= "the names are not computed";
      for (const entity of this.unread) unread.add(entity);
      for (const path of this.wanted) if (!isPartOfEverything(rootOf(path))) wanted.add(path);
    }
    return { effects: this.effects, value, unfollowed: this.unfollowed };
  }

  /** Counts a step; ends the root where there were too many. */
  step(): void {
    if (++this.steps > this.mostSteps || ++this.total > MOST_STEPS_IN_ALL) throw new Exhausted();
  }

  /** Runs `inner` one level deeper; ends the root where that is too deep. */
  deeper<T>(inner: () => T): T {
    if (this.depth >= DEEPEST) throw new Exhausted();
    this.depth++;
    const result = inner();
    this.depth--;
    return result;
  }

  /** Whether what happens now happens for certain. */
  get sure(): boolean {
    return this.uncertain === 0;
  }

  emit(effect: Effect): void {
    if (this.muted === 0) this.effects.push(effect);
  }

  /** Notes that something was not followed that might register. */
  lose(why: string): void {
    if (this.muted === 0) this.unfollowed ??= why;
  }

  /** Computes a value without what it does: that is counted where the statement stands. */
  quietly<T>(inner: () => T): T {
    const { uncertain } = this;
    this.uncertain = 0;
    this.muted++;
    const result = inner();
    this.muted--;
    this.uncertain = uncertain;
    return result;
  }

  /** Runs `inner` as something that may happen. */
  maybe<T>(inner: () => T): T {
    this.uncertain++;
    const result = inner();
    this.uncertain--;
    return result;
  }

  evaluate(syntax: ValueSyntax, frame: Frame): Value {
    this.step();
    return this.deeper(() => evaluate(this, syntax, frame));
  }

  /** Runs statements in a frame; what they return is added to its results. */
  run(code: Code, frame: Frame): Completion {
    return this.deeper(() => {
      for (const step of code) {
        this.step();
        const completion = this.runStep(step, frame);
        if (completion !== "end") return completion;
      }
      return "end";
    });
  }

  private runStep(step: Step, frame: Frame): Completion {
    if ("offset" in step) this.statement = step.offset;
    switch (step.kind) {
      case "run":
        this.evaluate(step.value, frame);
        return "end";
      case "assign": {
        const value = this.evaluate(step.value, frame);
        for (const target of step.targets) {
          if (step.operator === undefined) assign(this, target, value, frame);
          else assignWith(this, step.operator, target, value, frame);
        }
        return "end";
      }
      case "return":
        frame.results.push(step.value ? this.evaluate(step.value, frame) : NONE);
        return "return";
      case "if":
        return this.conditional(step.test, step.body, step.orElse, frame);
      case "for":
        return this.loop(step, frame);
      case "while":
        if (truth(this.evaluate(step.test, frame)) === false) return "end";
        this.branch(step.body, frame);
        return "end";
      case "with": {
        const entered: Value[] = [];
        for (const { value, target } of step.items) {
          const manager = this.enter(this.evaluate(value, frame), frame);
          if (manager.kind === "scope") entered.push(...manager.objects);
          if (target) assign(this, target, manager, frame);
        }
        return this.within(step.body, frame, entered);
      }
      case "try":
        return this.attempt(step, frame);
      case "import":
        return this.import(step.names, step.offset, frame);
      case "class":
        this.define(frame.module.classes[step.index]!, frame);
        return "end";
      case "function":
        this.define(frame.module.function(step.index), frame);
        return "end";
      case "delete":
        for (const target of step.targets) remove(this, target, frame);
        return "end";
      case "other":
        this.lose("a statement of it is not followed");
        return "end";
      default:
        return step.kind;
    }
  }

  private conditional(test: ValueSyntax, body: Code, orElse: Code, frame: Frame): Completion {
    const decided = truth(this.evaluate(test, frame));
    if (decided !== undefined) return this.run(decided ? body : orElse, frame);
    // A guard that raises does not, where the module can be imported at all.
    if (onlyRaises(body)) return this.run(orElse, frame);
    if (orElse.length > 0 && onlyRaises(orElse)) return this.run(body, frame);
    const before = frame.locals;
    frame.locals = new Map(before);
    const first = this.maybe(() => this.run(body, frame));
    const after = frame.locals;
    frame.locals = new Map(before);
    const second = this.maybe(() => this.run(orElse, frame));
    if (first === "raise") return second;
    if (second === "raise") {
      frame.locals = after;
      return first;
    }
    if (first !== second && first !== "end") {
      // One way leaves: what follows happens only on the other.
      this.uncertain++;
      return second;
    }
    if (first !== second) {
      frame.locals = after;
      this.uncertain++;
      return first;
    }
    frame.locals = merged(after, frame.locals);
    return first;
  }

  /** A body that may run: its variables are then what they were, or what it makes them. */
  private branch(code: Code, frame: Frame): void {
    const before = frame.locals;
    frame.locals = new Map(before);
    this.maybe(() => this.run(code, frame));
    frame.locals = merged(before, frame.locals);
  }

  private loop({ target, over, body }: Extract<Step, { kind: "for" }>, frame: Frame): Completion {
    const items = this.items(this.evaluate(over, frame));
    if (!items || items.items.length > MOST_TURNS) {
      const before = frame.locals;
      frame.locals = new Map(before);
      this.maybe(() => {
        assign(this, target, UNKNOWN_VALUE, frame);
        this.run(body, frame);
      });
      frame.locals = merged(before, frame.locals);
      return "end";
    }
    for (const item of items.items) {
      assign(this, target, item, frame);
      const completion = this.run(body, frame);
      if (completion === "break") return "end";
      if (completion === "return" || completion === "raise") return completion;
    }
    if (items.open) {
      this.maybe(() => {
        assign(this, target, UNKNOWN_VALUE, frame);
        this.run(body, frame);
      });
    }
    return "end";
  }

  /** What a loop over a value runs over; undefined where that is not known. */
  items(value: Value): { readonly items: readonly Value[]; readonly open: boolean } | undefined {
    if (value.kind === "list") return { items: [...value.items], open: value.open };
    if (value.kind === "dict" && !value.isRegistry) {
      return { items: [...value.entries.values()].map(({ key }) => key), open: value.open };
    }
    if (value.kind === "string") return { items: [...value.value].map(stringOf), open: false };
    return undefined;
  }

  private attempt(step: Extract<Step, { kind: "try" }>, frame: Frame): Completion {
    const before = new Map(frame.locals);
    let completion = this.run(step.body, frame);
    if (completion === "raise") {
      const [handler] = step.handlers;
      completion = handler ? this.run(handler, frame) : "raise";
      for (const other of step.handlers.slice(1)) this.aside(other, new Map(before), frame);
    } else {
      for (const handler of step.handlers) this.aside(handler, new Map(before), frame);
      if (completion === "end") completion = this.run(step.orElse, frame);
    }
    const last = this.run(step.last, frame);
    return last === "end" ? completion : last;
  }

  /** A handler that runs only where something fails: what it does may happen, what it binds is not taken over. */
  private aside(handler: Code, locals: Map<string, Value>, frame: Frame): void {
    this.maybe(() => this.run(handler, { ...frame, locals, results: [] }));
  }

  private import(names: readonly string[], offset: number, frame: Frame): Completion {
    const { module, running } = frame;
    const scope = running && running.fact.body >= 0 ? running.fact.body : frame.scope;
    for (const name of names) {
      if (name === "*") continue;
      frame.locals.set(name, this.names.lookUp(name, { module, scope, offset: offset + 1 }));
    }
    return "end";
  }

  /** A class or function that is defined while something runs. */
  private define(entity: ClassEntity | FunctionEntity, frame: Frame): void {
    let value: Value = entity.kind === "function" ? { kind: "closure", of: entity, frame } : entity;
    const hasCode = entity.kind === "function" || entity.fact.decorators.length > 0;
    if (entity.kind === "class" && hasCode) frame.locals.set(entity.fact.name, entity);
    for (const { value: syntax } of entity.fact.decorators.toReversed()) {
      const decorator = this.evaluate(syntax, frame);
      value = this.decorate(decorator, value);
    }
    frame.locals.set(entity.fact.name, value);
  }

  /** What a decorator makes of something; of one that is not read it is taken to be the thing itself. */
  decorate(decorator: Value, value: Value): Value {
    if (decorator.kind === "external") {
      if (this.isOpenPath(decorator.path) && holdsObject(value)) this.lose(`${decorator.path} is not read`);
      return value;
    }
    return this.call(decorator, { positional: [value], keywords: new Map(), open: false }, undefined);
  }

  /** The value of a function of a module once its decorators ran. */
  decoratedFunction(entity: FunctionEntity): Value {
    const { tracker } = this.evaluator;
    const known = this.decorated.get(entity);
    for (const missing of this.undecorated.get(entity) ?? []) this.unread.add(missing);
    if (known) return tracker.use(known);
    const { module, fact } = entity;
    const { unread } = this;
    this.unread = new Set();
    this.decorated.set(entity, { value: entity, from: new Set([module]) });
    const frame = this.frameAt({ module, scope: fact.scope, offset: fact.offset });
    const traced = tracker.trace(() =>
      this.quietly(() => {
        let value: Value = entity;
        for (const { value: syntax, text } of fact.decorators.toReversed()) {
          if (!DESCRIPTORS.test(text)) value = this.decorate(this.evaluate(syntax, frame), value);
        }
        return value;
      }),
    );
    this.decorated.set(entity, traced);
    this.undecorated.set(entity, this.unread);
    this.unread = new Set([...unread, ...this.unread]);
    return traced.value;
  }

  /** A frame for statements of a module. */
  frameAt({ module, scope, offset }: Pick<Frame, "module" | "scope" | "offset">): Frame {
    return { module, scope, offset, locals: new Map(), results: [] };
  }

  /** Runs the body of custom object scopes. */
  private within(code: Code, frame: Frame, entered: readonly Value[]): Completion {
    const { scopes } = this;
    this.scopes = [...scopes, ...entered];
    const completion = this.run(code, frame);
    this.scopes = scopes;
    return completion;
  }

  /** What entering a context manager gives. */
  private enter(manager: Value, frame: Frame): Value {
    if (manager.kind === "scope") {
      this.provide("scope", manager.objects, frame);
      return manager;
    }
    if (manager.kind !== "object") return UNKNOWN_VALUE;
    const method = attribute(this, manager, "__enter__");
    return method.kind === "bound" ? this.call(method, NO_ARGUMENTS, frame) : UNKNOWN_VALUE;
  }

  /** Notes that custom objects are handed to loads, by a scope or as an argument. */
  provide(by: "scope" | "argument", objects: readonly Value[], frame: Frame): void {
    this.emit({ kind: "provide", by, objects, sure: this.sure, offset: this.statement, module: frame.module });
  }

  /** Notes that a file is loaded, with what is handed to that load. */
  loads(path: string, objects: readonly Value[]): void {
    this.emit({ kind: "load", path, scopes: [...this.scopes], objects, sure: this.sure });
  }

  /** Calls a value. `frame` is where the call stands, where that matters (`super()`, `globals()`). */
  call(callee: Value, given: Arguments, frame: Frame | undefined): Value {
    this.step();
    return this.deeper(() => this.callInner(callee, given, frame));
  }

  private callInner(callee: Value, given: Arguments, frame: Frame | undefined): Value {
    const [first] = given.positional;
    switch (callee.kind) {
      case "register":
        return { kind: "registering", given: registerArguments(callee.given, given) };
      case "registering":
        if (!first) return UNKNOWN_VALUE;
        this.emit({ kind: "register", given: callee.given, object: first, sure: this.sure });
        return first;
      case "function":
      case "closure":
        return this.callFunction(callee, given);
      case "class":
        return this.construct(callee, given);
      case "object": {
        const method = attribute(this, callee, "__call__");
        return this.call(method, given, frame);
      }
      case "bound":
        return this.call(callee.callee, { ...given, positional: [callee.self, ...given.positional] }, frame);
      case "method":
        return callMethod(this, callee, given, frame);
      case "partial": {
        const positional = [...callee.given.positional, ...given.positional];
        const keywords = new Map([...callee.given.keywords, ...given.keywords]);
        return this.call(callee.callee, { positional, keywords, open: callee.given.open || given.open }, frame);
      }
      case "identity":
        return first ?? UNKNOWN_VALUE;
      case "external":
        return callExternal(this, callee.path, given, frame);
      case "choice":
        return this.callOneOf(possible(callee.options), given, frame);
      default:
        this.outside(given, "something that is not known is called");
        return UNKNOWN_VALUE;
    }
  }

  private callOneOf(options: readonly Value[], given: Arguments, frame: Frame | undefined): Value {
    if (options.length === 1) return this.call(options[0]!, given, frame);
    return oneOf(options.map((option) => this.maybe(() => this.call(option, given, frame))));
  }

  /** Something that is not read is given these arguments: it may register the objects among them. */
  outside({ positional, keywords, open }: Arguments, why: string): void {
    if (open || [...positional, ...keywords.values()].some(holdsObject)) this.lose(why);
  }

  /** Whether what a dotted path names is of a package that was not read and may register. */
  mayRegister(path: string): boolean {
    return this.isOpenPath(path);
  }

  private callFunction(callee: FunctionEntity | ClosureValue, given: Arguments): Value {
    if (callee.kind === "closure" && callee.of.kind === "lambda") {
      const { parameters, body } = callee.of;
      const frame = { ...callee.frame, locals: new Map<string, Value>(), outer: callee.frame, results: [] };
      bindArguments(this, parameters, given, frame);
      return this.evaluate(body, frame);
    }
    const entity = callee.kind === "function" ? callee : (callee.of as FunctionEntity);
    if (isRegister(entity)) return { kind: "registering", given: registerArguments({}, given) };
    const { fact, module } = entity;
    if (!fact.code) {
      this.unread.add(entity);
      this.outside(given, `${fact.name}() is not read`);
      return UNKNOWN_VALUE;
    }
    if (this.running.length >= DEEPEST_CALL || this.running.includes(entity)) {
      this.outside(given, `${fact.name}() calls itself`);
      return UNKNOWN_VALUE;
    }
    const outer = callee.kind === "closure" ? callee.frame : undefined;
    const frame: Frame = {
      ...this.frameAt({ module, scope: fact.scope, offset: Number.POSITIVE_INFINITY }),
      ...(outer && { outer }),
      running: entity,
    };
    bindArguments(this, fact.parameters ?? [], given, frame);
    return this.runFunction(fact, fact.code, entity, frame);
  }

  private runFunction(fact: FunctionFact, code: Code, entity: FunctionEntity, frame: Frame): Value {
    const { uncertain, statement } = this;
    this.running.push(entity);
    const completion = this.run(code, frame);
    this.running.pop();
    this.statement = statement;
    const leftEarly = this.uncertain > uncertain;
    this.uncertain = uncertain;
    if (fact.decorators.some(({ text }) => text.endsWith("contextmanager"))) return UNKNOWN_VALUE;
    if (completion !== "return" && (leftEarly || frame.results.length === 0)) frame.results.push(NONE);
    return oneOf(frame.results);
  }

  /** Follows a function that nobody was seen to call: its parameters may be anything. */
  callUnknown(entity: FunctionEntity): Value {
    this.mostSteps = MOST_UNKNOWN_STEPS;
    const positional = (entity.fact.parameters ?? [])
      .filter(({ kind }) => kind === "positional" || kind === "positional-only")
      .map(() => UNKNOWN_PARAMETER);
    const keywords = (entity.fact.parameters ?? []).filter(({ kind }) => kind === "keyword-only");
    const named = new Map(keywords.map(({ name }) => [name, UNKNOWN_PARAMETER] as const));
    return this.callFunction(entity, { positional, keywords: named, open: true });
  }

  private construct(entity: ClassEntity, given: Arguments): Value {
    const made: Value = { kind: "object", of: entity, attributes: new Map() };
    const init = classAttribute(this, entity, "__init__");
    if (init.kind === "function") this.call(init, { ...given, positional: [made, ...given.positional] }, undefined);
    else if (init.kind === "external") this.outsideOf(init.path, given);
    return made;
  }

  /** A function of a package is given these arguments. */
  outsideOf(path: string, given: Arguments): void {
    if (this.mayRegister(path)) this.outside(given, `${path} is not read`);
  }

  /** Whether a class has a member; undefined where that is not known. */
  hasMember(entity: ClassEntity, name: string): boolean | undefined {
    if (this.hierarchy.defines(entity, name)) return true;
    const { order, complete } = this.hierarchy.order(entity);
    const outside = order.filter((item): item is string => typeof item === "string" && item !== "object");
    if (name === "get_config" && outside.some(hasGetConfig)) return true;
    if (!complete) return undefined;
    if (name === "get_config")
      return outside.every((path) => isBare(path) || KERAS_PACKAGES.has(rootOf(path))) ? false : undefined;
    return outside.every(isBare) ? name.startsWith("__") : undefined;
  }

  /** Gives a class or function another `__name__`. */
  rename(value: Value, name: Value): void {
    const entity = value.kind === "closure" && value.of.kind === "function" ? value.of : value;
    if (entity.kind !== "class" && entity.kind !== "function") return;
    this.changing(entity);
    this.renamed.set(entity, this.sure ? name : UNKNOWN_VALUE);
  }

  /** The class whose body a running function stands in. */
  classAroundRunning(frame: Frame): ClassEntity | undefined {
    for (let at: Frame | undefined = frame; at; at = at.outer) {
      const around = at.running && classAround(at.running);
      if (around) return around;
    }
    return undefined;
  }

  /** The names that the body of a class binds. */
  membersOf(entity: ClassEntity): Value {
    return members(this, [entity], true);
  }

  /** Values as a tuple. */
  tuple(values: readonly Value[]): Value {
    return listOf([...values], "tuple");
  }
}

const NO_ARGUMENTS: Arguments = { positional: [], keywords: new Map(), open: false };
/** Decorators that decide how a method is found, not what it is. */
const DESCRIPTORS = /(?:^|\.)(?:staticmethod|classmethod|property|cached_property|abstractmethod|setter|overload)$/;

function isPartOfEverything(root: string): boolean {
  return KERAS_PACKAGES.has(root) || root === "builtins" || isStandardLibrary(root);
}

/** Whether a class of the language or its library has no members that a config could need. */
function isBare(path: string): boolean {
  return !path.includes(".") || isStandardLibrary(rootOf(path));
}

function onlyRaises(code: Code): boolean {
  return code.at(-1)?.kind === "raise";
}

function merged(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): Map<string, Value> {
  const result = new Map(a);
  for (const [name, value] of b) {
    const before = result.get(name);
    result.set(name, before === undefined || before === value ? value : oneOf([before, value]));
  }
  return result;
}

/** Whether an effect does something to a key that is not known. */
function isVague(effect: Effect): boolean {
  if (effect.kind === "provide" || effect.kind === "load") return false;
  if (effect.kind === "remove") return effect.key !== undefined && !isText(effect.key);
  if (effect.kind === "set") return !isText(effect.key);
  const { package: pack, name } = effect.given;
  return (
    (pack !== undefined && !isText(pack)) || (name !== undefined && !isText(name)) || !isText(nameOf(effect.object))
  );
}

function nameOf(object: Value): Value {
  return object.kind === "unknown" ? object : NONE;
}

/** A string, None, or one of several such; also what a parameter brings, since that is followed where it is given. */
function isText(value: Value): boolean {
  if (value.kind === "choice") return value.options.every(isText);
  return value.kind === "string" || value.kind === "none" || (value.kind === "unknown" && value.parameter === true);
}
