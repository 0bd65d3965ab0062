import assert from "node:assert/strict";
import { test } from "node:test";
import { Workspace } from "../../../server/src/workspace/workspace.ts";
import type { PythonSettings } from "../../../server/src/workspace/workspaceEnvironment.ts";
import { type MemoryHost, memoryHost } from "./memoryHost.ts";
import { checkModel } from "./verdicts.ts";

interface Options extends PythonSettings {
  readonly active?: string;
  /** Other roots of the same workspace. */
  readonly beside?: readonly string[];
  readonly keras?: string;
}

/**
 * Checks /w/model.json against the Python of /w: "found", or the rule of each problem, or why it cannot be known.
 */
async function verdict(host: MemoryHost, { active, beside = [], keras = "3.15.1", ...python }: Options = {}) {
  const machine = active === undefined ? host : { ...host, activeEnvironments: [active] };
  const workspace = new Workspace(machine, ["file:///w"], { closed: false });
  workspace.setPython(python);
  workspace.besides(beside.map((root) => new Workspace(machine, [root], { closed: false })));
  const { verdict: said, report } = await checkModel(machine, workspace, keras === "" ? undefined : keras);
  assert.ok(report);
  return { said, keras: report.keras.map(({ from }) => from).join() };
}
const say = async (fixture: string, options: Options = {}) => (await verdict(memoryHost(fixture), options)).said;

/** A config of an object whose module alone says which class it is, as Keras imports it by name up to 3.8. */
const byModule = (module: string) => `//- /w/model.json
{"module": "${module}", "class_name": "Scale", "config": {}, "registered_name": null}
`;
const byKey = `//- /w/model.json
{"module": "mine.layers", "class_name": "Scale", "config": {}, "registered_name": "mine>Scale"}
`;
const layer = `import keras
@keras.saving.register_keras_serializable("mine")
class Scale(keras.layers.Layer):
    pass
`;
const env = "/env/lib/python3.12/site-packages";

const layouts: readonly [name: string, fixture: string][] = [
  ["the root", `//- /w/mine/layers.py\n${layer}`],
  ["src", `//- /w/src/mine/layers.py\n${layer}`],
  ["src of a project below the root", `//- /w/a/b/setup.py\nsetup()\n//- /w/a/b/src/mine/layers.py\n${layer}`],
  [
    "pyproject.toml's folder",
    `//- /w/pyproject.toml\n[tool.setuptools]\npackage-dir = {"" = "lib"}\n//- /w/lib/mine/layers.py\n${layer}`,
  ],
  [
    "a folder that is the package",
    `//- /w/setup.cfg\n[options]\npackage_dir =\n  mine = code\n//- /w/code/layers.py\n${layer}`,
  ],
  [
    "extraPaths of the workspace's settings",
    `//- /w/.vscode/settings.json\n{"python.analysis.extraPaths": ["x/y"]}\n//- /w/x/y/mine/layers.py\n${layer}`,
  ],
  [
    "extraPaths of pyrightconfig.json",
    `//- /w/pyrightconfig.json\n{"extraPaths": ["x/y"]}\n//- /w/x/y/mine/layers.py\n${layer}`,
  ],
  ["an editable install's path", `//- ${env}/mine.pth\n/w/x/y\n//- /w/x/y/mine/layers.py\n${layer}`],
  [
    "an editable install's finder",
    `//- ${env}/__editable__.mine.pth\nimport __editable___mine_finder; __editable___mine_finder.install()\n` +
      `//- ${env}/__editable___mine_finder.py\nMAPPING = {'mine': '/w/x/y'}\n//- /w/x/y/layers.py\n${layer}`,
  ],
];
for (const [name, fixture] of layouts) {
  test(`names of modules count from ${name}`, async () => {
    assert.equal(await say(byModule("mine.layers") + fixture, { keras: "3.8.0", environment: "file:///env" }), "found");
  });
}

test("a name that no folder gives a module stays unfound", async () => {
  const fixture = `${byModule("mine.layers")}//- /w/x/y/mine/layers.py\n${layer}`;
  assert.notEqual(await say(fixture, { keras: "3.8.0" }), "found");
});

