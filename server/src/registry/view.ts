import type { ArgumentUse, FunctionFlow, HeldValue, HeldValues, ValueUse } from "../python/flow.ts";

export type { ArgumentUse, FunctionFlow, HeldValue, HeldValues, ValueUse };

/**
 * The questions that `deserialize/` asks about the user's Python. They are asked by name and module, never by file.
 * "Kind" is what the object is once its decorators ran, as far as that can be read.
 */
export interface SourceLocation {
  readonly uri: string;
  /** UTF-16 offsets of the name in the object's own `class` or `def`, or of the place spoken of. */
  readonly start: number;
  readonly end: number;
  /** Zero-based line and UTF-16 character of `start` and of `end`. */
  readonly range: { start: { line: number; character: number }; end: { line: number; character: number } };
}

/** When a registration happens: on import, in a branch that cannot be decided, or only when somebody calls a function. */
export type When = "import" | "maybe" | "call";

export interface Declaration {
  readonly key: string;
  readonly kind: "class" | "function" | "other";
  /** Python's `__module__` and `__qualname__` of the object. */
  readonly module: string;
  readonly qualname: string;
  /** Where the object's own name stands. */
  readonly location: SourceLocation;
  /** How and where it is registered, e.g. "@keras.saving.register_keras_serializable". */
  readonly via: { readonly text: string; readonly location: SourceLocation };
  readonly when: When;
}

/** Why a name cannot be said to be missing, with the place that decides it where there is one. */
export interface Unknown {
  /** One sentence for the user, without a trailing period, e.g. "`pkg>Foo` is registered only where setup() is called". */
  readonly reason: string;
  readonly location?: SourceLocation;
  /** A scope or an argument provides the name for some loads. */
  readonly provided?: true;
  /** Names and modules that would decide it (for incremental work and for the log). */
  readonly names: readonly string[];
}

/** What the simulation asks of a class of the workspace. */
export interface WorkspaceClass {
  readonly name: string;
  readonly module: string;
  readonly qualname: string;
  readonly location: SourceLocation;
  /** C3 (or, where that fails, depth-first) order after the class itself. External ones by their dotted path as imported. */
  readonly mro: readonly MroEntry[];
  /** False where a base, decorator or metaclass is something that could not be read or found. */
  readonly mroComplete: boolean;
}

export type MroEntry =
  | { readonly kind: "workspace"; readonly class: WorkspaceClassBody }
  /** A dotted path as far as imports resolve it: `keras.layers.Layer`, `keras.src.layers.layer.Layer`, `object`, … */
  | { readonly kind: "external"; readonly path: string };

/** One class's own body: what it defines itself. */
export interface WorkspaceClassBody {
  readonly name: string;
  readonly module: string;
  readonly qualname: string;
  readonly location: SourceLocation;
  /** Names bound in the class body: methods, assignments, nested classes. */
  readonly members: ReadonlySet<string>;
  readonly init?: FunctionFlow;
  readonly fromConfig?: FunctionFlow;
  readonly values?: HeldValues;
  /** Set where something besides `init` may take the constructor's arguments: a decorator, a metaclass, a second `__init__`. */
  readonly isConstructedOtherwise?: true;
  /** Set where something of it may be replaced when it is there: `members` are its own, and those that may be set on it. */
  readonly patch?: ClassPatch;
}

/** What may be set on a class after it was made. */
export interface ClassPatch {
  /** The names that it may be set under; absent where it may be any. */
  readonly members?: ReadonlySet<string>;
  readonly why: Unknown;
}

/** A class of Keras on which something may be set. */
export interface KerasPatch {
  /** The name of the class; "*" where it may be any. */
  readonly name: string;
  /** Where another class of this name may be put into a module: the place. */
  readonly put?: SourceLocation;
  readonly why: Unknown;
}

