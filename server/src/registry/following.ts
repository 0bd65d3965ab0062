import type { CodeFact, ValueSyntax } from "../python/summary.ts";
import { describeObject, type Entity, type Findings, type Via } from "./findings.ts";
import type { Hierarchy } from "./hierarchy.ts";
import { classAttribute, members } from "./interpret/attributes.ts";
import { callUnknown } from "./interpret/calls.ts";
import type { Effect, Outcome } from "./interpret/effects.ts";
import type { Interpreter } from "./interpret/interpreter.ts";
import { type Arguments, entityOf, listOf, NONE, stringOf, type Value } from "./interpret/values.ts";
import type { ClassEntity, FunctionEntity } from "./moduleTable.ts";
import { hasGetConfig } from "./packages.ts";
import type { Site } from "./resolved.ts";
import type { Traced } from "./tracker.ts";
import type { HandedObject, SourceLocation, When } from "./view.ts";

/** Something that is followed: where it stands, when it happens, and how it is spoken of. */
export interface Root {
  readonly site: Site;
  readonly when: When;
  readonly via: Via;
}

/** Follows decorators, statements, the making of classes and functions, and records what they do. */
export class Following {
  readonly interpreter: Interpreter;
  private readonly hierarchy: Hierarchy;
  private readonly functions = new Map<FunctionEntity, Traced<Outcome>>();
  private readonly findings: Findings;
  /** Why the last thing could not be followed as a whole; undefined where it was. */
  unfollowed: string | undefined;

  constructor(interpreter: Interpreter, hierarchy: Hierarchy, findings: Findings) {
    this.interpreter = interpreter;
    this.hierarchy = hierarchy;
    this.findings = findings;
  }

  /** A decorator on a class or function. Answers whether all that it does could be followed. */
  decorator(syntax: ValueSyntax, target: Entity, root: Root): boolean {
    const { interpreter } = this;
    interpreter.root = root.site.module;
    const outcome = this.follow(() => {
      const decorator = interpreter.evaluate(syntax, interpreter.frameAt(root.site));
      return interpreter.decorate(decorator, target);
    });
    if (outcome.value !== target && target.kind === "class") this.findings.open.add(target);
    return this.record(outcome, root);
  }

  /** What some decorators, the innermost first, make of a class or function; itself where that is not known. */
  decorated(decorators: readonly ValueSyntax[], target: Entity, site: Site): { object: Entity; name: string } {
    const { interpreter } = this;
    interpreter.root = site.module;
    const { value } = this.follow(() =>
      decorators.reduce<Value>(
        (made, syntax) => interpreter.decorate(interpreter.evaluate(syntax, interpreter.frameAt(site)), made),
        target,
      ),
    );
    const object = entityOf(value) ?? target;
    // `functools.wraps` gives one function the names of many, one after the other.
    return { object, name: object === target ? object.fact.name : (this.nameOf(value) ?? object.fact.name) };
  }

  /** A statement of a module. */
  statement({ step, scope, offset }: CodeFact, root: Root): boolean {
    const { interpreter } = this;
    const { module } = root.site;
    interpreter.root = module;
    return this.record(
      this.follow(() => {
        interpreter.run([step], interpreter.frameAt({ module, scope, offset }));
        return NONE;
      }),
      root,
    );
  }

  /** What `__init_subclass__` of a class's bases does when the class is made. */
  subclass(entity: ClassEntity, root: Root): boolean {
    const { interpreter } = this;
    interpreter.root = entity.module;
    return this.record(
      this.follow(() => {
        const hook = classAttribute(interpreter, entity, "__init_subclass__", entity);
        if (hook.kind !== "function") return NONE;
        return interpreter.call(
          hook,
          { positional: [entity], keywords: this.keywords(entity), open: false },
          undefined,
        );
      }),
      root,
    );
  }

  /** What a metaclass does when it makes a class. */
  metaclass(meta: ClassEntity, entity: ClassEntity, root: Root): boolean {
    const { interpreter } = this;
    interpreter.root = entity.module;
    const outcome = this.follow(() => {
      interpreter.making = entity;
      const body = members(interpreter, entity);
      const bases = listOf([...interpreter.names.basesOf(entity)], "tuple");
      const made: Value[] = [stringOf(entity.fact.name), bases, body];
      const given = { positional: [] as Value[], keywords: this.keywords(entity), open: false };
      for (const [name, first] of [
        ["__new__", meta],
        ["__init__", entity],
      ] as const) {
        const method = classAttribute(interpreter, meta, name);
        if (method.kind === "function") interpreter.call(method, { ...given, positional: [first, ...made] }, undefined);
      }
      return entity;
    });
    interpreter.making = undefined;
    return this.record(outcome, root);
  }

  /** What a function does when somebody calls it, its parameters unknown. */
  onItsOwn(entity: FunctionEntity): Outcome {
    const { tracker } = this.interpreter.evaluator;
    return tracker.remember(this.functions, entity, () => {
      tracker.touch(entity.module);
      this.interpreter.root = entity.module;
      return this.follow(() => callUnknown(this.interpreter, entity));
    });
  }

  /** Records what the function around a statement registers when it is called. Answers whether all of it could be followed. */
  inFunction(root: Root): boolean {
    const outermost = root.site.module.enclosingFunctions(root.site.scope).at(-1);
    if (!outermost?.fact.code) return false;
    const { effects, unfollowed } = this.onItsOwn(outermost);
    if (unfollowed !== undefined) return false;
    for (const effect of effects)
      if (effect.kind === "register" || effect.kind === "set") this.effect(effect, { ...root, when: "call" });
    return true;
  }