test("a folder outside the workspace is read where the workspace imports from it, and not otherwise", async () => {
  const outside = `//- /shared/lib/mine/__init__.py\n//- /shared/lib/mine/layers.py\n${layer}`;
  const options = { extraPaths: ["../shared/lib"] };
  const unnamed = byKey.replace("mine.layers", "other.layers");
  const host = memoryHost(`${unnamed}${outside}//- /w/train.py\nimport keras\n`);
  assert.equal((await verdict(host, options)).said, "class-not-registered");
  assert.deepEqual(
    host.read.filter((uri) => uri.startsWith("file:///shared")),
    [],
  );
  assert.equal(await say(`${byKey}${outside}//- /w/train.py\nimport mine.layers\n`, options), "found");
});

test("the environment is the user's, else the editor's, else one in the root, else the shell's", async () => {
  const importing = `${byKey}//- /w/train.py\nimport mine\n`;
  const at = (folder: string) =>
    `//- ${folder}/pyvenv.cfg\n//- ${folder}/lib/python3.12/site-packages/mine.py\n${layer}`;
  const without = (folder: string) => `//- ${folder}/pyvenv.cfg\n//- ${folder}/lib/python3.12/site-packages/other.py\n`;
  const missing = "`mine` is imported and not installed, it may register `mine>Scale`, train.py:1";
  assert.equal(await say(importing), missing);
  assert.equal(await say(importing + at("/shell"), { active: "file:///shell" }), "found");
  assert.equal(await say(importing + at("/shell") + without("/w/.venv"), { active: "file:///shell" }), missing);
  assert.equal(await say(importing + at("/w/.venv")), "found");
  assert.equal(await say(importing + at("/w/.venv") + without("/editor"), { reported: "file:///editor" }), missing);
  assert.equal(await say(importing + without("/w/.venv") + at("/editor"), { reported: "file:///editor" }), "found");
  const both = { environment: "file:///mine/bin/python", reported: "file:///editor" };
  assert.equal(await say(`${importing}${without("/editor")}${at("/mine")}//- /mine/bin/python\n`, both), "found");
});

test("an environment that is none is complained of once, and the next one answers", async () => {
  const host = memoryHost(`${byKey}//- /w/train.py\nimport mine\n//- /w/.venv/pyvenv.cfg
//- /w/.venv/lib/python3.12/site-packages/mine.py\n${layer}`);
  assert.equal((await verdict(host, { environment: "file:///nowhere" })).said, "found");
  assert.deepEqual(host.logged, ["warning: /nowhere is no Python environment: no packages are installed there"]);
});

test("the Keras of the chosen environment is the one that loads", async () => {
  const at = (folder: string, version: string) =>
    `//- ${folder}/pyvenv.cfg\n//- ${folder}/lib/python3.12/site-packages/keras-${version}.dist-info/METADATA\nx\n`;
  const fixture = `${byKey}${at("/w/.venv", "3.9.0")}${at("/mine", "3.8.0")}${at("/shell", "3.6.0")}`;
  const keras = async (options: Options) => (await verdict(memoryHost(fixture), { ...options, keras: "" })).keras;
  assert.equal(await keras({ environment: "file:///mine" }), "keras 3.8.0 is installed in /mine");
  assert.equal(await keras({ active: "file:///shell" }), "keras 3.9.0 is installed in .venv");
  const shell = await verdict(memoryHost(`${byKey}${at("/shell", "3.6.0")}`), { active: "file:///shell", keras: "" });
  assert.equal(shell.keras, "keras 3.6.0 is installed in /shell");
});

test("an editable package of the workspace is its own module, also where an installed package imports it", async () => {
  const host = memoryHost(`${byKey}
//- ${env}/mine.pth
/w/lib
//- ${env}/plugin.py
import mine.layers, keras
keras.saving.register_keras_serializable
//- /w/lib/mine/__init__.py
//- /w/lib/mine/layers.py
${layer}
//- /w/train.py
import plugin
`);
  assert.equal((await verdict(host, { environment: "file:///env" })).said, "found");
  const reads = host.read.filter((uri) => uri === "file:///w/lib/mine/layers.py");
  assert.equal(reads.length, 1);
});

test("a package of an editable install can be imported where the environment's Keras loads the config", async () => {
  const fixture = `${byModule("outside.layers")}
//- ${env}/keras/__init__.py
//- ${env}/outside.pth
/projects/outside
//- /projects/outside/outside/__init__.py
`;
  const said = await say(fixture, { environment: "file:///env", keras: "3.8.0" });
  assert.match(said, /^whether `outside.layers` can be imported/);
  assert.equal(
    await say(fixture.replace("outside.pth", "outside.txt"), { environment: "file:///env", keras: "3.8.0" }),
    "module-not-importable",
  );
});

