import type { ShapeBound, ShapeRelease } from "../catalogue/shapeRelease.ts";

/**
 * What differs between Keras releases in finding objects. Patch releases do not differ monotonically (3.12.3 carries
 * backports that 3.13 and 3.14 lack), so each fact names the exact ranges it was read from and recorded in.
 */
export interface Behaviour {
  /** The package that the release is: tf_keras is Keras 2, which goes other ways in `keras2/`. */
  readonly package: "keras" | "tf_keras";
  /** `_retrieve_class_or_fn` imports any module (3.0–3.8), or only those of keras, keras_hub, keras_cv, keras_nlp. */
  readonly importsAnyModule: boolean;
  /** `Outer.Inner` names a class within a class of the imported module (Keras 2). */
  readonly findsNestedClasses: boolean;
  /** What an imported module's attribute must be: anything (3.0–3.10) or a KerasSaveable class. */
  readonly requiresKerasSaveable: boolean;
  /** Functions of `module: "builtins"` that are not built in: any key ending with the name, none, or one ending with `>name`. */
  readonly functionFallback: "any suffix" | "none" | "package suffix";
  /** `serialize_keras_object` writes a registered function by its key (from 3.7), or by its `__name__`. */
  readonly writesRegisteredFunctions: boolean;
  /** Names under keras that are refused, and the sentence that says so. */
  readonly denied: "none" | "loading functions" | "non-modeling functions";
  /** A registered name beside an object that resolves to a built-in is an error (serialization_lib.py, 3.15). */
  readonly rejectsRegisteredNameOfBuiltin: boolean;
  /** Wording of "Could not locate" since 3.12. */
  readonly longNotLocated: boolean;
  /** Names are joined by `+` (a non-string raises TypeError) or by an f-string. */
  readonly joinsNamesByPlus: boolean;
  /** Every falsy `config` becomes `{}` (to 3.14), or only null; and since then its type is checked. */
  readonly checksConfigType: boolean;
  /** A layer's config holds its dtype policy whole, for which `Operation.from_config` asks (from 3.4). */
  readonly asksConfigForDtype: boolean;
  /** `activations.get(dict)` looks into the table of activations first (to 3.9). */
  readonly activationsByTable: boolean;
  /** `get(str)` of activations, losses, metrics, regularizers and constraints consults custom objects (3.0.0 and 3.0.1). */
  readonly stringsConsultCustomObjects: boolean;
  /** `dtype_policies.get(dict)` looks into its table first (from 3.3). */
  readonly dtypePoliciesByTable: boolean;
  /** Which words refuse a Python lambda. */
  readonly lambdaWording: "lambda object" | "Python lambda";
  /** Which words refuse a Lambda layer's lambda: the literal `{arg_name}` (to 3.9), the argument (to 3.11.2), one text for all. */
  readonly lambdaLayerWording: "literal" | "argument" | "requested";
  /** A Lambda layer outside any safe mode scope is refused too. */
  readonly lambdaFailsClosed: boolean;
  /** `TorchModuleWrapper.from_config` (utils/torch_utils.py) reads a pickle that is a text (from 3.11). */
  readonly readsTorchPickles: boolean;
  /** It refuses to in safe mode (from 3.11.3). */
  readonly refusesTorchPickles: boolean;
  /** `IndexLookup.set_vocabulary` refuses a file in safe mode (layers/preprocessing/index_lookup.py, from 3.12). */
  readonly refusesVocabularyFiles: boolean;
  /** `TFSMLayer.from_config` refuses a SavedModel in safe mode (export/tfsm_layer.py, 3.12.1–3.12.4, from 3.13.2). */
  readonly refusesSavedModels: boolean;
  /** A TFSMLayer imports TensorFlow before it asks for the backend (3.0). */
  readonly importsTensorFlowFirst: boolean;
  /** `load_model` of an .h5 file opens a safe mode scope (from 3.11.3). */
  readonly legacySafeMode: boolean;
  /** `load_model` of an .h5 file hands its `custom_objects` on (from 3.3). */
  readonly legacyCustomObjects: boolean;
  /** A legacy string argument is also looked up among the functions of keras.layers (from 3.14). */
  readonly legacyStringsFromLayers: boolean;
  /** `deserialize_keras_object` wraps TypeErrors that leave `from_config` (Keras 3). */
  readonly wrapsTypeErrors: boolean;
  /** `__keras_tensor__` and `__slice__` are values, not names of classes (Keras 3). */
  readonly readsGraphValues: boolean;
  /** `__ellipsis__` is one, too (saving/serialization_lib.py, from 3.3). */
  readonly readsEllipsis: boolean;
  /** `compile` takes a float for `loss_weights` (trainers/compile_utils.py, from 3.3). */
  readonly weighsLossByFloat: boolean;
  /** The arguments of a constructor that `Model.from_config` takes for Functional's own. */
  readonly functionalArguments: string;
  /** `convert_revived_tensor` raises where a node is not there yet (models/functional.py, to 3.6), or comes back to it. */
  readonly nodesMustExist: boolean;
  /** `functional_from_config` raises where no node can be made any more, and of a missing layer in the list form of nodes. */
  readonly detectsGraphLoops: boolean;
  /** `get_tensor` says which layer is not there (from 3.14). */
  readonly namesMissingEnds: boolean;
  /** Of a layer that takes more than one argument, `Sequential.build` names those that it needs (from 3.14), or all without a default. */
  readonly namesRequiredArguments: boolean;
  /** `map_tensors` goes into lists of lists, and takes a list of three for a tensor (from 3.4). */
  readonly nestsEnds: boolean;
  /** `get_tensor` counts the nodes of a Functional from one (from 3.3). */
  readonly countsFunctionalFromOne: boolean;
  /** A layer takes None for a tensor, and counts inputs in other words (layers/layer.py and input_spec.py, from 3.4). */
  readonly takesOptionalInputs: boolean;
  /** `assert_input_compatibility` (layers/input_spec.py) names the inputs that a model expects (from 3.15). */
  readonly namesInputs: boolean;
  /** A node prints its layer's name, and not the layer (ops/node.py, from 3.3). */
  readonly nodesPrintNames: boolean;
  /** What `Function.__init__` (ops/function.py) demands: that inputs are used (3.10–3.13), that outputs come of inputs (from 3.14). */
  readonly connects: "nothing" | "inputs" | "outputs";
  /** `Sequential.from_config` asks for a shape that it has not set, where the config is a list (to 3.6). */
  readonly readsUnboundShape: boolean;
  /** Which layers set `built` in their constructor. */
  readonly builtInConstructor:
    | "with dropout"
    | "with all dropouts"
    | "few"
    | "without weights"
    | "without weights, with Reshape";
  /** What the setters of a Variable's regularizer and constraint take: anything (3.0), instances of Keras's bases (to 3.14), or what is callable. */
  readonly variablesAccept: "anything" | "instances" | "callables";
  /** What a layer that is called with one tensor asks its dtype policy for first (layers/layer.py; 3.0.5–3.9 convert before they compare). */
  readonly calledPolicyAttribute: "compute_dtype" | "convert_input";
  /** What a Lambda takes for its `output_shape` once that is a list (layers/core/lambda_layer.py): lists (to 3.1), nothing (to 3.3), or tuples, which are made of lists of integers. */
  readonly lambdaShapes: "lists" | "tracked lists" | "tuples";
  /** `Layer.__init__` (layers/layer.py) makes its dtype policy before it refuses keywords (from 3.1). */
  readonly dtypesBeforeKeywords: boolean;
  /** `Dot.build` takes no shapes but tuples (layers/merging/dot.py, to 3.1): none of a `build_config`. */
  readonly dotWantsTuples: boolean;
  /** `Nonzero` makes one tensor (ops/numpy.py, 3.2.1–3.3.3), and not one for each axis. */
  readonly nonzeroIsOne: boolean;
  /** A layer's inputs are converted by its dtype policy (from 3.0.5). */
  readonly policiesConvert: boolean;
  /** What `call` raises while its shapes are inferred keeps its class (from 3.4); before, all but a TypeError becomes a RuntimeError. */
  readonly keepsCallErrors: boolean;
  /** The last part of the guide's address in "Unknown layer". */
  readonly guide: "keras" | "tf_keras";
  /** The legacy loader copies each config through JSON when strings have become functions in it (to 3.11.2). */
  readonly legacyCopiesConfigs: boolean;
  /** The legacy loader answers a config without `config` in words (from 3.15). */
  readonly legacyChecksConfig: boolean;
  /** What it does otherwise with shapes; `shapes/dialects.ts` has it. */
  readonly shapes: ShapeRelease["shapes"];
}

