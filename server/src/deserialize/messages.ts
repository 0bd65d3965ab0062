import type { Behaviour } from "./behaviour.ts";
import type { PythonType } from "./dict.ts";
import type { FoundObject, PythonError } from "./load.ts";
import { elided } from "./pythonRepr.ts";

/** Keras's sentences, word for word; each names the function of keras/src that raises it. */

/** `_retrieve_class_or_fn` in saving/serialization_lib.py, its last line; reworded in 3.12.0. */
export function notLocated(behaviour: Behaviour, kind: "class" | "function", name: string): PythonError {
  const advice = behaviour.longNotLocated
    ? "Make sure custom classes and functions are decorated with `@keras.saving.register_keras_serializable()`. " +
      "If they are already decorated, make sure they are all imported so that the decorator is run before trying to load them."
    : "Make sure custom classes are decorated with `@keras.saving.register_keras_serializable()`.";
  return typeError(`Could not locate ${kind} '${name}'. ${advice} Full object config: ${elided}`);
}

/** `_retrieve_class_or_fn`: ModuleNotFoundError on importing the module. */
export function moduleNotImportable(kind: "class" | "function", name: string, module: string): PythonError {
  return typeError(
    `Could not deserialize ${kind} '${name}' because its parent module ${module} cannot be imported. ` +
      `Full object config: ${elided}`,
  );
}

/** `_retrieve_class_or_fn` since 3.11.0. */
export function notSaveable(module: string, name: string): PythonError {
  return valueError(`Could not deserialize '${module}.${name}' because it is not a KerasSaveable subclass`);
}

/** `_retrieve_class_or_fn`: LOADING_APIS (3.11.0), NON_MODELING_APIS (3.12.3, 3.15.0). */
export function denied(behaviour: Behaviour, apiName: string): PythonError {
  return valueError(
    behaviour.denied === "loading functions"
      ? `Cannot deserialize \`${apiName}\`, loading functions are not allowed during deserialization`
      : `Cannot deserialize \`${apiName}\` because it is not a modeling function. Non-modeling APIs are disallowed ` +
          "during deserialization for security. Model configuration should only contains operations, layers, metrics, " +
          "losses, or registered custom objects and functions.",
  );
}

/** `_assert_no_registered_name_for_builtin` (3.15.0). */
export function registeredNameOnBuiltin(registeredNameRepr: string, resolved: string): PythonError {
  return valueError(
    `\`registered_name=${registeredNameRepr}\` was provided in the config, but '${resolved}' resolved to a Keras ` +
      "built-in and does not use registered names. Remove the `registered_name` field from the config. " +
      `Full object config: ${elided}`,
  );
}

/** `deserialize_keras_object` with `module_objects`: an object with `"module": null` that no custom object answers. */
export function cannotDeserializeType(className: string): PythonError {
  return typeError(
    `Cannot deserialize object of type \`${className}\`. If \`${className}\` is a custom class, please register it ` +
      "using the `@keras.saving.register_keras_serializable()` decorator.",
  );
}

/** `get()` of activations, initializers, losses, metrics, optimizers, regularizers, constraints and quantizers. */
export function uninterpretable(what: string, identifierRepr: string): PythonError {
  return valueError(`Could not interpret ${what} identifier: ${identifierRepr}`);
}

/** `deserialize_keras_object`: the class has no `from_config`. */
export function missingFromConfig(className: string): PythonError {
  return typeError(
    `Unable to reconstruct an instance of '${className}' because the class is missing a \`from_config()\` method. ` +
      `Full object config: ${elided}`,
  );
}

