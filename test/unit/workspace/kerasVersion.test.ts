import assert from "node:assert/strict";
import { test } from "node:test";
import { isVersion, nearestKnown, selectKerasTargets } from "../../../server/src/workspace/kerasVersion.ts";
import {
  exactVersion,
  pinOfRequirement,
  readCondaEnvironment,
  readPipfileLock,
  readRequirements,
  readSetupCfg,
} from "../../../server/src/workspace/requirements.ts";
import { VersionFinder } from "../../../server/src/workspace/versionEvidence.ts";
import { memoryHost } from "./memoryHost.ts";

const known = ["2.15.1", "2.21.0", "3.0.0", "3.0.5", "3.3.3", "3.8.0", "3.9.0", "3.9.2", "3.12.0", "3.12.4", "3.15.1"];

const nearest: readonly (readonly [asked: string, taken: string, note: string])[] = [
  ["3.8.0", "3.8.0", ""],
  ["3.8", "3.8.0", "the newest known 3.8"],
  ["3.12", "3.12.4", "the newest known 3.12"],
  ["3", "3.15.1", "the newest known 3"],
  ["3.9.1", "3.9.0", "the nearest known to 3.9.1"],
  ["3.12.9", "3.12.4", "the nearest known to 3.12.9"],
  ["3.16.0.dev2025", "3.15.1", "the nearest known to 3.16.0.dev2025"],
  ["3.9.0rc1", "3.9.0", "taken for 3.9.0rc1"],
  ["3.99", "3.15.1", "the nearest known to 3.99"],
  ["2", "2.21.0", "the newest known 2"],
  ["2.15", "2.15.1", "the newest known 2.15"],
  ["2.15.0", "2.15.1", "the nearest known to 2.15.0"],
  ["2.13.1", "2.15.1", "the nearest known to 2.13.1"],
  ["2.18.0", "2.15.1", "the nearest known to 2.18.0"],
  ["2.12.0", "2.12.0", ""],
  ["4.0.0", "4.0.0", ""],
];

test("an unknown version takes the nearest known one of its major version", () => {
  for (const [asked, version, note] of nearest) assert.deepEqual(nearestKnown(asked, known), { version, note }, asked);
});

test("the first source that names a version decides, in the order flag, setting, environment, pin, the config's own", () => {
  const sources = {
    flags: ["3.12", "3.8.0"],
    settings: ["3.9.2", "3.9"],
    environment: { version: "3.3.3", from: "keras 3.3.3 is installed in .venv" },
    pin: { version: "3.0.5", from: "requirements.txt pins keras 3.0.5" },
    own: { version: "3.0.0", from: "metadata.json says 3.0.0" },
  };
  assert.deepEqual(selectKerasTargets(sources, known), [
    { version: "3.12.4", from: "--keras, the newest known 3.12" },
    { version: "3.8.0", from: "--keras" },
  ]);
  const without = { ...sources, flags: [] };
  assert.deepEqual(selectKerasTargets(without, known), [{ version: "3.9.2", from: "the settings" }]);
  const unset = { ...without, settings: [] };
  assert.deepEqual(selectKerasTargets(unset, known), [sources.environment]);
  assert.deepEqual(selectKerasTargets({ ...unset, environment: undefined }, known), [sources.pin]);
  const alone = { flags: [], own: sources.own };
  assert.deepEqual(selectKerasTargets(alone, known), [sources.own]);
  assert.deepEqual(selectKerasTargets({ flags: [] }, known), [{ version: "3.15.1", from: "the newest known" }]);
});

test("flags that mean one release are one target", () => {
  assert.deepEqual(
    selectKerasTargets({ flags: ["3.8", "3.8.0"] }, known).map((one) => one.version),
    ["3.8.0"],
  );
});

test("what no release is called names no version", () => {
  for (const text of ["", "latest", "v3", "3.", ">=3.8", "3.8.0 ", "3.x"]) assert.equal(isVersion(text), false, text);
  const own = { version: "unknown", from: "metadata.json says unknown" };
  assert.equal(selectKerasTargets({ flags: [], own }, known)[0]?.from, "the newest known");
});

const versions = (pins: readonly { version: string }[]): string[] => pins.map((pin) => pin.version);

test("an exact pin is `==`, whatever else stands beside it", () => {
  const pins: Record<string, string | undefined> = {
    "keras==3.8.0": "3.8.0",
    "Keras == 3.8": "3.8.0",
    "keras===3.8.0": "3.8.0",
    "keras[jax]==3.8.0 ; python_version > '3.9'": "3.8.0",
    "keras (==3.8.0)": "3.8.0",
    "keras==3.8.*": "3.8",
    "keras==3.9.0rc1": "3.9.0rc1",
    "keras>=3.8.0": undefined,
    "keras~=3.8.0": undefined,
    "keras!=3.8.0": undefined,
    "keras>=3.8,<3.9": undefined,
    keras: undefined,
    "keras-tuner==1.4.8": undefined,
    "tf-keras==2.15.0": "2.15.0",
    "tf_keras==2.16.*": "2.16",
    "tensorflow==2.15.0": "2.15.0",
    "tensorflow-cpu==2.15.1": "2.15.1",
    "tensorflow==2.16.1": undefined,
    "keras<3": "2.15",
    "keras>=2.10,<3.0.0": "2.15",
    "tensorflow<2.16": "2.15",
    "tensorflow>=2.12, <2.16; python_version < '3.12'": "2.15",
    "tensorflow<2.15": undefined,
    "tensorflow-probability<2.16": undefined,
  };
  for (const [requirement, version] of Object.entries(pins))
    assert.equal(pinOfRequirement(requirement)?.version, version, requirement);
  assert.equal(exactVersion("==3.8.0,>3"), undefined);
});

