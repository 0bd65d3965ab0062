import type { BuiltinSymbol, Refusal } from "../../catalogue/keras.ts";
import { elementsOf, type Node, type ValueTree } from "../../json/index.ts";
import { isPythonFloat, pythonType, truthy } from "../dict.ts";
import { pythonRepr, reprString } from "../pythonRepr.ts";
import { refusal } from "./refusal.ts";

/** Python's own words for a value that a constructor of tf_keras hands to `int`, `float` and the like; undefined where it is taken. */
type Conversion = (tree: ValueTree, node: Node) => Refusal | undefined;

/** By class and argument, the same in 2.15.1 and 2.21.0. */
const conversions: Readonly<Record<string, Readonly<Record<string, Conversion>>>> = {
  BatchNormalization: { axis: toAxis },
  BatchNormalizationBase: { axis: toAxis },
  Dense: { units: toInteger },
  ELU: { alpha: toArrayOfFloats },
  Embedding: { input_dim: compared, output_dim: compared },
  InputLayer: { batch_input_shape: toShape, name: toName },
  LayerNormalization: { axis: toAxis },
  LeakyReLU: { alpha: toArrayOfFloats },
  LossScaleOptimizer: { dynamic: toSwitch, initial_scale: toFloat, dynamic_growth_steps: toIntegerOrNone },
  LossScaleOptimizerV3: { dynamic: toSwitch, initial_scale: toFloat, dynamic_growth_steps: toIntegerOrNone },
  MeanIoU: { num_classes: toRange },
  OneHotMeanIoU: { num_classes: toRange },
  OrthogonalRegularizer: { mode: hashed },
  RandomContrast: { factor: toBounds },
  RandomHeight: { factor: toFactor, interpolation: toInterpolation },
  RandomRotation: { factor: toFactor, fill_mode: hashed, interpolation: hashed },
  RandomTranslation: { height_factor: toFactor, width_factor: toFactor, fill_mode: hashed, interpolation: hashed },
  RandomWidth: { factor: toFactor, interpolation: toInterpolation },
  RandomZoom: { height_factor: toFactor, width_factor: toFactorOrNone, fill_mode: hashed, interpolation: hashed },
  Resizing: { interpolation: toInterpolation },
  SpatialDropout2D: { data_format: hashed },
  SpatialDropout3D: { data_format: hashed },
  UpSampling1D: { size: toInteger },
  UpSampling2D: { interpolation: toInterpolation },
  VarianceScaling: { mode: hashed },
};

/** What the constructor of a class refuses because Python cannot convert it. */
export function refusedConversion(
  tree: ValueTree,
  { mro }: BuiltinSymbol,
  argument: string,
  node: Node,
): Refusal | undefined {
  for (const { qualname } of mro) {
    const convert = Object.hasOwn(conversions, qualname) ? conversions[qualname]?.[argument] : undefined;
    if (convert) return convert(tree, node);
  }
  return undefined;
}

/** `int(value)` */
function toInteger(tree: ValueTree, node: Node): Refusal | undefined {
  const kind = tree.kind(node);
  if (kind === "string") {
    const text = tree.string(node);
    if (/^\s*[+-]?\d+(?:_\d+)*\s*$/.test(text)) return undefined;
    return refusal("ValueError", `invalid literal for int() with base 10: ${reprString(text)}`);
  }
  if (kind === "number" || kind === "boolean") return undefined;
  const type = pythonType(tree, { node });
  return refusal("TypeError", `int() argument must be a string, a bytes-like object or a real number, not '${type}'`);
}

function toIntegerOrNone(tree: ValueTree, node: Node): Refusal | undefined {
  return tree.kind(node) === "null" ? undefined : toInteger(tree, node);
}

/** `float(value)`, where it is not None. */
function toFloat(tree: ValueTree, node: Node): Refusal | undefined {
  const kind = tree.kind(node);
  if (kind === "string") {
    const text = tree.string(node);
    if (isFloatText(text)) return undefined;
    return refusal("ValueError", `could not convert string to float: ${reprString(text)}`);
  }
  if (kind !== "array" && kind !== "object") return undefined;
  const type = pythonType(tree, { node });
  return refusal("TypeError", `float() argument must be a string or a real number, not '${type}'`);
}

/** `np.asarray(value, dtype="float32")`, of which lists are another matter. */
function toArrayOfFloats(tree: ValueTree, node: Node): Refusal | undefined {
  return tree.kind(node) === "array" ? undefined : toFloat(tree, node);
}

function isFloatText(text: string): boolean {
  return /^\s*[+-]?(?:(?:\d+(?:_\d+)*)?\.?\d*(?:e[+-]?\d+)?|inf(?:inity)?|nan)\s*$/i.test(text) && /[\dfn]/i.test(text);
}

/** `list(range(value))` */
function toRange(tree: ValueTree, node: Node): Refusal | undefined {
  const kind = tree.kind(node);
  const isInteger = kind === "boolean" || (kind === "number" && !isPythonFloat(tree.raw(node)));
  if (isInteger) return undefined;
  const type = pythonType(tree, { node });
  return refusal("TypeError", `'${type}' object cannot be interpreted as an integer`);
}

