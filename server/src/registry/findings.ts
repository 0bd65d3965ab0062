import type { Fact, Place } from "../python/summary.ts";
import type { Effect } from "./interpret/effects.ts";
import type { Mentions } from "./mentions.ts";
import { type ClassEntity, type FunctionEntity, type LinkedModule, qualnameOf } from "./moduleTable.ts";
import { KERAS_PACKAGES, rootOf } from "./packages.ts";
import type { Declaration, HandedObject, SourceLocation, When } from "./view.ts";
import type { Use } from "./wrappers.ts";

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
  /** It depends on how a function is called: what counts is where that happens. */
  readonly depends?: true;
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
  /** Of the class's or function's name, and of what looks like its registration. */
  readonly location: SourceLocation;
  readonly at: SourceLocation;
  readonly when: When;
}

/** A declaration, with where its registration stands, for the order of imports. */
export interface Registration extends Declaration {
  readonly by: LinkedModule;
  readonly scope: number;
  readonly offset: number;
}

/** A registration that is taken out again. */
export interface Removal {
  /** Every key where it is absent. */
  readonly key?: string;
  readonly by: LinkedModule;
  readonly offset: number;
  readonly when: When;
}

/** Custom objects that a scope or an argument hands to loads. */
export type HandedIn = Extract<Effect, { kind: "provide" }> & {
  /** The statement of a module that was followed and led there; absent where a function was followed on its own. */
  readonly root?: { readonly module: LinkedModule; readonly place: Place; readonly offset: number };
};

/** A key that a scope or an argument provides for the loads that it is there for. */
export interface Provided {
  readonly key: string;
  readonly by: "scope" | "argument";
  /** `custom_objects=`, or the scope as it is called there. */
  readonly text: string;
  /** Of the argument, or of the call that makes the scope. */
  readonly location: SourceLocation;
  /** What it stands for, where that is known. */
  readonly object?: HandedObject;
  readonly module: LinkedModule;
}

/** How something is registered, and the part of the text that does it. */
export interface Via {
  readonly text: string;
  readonly place: Place;
}

/** A load of a file in sight, with what is handed to it. */
export type FoundLoad = Extract<Effect, { kind: "load" }> & { readonly location: SourceLocation };

export type Entity = ClassEntity | FunctionEntity;

/** A set that remembers in what order it was added to, repetitions included. */
class LoggedSet<T> extends Set<T> {
  readonly log: T[] = [];

  override add(value: T): this {
    this.log.push(value);
    return super.add(value);
  }
}

/** A custom object scope, a `custom_objects=` argument, or a dict that is called so. */
export interface CustomObjectsPlace {
  readonly fact: Fact;
  readonly module: LinkedModule;
  /** Whether the statement of the module that it stands in was followed. */
  readonly followed: boolean;
}

/** What one computation added to the findings: the ends of their lists, in their order. */
export type Part = readonly (readonly unknown[])[];

/** What linking found: collected while it reads. */
export class Findings {
  readonly declared: Registration[] = [];
  readonly uncomputed: Uncomputed[] = [];
  readonly hints: RegistrationHint[] = [];
  readonly removed: Removal[] = [];
  readonly handedIn: HandedIn[] = [];
  readonly provided: Provided[] = [];
  readonly loads: FoundLoad[] = [];
  /** Uses of what may turn out to register. */
  readonly uses: Use[] = [];
  readonly places: CustomObjectsPlace[] = [];
  /** Functions that register what they are called with. */
  readonly registering = new LoggedSet<FunctionEntity>();
  /** Functions that were followed on their own, as a whole. */
  readonly followed = new LoggedSet<FunctionEntity>();
  /** Functions whose bodies were not read and would decide something. */
  readonly unread = new LoggedSet<FunctionEntity>();
  /** Classes of packages that were not read and would decide something, by their dotted paths. */
  readonly wanted = new LoggedSet<string>();
  /** Classes of which a decorator, a base or a metaclass makes something that cannot be told. */
  readonly open = new LoggedSet<ClassEntity>();
  private readonly lists: readonly unknown[][] = [
    ...[
      this.declared,
      this.uncomputed,
      this.hints,
      this.removed,
      this.handedIn,
      this.provided,
      this.uses,
      this.places,
      this.loads,
    ],
  ];
  private readonly sets: readonly LoggedSet<unknown>[] = [
    ...([this.registering, this.followed, this.unread, this.wanted, this.open] as unknown as LoggedSet<unknown>[]),
  ];

  /** Runs a computation; answers what it added. */
  part(compute: () => void): Part {
    const lists = [...this.lists, ...this.sets.map(({ log }) => log)];
    const starts = lists.map((list) => list.length);
    compute();
    return lists.map((list, index) => list.slice(starts[index]));
  }

  /** Adds what a computation added before. */
  replay(part: Part): void {
    for (const [index, list] of this.lists.entries()) for (const entry of part[index]!) list.push(entry);
    for (const [index, set] of this.sets.entries()) {
      for (const entry of part[this.lists.length + index]!) set.add(entry);
    }
  }

  private readonly seen = new Set<string>();

  /** Records a registration, once for each statement that makes it. */
  declare(registration: Registration): void {
    const { key, module, qualname, by, offset, when } = registration;
    const id = JSON.stringify([key, module, qualname, by.summary.uri, offset, when]);
    if (this.seen.has(id)) return;
    this.seen.add(id);
    this.declared.push(registration);
  }

  /** Records that Keras refuses a class: it has no `get_config`. */
  refused(entity: Entity, at: SourceLocation, when: When): void {
    this.hints.push({ kind: "no get_config", ...describe(entity), at, when });
  }

  /** Leaves of what was recorded from index `from` on only the names that it speaks of. */
  narrow(from: number): void {
    for (let index = from; index < this.uncomputed.length; index++) {
      this.uncomputed[index] = { ...this.uncomputed[index]!, anything: false };
    }
  }

  /** Records what may register and is not computed; `pack` where all of its keys have that package. */
  record(module: LinkedModule, place: Place, reason: string, mentions: Mentions, pack?: string): void {
    for (const entity of mentions.unread) this.unread.add(entity);
    this.uncomputed.push({
      ...{ location: module.location(place), reason, names: mentions.names, module },
      anything: mentions.anything || mentions.unread.size > 0,
      ...(pack === undefined ? {} : { package: pack }),
      ...(mentions.parameter && !mentions.anything ? { depends: true } : {}),
    });
  }
}

/** The name of a class or function and where it stands. */
export function describe(entity: Entity) {
  const { module, fact } = entity;
  return { name: fact.name, module: module.name, qualname: qualnameOf(entity), location: module.location(fact.at) };
}

/** What a declaration says of its object: one of the workspace, or the dotted path of one of another package. */
export function describeObject(
  object: Entity | string,
  registeredAt: SourceLocation,
): Pick<Declaration, "kind" | "module" | "qualname" | "location"> {
  if (typeof object !== "string") {
    const { module, qualname, location } = describe(object);
    return { kind: object.kind, module, qualname, location };
  }
  const dot = object.lastIndexOf(".");
  const qualname = object.slice(dot + 1);
  // Keras names its classes with a capital letter, and its functions without.
  const kind = !KERAS_PACKAGES.has(rootOf(object)) ? "other" : /^[A-Z]/.test(qualname) ? "class" : "function";
  return { kind, module: object.slice(0, Math.max(dot, 0)), qualname, location: registeredAt };
}