/** `deserialize_keras_object` of `__lambda__` in safe mode; reworded in 3.11.3. */
export function lambdaRefused(behaviour: Behaviour): PythonError {
  if (behaviour.package === "tf_keras") return lambdaRefusedByKeras2();
  return valueError(
    behaviour.lambdaWording === "Python lambda"
      ? "Requested the deserialization of a Python lambda. This carries a potential risk of arbitrary code execution " +
          "and thus it is disallowed by default. If you trust the source of the artifact, you can override this error " +
          "by passing `safe_mode=False` to the loading function, or calling `keras.config.enable_unsafe_deserialization()."
      : "Requested the deserialization of a `lambda` object. This carries a potential risk of arbitrary code execution " +
          "and thus it is disallowed by default. If you trust the source of the saved model, you can pass " +
          "`safe_mode=False` to the loading function in order to allow `lambda` loading, or call " +
          "`keras.config.enable_unsafe_deserialization()`.",
  );
}

function lambdaRefusedByKeras2(): PythonError {
  return valueError(
    "Requested the deserialization of a `lambda` object. This carries a potential risk of arbitrary code execution and " +
      "thus it is disallowed by default. If you trust the source of the saved model, you can pass `safe_mode=False` to " +
      "the loading function in order to allow `lambda` loading.",
  );
}

/** `Lambda._raise_for_lambda_deserialization` in layers/core/lambda_layer.py; to 3.9 the f of the f-string is missing. */
export function lambdaLayerRefused(behaviour: Behaviour): PythonError {
  if (behaviour.lambdaLayerWording === "requested") {
    return valueError(
      "Requested the deserialization of a `Lambda` layer whose `function` is a Python lambda. This carries a potential " +
        "risk of arbitrary code execution and thus it is disallowed by default. If you trust the source of the " +
        "artifact, you can override this error by passing `safe_mode=False` to the loading function, or calling " +
        "`keras.config.enable_unsafe_deserialization().",
    );
  }
  const argument = behaviour.lambdaLayerWording === "literal" ? "{arg_name}" : "function";
  return valueError(
    `The \`${argument}\` of this \`Lambda\` layer is a Python lambda. Deserializing it is unsafe. If you trust the ` +
      "source of the config artifact, you can override this error by passing `safe_mode=False` to `from_config()`, " +
      "or calling `keras.config.enable_unsafe_deserialization().",
  );
}

/** `Sequential.add` in models/sequential.py. */
export function notALayer(printed: string): PythonError {
  return valueError(
    `Only instances of \`keras.Layer\` can be added to a Sequential model. Received: ${printed} (of type <class 'dict'>)`,
  );
}

/** `functional_from_config` in models/functional.py; to 3.8 the dict is taken for a key. */
export function notAnOperation(behaviour: Behaviour): PythonError {
  return behaviour.importsAnyModule
    ? unhashable("dict")
    : valueError("Unexpected object from deserialization, expected a layer or operation, got a <class 'dict'>");
}

/** `Lambda._parse_function_from_config` in tf_keras/src/layers/core/lambda_layer.py. */
export function lambdaLayerRefusedByKeras2(): PythonError {
  return valueError(
    "Requested the deserialization of a Lambda layer with a Python `lambda` inside it. This carries a potential risk of " +
      "arbitrary code execution and thus it is disallowed by default. If you trust the source of the saved model, you " +
      "can pass `safe_mode=False` to the loading function in order to allow Lambda layer loading.",
  );
}

/** `class_and_config_for_serialized_keras_object` in legacy/saving/serialization.py. */
export function unknownLegacy(behaviour: Behaviour, what: string, name: string): PythonError {
  return valueError(
    `Unknown ${what}: '${name}'. Please ensure you are using a \`keras.utils.custom_object_scope\` and that this object ` +
      `is included in the scope. See https://www.tensorflow.org/guide/${behaviour.guide}/save_and_serialize` +
      "#registering_the_custom_object for details.",
  );
}

/** What `deserialize_keras_object` makes of a TypeError that leaves `from_config`. */
export function notDeserializedProperly(classRepr: string, error: PythonError): PythonError {
  if (error.exception !== "TypeError") return error;
  return typeError(
    `${explicitlyDeserialized(classRepr)}\n\nconfig=${elided}.\n\nException encountered: ${error.message}`,
  );
}

