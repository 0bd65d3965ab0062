import type { ValueSyntax } from "../python/summary.ts";
import { partsOf } from "../python/valueSyntax.ts";
import type { Evaluator } from "./evaluate.ts";
import { isFilled } from "./filled.ts";
import type { FunctionEntity, LinkedModule } from "./moduleTable.ts";
import { KERAS_PACKAGES, rootOf } from "./packages.ts";
import type { Resolved, Site } from "./resolved.ts";

/** The names that an expression speaks of, for what it may register or bring into a scope. */
export interface Mentions {
  readonly names: Set<string>;
  /** Whether it may hold names that cannot be listed. */
  anything: boolean;
  /** Whether it depends on a parameter of the function that it stands in. */
  parameter: boolean;
  /** How many classes and functions of the workspace are among the names. */
  objects: number;
  /** Functions whose bodies decide, in modules of which only the headers were read. */
  readonly unread: Set<FunctionEntity>;
}

/** Calls whose results can be any names, or hold them. */
const ANY_NAMES =
  /(?:^|\.)(?:eval|exec|locals|vars|dir|getmembers|__subclasses__|walk_packages|iter_modules|__dict__|all_subclasses|import_module)(?:\(\))?$/;
const MOST_STEPS = 3000;

/**
 * Collects what values mention. Of `objects` each one's own name is enough; `containers` are lists and dicts of objects,
 * so that variables are looked into, and what cannot be looked into may hold anything.
 */
export function collectMentions(
  evaluator: Evaluator,
  at: Site,
  objects: readonly ValueSyntax[],
  containers: readonly ValueSyntax[] = [],
): Mentions {
  const collector = new Collector(evaluator);
  for (const value of objects) collector.add(value, at, false);
  for (const value of containers) collector.add(value, at, true);
  return collector.mentions;
}

class Collector {
  readonly mentions: Mentions = { names: new Set(), anything: false, parameter: false, objects: 0, unread: new Set() };
  private readonly evaluator: Evaluator;
  private readonly seen = new Set<ValueSyntax>();
  private readonly functions = new Set<FunctionEntity>();
  private depth = 0;

  constructor(evaluator: Evaluator) {
    this.evaluator = evaluator;
  }

  /** Recursion is bounded by `depth`; a value is looked into once. */
  add(value: ValueSyntax, at: Site, container: boolean): void {
    if (this.seen.has(value) || this.seen.size > MOST_STEPS || this.depth > 60) return;
    this.seen.add(value);
    this.depth++;
    this.addInner(value, at, container);
    this.depth--;
  }

  private addInner(value: ValueSyntax, at: Site, container: boolean): void {
    switch (value.kind) {
      case "string":
        this.name(value.value);
        return;
      case "constant":
        return;
      case "name":
        this.named(value.path, value, at, container);
        return;
      case "items":
        for (const item of value.items) this.add(item, at, false);
        return;
      case "dict":
        for (const { key, value: held } of value.entries) {
          if (key) this.add(key, at, false);
          this.add(held, at, key === undefined);
        }
        return;
      case "call":
        this.call(value, at, container);
        return;
      case "join":
        for (const part of value.parts) this.add(part, at, container);
        for (const meaning of this.evaluator.evaluate(value, at)) this.resolved(meaning, container);
        return;
      case "choice":
        for (const option of value.options) this.add(option, at, container);
        return;
      case "attribute":
        this.add(value.of, at, false);
        for (const meaning of this.evaluator.evaluate(value, at)) this.resolved(meaning, container);
        return;
      case "subscript":
        this.add(value.of, at, true);
        this.add(value.key, at, false);
        return;
      case "element":
        this.add(value.of, at, true);
        return;
      case "spread":
        this.add(value.of, at, true);
        return;
      case "operation":
      case "lambda":
      case "comprehension":
        for (const part of partsOf(value)) this.add(part, at, false);
        return;
      default:
        for (const name of value.strings) this.name(name);
        for (const path of value.names) this.named(path, { kind: "name", path }, at, false);
        if (value.cut) this.mentions.anything = true;
    }
  }

  private named(path: string, value: ValueSyntax, at: Site, container: boolean): void {
    if (ANY_NAMES.test(path)) this.mentions.anything = true;
    const meanings = this.evaluator.evaluate(value, at);
    const last = path.slice(path.lastIndexOf(".") + 1);
    // Of a variable that is looked into, its own name says nothing.
    if (!container && !meanings.some((m) => m.kind === "syntax" || m.kind === "parameter")) this.name(last);
    for (const meaning of meanings) this.resolved(meaning, container);
  }

