import type { BuiltinSymbol, Slot } from "../../catalogue/keras.ts";
import { NO_NODE, type Node } from "../../json/index.ts";
import { pythonType } from "../dict.ts";
import { derivesFrom, hasCall, isCertainlyNo, lineageOf } from "../graph/lineage.ts";
import { isInstance } from "../instances.ts";
import { type FoundObject, kindOf, type Load, type PythonError, type Result, type SlotArgument } from "../load.ts";
import * as messages from "../messages.ts";
import { pythonRepr } from "../pythonRepr.ts";

/** What the constructors that want a layer or a cell say of anything else, by how Python prints that. */
export function noLayerFor(symbol: BuiltinSymbol, argument: string, printed: string): PythonError | undefined {
  const { qualname } = symbol;
  const isA = (base: string): boolean => symbol.mro.some((cls) => cls.qualname === base);
  if (qualname === "Bidirectional" && argument === "backward_layer") {
    return messages.valueError(
      `\`backward_layer\` need to be a \`tf.keras.layers.Layer\` instance. Received: ${printed}`,
    );
  }
  if (qualname === "Bidirectional" || qualname === "TimeDistributed") {
    return messages.valueError(
      `Please initialize \`${qualname}\` layer with a \`tf.keras.layers.Layer\` instance. Received: ${printed}`,
    );
  }
  if (isA("Wrapper") && argument === "layer") {
    return messages.valueError(
      `Layer ${printed} supplied to wrapper is not a supported layer type. Please ensure wrapped layer is a valid TF-Keras layer.`,
    );
  }
  if (isA("RNN") && argument === "cell") {
    return messages.valueError(`Argument \`cell\` should have a \`call\` method. The RNN was passed: cell=${printed}`);
  }
  if (qualname === "StackedRNNCells") {
    return messages.valueError(
      `All cells must have a \`call\` method. Received cell without a \`call\` method: ${printed}`,
    );
  }
  return undefined;
}

/**
 * What a constructor of tf_keras/src/layers/rnn raises over an argument that is due to be a layer, and has become a number, a
 * list, a function or an instance that is none for certain.
 */
export function noLayer(
  load: Load,
  symbol: BuiltinSymbol,
  slot: Slot,
  node: Node,
  result: Result,
): PythonError | undefined {
  if (!slot.by.startsWith("layers.deserialize") || result.is === "failed") return undefined;
  const isCell = slot.argument === "cell" || slot.argument === "cells";
  const printed =
    result.is === "plain" ? printedValue(load, slot, node) : printedObject(load, slot, node, result.object, isCell);
  if (printed !== undefined) return noLayerFor(symbol, slot.argument, printed);
  return isCell && result.is === "object" ? noState(load, symbol, result.object) : undefined;
}

/** A layer that is no cell has a `call`, and no `state_size`. */
function noState(load: Load, symbol: BuiltinSymbol, object: FoundObject): PythonError | undefined {
  const lineage = lineageOf(load, object);
  if (object.from !== "keras" || !derivesFrom(lineage, "Layer")) return undefined;
  if (lineage.keras.some(({ qualname }) => qualname.includes("Cell"))) return undefined;
  const printed = messages.instanceRepr(object);
  if (symbol.qualname === "StackedRNNCells") {
    return messages.valueError(
      `All cells must have a \`state_size\` attribute. Received cell without a \`state_size\`: ${printed}`,
    );
  }
  return messages.valueError(
    "The RNN cell should have a `state_size` attribute (tuple of integers, one integer per RNN state). " +
      `Received: cell=${printed}`,
  );
}

/** A value that stays what it is; a list of cells is one. */
function printedValue({ tree }: Load, slot: Slot, node: Node): string | undefined {
  const kind = tree.kind(node);
  if (kind === "number" || kind === "boolean") return pythonRepr(tree, { node });
  if (kind !== "array" || (slot.argument === "cell" && !slot.each)) return undefined;
  // Objects in it have become something else.
  return /[{"]/.test(tree.raw(node)) ? undefined : pythonRepr(tree, { node });
}

function printedObject(load: Load, slot: Slot, node: Node, object: FoundObject, isCell: boolean): string | undefined {
  if (object.from === "other") return undefined;
  if (kindOf(object) === "function") return messages.functionRepr(object);
  if (kindOf(object) !== "class") return undefined;
  const lineage = lineageOf(load, object);
  // The key of a class stands for the class, but in the older format, which makes an instance of it.
  const isOld = slot.by !== "layers.deserialize" || load.question.loader === "load_model_from_hdf5";
  const isKey = pythonType(load.tree, { node }) === "str" && !isOld && object.from === "workspace";
  if (isKey) return isCell && hasCall(lineage) ? undefined : messages.classRepr(object);
  if (["__repr__", "__str__"].some(lineage.defines) || derivesFrom(lineage, "Metric")) return undefined;
  const isNone = isCell ? !hasCall(lineage) : isCertainlyNo("Layer", lineage);
  return isNone ? messages.instanceRepr(object) : undefined;
}

const writing = ["get_config", "__init__", "from_config", "__getattribute__"];

/**
 * `Bidirectional._recreate_layer_from_config` of tf_keras/src/layers/rnn/bidirectional.py: without a `backward_layer` it turns the
 * direction of the layer, of which only recurrent ones write one.
 */
export function noDirection(
  load: Load,
  symbol: BuiltinSymbol,
  { slot, revival }: Pick<SlotArgument, "slot" | "revival">,
  result: Result,
): PythonError | undefined {
  if (symbol.qualname !== "Bidirectional" || slot.argument !== "layer" || result.is !== "object") return undefined;
  const { object } = result;
  const lineage = lineageOf(load, object);
  if (!derivesFrom(lineage, "Layer") || derivesFrom(lineage, "RNN")) return undefined;
  // A class of the workspace may write more.
  const isOwn = object.from !== "keras" && (!isInstance(load, object) || writing.some(lineage.defines));
  if (isOwn) return undefined;
  const backward = load.tree.member(revival.config.node, "backward_layer");
  const isGiven = backward !== NO_NODE && load.tree.kind(backward) !== "null";
  return isGiven ? undefined : messages.keyError("go_backwards");
}

/** The recurrent layers of tf_keras/src/layers/rnn make their cell of the arguments before `Layer.__init__` looks at the rest. */
export function makesCellFirst(object: FoundObject): boolean {
  return object.from === "keras" && /^(?:GRU|LSTM|SimpleRNN|ConvLSTM[123]D)$/.test(object.symbol.qualname);
}
