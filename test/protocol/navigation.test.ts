import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { strToU8, zipSync } from "fflate";
import type { Hover, Location, LocationLink } from "vscode-languageserver-protocol";
import { withServer } from "./client.ts";
import { files, indexed, LAYERS, PUSHES, scale } from "./project.ts";

describe("hover", () => {
  test("tells what a custom object is, where it is registered, and by which Keras", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", scale());
      await indexed(client);
      const hover = await client.request<Hover>("textDocument/hover", client.at(uri, "my_package>Scale"));
      const text = (hover.contents as { value: string }).value;
      assert.equal(
        client.pathOf(text),
        [
          "**`my_package>Scale`** (class)",
          "`my_package.layers.Scale` in [layers.py:5](file:///w/my_package/layers.py#L5)".replace("file://", ""),
          "Registered by `@keras.saving.register_keras_serializable` in [layers.py:4](/w/my_package/layers.py#L4)",
          "Multiplies by a factor.",
          "`Scale(activity_regularizer=None, trainable=True, dtype=None, autocast=True, name=None, **kwargs)`",
          "`deserialize_keras_object` of Keras 3.12.0 (pyproject.toml pins keras 3.12.0)",
        ].join("\n\n"),
      );
      assert.equal(hover.range && client.covered(uri, hover.range), '"my_package>Scale"');
    });
  });

  test("tells what Keras raises, and what helps", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", scale("my_package>Scal"));
      await indexed(client);
      const hover = await client.request<Hover>("textDocument/hover", client.at(uri, "Scale"));
      const text = (hover.contents as { value: string }).value;
      assert.match(text, /^Keras raises TypeError:\n\n```text\nCould not locate class 'Scale'/);
      assert.match(text, /`Scale` is registered as `my_package>Scale`: write that key\./);
    });
  });

  test("tells all that happens to an object, in the order of the load", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "keras.layers", "class_name": "Dense", "config": {"unitz": 1, "biass": 2}}',
      );
      await indexed(client);
      const hover = await client.request<Hover>("textDocument/hover", client.at(uri, "Dense"));
      const { value } = hover.contents as { value: string };
      const said = value.match(/^\*\*`.*|^Keras raises .*|^Exception encountered: (?!Error when).*/gm);
      assert.deepEqual(said, [
        "**`keras.layers.Dense`** (class of Keras)",
        "Keras raises TypeError:",
        "Exception encountered: Dense.__init__() missing 1 required positional argument: 'units'",
        "Keras raises TypeError:",
        "Exception encountered: Unrecognized keyword arguments passed to Dense: {'unitz': 1, 'biass': 2}",
      ]);
    });
  });

  test("on a key of a config tells the argument, its default and its documentation", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "keras.layers", "class_name": "Dense", "config": {"units": 1, "use_bias": false}}',
      );
      const hover = await client.request<Hover>("textDocument/hover", client.at(uri, '"use_bi'));
      assert.equal(
        (hover.contents as { value: string }).value,
        [
          "**`use_bias`** (argument of `keras.layers.Dense`, Keras 3.12.0)",
          "Default: `True`",
          "Boolean, whether the layer uses a bias vector.",
        ].join("\n\n"),
      );
      assert.equal(hover.range && client.covered(uri, hover.range), '"use_bias"');
      const required = await client.request<Hover>("textDocument/hover", client.at(uri, '"uni'));
      assert.match((required.contents as { value: string }).value, /\n\nIt must be given\.\n\nPositive integer/);
    });
  });

  test("describes built-ins at once, in plain text for a client that has no Markdown", async () => {
    await withServer({ files, capabilities: {}, ignores: PUSHES }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "keras.layers", "class_name": "Dense", "config": {}, "registered_name": null}',
      );
      const hover = await client.request<Hover>("textDocument/hover", client.at(uri, "Dense"));
      const { kind, value } = hover.contents as { kind: string; value: string };
      assert.equal(kind, "plaintext");
      assert.match(value, /^`keras\.layers\.Dense` \(class of Keras\)/);
    });
  });
});

