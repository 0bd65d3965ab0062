/**
 * What one Keras release holds, as `deserialize/` asks it. Made from the release's source by `npm run catalogue`;
 * the data and their decoder live beside this file.
 */
export interface KerasCatalogue {
  /** Releases known, ascending, for example "3.15.1". */
  readonly versions: readonly string[];
  /** The release; throws RangeError for a version that `versions` does not list. */
  release(version: string): KerasRelease;
}

export type SymbolKind = "class" | "function" | "other";

/**
 * The tables of string identifiers: `ALL_OBJECTS_DICT` of keras/src/<name>/__init__.py; in Keras 2 the `module_objects` of
 * each `deserialize`, also of layers and learning rate schedules, and what Keras 2 registers itself (`Custom>Adam`).
 */
export type TableName =
  | "activations"
  | "constraints"
  | "dtype_policies"
  | "initializers"
  | "layers"
  | "losses"
  | "metrics"
  | "optimizers"
  | "quantizers"
  | "registered"
  | "regularizers"
  | "schedules";

export interface KerasRelease {
  readonly version: string;
  /** `api_export.get_symbol_from_name(path)`: canonical paths only, e.g. `keras.layers.Dense`. */
  exported(path: string): BuiltinSymbol | undefined;
  /** A public path, canonical or alias (`keras.layers.Convolution2D`), or `module.qualname` of the source: for bases of user classes. */
  resolve(path: string): BuiltinSymbol | undefined;
  /** `importlib.import_module(name)` for a module whose package is keras. */
  importModule(name: string): ModuleLookUp;
  /** What a table holds under a string; undefined where the release has no such table or entry. */
  tableEntry(table: TableName, name: string): BuiltinSymbol | undefined;
  tableNames(table: TableName): readonly string[];
  /** Canonical export paths, for did-you-mean and completion. */
  exportedPaths(): readonly string[];
}

export type ModuleLookUp =
  | {
      readonly status: "importable";
      member(name: string): BuiltinSymbol | undefined;
      /** The names that the module's statements bind to something other than None. */
      memberNames(): readonly string[];
    }
  /** ModuleNotFoundError in every environment. */
  | { readonly status: "missing" }
  /** Importable only where an optional package or a backend is installed. */
  | { readonly status: "environment"; readonly needs: string };

export interface BuiltinSymbol {
  readonly kind: SymbolKind;
  /** Python's `__module__` and `__qualname__`: `keras.src.layers.core.dense`, `Dense`. */
  readonly module: string;
  readonly qualname: string;
  /** Canonical export path where it has one. */
  readonly canonical?: string | undefined;
  /** `issubclass(cls, KerasSaveable)`; false for functions. In releases before KerasSaveable: always true. */
  readonly kerasSaveable: boolean;
  /** Base classes in method resolution order, the class itself first; only classes of Keras. Empty for functions. */
  readonly mro: readonly BuiltinSymbol[];
  /** The class of `mro` whose `from_config` runs, by `module.qualname`; undefined where the class has none. */
  readonly fromConfig?: string | undefined;
  /** Names defined in the class's own body, as far as they decide loading: `__init__`, `__new__`, `from_config`, `get_config`, `compile`, … */
  readonly ownMethods: readonly string[];
  /** The constructor that runs (through the mro): parameters with defaults in source spelling. */
  readonly parameters: readonly Parameter[];
  readonly acceptsKwargs: boolean;
  /** Arguments of the config that are deserialized, in the order in which that happens. */
  readonly slots: readonly Slot[];
  /** What the constructor refuses, for classes of which that was read; see `ConstructorRules`. */
  readonly constructorRules: ConstructorRules | undefined;
}

/** An exception of Keras or Python that does not depend on what else stands in the config. */
export interface Refusal {
  /** `type(e).__name__`. */
  readonly exception: string;
  /**
   * `str(e)` with fields: `{name}` is an argument as Python's `str` shows it, `{name!r}` as `repr` does, `{name!l}` as `str` does in lower case, `{name!t}` its type,
   * `{}` the name of the object's class, `{**}` the dict of the keywords that nobody takes; braces are doubled. Absent where
   * it is not known.
   */
  readonly text?: string;
}

/** A kind of value that JSON can hold. */
export type ValueForm =
  | "null"
  | "true"
  | "false"
  | "zero"
  | "one"
  | "greater integer"
  | "negative integer"
  | "zero float"
  | "fraction"
  | "one float"
  | "greater float"
  | "negative float"
  | "string"
  | "empty list"
  | "list of 1"
  | "list of 2"
  | "list of 3"
  | "list of 4"
  | "dict";

/**
 * What `cls.from_config(config)` refuses whatever the other arguments are, as far as reading Keras's source decides it. What
 * is not said here may be refused all the same.
 */
export interface ConstructorRules {
  /** Keywords that are accepted, where others are not. */
  readonly accepts: readonly string[];
  /** What any other keyword leads to, whose name in the text is `unknownKeyword`; absent where it is accepted or that is not known. */
  readonly unknown?: Refusal;
  /** What the lack of an argument leads to. */
  readonly missing: Readonly<Record<string, MissingRule>>;
  /** Values that an argument may not have. */
  readonly values: readonly ValueRule[];
}

/** `unless`: arguments of which one may stand for it. */
export type MissingRule = Refusal & { readonly unless?: readonly string[] };

export interface ValueRule {
  readonly argument: string;
  readonly forms: readonly ValueForm[];
  /** Numbers of these forms that are not refused. */
  readonly numbers?: readonly number[];
  /** For strings: those that are not refused (`*part*` for all that hold a part), and whether upper and lower case are one. */
  readonly strings?: { readonly accepted: readonly string[]; readonly caseless: boolean };
  readonly refusal: Refusal;
}

/** Stands in `ConstructorRules.unknown` for the name of a keyword. */
export const unknownKeyword = "no_such_keyword";

export interface Parameter {
  readonly name: string;
  /** Source text of the default; absent where the parameter is required. */
  readonly default?: string;
  readonly kind: "positional" | "keyword";
}

/** How one argument of a config is deserialized: by which function of Keras, in `from_config` or in the constructor. */
export interface Slot {
  readonly argument: string;
  readonly by: SlotFunction;
  /** `from_config` of Keras may run it before the constructor; errors there are not wrapped by `Operation.from_config`. */
  readonly phase: "from_config" | "init";
  /** The call runs only under a condition that reading does not decide (a branch, a loop over something else). */
  readonly conditional?: boolean;
  /** The argument is a list or dict whose elements are deserialized one by one by `by`. */
  readonly each?: boolean;
  /** The call happens for serialized objects only, or for strings only; absent: for both. */
  readonly only?: "objects" | "strings";
}

export type SlotFunction =
  | "deserialize_keras_object"
  /** A layer that Keras 2 reads by its older format whatever it looks like: what a wrapper wraps. */
  | "layers.deserialize(use_legacy_format=True)"
  | `${TableName}.get`
  | `${TableName}.deserialize`
  | "dtype_policies.get";