  private resolved(meaning: Resolved, container: boolean): void {
    const { mentions } = this;
    switch (meaning.kind) {
      case "class":
      case "function":
        this.name(meaning.fact.name);
        mentions.objects++;
        return;
      case "string":
        this.name(meaning.value);
        return;
      case "parameter":
        mentions.parameter = true;
        return;
      case "syntax":
        if (isFilled(meaning, this.evaluator.table)) mentions.anything = true;
        this.add(meaning.value, meaning.at, container);
        return;
      case "result":
        this.body(meaning.of);
        return;
      case "external":
        if (container && (!isOwnResult(meaning.path) || ANY_NAMES.test(meaning.path))) mentions.anything = true;
        return;
      case "unknown":
      case "instance":
        if (container) mentions.anything = true;
        return;
      default:
    }
  }

  private call(value: Extract<ValueSyntax, { kind: "call" }>, at: Site, container: boolean): void {
    const callees = this.evaluator.evaluate(value.callee, at);
    const path =
      value.callee.kind === "name" ? value.callee.path : value.callee.kind === "attribute" ? value.callee.name : "";
    if (ANY_NAMES.test(path)) this.mentions.anything = true;
    if (path === "globals") this.globals(at.module);
    const isDict = path === "dict";
    for (const argument of value.arguments) {
      // `dict(X=…)` and `get_custom_objects().update(X=…)` spell their keys as keywords.
      if (argument.keyword !== undefined) this.name(argument.keyword);
      this.add(argument.value, at, argument.stars === 2 || (isDict && argument.keyword === undefined));
    }
    for (const callee of callees) {
      if (callee.kind === "function") {
        if (container) this.body(callee);
      } else if (callee.kind === "parameter") this.mentions.parameter = true;
      else if (container && !isDict && callee.kind === "external" && !isQuiet(callee.path))
        this.mentions.anything = true;
      else if (container && callee.kind === "unknown" && value.callee.kind !== "call") this.mentions.anything = true;
    }
    if (value.callee.kind === "call" || value.callee.kind === "attribute") this.add(value.callee, at, false);
  }

  /** All that a module binds: what `globals()` holds. */
  private globals(module: LinkedModule): void {
    const [scope] = module.summary.scopes;
    for (const { name } of scope?.bindings ?? []) this.name(name);
    if (scope && scope.stars.length > 0) this.mentions.anything = true;
  }

  /** What the body of a function mentions: its result holds nothing else that can be named. */
  private body(entity: FunctionEntity): void {
    if (this.functions.has(entity) || this.functions.size > 50) return;
    this.functions.add(entity);
    const { mentions, body } = entity.fact;
    if (!mentions) {
      this.mentions.unread.add(entity);
      return;
    }
    const site: Site = { module: entity.module, scope: body, offset: Number.POSITIVE_INFINITY };
    for (const name of mentions.strings) this.name(name);
    for (const path of mentions.names) {
      const last = path.slice(path.lastIndexOf(".") + 1);
      this.name(last);
      if (ANY_NAMES.test(path) || entity.module.summary.filled.includes(last)) this.mentions.anything = true;
      if (body < 0) continue;
      for (const meaning of this.evaluator.evaluate({ kind: "name", path }, site)) {
        if (meaning.kind === "syntax") this.resolved(meaning, false);
        else if (meaning.kind === "function" && entity.fact.calls?.includes(path)) this.body(meaning);
      }
    }
  }

  private name(name: string): void {
    const { names } = this.mentions;
    if (name === "" || name.length > 200) return;
    names.add(name);
    // `keras_hub.layers.Foo` and `pkg>Foo` speak of `Foo`.
    const cut = Math.max(name.lastIndexOf("."), name.lastIndexOf(">"));
    if (cut >= 0 && cut + 1 < name.length) names.add(name.slice(cut + 1));
  }
}

/** What is of Keras, or of the language, and gives nothing of somebody else's. */
function isOwnResult(path: string): boolean {
  if (/^builtins\.(?:getattr|next)(?:\(\))?$/.test(path)) return false;
  return KERAS_PACKAGES.has(rootOf(path)) || path.startsWith("builtins.");
}

/** Calls of Keras and of the language bring no names that are not in their arguments. */
function isQuiet(path: string): boolean {
  return isOwnResult(path) || path.startsWith("copy.");
}
