import type { BuiltinSymbol, Refusal } from "../../catalogue/keras.ts";
import { elementsOf, NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { pythonType, truthy } from "../dict.ts";
import type { Load, PythonError, Result, SlotArgument } from "../load.ts";
import { typeError } from "../messages.ts";
import { pythonRepr, reprString } from "../pythonRepr.ts";

import { refusedBesideOthers } from "./argumentsTogether.ts";
import { refusedConversion } from "./conversions.ts";
import { holdsMore, isDtype, isDtypeName, noDtype } from "./dtypes.ts";
import { refusal } from "./refusal.ts";

/**
 * What constructors of tf_keras refuse beside the rules that are read off their source, since TensorFlow, Python or the elements of
 * a value decide it (2.15.1 and 2.21.0). `isWhole`: whether the config of the class's object is that of this constructor.
 */
export function refusedByKeras2(
  tree: ValueTree,
  symbol: BuiltinSymbol,
  argument: string,
  node: Node,
  isWhole: boolean,
): Refusal | undefined {
  const besideOthers = isWhole ? refusedBesideOthers(tree, symbol, argument, node) : undefined;
  if (besideOthers) return besideOthers;
  if (argument === "dtype") return refusedDtype(tree, symbol, node);
  if (argument === "name" && symbol.qualname !== "InputLayer") return refusedName(tree, symbol, node);
  if (argument === "reduction") return refusedReduction(tree, symbol, node);
  if (argument === "learning_rate") return refusedLearningRate(tree, symbol, node);
  if (argument === "groups") return isWhole ? refusedGroups(tree, symbol, node) : undefined;
  const tuple = tuples.has(argument) ? refusedTuple(tree, symbol, argument, node) : undefined;
  return tuple ?? refusedConversion(tree, symbol, argument, node);
}

/** Layers that ask something else of a dtype before, which their rules say. */
const askingForDtype = /^(?:HashedCrossing|IntegerLookup|StringLookup|TextVectorization)$/;

/** `get_policy` of mixed_precision/policy.py: `tf.as_dtype` of what is no policy, no dict and not falsy. */
function refusedDtype(tree: ValueTree, symbol: BuiltinSymbol, node: Node): Refusal | undefined {
  const isPolicy = symbol.slots.some(({ argument, by }) => argument === "dtype" && by === "dtype_policies.get");
  if (!isPolicy || askingForDtype.test(symbol.qualname)) return undefined;
  return isDtype(tree, node) ? undefined : refusal("TypeError", noDtype(pythonRepr(tree, { node })));
}

/**
 * `InputLayer.__init__` of engine/input_layer.py makes a policy of a dict, and a placeholder of that dict itself, in which the layer
 * then keeps wrappers of the dicts within.
 */
export function noDtypeOfInput(
  { tree }: Load,
  symbol: BuiltinSymbol,
  { slot, node }: SlotArgument,
  result: Result,
): PythonError | undefined {
  if (symbol.qualname !== "InputLayer" || slot.argument !== "dtype" || result.is !== "object") return undefined;
  if (tree.kind(node) !== "object") return undefined;
  const parts: string[] = [];
  for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.nextSibling(child)) {
    if (tree.kind(child) === "array" || holdsMore(tree, child)) return undefined;
    const printed = pythonRepr(tree, { node: child });
    parts.push(
      `${reprString(tree.key(child))}: ${tree.kind(child) === "object" ? `DictWrapper(${printed})` : printed}`,
    );
  }
  return typeError(noDtype(`{${parts.join(", ")}}`));
}

/** `Loss._set_name_scope` of losses.py strips a name that is not None. */
function refusedName(tree: ValueTree, symbol: BuiltinSymbol, node: Node): Refusal | undefined {
  if (symbol.qualname === "Policy") return refusedPolicy(tree, node);
  const type = pythonType(tree, { node });
  if (type === "str" || type === "NoneType" || !isA(symbol, "Loss")) return undefined;
  return refusal("AttributeError", `'${type}' object has no attribute 'strip'`);
}

/** `Policy._parse_name` of mixed_precision/policy.py. */
function refusedPolicy(tree: ValueTree, node: Node): Refusal | undefined {
  if (tree.kind(node) !== "string") return undefined;
  const name = tree.string(node);
  if (name === "_infer" || name.endsWith("_float32_vars") || isDtypeName(name)) return undefined;
  return refusal(
    "ValueError",
    `Cannot convert value ${name} to a mixed precision Policy. Valid policies include 'mixed_float16', 'mixed_bfloat16', ` +
      "and the name of any dtype such as 'float32'.",
  );
}

/** `ReductionV2.validate` of utils/losses_utils.py. */
function refusedReduction(tree: ValueTree, symbol: BuiltinSymbol, node: Node): Refusal | undefined {
  const kind = tree.kind(node);
  if ((kind !== "array" && kind !== "object") || !isA(symbol, "Loss")) return undefined;
  const expected = "('auto', 'none', 'sum', 'sum_over_batch_size')";
  const key = pythonRepr(tree, { node });
  return refusal("ValueError", `Invalid Reduction Key: ${key}. Expected keys are "${expected}"`);
}

/** `_BaseOptimizer._build_learning_rate` of optimizers/optimizer.py makes a variable of it. */
function refusedLearningRate(tree: ValueTree, symbol: BuiltinSymbol, node: Node): Refusal | undefined {
  if (!isA(symbol, "_BaseOptimizer")) return undefined;
  if (tree.kind(node) === "null") return refusal("ValueError", noInitialValue);
  if (tree.kind(node) !== "string") return undefined;
  return refusal("TypeError", `Cannot convert ${reprString(tree.string(node))} to EagerTensor of dtype float`);
}