test("requirements files are read with their comments, hashes and continued lines", () => {
  const text = `
# keras==3.0.0
-r base.txt
-c constraints.txt
numpy==2.0.0
keras==3.8.0 \\
    --hash=sha256:abc \\
    --hash=sha256:def  # the one we tested
`;
  const { pins, includes } = readRequirements(text);
  assert.deepEqual([versions(pins), includes], [["3.8.0"], ["base.txt", "constraints.txt"]]);
});

test("conda, setup.cfg and Pipfile.lock have spellings of their own", () => {
  const conda = readCondaEnvironment("dependencies:\n  - python=3.11\n  - conda-forge::keras=3.8.0=pyh1\n");
  assert.deepEqual(versions(conda), ["3.8.0"]);
  assert.deepEqual(versions(readCondaEnvironment("dependencies:\n  - keras=3.8\n  - keras-tuner=1.0\n")), ["3.8"]);
  assert.deepEqual(versions(readCondaEnvironment("dependencies:\n  - pip:\n    - keras==3.9.2  # pip\n")), ["3.9.2"]);
  assert.deepEqual(versions(readCondaEnvironment("dependencies:\n  - keras>=3\n")), []);
  assert.deepEqual(versions(readSetupCfg("[options]\ninstall_requires =\n    numpy\n    keras==3.8.0\n")), ["3.8.0"]);
  assert.deepEqual(versions(readSetupCfg("[options]\ninstall_requires = keras==3.8.0\n")), ["3.8.0"]);
  assert.deepEqual(versions(readPipfileLock('{"default": {"keras": {"version": "==3.8.0"}}}')), ["3.8.0"]);
  assert.deepEqual(versions(readPipfileLock('{"default": ')), []);
});

/** The evidence for /w/sub/model.json, as "environment | pin"; a pin is sought only where no environment answers. */
async function evidence(fixture: string, document = "file:///w/sub/model.json"): Promise<string> {
  const finder = new VersionFinder(memoryHost(fixture), ["file:///w"]);
  const { environment, pin } = await finder.evidenceFor(document);
  return `${environment?.from ?? "-"} | ${pin?.from ?? "-"}`;
}

test("an environment in the workspace says which Keras is installed", async () => {
  const layouts = [
    "//- /w/.venv/pyvenv.cfg\n//- /w/.venv/lib/python3.12/site-packages/keras-3.8.0.dist-info/METADATA",
    "//- /w/.venv/pyvenv.cfg\n//- /w/.venv/Lib/site-packages/keras-3.8.0.dist-info/METADATA",
    "//- /w/.venv/conda-meta/history\n//- /w/.venv/lib/python3.12/site-packages/keras-3.8.0.dist-info/METADATA",
  ];
  for (const layout of layouts) assert.equal(await evidence(layout), "keras 3.8.0 is installed in .venv | -");
  assert.equal(
    await evidence(layouts.join("\n").replaceAll(".venv", "of-my-own")),
    "keras 3.8.0 is installed in of-my-own | -",
  );
  assert.equal(
    await evidence(
      "//- /w/.venv/pyvenv.cfg\n//- /w/.venv/lib/python3.12/site-packages/keras_tuner-1.4.dist-info/METADATA",
    ),
    "- | -",
  );
  assert.equal(await evidence("//- /w/lib/python3.12/site-packages/keras-3.8.0.dist-info/METADATA"), "- | -");
});

const pinned: Record<string, string> = {
  "uv.lock": '[[package]]\nname = "keras"\nversion = "3.8.0"\n',
  "poetry.lock": '[[package]]\nname = "numpy"\nversion = "2.0.0"\n\n[[package]]\nname = "keras"\nversion = "3.8.0"\n',
  "pdm.lock": '[[package]]\nname = "Keras"\nversion = "3.8.0"\n',
  "pylock.toml": '[[packages]]\nname = "keras"\nversion = "3.8.0"\n',
  "Pipfile.lock": '{"default": {"keras": {"version": "==3.8.0"}}}',
  "requirements.txt": "keras==3.8.0",
  "requirements-dev.txt": "keras==3.8.0",
  "dev-requirements.txt": "keras==3.8.0",
  "constraints.txt": "keras==3.8.0",
  "requirements/base.txt": "keras==3.8.0",
  "environment.yml": "dependencies:\n  - keras=3.8.0",
  "setup.cfg": "[options]\ninstall_requires =\n    keras==3.8.0",
  "pyproject.toml": '[project]\ndependencies = ["numpy", "keras==3.8.0"]',
};

