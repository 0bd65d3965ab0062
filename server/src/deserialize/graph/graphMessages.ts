/** What Keras says of the graph of a model: keras/src/models/functional.py, sequential.py and keras/src/ops/function.py. */
import type { Node, ValueTree } from "../../json/index.ts";
import type { Behaviour } from "../behaviour.ts";
import { pythonType } from "../dict.ts";
import { type FoundObject, kindOf, type PythonError } from "../load.ts";
import { missingFrom, nameOf, typeError, valueError } from "../messages.ts";
import { elided } from "../pythonRepr.ts";

/** `convert_revived_tensor`. */
export function unknownLayer(name: string): PythonError {
  return valueError(`Unknown layer: ${name}`);
}

/** The list form of nodes, since it is asked for the layer. */
export function missingNode(name: string): PythonError {
  return valueError(`Invalid Functional model configuration. Missing node: ${name}`);
}

/** To 3.6 what a node takes must be there when the node is made. */
export function nodeIndexOutOfBounds(layer: string, nodes: readonly string[], index: number): PythonError {
  return valueError(
    `Layer node index out of bounds.\ninbound_layer = ${layer}\n` +
      `inbound_layer._inbound_nodes = [${nodes.join(", ")}]\ninbound_node_index = ${index}`,
  );
}

/** `functional_from_config`, where no node can be made any more; `unprocessed` is the dict of what waits. */
export function loopsOrDisconnected(unprocessed: string): PythonError {
  return valueError(
    "Invalid Functional model configuration. The graph of the Functional model either has loops or disconnected nodes. " +
      `The following nodes failed to be resolved: {${unprocessed}}`,
  );
}

/** Before it said so, it tried for ever: nothing is raised, which an empty exception stands for. */
export function neverReturns(): PythonError {
  return { exception: "", message: "Keras never returns: it waits for a tensor that no layer will make." };
}

/** `get_tensor` of a layer that is not there. */
export function noSuchEnd(behaviour: Behaviour, name: string): PythonError {
  return behaviour.namesMissingEnds
    ? { exception: "RuntimeError", message: `Internal error: could not find layer ${name}.` }
    : { exception: "AssertionError", message: "" };
}

/** Python's own IndexError. */
export function listIndexOutOfRange(): PythonError {
  return { exception: "IndexError", message: "list index out of range" };
}

/** Python's own TypeError for a list's index. */
export function noListIndex(type: string): PythonError {
  return typeError(`list indices must be integers or slices, not ${type}`);
}

/** Python's own RecursionError, whose text depends on where it happens. */
export function recursion(): PythonError {
  return { exception: "RecursionError", message: "" };
}

/** `get_tensor(*tensor)` with another number of arguments than three (to 3.3). */
export function getTensorArguments(count: number): PythonError {
  const name = "functional_from_config.<locals>.get_tensor()";
  if (count > 3) return typeError(`${name} takes 3 positional arguments but ${count} were given`);
  return missingFrom(name, ["layer_name", "node_index", "tensor_index"].slice(count), "positional");
}

/** `Function.__init__` (3.10 to 3.13). */
export function inputsNotConnected(): PythonError {
  return valueError("`inputs` not connected to `outputs`");
}

/** `Function._run_through_graph` (from 3.14); the path is that of the output among the outputs. */
export function outputNotConnected(path: string): PythonError {
  return valueError(`Output with path \`${path}\` is not connected to \`inputs\``);
}

/** `map_graph`. */
export function nameUsedTwice(name: string, count: number): PythonError {
  return valueError(`The name "${name}" is used ${count} times in the model. All operation names should be unique.`);
}

/** `Sequential.add`. */
export function layerNameNotUnique(name: string): PythonError {
  return valueError(
    `All layers added to a Sequential model should have unique names. Name '${name}' is already the name of a layer in ` +
      "this model. Update the `name` argument to pass a unique name.",
  );
}

/** `Sequential.add` of an InputLayer behind another. */
export function secondInputLayer(model: string, batchShape: string): PythonError {
  return valueError(
    `Sequential model '${model}' has already been configured to use input shape ${batchShape}. You cannot add a different ` +
      "Input layer to it.",
  );
}

/** `Sequential.build` of a layer that takes more than one argument. */
export function severalArguments(behaviour: Behaviour, layer: string, names: readonly string[]): PythonError {
  const what = behaviour.namesRequiredArguments ? "required positional argument" : "positional argument";
  const list = names.map((name) => `<Parameter "${name}">`).join(", ");
  return valueError(
    `Layers added to a Sequential model can only have a single ${what}, the input tensor. Layer ${layer} has multiple ${what}s: [${list}]`,
  );
}

/** `Sequential.add` of what is no layer. */
export function notAKerasLayer(printed: string, type: string): PythonError {
  return valueError(
    `Only instances of \`keras.Layer\` can be added to a Sequential model. Received: ${printed} (of type ${type})`,
  );
}

