import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { canHoldConfig, findRoots } from "../../../server/src/config/recognise.ts";
import { jsonPointer, parseJson } from "../../../server/src/json/index.ts";

const known = new Set(["Dense", "Adam", "Scale"]);

/** The roots of a text as `pointer dialect loader`, one a line. */
function roots(text: string): string[] {
  const { tree } = parseJson(text);
  return findRoots(tree, (name) => known.has(name)).map((root) => {
    const training = root.trainingConfig === undefined ? "" : ` + ${jsonPointer(tree, root.trainingConfig)}`;
    return `${jsonPointer(tree, root.node)} ${root.dialect} ${root.loader}${training}`;
  });
}

const configs: Record<string, [text: string, expected: string[]]> = {
  "a layer as Keras 3 writes it": [
    '{"module": "keras.layers", "class_name": "Dense", "config": {"units": 3}, "registered_name": null}',
    [" object deserialize_keras_object"],
  ],
  "a registered loss without module, as in the documentation of Keras": [
    '{"class_name": "ModifiedMeanSquaredError", "config": {}, "registered_name": "my_package>ModifiedMeanSquaredError"}',
    [" object deserialize_keras_object"],
  ],
  "a function": [
    '{"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function"}',
    [" function deserialize_keras_object"],
  ],
  "a Functional model": [
    '{"module": "keras.src.models.functional", "class_name": "Functional", "config": {"name": "m", "layers": []}, "registered_name": "Functional"}',
    [" functional deserialize_keras_object"],
  ],
  "a Sequential model": [
    '{"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": []}, "registered_name": null}',
    [" sequential deserialize_keras_object"],
  ],
  "what get_config of a Functional model returns": [
    '{"name": "m", "trainable": true, "layers": [{"module": "keras.layers", "class_name": "InputLayer", "config": {}, "name": "i", "inbound_nodes": []}], "input_layers": [["i", 0, 0]], "output_layers": [["i", 0, 0]]}',
    [" model-config from_config"],
  ],
  "what get_config of a Sequential model returns": [
    '{"name": "s", "trainable": true, "dtype": "float32", "layers": [{"module": "keras.layers", "class_name": "Dense", "config": {}, "registered_name": null}]}',
    [" model-config from_config"],
  ],
  "something else with a name and layers": [
    '{"name": "plan", "author": "me", "layers": [{"class_name": "dirt", "config": {}}]}',
    [],
  ],
  "a Keras 2 model": [
    '{"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Dense", "config": {}}]}, "keras_version": "2.9.0"}',
    [" keras-2-model deserialize_keras_object"],
  ],
  "a Keras 2 model whose config is a bare list": [
    '{"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {}}]}',
    [" keras-2-model deserialize_keras_object"],
  ],
  "the root attributes of an .h5 file": [
    '{"keras_version": "3.12.0", "model_config": {"class_name": "Sequential", "config": {}}, "training_config": {"loss": "mse"}}',
    ["/model_config h5-attributes load_model_from_hdf5 + /training_config"],
  ],
  "a model of TensorFlow.js, whose training config nobody loads": [
    '{"format": "layers-model", "modelTopology": {"keras_version": "2.4.0", "model_config": {"class_name": "Sequential", "config": {}}, "training_config": {"loss": "mse"}}}',
    ["/modelTopology/model_config tfjs model_from_json"],
  ],
  "a model that TensorFlow.js wrote": [
    '{"format": "layers-model", "modelTopology": {"class_name": "Sequential", "config": {"name": "s", "layers": []}, "keras_version": "tfjs-layers 4.22.0"}}',
    ["/modelTopology tfjs model_from_json"],
  ],
  "configs inside a larger document": [
    `{"run": {"optimizer": {"module": "keras.optimizers", "class_name": "Adam", "config": {}, "registered_name": null}},
      "parts": [{"module": "m", "class_name": "Scale", "config": {}, "registered_name": "my_package>Scale"}]}`,
    ["/run/optimizer object deserialize_keras_object", "/parts/0 object deserialize_keras_object"],
  ],
  "a config behind a duplicate key, the first of which Python never sees": [
    '{"a": {"module": "m", "class_name": "X", "config": {}, "registered_name": "p>X"}, "a": {"module": "m", "class_name": "Y", "config": {}, "registered_name": "p>Y"}}',
    ["/a object deserialize_keras_object"],
  ],
  "a config with damaged fields": [
    '{"module": 3, "class_name": null, "config": [], "registered_name": []}',
    [" object deserialize_keras_object"],
  ],
  "a lone pair of class name and config, of a name that is known": [
    '{"class_name": "Dense", "config": {"units": 3}}',
    [" object deserialize_keras_object"],
  ],
};

describe("configs are recognised by content", () => {
  for (const [name, [text, expected]] of Object.entries(configs)) {
    test(name, () => assert.deepEqual(roots(text), expected));
  }
});

const lookAlikes: Record<string, string> = {
  "hyperparameters of a graph network library":
    '{"model": {"class_name": "make_model", "module_name": "kgcnn.literature.DMPNN", "config": {"name": "DMPNN", "depth": 5}}}',
  "its training part":
    '{"training": {"fit": {}, "compile": {"optimizer": {"class_name": "Adam", "config": {"lr": 0.1}}}}}',
  "an optimizer of a predecessor of Keras inside its training part":
    '{"compile": {"optimizer": {"class_name": "Adam", "config": {"learning_rate": {"module": "keras_core.optimizers.schedules", "class_name": "ExponentialDecay", "config": {"decay_steps": 1600}}}}}}',
  "a notebook":
    '{"cells": [{"cell_type": "code", "source": ["cfg = {\'class_name\': \'Dense\'}"], "metadata": {"class_name": "x"}}]}',
  "an entry of a model registry":
    '{"registered_name": "fraud-model", "class_name": "XGBClassifier", "config": {"depth": 3}}',
  "company data with module and class_name": '{"module": "billing.tasks", "class_name": "Invoice", "args": [1]}',
  "a plugin description": '{"module": "app.plugins", "class_name": "Exporter", "config": {"path": "/tmp"}}',
  "a search space of a tuner":
    '{"space": [{"class_name": "Float", "config": {"name": "lr", "default": 0.1, "conditions": []}}], "values": {}}',
  "a network of another library":
    '{"backpropType": "Standard", "confs": [{"layer": {"@class": "org.deeplearning4j.nn.conf.layers.DenseLayer"}}]}',
  "a key of that name in plain data": '{"class_name": "5b", "teacher": "Lämpel", "config": null, "pupils": 20}',
  "a Keras object without config, which Keras takes for a dict": '{"class_name": "Dense", "module": "keras.layers"}',
  "a lone pair of an unknown name": '{"class_name": "Reader", "config": {"path": "data.csv"}}',
};

describe("look-alikes are left alone", () => {
  for (const [name, text] of Object.entries(lookAlikes)) {
    test(name, () => assert.deepEqual(roots(text), []));
  }
});

test("a document without a class_name is not even parsed", () => {
  assert.equal(canHoldConfig('{"name": "package", "version": "1.0.0"}'), false);
  assert.equal(canHoldConfig('{"class_name": "Dense"}'), true);
});