test("an exact pin is found in every lock and requirements file", async () => {
  for (const [file, text] of Object.entries(pinned)) {
    assert.equal(await evidence(`//- /w/${file}\n${text}`), `- | ${file} pins keras 3.8.0`);
  }
});

test("pyproject.toml pins in many tables", async () => {
  const tables = [
    '[project.optional-dependencies]\ntrain = ["keras==3.8.0"]',
    '[dependency-groups]\ndev = [{include-group = "x"}, "keras==3.8.0"]',
    '[tool.poetry.dependencies]\nkeras = "3.8.0"',
    '[tool.poetry.group.dev.dependencies]\nkeras = {version = "==3.8.0", extras = ["x"]}',
    '[tool.uv]\nconstraint-dependencies = ["keras==3.8.0"]',
    '[tool.hatch.envs.default]\ndependencies = ["keras==3.8.0"]',
  ];
  for (const table of tables)
    assert.match(await evidence(`//- /w/pyproject.toml\n${table}`), /pins keras 3\.8\.0/, table);
  for (const open of [
    '[tool.poetry.dependencies]\nkeras = "^3.8.0"',
    '[project]\ndependencies = ["keras>=3.8.0"]',
    "[project",
  ]) {
    assert.equal(await evidence(`//- /w/pyproject.toml\n${open}`), "- | -", open);
  }
});

test("a lock is more exact than a requirements file, and requirements.txt comes before its neighbours", async () => {
  const both = "//- /w/requirements.txt\nkeras==3.3.3\n//- /w/uv.lock\n[[package]]\nname = 'keras'\nversion = '3.8.0'";
  assert.equal(await evidence(both), "- | uv.lock pins keras 3.8.0");
  const two = "//- /w/requirements-a.txt\nkeras==3.3.3\n//- /w/requirements.txt\nkeras==3.8.0";
  assert.equal(await evidence(two), "- | requirements.txt pins keras 3.8.0");
});

test("included requirements files are followed, loops too", async () => {
  const fixture =
    "//- /w/requirements.txt\n-r deps/base.txt\n//- /w/deps/base.txt\n-r base.txt\n-r ../../etc.txt\n-c pins.txt\n//- /w/deps/pins.txt\nkeras==3.8.0";
  assert.equal(await evidence(fixture), "- | deps/pins.txt pins keras 3.8.0");
});

test("several pins in one file: the first counts and the others are named", async () => {
  assert.equal(
    await evidence("//- /w/requirements.txt\nkeras==3.8.0\nkeras==3.3.3"),
    "- | requirements.txt pins keras 3.8.0 (and 3.3.3)",
  );
});

test("the folder nearest to the document decides", async () => {
  const fixture =
    "//- /w/requirements.txt\nkeras==3.3.3\n//- /w/sub/requirements.txt\nkeras==3.8.0\n//- /requirements.txt\nkeras==3.0.0";
  assert.equal(await evidence(fixture), "- | sub/requirements.txt pins keras 3.8.0");
  assert.equal(await evidence(fixture, "file:///w/other/model.json"), "- | requirements.txt pins keras 3.3.3");
  assert.equal(await evidence(fixture, "file:///elsewhere/model.json"), "- | requirements.txt pins keras 3.3.3");
});

test("a pin of keras itself is stronger than one of tf-keras, and that than one of TensorFlow", async () => {
  const all = "tensorflow==2.15.1\ntf-keras==2.15.1\nkeras==3.8.0";
  assert.equal(await evidence(`//- /w/requirements.txt\n${all}`), "- | requirements.txt pins keras 3.8.0");
  const without = all.replace("\nkeras==3.8.0", "");
  assert.equal(await evidence(`//- /w/requirements.txt\n${without}`), "- | requirements.txt pins tf-keras 2.15.1");
  assert.equal(
    await evidence("//- /w/requirements.txt\ntensorflow==2.15.1"),
    "- | requirements.txt pins tensorflow 2.15.1, whose Keras is 2.15",
  );
  assert.equal(await evidence("//- /w/requirements.txt\ntensorflow<2.16"), "- | requirements.txt pins tensorflow<2.16");
});

test("tf-keras counts where no keras is installed beside it", async () => {
  const site = "/w/.venv/lib/python3.12/site-packages";
  const alone = `//- /w/.venv/pyvenv.cfg\n//- ${site}/tf_keras-2.21.0.dist-info/METADATA`;
  assert.equal(await evidence(alone), "tf-keras 2.21.0 is installed in .venv | -");
  const both = `${alone}\n//- ${site}/keras-3.8.0.dist-info/METADATA`;
  assert.equal(await evidence(both), "keras 3.8.0 is installed in .venv | -");
});

test("of the Keras in TensorFlow before 2.13 nothing is known", () => {
  const own = { version: "2.2.4-tf", from: "keras_version in the file is 2.2.4-tf" };
  assert.deepEqual(selectKerasTargets({ flags: [], own }, known), [own]);
});