/** What `Layer.__call__` of tf_keras/src/engine/base_layer.py makes of an error in `call`. */
export function callOfLayer(name: string, object: FoundObject, told: string, received: string): string {
  const layer = `layer "${name}" (type ${nameOf(object)})`;
  return `Exception encountered when calling ${layer}.\n\n${told}\n\nCall arguments received by ${layer}:\n  • ${received}`;
}

/** The sentence with which that begins. */
export function explicitlyDeserialized(printed: string): string {
  return (
    `${printed} could not be deserialized properly. Please ensure that components that are Python object instances ` +
    "(layers, models, etc.) returned by `get_config()` are explicitly deserialized in the model's `from_config()` method."
  );
}

/** What `Operation.from_config` in ops/operation.py makes of everything that leaves the constructor; dicts are elided. */
export function errorWhenDeserializing(className: string, error: PythonError, config: string = elided): PythonError {
  return typeError(
    `Error when deserializing class '${className}' using config=${config}.\n\nException encountered: ${error.message}`,
  );
}

/** What `Model.from_config` in models/model.py makes of a TypeError that leaves the constructor. */
export function unableToRevive(
  classRepr: string,
  className: string,
  error: PythonError,
  config: string = elided,
): PythonError {
  if (error.exception !== "TypeError") return error;
  return typeError(
    "Unable to revive model from config. When overriding the `get_config()` method, make sure that the returned config " +
      `contains all items used as arguments in the  constructor to ${classRepr}, which is the default behavior. You can ` +
      "override this default behavior by defining a `from_config(cls, config)` class method to specify how to create an " +
      `instance of ${className} from its config.\n\nReceived config=${config}\n\n` +
      `Error encountered during deserialization: ${error.message}`,
  );
}

/** What `keras.layers.deserialize` in layers/__init__.py makes of anything that has become no layer. */
export function notADeserializedLayer(received: string): PythonError {
  const opening = "`keras.layers.deserialize` was passed a `config` object that is not a `keras.layers.Layer`.";
  return valueError(`${opening} Received: ${received}`);
}

/** `repr(cls)`. */
export function classRepr(object: FoundObject): string {
  if (object.from === "keras") return `<class '${object.symbol.module}.${object.symbol.qualname}'>`;
  if (object.from === "workspace") return `<class '${object.module}.${object.qualname}'>`;
  return "<class>";
}

/** `repr(function)`; an address stands for every address. */
export function functionRepr(object: FoundObject): string {
  return `<function ${nameOf(object)} at 0x…>`;
}

/** `repr(instance)` where its class says nothing else; an address stands for every address. */
export function instanceRepr(object: FoundObject): string {
  return classRepr(object).replace(/^<class '(.*)'>$/, "<$1 object at 0x…>");
}

/** The setters of `Variable` in backend/common/variables.py, to 3.14. */
export function invalidForVariable(role: "regularizer" | "constraint", printed: string): PythonError {
  const [module, base] = role === "regularizer" ? ["regularizers", "Regularizer"] : ["constraints", "Constraint"];
  return valueError(
    `Invalid value for attribute \`${role}\`. Expected an instance of \`keras.${module}.${base}\`, or \`None\`. ` +
      `Received: ${role}=${printed}`,
  );
}

/** Python's own, where an instance of the type is asked for what it does not have. */
export function attributeError(type: string, attribute: string): PythonError {
  return { exception: "AttributeError", message: `'${type}' object has no attribute '${attribute}'` };
}

/** `cls.__name__`. */
export function nameOf(object: FoundObject): string {
  const qualname =
    object.from === "keras" ? object.symbol.qualname : object.from === "workspace" ? object.qualname : "";
  return qualname.slice(qualname.lastIndexOf(".") + 1);
}

/** Python's own TypeError for a list or dict where a name is looked up. */
export function unhashable(type: string): PythonError {
  return typeError(`unhashable type: '${type}'`);
}

/** Python's own TypeError for `self.compile(**config)` of `Trainer.compile_from_config` (trainers/trainer.py). */
export function compileTakesMapping(type: string): PythonError {
  return typeError(`keras.src.trainers.trainer.Trainer.compile() argument after ** must be a mapping, not ${type}`);
}

