import { NO_NODE, type Node } from "../../json/index.ts";
import type { ValueUse } from "../../registry/view.ts";
import { isNotCallable } from "../instances.ts";
import type { FoundObject, Load, PythonError } from "../load.ts";
import * as messages from "../messages.ts";
import { callError } from "./callError.ts";
import type { Held } from "./heldValues.ts";
import { Arguments, buildPlanOf } from "./weights.ts";

/** The attributes of Python's own types that do not begin with `_`, as of 3.9 to 3.14. */
const attributes: Readonly<Record<string, readonly string[]>> = {
  dict: "clear copy fromkeys get items keys pop popitem setdefault update values".split(" "),
  list: "append clear copy count extend index insert pop remove reverse sort".split(" "),
  str: (
    "capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii isdecimal isdigit " +
    "isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix " +
    "removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill"
  ).split(" "),
  int: "as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag is_integer numerator real to_bytes".split(
    " ",
  ),
  float: "as_integer_ratio conjugate from_number fromhex hex imag is_integer real".split(" "),
  NoneType: [],
};

/** What layers add to the dicts and lists that are set on them, in TensorFlow and in Keras 3. */
const added = (
  "layers losses non_trainable_variables non_trainable_weights trainable trainable_variables trainable_weights updates variables weights " +
  "tracker torchtree_flatten torchtree_flatten_with_keys torchtree_unflatten tree_flatten tree_unflatten"
).split(" ");

/** What stands behind a name in Python's own words: `_DictWrapper` is a dict to whoever asks it. */
const plainTypes: Readonly<Record<string, string>> = {
  TrackedDict: "dict",
  _DictWrapper: "dict",
  TrackedList: "list",
  ListWrapper: "list",
  bool: "int",
};

/** What Python raises where a value is used so; undefined where it does not, or that is not known. */
export function errorOfUse(load: Load, use: ValueUse, value: Held): PythonError | undefined {
  switch (use.is) {
    case "called":
      return calledError(load, use, value);
    case "asked":
      return value.is === "plain" ? askedError(use.name ?? "", value.type) : undefined;
    case "iterated": {
      const isOne = value.is === "plain" && ["int", "float", "bool", "NoneType"].includes(value.type);
      return isOne ? messages.typeError(`'${value.type}' object is not iterable`) : undefined;
    }
    case "told":
      return value.is === "object" ? builtTwice(load, value.node, value.object) : undefined;
    // Whether the weight is made by it, whoever builds the layer says.
    case "initializer":
      return undefined;
  }
}

function calledError(load: Load, { call }: ValueUse, value: Held): PythonError | undefined {
  if (value.is === "plain") return messages.typeError(`'${value.type}' object is not callable`);
  if (isNotCallable(load, value.object))
    return messages.typeError(`'${messages.nameOf(value.object)}' object is not callable`);
  return call && callError(load, value.object, call);
}

function askedError(name: string, type: string): PythonError | undefined {
  const plain = plainTypes[type] ?? type;
  const own = attributes[plain];
  if (!own || name.startsWith("_") || own.includes(name) || (plain !== type && added.includes(name))) return undefined;
  return messages.attributeError(type === "_DictWrapper" ? "dict" : type, name);
}

/** Layers that ask first whether they are built, or whether what they hold is. */
const asks = ["Embedding", "SimpleRNN", "GRU", "LSTM", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"];

/**
 * A layer of Keras that its `build_config` has built makes its weights once more, where `Layer._lock_state` of keras/src/layers/layer.py
 * has locked it; Keras 2 locks nothing.
 */
function builtTwice({ tree, behaviour, question }: Load, node: Node, object: FoundObject): PythonError | undefined {
  if (object.from !== "keras" || behaviour.package !== "keras" || question.loader === "load_model_from_hdf5")
    return undefined;
  const buildConfig = tree.member(node, "build_config");
  if (buildConfig === NO_NODE || tree.kind(buildConfig) !== "object" || tree.member(node, "module") === NO_NODE)
    return undefined;
  const shape = tree.member(buildConfig, "input_shape");
  const { qualname } = object.symbol;
  const plan = asks.includes(qualname) ? undefined : buildPlanOf(qualname);
  if (shape === NO_NODE || tree.kind(shape) !== "array" || !plan || plan.isMade) return undefined;
  const given = new Arguments(tree, tree.member(node, "config"));
  if (!plan.weights.some(({ when }) => !when || when(given))) return undefined;
  return messages.valueError(
    "You cannot add new elements of state (variables or sub-layers) to a layer that is already built. All state must be created in the " +
      "`__init__()` method or in the `build()` method.",
  );
}