/** `value <= 0` */
function compared(tree: ValueTree, node: Node): Refusal | undefined {
  const kind = tree.kind(node);
  if (kind === "number" || kind === "boolean" || kind === "object") return undefined;
  return refusal("TypeError", `'<=' not supported between instances of '${pythonType(tree, { node })}' and 'int'`);
}

function toAxis(tree: ValueTree, node: Node): Refusal | undefined {
  const kind = tree.kind(node);
  if (kind === "array" || kind === "boolean" || (kind === "number" && !isPythonFloat(tree.raw(node)))) return undefined;
  const received = pythonRepr(tree, { node });
  return refusal(
    "TypeError",
    `Expected an int or a list/tuple of ints for the argument 'axis', but received: ${received}`,
  );
}

/** The constructors of mixed_precision/loss_scale_optimizer.py want a bool. */
function toSwitch(tree: ValueTree, node: Node): Refusal | undefined {
  if (tree.kind(node) === "boolean") return undefined;
  return refusal(
    "TypeError",
    `"dynamic" argument to LossScaleOptimizer.__init__ must be a bool, but got: ${pythonRepr(tree, { node })}`,
  );
}

/** `Layer._init_set_name` of engine/base_layer.py, where it is not falsy. */
function toName(tree: ValueTree, node: Node): Refusal | undefined {
  const kind = tree.kind(node);
  if (kind !== "object" || tree.childCount(node) === 0) return undefined;
  return refusal("TypeError", `Expected \`name\` argument to be a string, but got: ${pythonRepr(tree, { node })}`);
}

/** `InputLayer.__init__` of engine/input_layer.py takes it apart, and makes a placeholder of that shape. */
function toShape(tree: ValueTree, node: Node): Refusal | undefined {
  if (!truthy(tree, { node })) return undefined;
  const kind = tree.kind(node);
  if (kind === "object") return refusal("KeyError", "0");
  if (kind === "string") return noDimension(reprString(tree.string(node)[0] ?? ""), "str");
  const type = pythonType(tree, { node });
  if (kind !== "array") return refusal("TypeError", `'${type}' object is not subscriptable`);
  for (const one of elementsOf(tree, node)) {
    const refused = toDimension(tree, one);
    if (refused) return refused;
  }
  return undefined;
}

/** `tf.compat.v1.Dimension` */
function toDimension(tree: ValueTree, node: Node): Refusal | undefined {
  const kind = tree.kind(node);
  if (kind === "null" || kind === "boolean" || kind === "object") return undefined;
  const printed = pythonRepr(tree, { node });
  const isInteger = kind === "number" && !isPythonFloat(tree.raw(node));
  if (!isInteger) return noDimension(printed, pythonType(tree, { node }));
  return tree.number(node) < 0 ? refusal("ValueError", `Dimension ${printed} must be >= 0`) : undefined;
}

function noDimension(printed: string, type: string): Refusal {
  return refusal(
    "TypeError",
    `Dimension value must be integer or None or have an __index__ method, got value '${printed}' with type '<class '${type}'>'`,
  );
}

/** `value in {…}` */
function hashed(tree: ValueTree, node: Node): Refusal | undefined {
  const kind = tree.kind(node);
  if (kind !== "array" && kind !== "object") return undefined;
  return refusal("TypeError", `unhashable type: '${pythonType(tree, { node })}'`);
}

/** `value[0]` and `value[1]`, of a list */
function toBounds(tree: ValueTree, node: Node): Refusal | undefined {
  const isShort = tree.kind(node) === "array" && tree.childCount(node) < 2;
  return isShort ? refusal("IndexError", "list index out of range") : undefined;
}

/** The same, or `-value`: layers/preprocessing/image_preprocessing.py. */
function toFactor(tree: ValueTree, node: Node): Refusal | undefined {
  const kind = tree.kind(node);
  if (kind === "number" || kind === "boolean") return undefined;
  if (kind === "array") return toBounds(tree, node);
  return refusal("TypeError", `bad operand type for unary -: '${pythonType(tree, { node })}'`);
}

function toFactorOrNone(tree: ValueTree, node: Node): Refusal | undefined {
  return tree.kind(node) === "null" ? undefined : toFactor(tree, node);
}

const interpolations = ["bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic"];

/** `get_interpolation` of utils/image_utils.py. */
function toInterpolation(tree: ValueTree, node: Node): Refusal | undefined {
  if (tree.kind(node) !== "string") return undefined;
  const name = tree.string(node).toLowerCase();
  if (interpolations.includes(name)) return undefined;
  const supported = interpolations.map((one) => reprString(one)).join(", ");
  return refusal(
    "NotImplementedError",
    `Value not recognized for \`interpolation\`: ${name}. Supported values are: dict_keys([${supported}])`,
  );
}