test("what only a sibling root registers or defines cannot be known, and the place is said", async () => {
  const missing = `${byKey}//- /w/train.py\nimport keras\n`;
  assert.equal(await say(missing), "class-not-registered");
  assert.equal(
    await say(`${missing}//- /other/layers.py\n${layer}`, { beside: ["file:///other"] }),
    "`mine>Scale` is registered in another root of the workspace, other, layers.py:3",
  );
  assert.equal(
    await say(`${missing}//- /other/layers.py\nclass Scale: pass\n`, { beside: ["file:///other"] }),
    "`Scale` is defined in another root of the workspace, other, layers.py:1",
  );
  assert.equal(
    await say(`${missing}//- /other/layers.py\nclass Other: pass\n`, { beside: ["file:///other"] }),
    "class-not-registered",
  );
});

test("relative imports lead through packages, and through namespace packages", async () => {
  for (const init of ["//- /w/src/mine/__init__.py\n//- /w/src/mine/sub/__init__.py\n", ""]) {
    const fixture = `${byModule("mine.sub.api")}${init}
//- /w/src/mine/sub/api.py
from . import inner
from ..layers import Scale
//- /w/src/mine/layers.py
from .sub.inner.deep import Scale
//- /w/src/mine/sub/inner/deep.py
${layer}`;
    assert.equal(await say(fixture, { keras: "3.8.0" }), "found", init);
    assert.notEqual(
      await say(fixture.replace("Scale\n//- /w/src/mine/layers.py", "Other\n//- /w/src/mine/layers.py"), {
        keras: "3.8.0",
      }),
      "found",
      init,
    );
  }
});

test("a namespace package may have parts in several folders", async () => {
  const fixture = `${byModule("space.two.layers")}
//- /w/a/pyproject.toml
//- /w/a/src/space/one/__init__.py
//- /w/b/pyproject.toml
//- /w/b/src/space/two/layers.py
${layer}`;
  assert.equal(await say(fixture, { keras: "3.8.0" }), "found");
});

const hub = (key: string | null, module: string | null = "keras_hub.src.layers") => `//- /w/model.json
${JSON.stringify({ module, class_name: "Scale", config: {}, registered_name: key })}
//- /w/train.py
import keras
//- ${env}/keras/__init__.py
//- ${env}/keras_hub/__init__.py
//- ${env}/keras_hub/src/export.py
import keras
def hub_export(path):
    return keras.saving.register_keras_serializable(package="keras_hub")
//- ${env}/keras_hub/src/layers.py
import keras
from keras_hub.src.export import hub_export
@hub_export("keras_hub.layers.Scale")
class Scale(keras.layers.Layer):
    pass
`;
const inEnvironment = { environment: "file:///env" };

test("a package that only a config names is read: Keras imports the module and finds what stands in it", async () => {
  assert.equal(await say(hub("keras_hub>Scale"), inEnvironment), "found");
  assert.equal(
    await say(hub("none>Scale", "keras_hub.src.none"), inEnvironment),
    "whether `keras_hub.src.none` can be imported and holds `Scale` depends on the packages installed",
  );
});

test("what a package registers that only a config names cannot be known where Keras does not import it", async () => {
  const elsewhere = hub("keras_hub>Scale", "other.src.layers").replaceAll("keras_hub", "other");
  assert.equal(
    await say(elsewhere, inEnvironment),
    "`other>Scale` is registered only where `other` is imported, and the workspace does not import it, layers.py:4",
  );
  assert.equal(await say(elsewhere, { ...inEnvironment, keras: "3.8.0" }), "found");
});

test("of a package without a word of registration, the module that a config names is read", async () => {
  const host = memoryHost(`${byModule("plain.layers")}
//- /w/train.py
import keras
//- ${env}/plain/__init__.py
//- ${env}/plain/layers.py
class Scale:
    @classmethod
    def from_config(cls, config):
        return cls()
//- ${env}/plain/more.py
class More: pass
`);
  assert.equal((await verdict(host, { ...inEnvironment, keras: "3.8.0" })).said, "found");
});

test("a config of built-in objects reads no package, and neither does one whose names are found", async () => {
  const host = memoryHost(`${byKey}//- /w/layers.py
${layer}//- ${env}/mine/__init__.py
`);
  assert.equal((await verdict(host, inEnvironment)).said, "found");
  assert.deepEqual(
    host.read.filter((uri) => uri.includes("site-packages")),
    [],
  );
});
