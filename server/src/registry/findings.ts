import type { Place } from "../python/summary.ts";
import type { Effect } from "./interpret/effects.ts";
import type { Mentions } from "./mentions.ts";
import { type ClassEntity, type FunctionEntity, type LinkedModule, qualnameOf } from "./moduleTable.ts";
import { KERAS_PACKAGES, rootOf } from "./packages.ts";
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
  readonly object?: Pick<Declaration, "kind" | "module" | "qualname" | "location">;
  readonly module: LinkedModule;
}

/** How something is registered, and the part of the text that does it. */
export interface Via {
  readonly text: string;
  readonly place: Place;
}

export type Entity = ClassEntity | FunctionEntity;

/** What linking found: collected while it reads. */
export class Findings {
  readonly declared: Registration[] = [];
  readonly uncomputed: Uncomputed[] = [];
  readonly hints: RegistrationHint[] = [];
  readonly removed: Removal[] = [];
  readonly handedIn: HandedIn[] = [];
  readonly provided: Provided[] = [];
  /** Functions whose bodies were not read and would decide something. */
  readonly unread = new Set<FunctionEntity>();
  /** Classes of packages that were not read and would decide something, by their dotted paths. */
  readonly wanted = new Set<string>();
  /** Classes of which a decorator, a base or a metaclass makes something that cannot be told. */
  readonly open = new Set<ClassEntity>();

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
  refused(entity: Entity, at: SourceLocation): void {
    this.hints.push({ kind: "no get_config", ...describe(entity), at });
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
