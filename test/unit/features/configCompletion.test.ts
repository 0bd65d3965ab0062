import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type ConfigChoice, configCompletionAt } from "../../../server/src/features/configCompletion.ts";
import { loadConfigs, loadDocumentation } from "../../../server/src/host/catalogue.ts";
import { checkDocument } from "../../../server/src/workspace/checkDocument.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";
import { applied } from "./applied.ts";

declare const __ROOT__: string;
const data = pathToFileURL(join(__ROOT__, "server/data/"));
const [configs, documentation] = [loadConfigs(data), loadDocumentation(data)];

const scale = `import keras

@keras.saving.register_keras_serializable("my_package")
class Scale(keras.layers.Layer):
    def __init__(self, factor, axis=-1, initializer="ones", name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.initializer = keras.initializers.get(initializer)
`;

/** What is offered at `$0` of a document, and the document after an offer is accepted. */
function offered(marked: string, version = "3.15.1") {
  const offset = marked.indexOf("$0");
  const text = marked.replace("$0", "");
  const registry = workspaceRegistry({ "layers.py": scale });
  const targets = [{ version, from: "--keras" }];
  const input = { uri: "file:///c.json", text, container: "json", targets, catalogue, registry } as const;
  const { analysis } = checkDocument(input);
  const list =
    analysis &&
    configCompletionAt(analysis, text, offset, {
      release: catalogue.release(version),
      registry,
      configs,
      documentation,
    });
  const choices = [...(list?.choices ?? [])].sort((a, b) => (a.sort < b.sort ? -1 : 1));
  const accept = (label: string, what: "newText" | "snippet" = "newText"): string => {
    const choice = choices.find((one) => one.label === label) as ConfigChoice;
    assert.ok(choice && list, `${label} is not among ${choices.map((one) => one.label)}`);
    const own = { start: list.start, end: list.end, newText: choice[what] ?? choice.newText };
    return applied(text, [own, ...choice.additional]);
  };
  return { labels: choices.map(({ label }) => label), choices, accept };
}

const layer = (name: string, config: string) =>
  `{"module": "keras.layers", "class_name": "${name}", "config": ${config}, "registered_name": null}`;

describe("keys of a config", () => {
  test("are those that Keras writes, what must be given first", () => {
    const { labels, choices, accept } = offered(layer("Dense", "{$0}"));
    assert.deepEqual(labels.slice(0, 6), ["units", "name", "trainable", "dtype", "activation", "use_bias"]);
    assert.equal(choices[0]?.detail, "required");
    assert.equal(choices[5]?.detail, "default: True");
    assert.equal(accept("use_bias"), layer("Dense", '{"use_bias": true}'));
    assert.equal(accept("units", "snippet"), layer("Dense", '{"units": $' + "{1:null}}"));
    assert.equal(accept("kernel_regularizer"), layer("Dense", '{"kernel_regularizer": null}'));
  });

  test("are not offered twice", () => {
    const { labels } = offered(layer("Dense", '{"units": 1, "use_bias": true, $0}'));
    assert.ok(!labels.includes("units") && !labels.includes("use_bias") && labels.includes("activation"));
  });

  test("stand behind the comma that they need", () => {
    assert.equal(offered(layer("Dense", '{"un$0}')).accept("units"), layer("Dense", '{"units": null}'));
    assert.equal(
      offered(layer("Dense", '{"$0", "use_bias": true}')).accept("units"),
      layer("Dense", '{"units": null, "use_bias": true}'),
    );
    assert.equal(
      offered(layer("Dense", '{$0 "use_bias": true}')).accept("units"),
      layer("Dense", '{"units": null, "use_bias": true}'),
    );
    assert.equal(
      offered(layer("Dense", '{\n  "units": 1\n  $0\n}')).accept("use_bias"),
      layer("Dense", '{\n  "units": 1,\n  "use_bias": true\n}'),
    );
  });

  test("take the place of a key whose value stays", () => {
    assert.equal(offered(layer("Dense", '{"unit$0": 3}')).accept("units"), layer("Dense", '{"units": 3}'));
  });

  test("of a class of the workspace are those of its base and its own", () => {
    const config = '{"module": "layers", "class_name": "Scale", "config": {$0}, "registered_name": "my_package>Scale"}';
    const { labels, accept } = offered(config);
    assert.deepEqual(labels, [
      "factor",
      "name",
      "trainable",
      "dtype",
      "axis",
      "initializer",
      "activity_regularizer",
      "autocast",
    ]);
    assert.equal(accept("axis"), config.replace("$0", '"axis": -1'));
    assert.equal(accept("name"), config.replace("$0", '"name": "scale"'));
  });

  test("depend on the release", () => {
    const keys = (version: string) => offered(layer("Dense", "{$0}"), version).labels;
    assert.ok(keys("3.15.1").includes("quantization_config"));
    assert.ok(!keys("3.3.3").includes("quantization_config"));
  });

  test("are not offered outside of a config", () => {
    assert.deepEqual(offered('{"module": "keras.layers", $0"class_name": "Dense", "config": {}}').labels, []);
  });
});

