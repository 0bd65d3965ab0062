import { describe, it } from "mocha";
import { brokenModel, configure, expectProblems, open, settle, write } from "./support.ts";

describe("the setting", () => {
  it("severity changes and silences a rule", async () => {
    const { document } = await open("configs/broken_model.json");
    await expectProblems(document, brokenModel);
    await configure("severity", { "class-not-registered": "warning", "function-not-registered": "off" });
    await expectProblems(
      document,
      brokenModel.slice(0, 3).map((problem) => problem.replace("error", "warning")),
    );
  });

  it("ignoredNames silences names, with * for any characters", async () => {
    const { document } = await open("configs/broken_model.json");
    await expectProblems(document, brokenModel);
    await configure("ignoredNames", ["my_package>*"]);
    await expectProblems(document, brokenModel.slice(1, 2));
  });

  it("ignoredFiles silences files", async () => {
    const { document } = await open("configs/broken_model.json");
    await expectProblems(document, brokenModel);
    await configure("ignoredFiles", ["configs/broken*.json"]);
    await expectProblems(document, []);
  });

  it("closedWorkspace turns what cannot be known into a problem", async () => {
    const { document } = await open("configs/text_encoder.json");
    await expectProblems(document, ['"keras_hub>TransformerEncoder" | hint | cannot-be-known']);
    await configure("closedWorkspace", true);
    await expectProblems(document, ['"keras_hub>TransformerEncoder" | error | module-not-importable']);
  });

  it("python.environment names the environment whose packages are read", async () => {
    write(
      "tools/python/lib/python3.12/site-packages/keras_hub/__init__.py",
      'import keras\n@keras.saving.register_keras_serializable("keras_hub")\nclass TransformerEncoder(keras.layers.Layer):\n' +
        "    def __init__(self, intermediate_dim, num_heads, **kwargs):\n        super().__init__(**kwargs)\n",
    );
    write("tools/python/bin/python", "");
    const { document } = await open("configs/text_encoder.json");
    await expectProblems(document, ['"keras_hub>TransformerEncoder" | hint | cannot-be-known']);
    await configure("python.environment", "tools/python/bin/python");
    await expectProblems(document, []);
    await configure("python.environment", undefined);
    await expectProblems(document, ['"keras_hub>TransformerEncoder" | hint | cannot-be-known']);
  });

  it("kerasVersion changes what is said", async () => {
    write(
      "configs/shadow.json",
      '{"module": "keras.layers", "class_name": "Dense", "config": {"units": 1}, "registered_name": "my_package>Dense"}',
    );
    const { document } = await open("configs/shadow.json");
    await open("configs/broken_model.json").then((broken) => expectProblems(broken.document, brokenModel));
    await settle();
    await expectProblems(document, ['"my_package>Dense" | warning | registered-name-on-builtin']);
    await configure("kerasVersion", "3.15.1");
    await expectProblems(document, ['"my_package>Dense" | error | registered-name-on-builtin']);
  });
});