/** `importlib.import_module` of a name that begins with a dot. */
export function relativeImport(moduleRepr: string): PythonError {
  return typeError(`the 'package' argument is required to perform a relative import for ${moduleRepr}`);
}

/** Python's own TypeError for `cls(**config)` of what is no mapping. */
export function noMapping(object: FoundObject, type: PythonType): PythonError {
  const path = classRepr(object).slice("<class '".length, -"'>".length);
  return typeError(`${path}() argument after ** must be a mapping, not ${type}`);
}

/** `_parse_function_from_config` of tf_keras/src/layers/core/lambda_layer.py. */
export function unsupportedFunctionType(type: string): PythonError {
  return typeError(
    `Unsupported value for \`function_type\` argument. Received: function_type=${type}. ` +
      "Expected one of ['function', 'lambda', 'raw']",
  );
}

/** Python's own TypeError for a constructor that is called without these arguments. */
export function missingArguments(
  className: string,
  names: readonly string[],
  kind: "positional" | "keyword-only" = "positional",
): PythonError {
  return missingFrom(`${className}.__init__()`, names, kind);
}

/** The same of any function, such as `get_tensor()`. */
export function missingFrom(
  callee: string,
  names: readonly string[],
  kind: "positional" | "keyword-only",
): PythonError {
  const quoted = names.map((name) => `'${name}'`);
  const last = quoted.pop() ?? "";
  const listed = quoted.length === 0 ? last : `${quoted.join(", ")}${quoted.length > 1 ? "," : ""} and ${last}`;
  const plural = names.length > 1 ? "s" : "";
  return typeError(`${callee} missing ${names.length} required ${kind} argument${plural}: ${listed}`);
}

/** `get` of keras/src/dtype_policies/__init__.py for what is no string. */
export function uninterpretableDtype(identifierRepr: string): PythonError {
  return valueError(
    "Cannot interpret `dtype` argument. Expected a string or an instance of DTypePolicy. Received: dtype=" +
      identifierRepr,
  );
}

/** Python's own TypeError for `text["key"]`. */
export function textIndexed(): PythonError {
  return typeError("string indices must be integers, not 'str'");
}

/** Python's own words for `value["key"]`; of a dict, that the key is not in it. */
export function subscriptFails(type: PythonType, key: string): PythonError {
  if (type === "dict") return keyError(key);
  if (type === "str") return textIndexed();
  if (type === "list") return typeError("list indices must be integers or slices, not str");
  return typeError(`'${type}' object is not subscriptable`);
}

/** `Operation.__init__` of keras/src/ops/operation.py. */
export function noName(printed: string, type: PythonType): PythonError {
  return valueError(
    "Argument `name` must be a string and cannot contain character `/`. " +
      `Received: name=${printed} (of type <class '${type}'>)`,
  );
}

/** Python's own TypeError for `"key" in value` of what holds nothing. */
export function notAContainer(type: PythonType): PythonError {
  return typeError(`argument of type '${type}' is not iterable`);
}

/** Python's own KeyError for `config["key"]`. */
export function keyError(key: string): PythonError {
  return { exception: "KeyError", message: `'${key}'` };
}

/** `model_from_config` of keras/src/legacy/saving/saving_utils.py (3.15.0). */
export function noValidConfiguration(): PythonError {
  return valueError(
    "The provided configuration is not a valid Keras configuration. Expected a dictionary containing a 'config' key. " +
      `Received: config=${elided}`,
  );
}

/** Python's own words for `config.pop("key", None)` of what is no dict. */
export function noPopWithDefault(type: PythonType): PythonError {
  if (type === "list") return typeError("pop expected at most 1 argument, got 2");
  return { exception: "AttributeError", message: `'${type}' object has no attribute 'pop'` };
}

/** A TypeError with this text. */
export function typeError(message: string): PythonError {
  return { exception: "TypeError", message };
}

/** A ValueError with this text. */
export function valueError(message: string): PythonError {
  return { exception: "ValueError", message };
}
