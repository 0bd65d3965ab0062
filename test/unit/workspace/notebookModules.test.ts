import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CheckResult } from "../../../server/src/workspace/checkDocument.ts";
import { Workspace } from "../../../server/src/workspace/workspace.ts";
import { memoryHost } from "./memoryHost.ts";
import { notebook } from "./notebooks.ts";
import { checkModel } from "./verdicts.ts";

interface Loaded {
  /** "found", or the rule of each problem, or the reason why it cannot be known. */
  readonly verdict: string;
  /** Where the root object's class stands: the document, and its line there. */
  readonly at: string | undefined;
}

/** What becomes of a config in a workspace of these files. */
async function load(config: object, files: Readonly<Record<string, string>>, keras = "3.15.1"): Promise<Loaded> {
  const host = memoryHost("");
  host.write("/w/model.json", JSON.stringify({ config: {}, ...config }));
  for (const [path, text] of Object.entries(files)) host.write(path, text);
  const workspace = new Workspace(host, ["file:///w"], { closed: false });
  const { verdict, report } = await checkModel(host, workspace, keras);
  assert.ok(report);
  const event = (report as CheckResult).analysis?.loads[0]?.events[0];
  const location = event?.kind === "found" && event.object.from === "workspace" ? event.object.location : undefined;
  return {
    verdict,
    at: location && `${location.uri.replace("file:///w/", "")} ${location.range.start.line + 1}`,
  };
}

const KERAS = "import keras\nfrom keras.saving import register_keras_serializable as register\n";
const scale = (base: string, decorator = "") => `${decorator}\nclass Scale(${base}):\n    pass\n`;
const custom = { module: null, class_name: "Scale", registered_name: "p>Scale" };

describe("what a notebook registers", () => {
  test("counts for every config of the workspace, and stands in its cell", async () => {
    const files = { "/w/a.ipynb": notebook(KERAS, "%time x = 1", scale("keras.layers.Layer", '@register("p")')) };
    assert.deepEqual(await load(custom, files), { verdict: "found", at: "a.ipynb#cell=3 2" });
    assert.equal((await load({ ...custom, registered_name: "q>Scale" }, files)).verdict, "class-not-registered");
  });

  test("may be awaited, timed, captured, or have a title", async () => {
    const define = "async def setup(cls):\n    return register('p')(cls)\n";
    for (const cells of [
      [KERAS, scale("keras.layers.Layer"), "%time register('p')(Scale)"],
      [KERAS, scale("keras.layers.Layer"), "_ = %time register('p')(Scale)"],
      [
        `%%capture\n!pip install keras\n${KERAS}`,
        `#@title Scale { run: "auto" }\n${scale("keras.layers.Layer", "@register('p')")}`,
      ],
      [
        `${KERAS}await keras.load()\nasync with keras.x() as y:\n    z = 1`,
        scale("keras.layers.Layer", "@register('p')"),
      ],
    ])
      assert.equal((await load(custom, { "/w/a.ipynb": notebook(...cells) })).verdict, "found", cells.join("\n---\n"));
    const awaited = await load(custom, {
      "/w/a.ipynb": notebook(KERAS, define, scale("keras.layers.Layer"), "await setup(Scale)"),
    });
    assert.notEqual(awaited.verdict, "class-not-registered");
  });

  test("is not what a cell of another program, or another kernel, says", async () => {
    const layer = scale("keras.layers.Layer", '@register("p")');
    const r = notebook(KERAS, layer).replace(
      '"nbformat"',
      '"metadata": {"kernelspec": {"name": "ir", "language": "R"}}, "nbformat"',
    );
    for (const text of [notebook(KERAS, `%%writefile layers.py\n${layer}`), r])
      assert.equal((await load(custom, { "/w/a.ipynb": text })).verdict, "class-not-registered");
  });

  test("is not lost behind a cell that does not end", async () => {
    for (const open of ["x = f(1, [", 'y = """unclosed', "z = 1 + \\", "@register", "def f():", "if x:"]) {
      const text = notebook(KERAS, open, scale("keras.layers.Layer", '@register("p")'));
      assert.equal((await load(custom, { "/w/a.ipynb": text })).verdict, "found", open);
    }
  });

  test("of two registrations in one notebook the later cell counts, also from the tenth on", async () => {
    const cells = [
      KERAS,
      ...Array.from({ length: 12 }, (_, i) => (i % 9 === 1 ? scale("keras.layers.Layer", '@register("p")') : "x = 1")),
    ];
    assert.equal((await load(custom, { "/w/a.ipynb": notebook(...cells) })).at, "a.ipynb#cell=12 2");
  });
});

