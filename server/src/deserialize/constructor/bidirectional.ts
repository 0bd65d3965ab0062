import { NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { type Frame, kindOf, type Load, type PythonError, type Revival } from "../load.ts";
import * as messages from "../messages.ts";
import { pythonRepr } from "../pythonRepr.ts";
import { lookUpKey } from "../retrieve.ts";
import { differentDirections, sameDirection } from "./constructorMessages.ts";

/** Layers that have the attributes which both directions must agree in, each false where the config does not say. */
const recurrent = /^(?:RNN|SimpleRNN|GRU|LSTM|ConvLSTM[123]D)$/;
const initializers = /^(?:kernel|recurrent|bias)_initializer$/;

/** Whether an object is one whose two layers are compared. */
export function hasDirections({ object }: Revival): boolean {
  return object.from === "keras" && object.symbol.qualname === "Bidirectional";
}

/**
 * What the constructor of layers/rnn/bidirectional.py raises over its two layers, in Keras 3 and in tf_keras, once both are there: it makes the
 * forward layer again of what that is serialized as, the backward layer too where none is given, and compares them.
 */
export function judgeDirections(load: Load, { config }: Revival, frame: Frame): void {
  const { tree, behaviour } = load;
  const forward = recurrentConfig(tree, tree.member(config.node, "layer"));
  if (forward === undefined) return;
  const loses = behaviour.package === "keras" && !behaviour.writesRegisteredFunctions;
  if (loses && failOnFunction(load, forward, frame)) return;
  const given = tree.member(config.node, "backward_layer");
  const isDerived = given === NO_NODE || tree.kind(given) === "null";
  // Keras 2 turns the direction that the forward layer has.
  if (isDerived && behaviour.package === "tf_keras") return;
  const backward = isDerived ? undefined : recurrentConfig(tree, given);
  if (isDerived || backward !== undefined) verify(load, forward, backward, frame);
}

function recurrentConfig(tree: ValueTree, layer: Node): Node | undefined {
  const className = tree.member(layer, "class_name");
  const module = tree.member(layer, "module");
  const config = tree.member(layer, "config");
  const isText = [className, module].every((node) => node !== NO_NODE && tree.kind(node) === "string");
  if (!isText || config === NO_NODE || tree.kind(config) !== "object") return undefined;
  const isBuiltin = tree.string(module).startsWith("keras.") && recurrent.test(tree.string(className));
  const key = tree.member(layer, "registered_name");
  return isBuiltin && (key === NO_NODE || tree.kind(key) === "null") ? config : undefined;
}

/** A registered function is written by its bare name then, which its initializer does not find again (to 3.6). */
function failOnFunction(load: Load, config: Node, frame: Frame): boolean {
  const { tree } = load;
  for (let child = tree.firstChild(config); child !== NO_NODE; child = tree.nextSibling(child)) {
    if (tree.kind(child) !== "string" || !initializers.test(tree.key(child))) continue;
    const custom = lookUpKey(load, tree.string(child), frame);
    if (!custom || !("found" in custom) || kindOf(custom.found) !== "function") continue;
    const name = messages.nameOf(custom.found);
    if (lookUpKey(load, name, frame)) continue;
    const printed = `{'module': 'builtins', 'class_name': 'function', 'config': '${name}', 'registered_name': 'function'}`;
    const error = messages.uninterpretable("initializer", printed);
    load.fail(child, { rule: "unknown-identifier", node: child, error, lookedUp: name, name }, frame);
    return true;
  }
  return false;
}

/** `_verify_layer_config`: without a `backward` one, it is the forward one the other way. */
function verify(load: Load, forward: Node, backward: Node | undefined, frame: Frame): void {
  const { tree } = load;
  const refuse = (argument: string, error: PythonError): void => {
    const [first, second] = [backward, forward].map((config) => tree.member(config ?? NO_NODE, argument));
    const node = first !== undefined && first !== NO_NODE ? first : (second ?? forward);
    const place = node === NO_NODE ? forward : node;
    load.fail(place, { rule: "invalid-argument", node: place, error, name: argument }, frame);
  };
  const one = printedFlag(tree, forward, "go_backwards");
  const other = backward === undefined ? "True" : printedFlag(tree, backward, "go_backwards");
  if (isSame(one, other)) {
    refuse("go_backwards", sameDirection(load.behaviour.package, one, other));
    return;
  }
  if (backward === undefined) return;
  for (const attribute of ["stateful", "return_sequences", "return_state"]) {
    const [ahead, back] = [printedFlag(tree, forward, attribute), printedFlag(tree, backward, attribute)];
    if (isSame(ahead, back)) continue;
    refuse(attribute, differentDirections(attribute, ahead, back));
    return;
  }
}

function printedFlag(tree: ValueTree, config: Node, argument: string): string {
  const node = tree.member(config, argument);
  if (node === NO_NODE) return "False";
  return tree.kind(node) === "string" ? tree.string(node) : pythonRepr(tree, { node });
}

/** Python's `==` of these: `True == 1`. */
function isSame(one: string, other: string): boolean {
  const plain = (text: string) => ({ True: "1", False: "0", "1.0": "1", "0.0": "0" })[text] ?? text;
  return plain(one) === plain(other);
}
