import type { ValueSyntax } from "../python/summary.ts";
import { REGISTER_FUNCTION } from "../python/words.ts";
import type { ClassEntity, FunctionEntity, LinkedModule } from "./moduleTable.ts";
import { KERAS_PACKAGES, rootOf } from "./packages.ts";

/** More meanings of one name than this are not told apart. */
export const MOST_MEANINGS = 6;

/** What an expression stands for, as far as reading tells. */
export type Resolved =
  | ClassEntity
  | FunctionEntity
  | { readonly kind: "module"; readonly module: LinkedModule }
  | { readonly kind: "namespace"; readonly name: string }
  /** Something of a package that is not read, by its dotted path; `()` in it where a call returned it. */
  | { readonly kind: "external"; readonly path: string }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "none" }
  /** `register_keras_serializable` itself, with the arguments that `functools.partial` bound. */
  | { readonly kind: "register"; readonly bound: RegisterArguments }
  /** What a call of it returned. */
  | { readonly kind: "registering"; readonly given: RegisterArguments }
  | { readonly kind: "instance"; readonly of: ClassEntity; readonly made: CallSyntax; readonly at: Site }
  /** What a call of a function of the workspace returned. */
  | { readonly kind: "result"; readonly of: FunctionEntity; readonly made: CallSyntax; readonly at: Site }
  /** A member of an enumeration, with the value that it stands for. */
  | { readonly kind: "enum member"; readonly value: readonly Resolved[] }
  /** A literal that is looked into where needed. */
  | { readonly kind: "syntax"; readonly value: ValueSyntax; readonly at: Site }
  /** A parameter of a function, or something made of one. */
  | { readonly kind: "parameter" }
  | { readonly kind: "unknown"; readonly name: string };

type CallSyntax = Extract<ValueSyntax, { kind: "call" }>;

export interface RegisterArguments {
  /** Absent where it is not given. */
  readonly package?: readonly Resolved[];
  readonly name?: readonly Resolved[];
  /** Spread arguments: anything may be given. */
  readonly open?: boolean;
}

/** Where an expression stands. */
export interface Site {
  readonly module: LinkedModule;
  readonly scope: number;
  /** Offset in the module's text; Infinity for what runs when all of the module did. */
  readonly offset: number;
}

export const UNKNOWN: readonly Resolved[] = [{ kind: "unknown", name: "" }];
export const PARAMETER: readonly Resolved[] = [{ kind: "parameter" }];

/** Whether a name stands for a parameter of the function around it. */
export function isParameter(meaning: Resolved): boolean {
  return meaning.kind === "parameter";
}

/** Whether a meaning is true in Python; undefined where that is not known. */
export function isTrue(meaning: Resolved): boolean | undefined {
  if (meaning.kind === "string") return meaning.value !== "";
  if (meaning.kind === "syntax" && meaning.value.kind === "constant") {
    const { value, number } = meaning.value;
    if (value !== "number") return value === "True";
    return number === undefined ? undefined : number !== 0;
  }
  return isSomething(meaning);
}

/** Whether a meaning is not None; undefined where that is not known. */
export function isSomething(meaning: Resolved): boolean | undefined {
  switch (meaning.kind) {
    case "none":
      return false;
    case "class":
    case "function":
    case "module":
    case "namespace":
    case "register":
    case "registering":
    case "instance":
      return true;
    case "external":
      // A package; what it holds may be anything.
      return meaning.path.includes(".") ? undefined : true;
    default:
      return undefined;
  }
}

/** Whether a function read from source is Keras's own `register_keras_serializable`. */
export function isRegister(entity: FunctionEntity): boolean {
  return entity.fact.name === REGISTER_FUNCTION && KERAS_PACKAGES.has(rootOf(entity.module.name));
}

/** What a dotted path means where it names Keras's `register_keras_serializable`, in any package of Keras. */
export function asRegister(path: string): Resolved | undefined {
  if (!path.endsWith(`.${REGISTER_FUNCTION}`) || !KERAS_PACKAGES.has(rootOf(path))) return undefined;
  return { kind: "register", bound: {} };
}

/** Whether `from module import *` brings a name: by `__all__`, else every name without an underscore in front. */
export function exports(module: LinkedModule, name: string): boolean {
  const { all } = module.summary;
  return all ? all.includes(name) : !name.startsWith("_");
}

/** The meanings without repetitions, the first of each. */
export function unique(meanings: readonly Resolved[]): readonly Resolved[] {
  if (meanings.length < 2) return meanings;
  const seen = new Set<unknown>();
  const result: Resolved[] = [];
  for (const meaning of meanings) {
    const key =
      meaning.kind === "module"
        ? meaning.module
        : meaning.kind === "external"
          ? meaning.path
          : meaning.kind === "string"
            ? `"${meaning.value}`
            : meaning.kind === "parameter" || meaning.kind === "none"
              ? meaning.kind
              : meaning;
    if (seen.has(key) || result.length >= MOST_MEANINGS) continue;
    seen.add(key);
    result.push(meaning);
  }
  return result;
}