  private follow(root: () => Value): Outcome {
    return this.interpreter.follow(root, this.findings);
  }

  private keywords(entity: ClassEntity): Arguments["keywords"] {
    const { interpreter } = this;
    const { module, fact } = entity;
    const frame = interpreter.frameAt({ module, scope: fact.scope, offset: fact.offset });
    const given = fact.keywords.filter(({ name }) => name !== "metaclass");
    return new Map(given.map(({ name, value }) => [name, interpreter.evaluate(value, frame)] as const));
  }

  private record({ effects, unfollowed }: Outcome, root: Root): boolean {
    this.unfollowed = unfollowed;
    for (const effect of effects) this.effect(effect, root);
    return unfollowed === undefined;
  }

  private effect(effect: Effect, root: Root): void {
    const when = effect.sure || root.when !== "import" ? root.when : "maybe";
    switch (effect.kind) {
      case "register":
        this.registered(effect.given, effect.object, { ...root, when });
        return;
      case "set":
        for (const key of textsIn(effect.key))
          this.declare(key, effect.object, { ...root, when: narrowed(when, effect.key) });
        return;
      case "remove": {
        const { site } = root;
        const place = { by: site.module, offset: site.offset, when };
        if (!effect.key) this.findings.removed.push(place);
        else for (const key of textsIn(effect.key)) this.findings.removed.push({ ...place, key });
        return;
      }
      case "load": {
        const location = root.site.module.location(root.via.place);
        this.findings.loads.push({ ...effect, location });
        return;
      }
      default:
        this.findings.handedIn.push({
          ...effect,
          root: { module: root.site.module, place: root.via.place, offset: root.site.offset },
        });
    }
  }

  /**
   * As `keras/src/saving/object_registration.py` does it: `f"{package}>{name}"`, `Custom` and `__name__` by default,
   * ValueError for a class without `get_config`.
   */
  private registered(given: { package?: Value; name?: Value }, object: Value, root: Root): void {
    for (const target of object.kind === "choice" ? object.options : [object]) {
      const own = this.nameOf(target);
      const packages = given.package ? textsIn(given.package, "None") : ["Custom"];
      const names = given.name && given.name.kind !== "none" ? textsIn(given.name) : own === undefined ? [] : [own];
      const several = [object, given.package, given.name].some((value) => value?.kind === "choice");
      const when = several && root.when === "import" ? "maybe" : root.when;
      for (const pack of packages) {
        for (const name of names) this.declare(`${pack}>${name ?? own}`, target, { ...root, when }, true);
      }
    }
  }

  private nameOf(target: Value): string | undefined {
    const entity = entityOf(target);
    if (entity) {
      const name = this.interpreter.renamed.get(entity);
      return name ? (name.kind === "string" ? name.value : undefined) : entity.fact.name;
    }
    if (target.kind === "made") return target.name;
    if (target.kind === "closure") return LAMBDA;
    if (target.kind === "external" && target.path.includes("()")) return undefined;
    return target.kind === "external" ? target.path.slice(target.path.lastIndexOf(".") + 1) : undefined;
  }

  private declare(key: string, object: Value, { site, when, via }: Root, checked = false): void {
    const { module, scope, offset } = site;
    const at = module.location(via.place);
    const entity = entityOf(object);
    if (checked && entity?.kind === "class" && this.lacksGetConfig(entity)) {
      this.findings.refused(entity, at, when);
      return;
    }
    const nameless = {
      kind: "other",
      module: module.name,
      qualname: object.kind === "closure" && entity === undefined ? LAMBDA : key.slice(key.lastIndexOf(">") + 1),
      location: at,
    } as const;
    const described = madeClass(object, at) ?? objectOf(object, at) ?? nameless;
    this.findings.declare({
      key,
      ...described,
      via: { text: via.text, location: at },
      when,
      by: module,
      scope,
      offset,
    });
  }

  /** Whether Keras refuses to register a class, as far as its ancestors are all known to have no `get_config`. */
  lacksGetConfig(entity: ClassEntity): boolean {
    const { order, complete } = this.hierarchy.order(entity);
    if (this.interpreter.given.get(entity)?.has("get_config")) return false;
    if (!complete || this.findings.open.has(entity) || this.hierarchy.defines(entity, "get_config")) return false;
    return order.every((item) => typeof item !== "string" || !hasGetConfig(item));
  }
}

/** `__name__` of every lambda. */
const LAMBDA = "<lambda>";

/** What a value is, as far as that can be said: a class or function of the workspace, or something of a package. */
export function objectOf(value: Value, location: SourceLocation): HandedObject | undefined {
  const object = entityOf(value) ?? (value.kind === "external" && !value.path.includes("()") ? value.path : undefined);
  return object === undefined ? undefined : describeObject(object, location);
}

function madeClass(value: Value, location: SourceLocation): HandedObject | undefined {
  if (value.kind !== "made") return undefined;
  return { kind: "class", module: value.module.name, qualname: value.name, location };
}

/** The texts that a value can be; `none` stands for None, which is none of them without it. */
function textsIn(value: Value, none?: string): string[] {
  const options = value.kind === "choice" ? value.options : [value];
  return options.flatMap((each) =>
    each.kind === "string" ? [each.value] : each.kind === "none" && none !== undefined ? [none] : [],
  );
}

function narrowed(when: When, key: Value): When {
  return key.kind === "choice" && when === "import" ? "maybe" : when;
}