/** The header of a function: what Python binds the arguments of a call to. */
export interface Signature {
  /** Python's `__qualname__`, with which its errors begin. */
  readonly qualname: string;
  /** In order; those of a method begin with `self`. */
  readonly parameters: readonly SignatureParameter[];
}

export interface SignatureParameter {
  readonly name: string;
  readonly kind: "positional-only" | "positional" | "keyword-only" | "varargs" | "kwargs";
  /** Whether it has no default. */
  readonly isRequired: boolean;
}

/** What a scope or a `custom_objects=` argument hands to a load under a key. */
export type HandedObject = Pick<Declaration, "kind" | "module" | "qualname" | "location">;

/** A key that a scope or a `custom_objects=` argument provides, and where. */
export interface ProvidedKey {
  readonly key: string;
  readonly by: "scope" | "argument";
  readonly location: SourceLocation;
}

/** The one place of the workspace that loads a file, with all that it hands to that load. */
export interface LoadInSight {
  readonly location: SourceLocation;
  /** By key; undefined for an object of which nothing is known. */
  readonly scope: ReadonlyMap<string, HandedObject | undefined>;
  readonly customObjects: ReadonlyMap<string, HandedObject | undefined>;
}

/**
 * One revision of what the workspace's Python registers. Every method is pure and total; a view never changes.
 */
export interface RegistryView {
  /** All declarations of `GLOBAL_CUSTOM_OBJECTS[key]`, in the order of import as far as known, else by uri and offset. */
  declarations(key: string): readonly Declaration[];
  /** All keys ending with `suffix` (the fallback of Keras for functions saved by 3.6 and before), with their declarations. */
  declarationsEndingWith(suffix: string): readonly Declaration[];
  /** The keys that the workspace registers, sorted: for did-you-mean. */
  keys(): readonly string[];
  /** Keys whose declared object has this `__name__`. */
  declarationsNamed(name: string): readonly Declaration[];
  /** Keys under which the workspace hands an object with this `__name__` to some loads: for hints. */
  providedNamed(name: string): readonly ProvidedKey[];
  /** The class or function that a module of the workspace binds under a name, registered or not; follows re-exports. */
  moduleMember(
    module: string,
    name: string,
  ):
    | Declaration
    | {
        readonly kind: "class" | "function" | "other";
        readonly location: SourceLocation;
        readonly module: string;
        readonly qualname: string;
      }
    | undefined;
  /** Classes and functions of the workspace with this name, registered or not: for hints. */
  definitionsNamed(name: string): readonly {
    readonly kind: "class" | "function";
    readonly module: string;
    readonly qualname: string;
    readonly location: SourceLocation;
  }[];
  /** Whether the workspace or a package that was read holds this module. */
  hasModule(module: string): boolean;
  /**
   * The class behind a declaration or a definition, or undefined where it is no class or could not be read. Several
   * modules may have one name, as notebooks do: `location` says whose class is meant.
   */
  classOf(module: string, qualname: string, location?: SourceLocation): WorkspaceClass | undefined;
  /**
   * The header of a function, or of the method `Class.method`, in the document of `uri`; undefined where its file was not read
   * whole, or where what is called in the end may be another.
   */
  signatureOf(module: string, qualname: string, uri: string): Signature | undefined;
  /** The names of classes on which the workspace may set something else, those of its own classes among them. */
  kerasPatches(): readonly KerasPatch[];
  /**
   * The closed-world rule: why it cannot be said that nothing registers `key`, or undefined where it can.
   * `name` is the class or function name of the object, `module` its `module` (null where absent); `inLoad` where it is
   * known what scopes and arguments hand to the load.
   */
  whyOpen(key: string, name: string, module: string | null, inLoad?: boolean): Unknown | undefined;
  /**
   * How the workspace loads a file, where one place of it does so and names that file; undefined where none or several do,
   * or where not all is known that it hands in.
   */
  loadOf(uri: string): LoadInSight | undefined;
}