/** Compares release numbers such as "3.9.2" and "3.12"; negative where `a` is older. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(".");
  const right = b.split(".");
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = Number.parseInt(left[i] ?? "0", 10) - Number.parseInt(right[i] ?? "0", 10);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version is one of Keras 2. */
export function isKeras2(version: string): boolean {
  return version.startsWith("2.");
}

/** The behaviour of a release, from keras/src/saving/serialization_lib.py and its neighbours of that release. */
export function behaviourOf(version: string): Behaviour {
  const from = (bound: string) => compareVersions(version, bound) >= 0;
  if (isKeras2(version)) return keras2Behaviour(from("2.21.0"));
  const between = (low: string, high: string) => from(low) && !from(high);
  /** 3.12.3 and 3.12.4 carry these changes of 3.15. */
  const hardened = between("3.12.3", "3.13.0") || from("3.15.0");
  return {
    package: "keras",
    importsAnyModule: !from("3.9.0"),
    findsNestedClasses: false,
    requiresKerasSaveable: from("3.11.0"),
    functionFallback: !from("3.7.0") ? "any suffix" : from("3.9.0") ? "package suffix" : "none",
    writesRegisteredFunctions: from("3.7.0"),
    denied: hardened ? "non-modeling functions" : from("3.11.0") ? "loading functions" : "none",
    rejectsRegisteredNameOfBuiltin: from("3.15.0"),
    longNotLocated: from("3.12.0"),
    joinsNamesByPlus: !from("3.12.0"),
    checksConfigType: from("3.15.0"),
    asksConfigForDtype: from("3.4.0"),
    activationsByTable: !from("3.10.0"),
    stringsConsultCustomObjects: !from("3.0.2"),
    dtypePoliciesByTable: from("3.3.0"),
    lambdaWording: from("3.11.3") ? "Python lambda" : "lambda object",
    lambdaLayerWording: from("3.11.3") ? "requested" : from("3.10.0") ? "argument" : "literal",
    lambdaFailsClosed: hardened,
    readsTorchPickles: from("3.11.0"),
    refusesTorchPickles: from("3.11.3"),
    refusesVocabularyFiles: from("3.12.0"),
    refusesSavedModels: between("3.12.1", "3.13.0") || from("3.13.2"),
    importsTensorFlowFirst: !from("3.1.0"),
    legacySafeMode: from("3.11.3"),
    legacyCustomObjects: from("3.3.0"),
    legacyStringsFromLayers: from("3.14.0"),
    legacyCopiesConfigs: !from("3.11.3"),
    legacyChecksConfig: from("3.15.0"),
    shapes: shapesOf(from),
    wrapsTypeErrors: true,
    readsGraphValues: true,
    readsEllipsis: from("3.3.0"),
    weighsLossByFloat: from("3.3.0"),
    functionalArguments: "inputs,outputs,name",
    guide: "keras",
    nodesMustExist: !from("3.7.0"),
    detectsGraphLoops: between("3.12.2", "3.13.0") || from("3.14.1"),
    namesMissingEnds: from("3.14.0"),
    namesRequiredArguments: from("3.14.0"),
    nestsEnds: from("3.4.0"),
    countsFunctionalFromOne: from("3.3.0"),
    takesOptionalInputs: from("3.4.0"),
    namesInputs: from("3.15.0"),
    nodesPrintNames: from("3.3.0"),
    connects: from("3.14.0") ? "outputs" : from("3.10.0") ? "inputs" : "nothing",
    readsUnboundShape: !from("3.7.0"),
    builtInConstructor: builtInConstructor(from),
    variablesAccept: from("3.15.0") ? "callables" : from("3.1.0") ? "instances" : "anything",
    calledPolicyAttribute: between("3.0.5", "3.10.0") ? "convert_input" : "compute_dtype",
    policiesConvert: from("3.0.5"),
    keepsCallErrors: from("3.4.0"),
    lambdaShapes: from("3.4.0") ? "tuples" : from("3.2.0") ? "tracked lists" : "lists",
    dtypesBeforeKeywords: from("3.1.0"),
    dotWantsTuples: !from("3.2.0"),
    nonzeroIsOne: between("3.2.1", "3.4.0"),
  };
}

