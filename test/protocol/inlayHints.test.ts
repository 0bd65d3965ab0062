import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Diagnostic, Hover, InlayHint, Range } from "vscode-languageserver-protocol";
import { type Client, fullCapabilities, withServer } from "./client.ts";

const files = `//- /w/pyproject.toml
[project]
dependencies = ["keras==3.15.1"]
`;

const layer = (name: string, config: object, more: object = {}) => ({
  module: "keras.layers",
  class_name: name,
  config: { name: name.toLowerCase(), ...config },
  registered_name: null,
  ...more,
});

const model = JSON.stringify(
  {
    module: "keras",
    class_name: "Sequential",
    config: {
      name: "model",
      layers: [
        layer("InputLayer", { batch_shape: [null, 28, 28, 1] }),
        layer("Conv2D", { filters: 32, kernel_size: [3, 3] }),
        layer("BatchNormalization", {}),
        layer("Flatten", {}),
        layer("Dense", { units: 10 }),
      ],
    },
    registered_name: null,
  },
  undefined,
  2,
);

const everything: Range = { start: { line: 0, character: 0 }, end: { line: 1_000, character: 0 } };

/** The hints in a range, each behind the text of its line. */
async function hintsIn(client: Client, uri: string, range: Range): Promise<string[]> {
  const hints = await client.request<InlayHint[] | null>("textDocument/inlayHint", { textDocument: { uri }, range });
  const lines = client.text(uri).split("\n");
  return (hints ?? []).map(
    ({ position: { line, character }, label }) => `${lines[line]?.slice(0, character).trim()} ${label}`,
  );
}

describe("inlay hints", () => {
  test("say the output shape and the parameters of every layer, and the total of the model", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", model);
      assert.deepEqual(await hintsIn(client, uri, everything), [
        '"class_name": "Sequential" (None, 10) · 216,778 params in total',
        '"class_name": "InputLayer" (None, 28, 28, 1)',
        '"class_name": "Conv2D" (None, 26, 26, 32) · 320 params',
        '"class_name": "BatchNormalization" (None, 26, 26, 32) · 128 params',
        '"class_name": "Flatten" (None, 21632)',
        '"class_name": "Dense" (None, 10) · 216,330 params',
      ]);
    });
  });

  test("come for the part that is asked for", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", model);
      const { position } = client.at(uri, '"Conv2D"');
      const range = { start: { ...position, character: 0 }, end: { line: position.line + 1, character: 0 } };
      assert.deepEqual(await hintsIn(client, uri, range), ['"class_name": "Conv2D" (None, 26, 26, 32) · 320 params']);
    });
  });

  test("follow an edit", async () => {
    await withServer({ files }, async (client) => {
      const uri = client.open("/w/model.json", model);
      client.edit(uri, '"units": 10', '"units": 12');
      assert.ok((await hintsIn(client, uri, everything)).includes('"class_name": "Dense" (None, 12) · 259,596 params'));
    });
  });

  test("are switched off by the settings, each kind for itself", async () => {
    for (const [settings, shown] of [
      [{ inlayHints: { shapes: false } }, ['"class_name": "Dense" 216,330 params']],
      [{ inlayHints: { parameters: false } }, ['"class_name": "Dense" (None, 10)']],
      [{ inlayHints: { shapes: false, parameters: false } }, []],
    ] as const) {
      await withServer({ files, settings }, async (client) => {
        const uri = client.open("/w/model.json", model);
        const hints = await hintsIn(client, uri, everything);
        assert.deepEqual(
          hints.filter((hint) => hint.includes("Dense")),
          shown,
        );
      });
    }
  });

  test("are not offered to a client that knows none, and offered at once to one that registers nothing", async () => {
    const { inlayHint, ...others } = fullCapabilities.textDocument ?? {};
    await withServer({ files, capabilities: { ...fullCapabilities, textDocument: others } }, async (client) => {
      const uri = client.open("/w/model.json", model);
      await client.pull(uri);
      assert.ok(inlayHint && !client.registrations.some(({ method }) => method === "textDocument/inlayHint"));
      assert.equal(client.initialized?.capabilities.inlayHintProvider, undefined);
    });
    const fixed = { ...fullCapabilities, textDocument: { ...others, inlayHint: {} } };
    await withServer({ files, capabilities: fixed }, async (client) => {
      assert.equal(client.initialized?.capabilities.inlayHintProvider, true);
    });
  });
});

test("the hover says the shape and the parameters of a layer", async () => {
  await withServer({ files }, async (client) => {
    const uri = client.open("/w/model.json", model);
    const hover = await client.request<Hover>("textDocument/hover", client.at(uri, '"BatchNormalization"'));
    const { value } = hover.contents as { value: string };
    assert.match(value, /\n\nOutput shape `\(None, 26, 26, 32\)` · 128 parameters \(64 trainable, 64 not\)\n\n/);
  });
});

test("a conflict of shapes is a problem at the layer, and the hover tells it", async () => {
  await withServer({ files }, async (client) => {
    const built = model
      .replace('"name": "dense"', '"name": "classifier"')
      .replace(
        /("units": 10[\s\S]*?"registered_name": null)/,
        '$1,\n        "build_config": { "input_shape": [null, 21633] }',
      );
    const uri = client.open("/w/model.json", built);
    const [problem, ...others] = await client.pullUntil(uri, (items: Diagnostic[]) => items.length > 0);
    assert.ok(problem && others.length === 0);
    const text =
      "Input 0 with name 'None' of layer 'classifier' is incompatible with the layer: expected axis -1 of input shape to have " +
      "value 21633, but received input with shape (None, 21632)";
    assert.deepEqual(
      [problem.code, problem.message, client.covered(uri, problem.range)],
      ["shape-conflict", text, '"Dense"'],
    );
    const hover = await client.request<Hover>("textDocument/hover", client.at(uri, '"Dense"'));
    const { value } = hover.contents as { value: string };
    assert.match(value, /^\*\*`keras\.layers\.Dense`\*\*/);
    assert.ok(value.includes(`\n\nKeras raises ValueError:\n\n\`\`\`text\n${text}\n\`\`\``), value);
  });
});