describe("two notebooks", () => {
  const layer = notebook(KERAS, scale("keras.layers.Layer", '@register("p")'));
  const other = notebook(KERAS, scale("keras.losses.Loss", '@register("q")'));
  const init =
    "\n    def __init__(self, inner):\n        super().__init__()\n        self.inner = keras.saving.deserialize_keras_object(inner)\n";

  test("have a class of one name each: every key finds its own", async () => {
    for (const files of [
      { "/w/a.ipynb": layer, "/w/b.ipynb": other },
      { "/w/b.ipynb": layer, "/w/a.ipynb": other },
    ]) {
      const [own, its] = Object.entries(files)[0]![1] === layer ? Object.keys(files) : Object.keys(files).reverse();
      assert.equal((await load(custom, files)).at, `${own!.slice(3)}#cell=2 2`);
      assert.equal((await load({ ...custom, registered_name: "q>Scale" }, files)).at, `${its!.slice(3)}#cell=2 2`);
    }
  });

  test("are asked for a class of `__main__` one as well as the other", async () => {
    const files = {
      "/w/a.ipynb": notebook(KERAS, "x = 1"),
      "/w/b.ipynb": notebook(KERAS, scale("keras.layers.Layer")),
    };
    const main = { module: "__main__", class_name: "Scale", registered_name: "Scale" };
    assert.deepEqual(await load(main, files, "3.8.0"), { verdict: "found", at: "b.ipynb#cell=2 2" });
    assert.equal(
      (await load({ ...main, class_name: "Shift", registered_name: "Shift" }, files, "3.8.0")).verdict,
      "class-not-registered",
    );
  });

  test("do not see each other's names", async () => {
    const decorated = notebook(KERAS, scale("keras.layers.Layer", "@mine"));
    const wrapper = notebook(KERAS, 'mine = register("p")');
    const files = { "/w/a.ipynb": wrapper, "/w/b.ipynb": decorated };
    assert.notEqual((await load(custom, files)).verdict, "found");
  });

  test("are `__main__` to themselves", async () => {
    const importing = scale("keras.layers.Layer", "from __main__ import mine as own\n@own");
    const files = {
      "/w/a.ipynb": notebook(KERAS, 'mine = register("q")'),
      "/w/b.ipynb": notebook(KERAS, 'mine = register("p")', importing),
    };
    assert.equal((await load(custom, files)).at, "b.ipynb#cell=3 3");
  });

  test("do not lend each other what their classes do with arguments", async () => {
    const inner = { module: null, class_name: "Nothing", config: {}, registered_name: "p>Nothing" };
    const config = { ...custom, config: { inner } };
    const plain = notebook(
      KERAS,
      scale("keras.layers.Layer", '@register("p")').replace(
        "    pass",
        "    def __init__(self, inner):\n        super().__init__()\n        self.inner = inner",
      ),
    );
    const reads = notebook(KERAS, `@register("q")\nclass Scale(keras.layers.Layer):${init}`);
    for (const [a, b] of [
      [plain, reads],
      [reads, plain],
    ] as const) {
      const verdict = async (key: string) =>
        (await load({ ...config, registered_name: key }, { "/w/a.ipynb": a, "/w/b.ipynb": b })).verdict;
      assert.equal(await verdict("q>Scale"), "class-not-registered", "its constructor deserializes");
      assert.equal(await verdict("p>Scale"), "found", "its constructor keeps the dict");
    }
  });
});