const shapeBounds: readonly ShapeBound[] = [
  ...(["3.0.2", "3.1.0", "3.2.0", "3.3.0", "3.5.0", "3.6.0"] as const),
  ...(["3.7.0", "3.11.0", "3.12.0", "3.13.0", "3.14.0", "3.15.0"] as const),
];

function shapesOf(from: (bound: string) => boolean): ShapeRelease["shapes"] {
  return Object.fromEntries(shapeBounds.map((bound) => [bound, from(bound)])) as Record<ShapeBound, boolean>;
}

function builtInConstructor(from: (bound: string) => boolean): Behaviour["builtInConstructor"] {
  if (!from("3.2.0")) return "with dropout";
  if (!from("3.3.0")) return "with all dropouts";
  if (!from("3.6.0")) return "few";
  return from("3.12.0") ? "without weights, with Reshape" : "without weights";
}

/** The behaviour of tf-keras 2.15.1, or of 2.21.0 where `later`, from tf_keras/src/saving. */
function keras2Behaviour(later: boolean): Behaviour {
  return {
    package: "tf_keras",
    importsAnyModule: true,
    findsNestedClasses: true,
    requiresKerasSaveable: false,
    functionFallback: later ? "none" : "any suffix",
    writesRegisteredFunctions: false,
    denied: "none",
    rejectsRegisteredNameOfBuiltin: false,
    asksConfigForDtype: false,
    longNotLocated: false,
    joinsNamesByPlus: true,
    checksConfigType: false,
    activationsByTable: true,
    stringsConsultCustomObjects: true,
    dtypePoliciesByTable: true,
    lambdaWording: "lambda object",
    lambdaLayerWording: "requested",
    lambdaFailsClosed: false,
    readsTorchPickles: false,
    refusesTorchPickles: false,
    refusesVocabularyFiles: false,
    refusesSavedModels: false,
    importsTensorFlowFirst: true,
    legacySafeMode: false,
    legacyCustomObjects: true,
    legacyStringsFromLayers: false,
    legacyCopiesConfigs: false,
    legacyChecksConfig: false,
    shapes: shapesOf(() => false),
    wrapsTypeErrors: false,
    readsGraphValues: false,
    readsEllipsis: false,
    weighsLossByFloat: false,
    functionalArguments: "inputs,outputs,name,trainable",
    nodesMustExist: false,
    detectsGraphLoops: false,
    namesMissingEnds: false,
    namesRequiredArguments: false,
    nestsEnds: true,
    countsFunctionalFromOne: false,
    takesOptionalInputs: false,
    namesInputs: false,
    nodesPrintNames: false,
    connects: "nothing",
    readsUnboundShape: !later,
    builtInConstructor: "few",
    variablesAccept: "anything",
    calledPolicyAttribute: "compute_dtype",
    policiesConvert: false,
    keepsCallErrors: true,
    lambdaShapes: "lists",
    dtypesBeforeKeywords: false,
    dotWantsTuples: false,
    nonzeroIsOne: false,
    guide: later ? "keras" : "tf_keras",
  };
}

