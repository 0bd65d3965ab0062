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
}

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
