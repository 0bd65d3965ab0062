import type { Rule } from "./rule.ts";

const input = (name: string) =>
  `{"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "${name}"}, ` +
  `"registered_name": null, "name": "${name}", "inbound_nodes": []}`;

const dense = (name: string, history: string, key = `"name": "${name}", `) =>
  `{"module": "keras.layers", "class_name": "Dense", "config": {"units": 2, "name": "${name}"}, "registered_name": null, ${key}` +
  `"inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"shape": [null, 4], "dtype": "float32", ` +
  `"keras_history": ${history}}}], "kwargs": {}}]}`;

const model = (layers: readonly string[], inputs: string, outputs: string) =>
  `{"module": "keras.src.models.functional", "class_name": "Functional", "config": {"name": "m", "layers": [${layers.join(", ")}], ` +
  `"input_layers": ${inputs}, "output_layers": ${outputs}}, "registered_name": "Functional"}`;

const x = '["x", 0, 0]';
const y = '["y", 0, 0]';

/** The rules of what makes no graph: `Functional`, `Sequential` and the models within them. */
export const graphRules: readonly Omit<Rule, "of">[] = [
  {
    code: "unknown-layer-reference",
    severity: "error",
    summary: "A layer of this name is referred to, and the model has none.",
    message: "{sentence}",
    cause:
      "`functional_from_config` makes all layers of a model, and then calls each on the tensors that its `inbound_nodes` name. A " +
      "name that is not among the layers of the same model raises ValueError; in `input_layers` and `output_layers` it is an " +
      "AssertionError without a word to Keras 3.13, a RuntimeError since. Keras 2 raises KeyError and AssertionError.",
    fix: "Write the `name` of a layer of the same model. Layers of a model within it are not seen from outside.",
    example: model([input("x"), dense("y", '["w", 0, 0]')], x, y),
  },
  {
    code: "node-index-out-of-range",
    severity: "error",
    summary: "A layer is referred to in a call that it does not have.",
    message: "{sentence}",
    cause:
      "A layer has one node for every entry of its `inbound_nodes`, an InputLayer one of its own. What refers to another waits for " +
      "it. To Keras 3.6 that is a ValueError. Keras 3.7 to 3.12.1, 3.13 and 3.14.0 try for ever and never return; 3.12.2 to 3.12.4 " +
      "and releases since 3.14.1 say which nodes are left. In `input_layers` and `output_layers` it is an IndexError. Keras 2 tries for " +
      "ever, too, and raises TypeError for the inputs and outputs; it takes an InputLayer for its one node whatever the index says, and " +
      "counts the calls of a model that has an InputLayer from 1.",
    fix: "Write the index of a node that the layer has, from 0 on; where the layer is called once, 0.",
    example: model([input("x"), dense("y", '["x", 3, 0]')], x, y),
  },
  {
    code: "tensor-index-out-of-range",
    severity: "error",
    summary: "A tensor is referred to that the layer does not make.",
    message: "{sentence}",
    cause:
      "A node has as many tensors as its layer returns, which for most is one. Keras takes what refers to another one for a node " +
      "that comes later: to Keras 3.12.1, in 3.13 and 3.14.0 it tries for ever and never returns; 3.12.2 to 3.12.4 and releases since " +
      "3.14.1 say which nodes are left. In `input_layers` and `output_layers` it is an IndexError, in Keras 2 everywhere but among the " +
      "arguments by keyword, where it tries for ever.",
    fix: "Write the index of a tensor that the layer returns, from 0 on; of most layers, 0.",
    example: model([input("x"), dense("y", '["x", 0, 3]')], x, y),
  },
  {
    code: "cyclic-graph",
    severity: "error",
    summary: "A layer takes, by way of others or directly, what it makes itself.",
    message: "{sentence}",
    cause:
      "Every layer of the circle waits for another one. To Keras 3.6 that is a ValueError. Keras 3.7 to 3.12.1, 3.13 and 3.14.0 try " +
      "for ever and never return, as Keras 2 does; 3.12.2 to 3.12.4 and releases since 3.14.1 say which nodes are left.",
    fix: "Let one of the layers take the tensor of a layer outside the circle.",
    example: model([input("x"), dense("y", '["y", 0, 0]')], x, y),
  },
  {
    code: "layer-order",
    severity: "error",
    summary: "A layer stands before one whose tensor it takes, and the release makes nodes in the order of the file.",
    message: "{sentence}",
    cause:
      "To Keras 3.6 `functional_from_config` raises where a tensor is not there yet when its turn comes; releases since try again later. " +
      "A layer that is shared between places of different depth cannot be written in an order that they load.",
    fix: "Put the layers in the order in which they are called, or load the model with Keras 3.7 or later.",
    example: model([input("x"), dense("y", '["z", 0, 0]'), dense("z", x)], x, y),
  },
  {
    code: "duplicate-layer-name",
    severity: "error",
    summary: "Two layers of one model have one name.",
    message: "{sentence}",
    cause:
      "A Functional model keeps its layers by `name`: the last of a name takes the place of those before it, whose nodes are never made, " +
      "and all references come to it. A Sequential, and every model when it is made, refuses layers whose `config` gives them one name. " +
      "Where Keras drops the first layer and goes on without a word, nothing is said here either. In Keras 2 it is the first of a name " +
      "that stays, and is called in the place of the others, too.",
    fix: "Give one of them another name, in its `name` and in its `config`, and wherever it is referred to.",
    example:
      '{"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [' +
      '{"module": "keras.layers", "class_name": "Dense", "config": {"units": 2, "name": "d"}, "registered_name": null}, ' +
      '{"module": "keras.layers", "class_name": "Dense", "config": {"units": 3, "name": "d"}, "registered_name": null}]}, "registered_name": null}',
  },
  {
    code: "second-input-layer",
    severity: "error",
    summary: "A Sequential has an InputLayer behind another one.",
    message: "{sentence}",
    cause: "`Sequential.add` takes an InputLayer as the first layer only.",
    fix: "Remove one of them.",
    example:
      '{"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [' +
      '{"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "a"}, "registered_name": null}, ' +
      '{"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 4], "name": "b"}, "registered_name": null}]}, ' +
      '"registered_name": null}',
  },
  {
    code: "malformed-reference",
    severity: "error",
    summary: "What refers to a tensor, or lists such, is not written as Keras reads it.",
    message: "{sentence}",
    cause:
      "A tensor is `[name, node, tensor]`: a string and two integers. `input_layers` and `output_layers` are one such list, or lists or " +
      "dicts of them; to Keras 3.3 a list or dict of them, and no list within a list. `inbound_nodes` and `layers` are lists. What Keras " +
      "raises otherwise is Python's own error. Among the `args` of a call, most layers take nothing but tensors. A layer that is called without a tensor fails or computes, and " +
      "makes nothing that another one could take. What an entry of `inbound_nodes` hands to a class of your own, its `call` must take: " +
      "Keras leaves out nothing but a `training` that it does not know. To Keras 2 every list of three or four that begins with a " +
      "string is a tensor, also among the arguments by keyword.",
    fix: "Write it as `get_config` of that release writes it, or let `call` take what the model was saved with.",
    example: model([input("x"), dense("y", x)], x, '["y"]'),
  },
  {
    code: "missing-key",
    severity: "error",
    summary: "A model or one of its layers lacks a key that Keras reads.",
    message: "{sentence}",
    cause:
      "A layer of a Functional model has `name` and `inbound_nodes` beside what every serialized object has. The `config` of a Functional " +
      "has `name`, `layers`, `input_layers` and `output_layers`: without one of them its constructor gets the rest. That of a " +
      "Sequential has `name` and `layers`: to Keras 3.14, and in Keras 2, one without `name` is taken for the layers themselves.",
    fix: "Write the key.",
    example: model([input("x"), dense("y", x, "")], x, y),
  },
  {
    code: "disconnected-graph",
    severity: "error",
    summary: "The outputs of a model do not come of its inputs.",
    message: "{sentence}",
    cause:
      "`Function.__init__` refuses a model without inputs or outputs. Keras 3.10 to 3.13 refuse an input that no layer takes; releases since " +
      "3.14 an output that does not come of the inputs alone. Others fail only when the model is called. Keras 2 refuses an output that does " +
      "not come of the inputs alone, in other words where an input is the tensor of a layer.",
    fix: "Name in `input_layers` every InputLayer from which the outputs come, and no other.",
    example: model([input("x"), input("w"), dense("y", '["w", 0, 0]')], x, y),
  },
];