const loadingFunctions = [
  "keras.config.enable_unsafe_deserialization",
  "keras.models.load_model",
  "keras.preprocessing.image.load_img",
  "keras.saving.load_model",
  "keras.saving.load_weights",
  "keras.utils.get_file",
  "keras.utils.load_img",
];

/** `LOADING_APIS` and `NON_MODELING_APIS` of keras/src/saving/serialization_lib.py (3.11.0 and 3.15.0). */
export const deniedNames: Readonly<Record<Behaviour["denied"], ReadonlySet<string>>> = {
  none: new Set(),
  "loading functions": new Set(loadingFunctions),
  "non-modeling functions": new Set([
    ...loadingFunctions,
    "keras.backend.clear_session",
    "keras.models.model_from_json",
    "keras.models.save_model",
    "keras.preprocessing.image_dataset_from_directory",
    "keras.preprocessing.image.save_img",
    "keras.preprocessing.text_dataset_from_directory",
    "keras.saving.deserialize_keras_object",
    "keras.saving.register_keras_serializable",
    "keras.saving.save_model",
    "keras.saving.save_weights",
    "keras.saving.serialize_keras_object",
    "keras.utils.audio_dataset_from_directory",
    "keras.utils.clear_session",
    "keras.utils.deserialize_keras_object",
    "keras.utils.image_dataset_from_directory",
    "keras.utils.register_keras_serializable",
    "keras.utils.save_img",
    "keras.utils.serialize_keras_object",
    "keras.utils.text_dataset_from_directory",
  ]),
};

/** `BUILTIN_MODULES` of keras/src/saving/serialization_lib.py: where a function of `module: "builtins"` is sought. */
export const builtinModules = [
  "activations",
  "constraints",
  "initializers",
  "losses",
  "metrics",
  "optimizers",
  "regularizers",
] as const;

/** Packages that are there wherever a release runs, since it imports them itself. */
export const requiredPackages: Readonly<Record<Behaviour["package"], ReadonlySet<string>>> = {
  keras: new Set(["absl", "h5py", "namex", "numpy", "rich"]),
  tf_keras: new Set(["absl", "h5py", "numpy", "tensorflow"]),
};

/** Packages whose modules `_retrieve_class_or_fn` imports by name since 3.9. */
export const importablePackages: ReadonlySet<string> = new Set(["keras", "keras_hub", "keras_cv", "keras_nlp"]);