/** Python's own AttributeError where a reference comes to what is no operation (to 3.8). */
export function noInboundNodes(object: FoundObject): PythonError {
  const type = kindOf(object) === "function" ? "function" : nameOf(object);
  return { exception: "AttributeError", message: `'${type}' object has no attribute '_inbound_nodes'` };
}

/** `process_layer`, of what is neither a layer nor an operation (from 3.9). */
export function notAnOperation(type: string): PythonError {
  return valueError(`Unexpected object from deserialization, expected a layer or operation, got a ${type}`);
}

/** How Python prints a layer, or another operation. */
export function layerRepr(object: FoundObject, isLayer: boolean, name: string, built: boolean): string {
  if (!isLayer) return `<Operation name=${name}>`;
  return `<${nameOf(object)} name=${name}, built=${built ? "True" : "False"}>`;
}

/** How Python prints one of its nodes; all addresses are one. */
export function nodeRepr(behaviour: Behaviour, layer: string, name: string): string {
  return `<Node operation=${behaviour.nodesPrintNames ? name : layer}, id=…>`;
}

/** What Python says of `for x in value`, and of which value; undefined where it goes through. */
export function notIterated(tree: ValueTree, node: Node): PythonError | undefined {
  const type = pythonType(tree, { node });
  return type === "list" || type === "dict" || type === "str"
    ? undefined
    : typeError(`'${type}' object is not iterable`);
}

/** `Function.__init__` of a model without inputs or outputs; the other of the two is printed with its tensors. */
export function emptyEnds(argument: "inputs" | "outputs"): PythonError {
  return valueError(`\`${argument}\` argument cannot be empty. Received:\ninputs=…\noutputs=…`);
}

/** `Sequential.from_config` (from 3.15). */
export function sequentialKeys(): PythonError {
  return valueError(
    `A Sequential model configuration must be a dictionary containing the 'name' and 'layers' keys. Received: config=${elided}`,
  );
}

/** Python's own UnboundLocalError at the end of `Sequential.from_config` (to 3.6). */
export function unboundShape(): PythonError {
  const message = "cannot access local variable 'build_input_shape' where it is not associated with a value";
  return { exception: "UnboundLocalError", message };
}

/** `model_from_config` of keras/src/legacy/saving/saving_utils.py. */
export function listForLayer(printed: string): PythonError {
  return typeError(
    `\`model_from_config\` expects a dictionary, not a list. Received: config=${printed}. Did you meant to use ` +
      "`Sequential.from_config(config)`?",
  );
}

/** The same of a text (from 3.15). */
export function textForLayer(text: string): PythonError {
  return valueError(
    "The provided configuration is not a valid Keras configuration. Expected a dictionary containing a 'config' key. " +
      `Received: config=${text}`,
  );
}

/** `Layer.__call__` of keras/src/layers/layer.py; the type as Python prints it. */
export function onlyTensors(printed: string, type: string): PythonError {
  return valueError(
    "Only input tensors may be passed as positional arguments. The following argument value should be passed as a keyword " +
      `argument: ${printed} (of type ${type})`,
  );
}

/** `assert_input_compatibility` of keras/src/layers/input_spec.py for one input, of that name in a model, where there is none. */
export function noInputs(behaviour: Behaviour, layer: string, input?: string): PythonError {
  const { takesOptionalInputs, namesInputs } = behaviour;
  if (!takesOptionalInputs) return valueError(`Layer '${layer}' expected 1 input(s). Received 0 instead.`);
  if (input === undefined || !namesInputs)
    return valueError(`Layer "${layer}" expects 1 input(s), but it received 0 input tensors. Inputs received: []`);
  return valueError(
    `Layer "${layer}" expects 1 named input(s) with keys ['${input}'], but it received 0 input tensors. ` +
      `Pass inputs as a dict, e.g. \`layer({'${input}': ...})\`.`,
  );
}

/** The same of what has no shape. */
export function noTensor(printed: string, type: string, layer: string): PythonError {
  return valueError(
    `Inputs to a layer should be tensors. Got '${printed}' (of type ${type}) as input for layer '${layer}'.`,
  );
}

/** What `traceback_utils.inject_argument_info_in_traceback` makes of an error in `call`; tensors print in too many ways. */
export function failedCall(className: string, error: PythonError): PythonError {
  const told = `Exception encountered when calling ${className}.call().\n\n\u001b[1m${error.message}\u001b[0m`;
  return { exception: error.exception, message: `${told}\n\nArguments received by ${className}.call():\n…` };
}

/** Python's own TypeError for `layer(*args, **kwargs)`. */
export function notUnpacked(layer: string, stars: "*" | "**", type: string): PythonError {
  return typeError(
    `${layer} argument after ${stars} must be ${stars === "*" ? "an iterable" : "a mapping"}, not ${type}`,
  );
}
