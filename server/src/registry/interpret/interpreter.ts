import type { Code, ValueSyntax } from "../../python/summary.ts";
import type { Evaluator } from "../evaluate.ts";
import type { Hierarchy } from "../hierarchy.ts";
import { type ClassEntity, classAround, type FunctionEntity, type LinkedModule } from "../moduleTable.ts";
import { hasGetConfig, isStandardLibrary, KERAS_PACKAGES, rootOf } from "../packages.ts";
import type { Modules, Traced } from "../tracker.ts";
import { callValue } from "./calls.ts";
import type { Effect, Outcome } from "./effects.ts";
import { evaluate } from "./expressions.ts";
import { Names } from "./names.ts";
import { type Completion, runStep } from "./statements.ts";
import {
  type Arguments,
  argumentsWith,
  type DictValue,
  entityOf,
  type Frame,
  holdsObject,
  NONE,
  stringOf,
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
  /** The names that classes were given from outside. */
  readonly given = new Map<ClassEntity, Set<string>>();
  /** Offset of the statement in hand. */
  statement = 0;
  private readonly isOpenPath: (path: string) => boolean;
  private effects: Effect[] = [];
  private muted = 0;
  /** How many branches that cannot be decided the statement in hand stands in. */
  uncertain = 0;
  private unfollowed: string | undefined;
  unread = new Set<FunctionEntity>();
  /** What the custom object scopes hold that are entered. */
  scopes: readonly Value[] = [];
  private steps = 0;
  private mostSteps = MOST_STEPS;
  private total = 0;
  private depth = 0;
  readonly running: FunctionEntity[] = [];
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
    for (const [entity, names] of before?.given ?? []) {
      if (isKept(new Set([entity.module]))) this.given.set(entity, names);
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

  /** Bounds the root more closely: it is a function that nobody was seen to call. */
  spendLess(): void {
    this.mostSteps = MOST_UNKNOWN_STEPS;
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
    const { uncertain, statement } = this;
    this.uncertain = 0;
    this.muted++;
    const result = inner();
    this.muted--;
    this.uncertain = uncertain;
    this.statement = statement;
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
        const completion = runStep(this, step, frame);
        if (completion !== "end") return completion;
      }
      return "end";
    });
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

  /** What a decorator makes of something; of one that is not read it is taken to be the thing itself. */
  decorate(decorator: Value, value: Value): Value {
    if (decorator.kind === "external") {
      if (this.isOpenPath(decorator.path) && holdsObject(value)) this.lose(`${decorator.path} is not read`);
      return value;
    }
    return this.call(decorator, argumentsWith(value), undefined);
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
    return this.deeper(() => callValue(this, callee, given, frame));
  }

  /** Something that is not read is given these arguments: it may register the objects among them. */
  outside({ positional, keywords, open }: Arguments, why: string): void {
    if (open || [...positional, ...keywords.values()].some(holdsObject)) this.lose(why);
  }

  /** A function of a package is given these arguments. */
  outsideOf(path: string, given: Arguments): void {
    if (this.isOpenPath(path)) this.outside(given, `${path} is not read`);
  }

  /** Whether a class has a member; undefined where that is not known. */
  hasMember(entity: ClassEntity, name: string): boolean | undefined {
    if (this.given.get(entity)?.has(name)) return true;
    if (this.hierarchy.defines(entity, name)) return true;
    const { order, complete } = this.hierarchy.order(entity);
    const outside = order.filter((item): item is string => typeof item === "string" && item !== "object");
    if (name === "get_config" && outside.some(hasGetConfig)) return true;
    if (!complete) return undefined;
    if (name === "get_config")
      return outside.every((path) => isBare(path) || KERAS_PACKAGES.has(rootOf(path))) ? false : undefined;
    return outside.every(isBare) ? name.startsWith("__") : undefined;
  }

  /** Gives a class an attribute. */
  give(entity: ClassEntity, name: string): void {
    this.changing(entity);
    const names = this.given.get(entity);
    if (names) names.add(name);
    else this.given.set(entity, new Set([name]));
  }

  /** Gives a class or function another `__name__`. */
  rename(value: Value, name: Value): void {
    const entity = entityOf(value);
    if (!entity) return;
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
}

/** Decorators that decide how a method is found, not what it is. */
const DESCRIPTORS = /(?:^|\.)(?:staticmethod|classmethod|property|cached_property|abstractmethod|setter|overload)$/;

function isPartOfEverything(root: string): boolean {
  return KERAS_PACKAGES.has(root) || root === "builtins" || isStandardLibrary(root);
}

/** Whether a class of the language or its library has no members that a config could need. */
function isBare(path: string): boolean {
  return !path.includes(".") || isStandardLibrary(rootOf(path));
}

/** Whether an effect does something to a key that is not known. */
function isVague(effect: Effect): boolean {
  if (effect.kind === "provide" || effect.kind === "load") return false;
  if (effect.kind === "remove") return effect.key !== undefined && !isText(effect.key);
  if (effect.kind === "set") return !isText(effect.key);
  const { package: pack, name } = effect.given;
  return (
    (pack !== undefined && !isText(pack)) ||
    (name !== undefined && !isText(name)) ||
    (name?.kind !== "string" && !isText(nameOf(effect.object)))
  );
}

/** The name that an object has by itself: unknown of what a package's function returned. */
function nameOf(object: Value): Value {
  if (object.kind === "unknown") return object;
  return object.kind === "external" && object.path.includes("()") ? UNKNOWN_VALUE : NONE;
}

/** A string, None, or one of several such; also what a parameter brings, since that is followed where it is given. */
function isText(value: Value): boolean {
  if (value.kind === "choice") return value.options.every(isText);
  return value.kind === "string" || value.kind === "none" || (value.kind === "unknown" && value.parameter === true);
}