describe("values of a config", () => {
  test("are those of a switch, and the words that the documentation quotes", () => {
    assert.deepEqual(offered(layer("Dense", '{"units": 1, "use_bias": $0}')).labels, ["true", "false"]);
    const { labels, accept } = offered(layer("Conv2D", '{"padding": "$0"}'));
    assert.deepEqual(labels, ['"valid"', '"same"']);
    assert.equal(accept('"same"'), layer("Conv2D", '{"padding": "same"}'));
    assert.deepEqual(offered(layer("MaxPooling2D", '{"data_format": "ch$0", "padding": "valid"}')).labels, [
      '"channels_last"',
      '"channels_first"',
    ]);
  });

  test("are names of the table where a function of Keras gets it", () => {
    const { labels } = offered(layer("Dense", '{"units": 1, "activation": $0}'));
    assert.ok(labels.includes('"relu"') && labels.includes('"linear"'));
  });

  test("are followed by a comma where another member follows", () => {
    assert.equal(
      offered(layer("Dense", '{"use_bias": $0 "units": 1}')).accept("false"),
      layer("Dense", '{"use_bias": false, "units": 1}'),
    );
  });
});

describe("an object that is due", () => {
  test("is offered whole, as Keras writes it", () => {
    assert.equal(
      offered(layer("Dense", '{"units": 1, "kernel_initializer": $0}')).accept("RandomNormal"),
      layer(
        "Dense",
        '{"units": 1, "kernel_initializer": {"module": "keras.initializers", "class_name": "RandomNormal", "config": {"seed": null, "mean": 0.0, "stddev": 0.05}, "registered_name": null}}',
      ),
    );
  });

  test("is a layer of Keras or of the workspace where a model lists them, with a name that is free", () => {
    const model = (layers: string) =>
      `{"module": "keras", "class_name": "Sequential", "config": {"name": "m", "layers": [${layers}]}, "registered_name": null}`;
    const flatten = layer("Flatten", '{"name": "flatten"}');
    const { labels, accept } = offered(model(`${flatten}, $0`));
    assert.ok(labels.includes("Dense") && labels.includes("Scale") && !labels.includes("Adam"));
    const dtype =
      '{"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null}';
    assert.equal(
      accept("Flatten"),
      model(
        `${flatten}, ${layer("Flatten", `{"name": "flatten_1", "trainable": true, "dtype": ${dtype}, "data_format": "channels_last"}`)}`,
      ),
    );
    assert.equal(
      accept("Scale", "snippet"),
      model(
        `${flatten}, {"module": "layers", "class_name": "Scale", "config": {"name": "scale", "trainable": true, "dtype": ${dtype.replaceAll("}", "\\}")}, "factor": \${1:null}, "axis": -1, "initializer": {"module": "keras.initializers", "class_name": "Ones", "config": {\\}, "registered_name": null\\}\\}, "registered_name": "my_package>Scale"\\}`,
      ),
    );
  });

  test("is written over several lines where the config is", () => {
    const config = (value: string) =>
      `{\n    "module": "keras.layers",\n    "class_name": "Dense",\n    "config": {\n        "kernel_regularizer": ${value}\n    }\n}`;
    const dedented = offered(config("$0")).accept("L1");
    assert.equal(
      dedented,
      config(
        '{\n    "module": "keras.regularizers",\n    "class_name": "L1",\n    "config": {\n        "l1": 0.009999999776482582\n    },\n    "registered_name": null\n}',
      ),
    );
  });

  test("is a layer where a wrapper wraps one", () => {
    const { labels } = offered(layer("TimeDistributed", '{"layer": $0}'));
    assert.ok(labels.includes("LSTM") && labels.includes("Scale") && !labels.includes("Adam"));
  });
});

test("a key is completed wherever it stands on a long line", () => {
  for (let column = 0; column < 60; column++) {
    const before = `{"notes": ["${"a".repeat(column)}", "${"word ".repeat(60)}"], `;
    const object = layer("Dense", '{"units": 1, "use_b$0"}').slice(1);
    assert.ok(offered(before + object).labels.includes("use_bias"), `column ${column}`);
  }
});