const noInitialValue =
  "The `initial_value` arg to `tf.Variable` must be specified except when you are not providing a `variable_def`. You provided " +
  "neither.";

function isA({ mro }: BuiltinSymbol, base: string): boolean {
  return mro.some(({ qualname }) => qualname === base);
}

/** The arguments of convolutions, poolings and layers that reshape which `normalize_tuple` reads. */
const tuples = new Set([
  ...["kernel_size", "strides", "dilation_rate", "pool_size", "output_padding"],
  ...["cropping", "padding", "size"],
]);

/** Those of which zero is one, so that they are compared otherwise. */
const mayBeZero = new Set(["strides", "output_padding", "cropping", "padding"]);

/** `normalize_tuple` of utils/conv_utils.py, of what the rules do not say: it takes a text and a dict apart like a list. */
function refusedTuple(tree: ValueTree, symbol: BuiltinSymbol, argument: string, node: Node): Refusal | undefined {
  const rank = rankOf(symbol.qualname, argument);
  const kind = tree.kind(node);
  if (rank === undefined || (kind !== "string" && kind !== "object" && kind !== "array")) return undefined;
  const elements = elementsIn(tree, node);
  const received = printedTuple(tree, argument, node);
  if (!elements || received === undefined) return undefined;
  const text = `The \`${argument}\` argument must be a tuple of ${rank} integers. Received: ${received}`;
  if (elements.length !== Number(rank)) return refusal("ValueError", text);
  const wrong = elements.find(({ isInteger }) => !isInteger);
  if (wrong) return refusal("ValueError", `${text}including element ${wrong.shown} of type <class '${wrong.type}'>`);
  if (!elements.some(({ type }) => type === "str")) return undefined;
  const operator = mayBeZero.has(argument) ? "<" : "<=";
  return refusal("TypeError", `'${operator}' not supported between instances of 'str' and 'int'`);
}

/** How many integers an argument of a layer is due to hold. */
function rankOf(className: string, argument: string): string | undefined {
  const reshaping: Readonly<Record<string, readonly [argument: string, rank: string]>> = {
    Cropping1D: ["cropping", "2"],
    UpSampling2D: ["size", "2"],
    UpSampling3D: ["size", "3"],
    ZeroPadding1D: ["padding", "2"],
  };
  const [due, rank] = reshaping[className] ?? [];
  if (due !== undefined) return due === argument ? rank : undefined;
  if (argument === "cropping" || argument === "size" || argument === "padding") return undefined;
  return /^(?:\w*Conv\w*|AveragePooling|MaxPooling|LocallyConnected)([123])D/.exec(className)?.[1];
}

/** The value as Python shows it; the layer has kept this one before, and what it keeps of a list or dict is a wrapper. */
function printedTuple(tree: ValueTree, argument: string, node: Node): string | undefined {
  const kind = tree.kind(node);
  if (kind === "string") return tree.string(node);
  const printed = pythonRepr(tree, { node });
  if (argument !== "output_padding") return printed;
  if (elementsOf(tree, node).some((one) => tree.kind(one) === "array")) return undefined;
  return kind === "array" ? `ListWrapper(${printed})` : printed;
}

/** `Conv._validate_init` of layers/convolutional/base_conv.py: `filters % groups`, where both are good by themselves. */
function refusedGroups(tree: ValueTree, symbol: BuiltinSymbol, node: Node): Refusal | undefined {
  if (!isA(symbol, "Conv") || !truthy(tree, { node })) return undefined;
  const filters = tree.member(tree.parent(node), "filters");
  if (filters === NO_NODE || tree.kind(filters) !== "number") return undefined;
  const dividend = Math.trunc(tree.number(filters));
  if (!(dividend > 0)) return undefined;
  const kind = tree.kind(node);
  if (kind === "boolean") return undefined;
  // The layer has kept it before, and what it keeps of a list is a wrapper.
  const type = kind === "array" ? "ListWrapper" : pythonType(tree, { node });
  if (kind !== "number") return refusal("TypeError", `unsupported operand type(s) for %: 'int' and '${type}'`);
  if (dividend % tree.number(node) === 0) return undefined;
  return refusal(
    "ValueError",
    "The number of filters must be evenly divisible by the number of groups. " +
      `Received: groups=${pythonRepr(tree, { node })}, filters=${dividend}`,
  );
}

interface Element {
  readonly shown: string;
  readonly type: string;
  /** Whether `int()` takes it. */
  readonly isInteger: boolean;
}

/** What `tuple(value)` holds: elements, keys or characters; undefined where Python's `int` is another matter. */
function elementsIn(tree: ValueTree, node: Node): Element[] | undefined {
  const ofText = (text: string): Element => ({
    shown: text,
    type: "str",
    isInteger: /^\s*[+-]?\p{Nd}+(_\p{Nd}+)*\s*$/u.test(text),
  });
  if (tree.kind(node) === "string") return Array.from(tree.string(node), ofText);
  if (tree.kind(node) === "object") return keysOf(tree, node).map(ofText);
  const elements: Element[] = [];
  for (const child of elementsOf(tree, node)) {
    const kind = tree.kind(child);
    // A dict may be something else by then, and an infinite number is refused in other words.
    if (kind === "object" || (kind === "number" && !Number.isFinite(tree.number(child)))) return undefined;
    const isInteger = kind === "boolean" || kind === "number";
    const shown = pythonRepr(tree, { node: child });
    elements.push(
      kind === "string" ? ofText(tree.string(child)) : { shown, type: pythonType(tree, { node: child }), isInteger },
    );
  }
  return elements;
}

function keysOf(tree: ValueTree, object: Node): string[] {
  const keys = new Set<string>();
  for (let child = tree.firstChild(object); child !== NO_NODE; child = tree.nextSibling(child))
    keys.add(tree.key(child));
  return [...keys];
}