describe("definition", () => {
  test("leads from each identity field to the decorated class, the string's content being the origin", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", scale());
      for (const [part, content] of [
        ["my_package>Scale", "my_package>Scale"],
        ['"Scale"', "Scale"],
        ['"my_package.layers"', "my_package.layers"],
      ] as const) {
        const [link, ...rest] = await client.request<LocationLink[]>(
          "textDocument/definition",
          client.at(uri, part, 2),
        );
        assert.ok(link && rest.length === 0);
        assert.equal(client.pathOf(link.targetUri), "file:///w/my_package/layers.py".replace("file://", ""));
        assert.deepEqual(link.targetSelectionRange, {
          start: { line: 4, character: 6 },
          end: { line: 4, character: 11 },
        });
        assert.equal(link.originSelectionRange && client.covered(uri, link.originSelectionRange), content);
      }
    });
  });

  test("of a built-in leads into the Keras of the environment", async () => {
    const environment = `${files}
//- /w/.venv/pyvenv.cfg
home = /usr
//- /w/.venv/lib/python3.12/site-packages/keras-3.12.0.dist-info/METADATA
Name: keras
//- /w/.venv/lib/python3.12/site-packages/keras/src/layers/core/dense.py
from keras.src.layers.layer import Layer


class Dense(Layer):
    pass
`;
    await withServer({ files: environment, capabilities: {}, ignores: PUSHES }, async (client) => {
      const uri = client.open(
        "/w/model.json",
        '{"module": "keras.layers", "class_name": "Dense", "config": {}, "registered_name": null}',
      );
      const [target] = await client.request<Location[]>("textDocument/definition", client.at(uri, "Dense"));
      assert.match(target?.uri ?? "", /site-packages\/keras\/src\/layers\/core\/dense\.py$/);
      assert.deepEqual(target?.range.start, { line: 3, character: 6 });
    });
  });

  test("of what is not found leads to a class of that name", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", scale("my_package>Nothing"));
      const [link] = await client.request<LocationLink[]>("textDocument/definition", client.at(uri, "Nothing"));
      assert.match(link?.targetUri ?? "", /layers\.py$/);
    });
  });
});

describe("references", () => {
  test("of a decorated class are the configs that name it, open or closed, JSON and .keras", async () => {
    const more = `${files}
//- /w/closed.json
{"a": ${scale()}, "b": ${scale("my_package>Other")}}
//- /w/unrelated.json
{"Scale": 1}
`;
    await withServer({ files: more }, async (client) => {
      client.write("/w/model.keras", zipSync({ "config.json": strToU8(scale()), "metadata.json": strToU8("{}") }));
      const open = client.open("/w/open.json", `[${scale()}]`);
      const python = client.open("/w/my_package/layers.py", LAYERS);
      for (const part of ["Scale", "register_keras_serializable"]) {
        const found = await client.request<Location[]>("textDocument/references", {
          ...client.at(python, part),
          context: { includeDeclaration: false },
        });
        const places = found.map(
          ({ uri, range }) => `${client.pathOf(uri)} ${range.start.line}:${range.start.character}`,
        );
        assert.deepEqual(
          places.map((place) => place.replace(/\?.*? /, "? ")),
          [
            `/w/open.json 0:${client.text(open).indexOf('"my_package>Scale"')}`,
            `/w/closed.json 0:${`{"a": ${scale()}`.indexOf('"my_package>Scale"')}`,
            "keras-config:/w/model.keras/config.json? 4:21",
          ],
        );
      }
      const from = await client.request<Location[]>("textDocument/references", {
        ...client.at(open, "my_package>Scale"),
        context: { includeDeclaration: true },
      });
      assert.equal(from.length, 4);
      assert.match(from[0]?.uri ?? "", /layers\.py$/);
    });
  });

  test("elsewhere in Python are none", async () => {
    await withServer({ files }, async (client) => {
      const python = client.open("/w/my_package/layers.py", LAYERS);
      const found = await client.request("textDocument/references", {
        ...client.at(python, "Shift"),
        context: { includeDeclaration: true },
      });
      assert.equal(found, null);
    });
  });
});
