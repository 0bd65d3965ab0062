import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Hover, LocationLink } from "vscode-languageserver-protocol";
import { type Client, withServer } from "./client.ts";
import { files, has, indexed, scale } from "./project.ts";

async function hoverOn(client: Client, uri: string, part: string): Promise<string> {
  const hover = await client.request<Hover>("textDocument/hover", client.at(uri, part));
  return client.pathOf((hover.contents as { value: string }).value);
}

describe("the settings of the call", () => {
  test("a custom object is found, told by the hover, and led to", async () => {
    const settings = { loader: "load_model", customObjects: { "old>Shift": "my_package.layers.Shift" } };
    await withServer({ files, settings }, async (client) => {
      const uri = client.open("/w/model.json", scale("old>Shift"));
      await indexed(client);
      assert.deepEqual(await client.pullUntil(uri, has(0)), []);
      assert.equal(
        await hoverOn(client, uri, "old>Shift"),
        [
          "**`my_package.layers.Shift`** (class)",
          "`my_package.layers.Shift` in [layers.py:12](/w/my_package/layers.py#L12)",
          "Handed in as `old>Shift` by the settings",
          "`Shift(activity_regularizer=None, trainable=True, dtype=None, autocast=True, name=None, **kwargs)`",
          "`load_model`, as the settings say, of Keras 3.12.0 (pyproject.toml pins keras 3.12.0)",
        ].join("\n\n"),
      );
      const [link] = await client.request<LocationLink[]>("textDocument/definition", client.at(uri, "old>Shift", 2));
      assert.deepEqual(link?.targetSelectionRange.start, { line: 11, character: 6 });
    });
  });

  test("a custom object that the workspace does not define is logged once, and leaves its key open", async () => {
    const settings = { customObjects: { "old>Scale": "my_package.layers.Scael" } };
    await withServer({ files, settings }, async (client) => {
      const uri = client.open("/w/model.json", scale("old>Scale"));
      await indexed(client);
      const [item] = await client.pullUntil(uri, has(1));
      assert.equal(item?.code, "cannot-be-known");
      assert.match(String(item?.message), /the settings hand `my_package\.layers\.Scael` in as `old>Scale`/);
      const other = client.open("/w/other.json", scale("old>Scale"));
      await client.pullUntil(other, has(1));
      const logged = client.logged.filter((line) => line.includes("my_package.layers.Scael"));
      assert.equal(logged.length, 1, logged.join("\n"));
      assert.match(
        logged[0] ?? "",
        /kerasConfig\.customObjects: `old>Scale` is .*, which the workspace does not define/,
      );
    });
  });
});

describe("several versions side by side", () => {
  test("a problem says in which it holds, and the hover what each makes of the object", async () => {
    const settings = { kerasVersion: ["3.8", "3.12", "3.15"] };
    await withServer({ files, settings }, async (client) => {
      const uri = client.open("/w/model.json", scale("my_package>Scal"));
      await indexed(client);
      const [item] = await client.pullUntil(uri, has(1));
      assert.match(String(item?.message), / \(Keras from 3\.12\.4 on; found by Keras 3\.8\.0\)$/);
      const hover = await hoverOn(client, uri, "Scale");
      assert.match(hover, /^\*\*Keras 3\.8\.0\*\*\n\n\*\*`my_package\.layers\.Scale`\*\* \(class\)/);
      assert.match(hover, /\n\n\*\*Keras from 3\.12\.4 on\*\*\n\nKeras raises TypeError:\n\n/);
      assert.match(hover, /`deserialize_keras_object` of Keras 3\.8\.0 to 3\.15\.1 \(the settings\)$/);
    });
  });
});
