import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { loadCatalogue } from "../../../server/src/host/catalogue.ts";
import { planWatching, takeInChanges } from "../../../server/src/workspace/diskChanges.ts";
import { readSettings } from "../../../server/src/workspace/editorSettings.ts";
import { Session } from "../../../server/src/workspace/session.ts";
import { Cancelled } from "../../../server/src/workspace/slices.ts";
import { type MemoryHost, memoryHost } from "./memoryHost.ts";

declare const __ROOT__: string;
const catalogue = loadCatalogue(pathToFileURL(join(__ROOT__, "server/data/")));

interface Open {
  readonly host: MemoryHost;
  readonly session: Session;
  /** Open texts, by URI. */
  readonly texts: Map<string, string>;
  /** How often answers were said to differ. */
  changes: number;
  /** How often those of open documents were among them. */
  asked: number;
}

/** A session over a fixture with the folders given; `kerasConfig` is what its settings hold. */
function openSession(fixture: string, folders: readonly string[] = ["file:///w"], kerasConfig: unknown = {}): Open {
  const texts = new Map<string, string>();
  const host = memoryHost(fixture);
  const open: Open = {
    host,
    texts,
    changes: 0,
    asked: 0,
    session: new Session(
      { ...host, openText: (uri) => texts.get(uri) },
      {
        catalogue: async () => catalogue,
        settings: async () => readSettings({ kerasVersion: "3.12.0", ...(kerasConfig as object) }),
        changed: (openDocuments) => {
          open.changes++;
          if (openDocuments) open.asked++;
        },
        stateChanged: () => {},
        begin: () => ({ report: () => {}, done: () => {} }),
      },
    ),
  };
  open.session.setFolders(folders);
  open.changes = 0;
  return open;
}

const layers = `//- /w/layers.py
import keras

@keras.saving.register_keras_serializable(package="pkg")
class Scale(keras.layers.Layer):
    pass
`;
const scale = (registeredName = "pkg>Scale") =>
  `{"module": "layers", "class_name": "Scale", "config": {}, "registered_name": "${registeredName}"}`;
const model = "file:///w/model.json";

/** The rules of a document's problems, and whether all of its Python was read. */
async function verdict({ session }: Open, uri = model): Promise<string> {
  const checked = await session.check(uri);
  if (!checked) return "unreadable";
  const rules = checked.report.problems.map(({ rule }) => rule);
  return `${rules.join(" ") || "found"}${checked.isComplete ? "" : ", so far"}`;
}

async function settled({ session }: Open): Promise<void> {
  for (const workspace of session.workspaces) await session.ensureIndexed(workspace);
}

test("what the Python cannot change is said before it is read, the rest when it was", async () => {
  const open = openSession(layers);
  open.texts.set(
    model,
    `[${scale("pkg>Scal")}, {"module": "keras.layers", "class_name": "Dens", "config": {}, "registered_name": null}]`,
  );
  assert.equal(await verdict(open), "not-a-saveable-class, so far");
  await settled(open);
  assert.equal(open.changes, 1);
  assert.equal(await verdict(open), "class-not-registered not-a-saveable-class");
});

test("a config of built-ins makes nobody read Python", async () => {
  const open = openSession(layers);
  open.texts.set(model, '{"module": "keras.layers", "class_name": "Flatten", "config": {}, "registered_name": null}');
  assert.equal(await verdict(open), "found");
  assert.deepEqual([open.session.isBusy, open.host.read], [false, []]);
});

test("an open Python file wins over the disk, and only a change that matters is told", async () => {
  const open = openSession(layers);
  open.texts.set(model, scale());
  await verdict(open);
  await settled(open);
  assert.equal(await verdict(open), "found");
  const [workspace] = open.session.workspaces;
  const python = "file:///w/layers.py";
  const edit = async (text: string) => {
    open.texts.set(python, text);
    workspace?.pythonChanged([python]);
    await settled(open);
  };
  const before = open.changes;
  await edit(new TextDecoder().decode(((await open.host.readBytes(python, 1e6)) as { value: Uint8Array }).value));
  assert.equal(open.changes, before);
  await edit("class Scale: pass\n");
  assert.equal(open.changes, before + 1);
  assert.equal(await verdict(open), "class-not-registered");
});

test("while Python is read again, answers come from what was read before", async () => {
  const open = openSession(layers);
  open.texts.set(model, scale("pkg>Scal"));
  await verdict(open);
  await settled(open);
  open.session.workspaces[0]?.pythonChanged(["file:///w/layers.py"]);
  assert.equal(await verdict(open), "class-not-registered, so far");
});

test("a check of a text that is edited or closed meanwhile is cancelled, and never answers late", async () => {
  const open = openSession(layers);
  open.texts.set(model, scale("pkg>Scal"));
  const late = open.session.check(model);
  open.texts.set(model, scale());
  const newer = open.session.check(model);
  await assert.rejects(late, Cancelled);
  assert.equal((await newer)?.report.text, scale());
  open.texts.set(model, scale("pkg>Scael"));
  const closed = open.session.check(model);
  open.session.closed(model);
  await assert.rejects(closed, Cancelled);
});

test("files that other programs write, add and remove are taken in", async () => {
  const open = openSession(
    `${layers}//- /w/model.json\n${scale("pkg>Scael")}\n//- /w/requirements.txt\nkeras==3.8.0\n`,
  );
  await verdict(open);
  await settled(open);
  assert.equal(await verdict(open), "class-not-registered");
  const plan = await planWatching(open.session, [model], 0);
  const folders = new Set(plan.folders.keys());
  assert.ok(folders.has("file:///w") && folders.has("file:///w/.vscode"));
  const change = async (...uris: string[]) => {
    const documents = await takeInChanges(open.session, open.host, new Set(uris), folders);
    await settled(open);
    return documents;
  };
  const more = '@keras.saving.register_keras_serializable(package="pkg", name="Scael")\nclass Scale: get_config = 1\n';
  open.host.write("/w/more.py", `import keras\n${more}`);
  assert.deepEqual(await change("file:///w/more.py"), []);
  assert.equal(await verdict(open), "found");
  open.host.write("/w/more.py", "import keras\n");
  await change("file:///w/more.py");
  assert.equal(await verdict(open), "class-not-registered");
  assert.deepEqual(await change(model), [model]);
});

test("what only another folder registers is not missing, and the folder is not read before there is reason to", async () => {
  const open = openSession(
    `${layers}//- /other/moved.py\nimport keras\n@keras.saving.register_keras_serializable(package="o")\nclass Moved(keras.Model): pass\n`,
    ["file:///w", "file:///other"],
  );
  open.texts.set(model, scale());
  await verdict(open);
  await settled(open);
  assert.equal(await verdict(open), "found");
  assert.ok(!open.host.read.includes("file:///other/moved.py"));
  open.texts.set(model, scale("o>Moved"));
  assert.equal(await verdict(open), "found, so far");
  await settled(open);
  const checked = await open.session.check(model);
  assert.match(checked?.report.unknown[0]?.reason ?? "", /another root of the workspace, other/);
});

test("while another folder is read again, what was said of it stands", async () => {
  const open = openSession(`${layers}//- /other/x.py\nimport keras\n`, ["file:///w", "file:///other"]);
  open.texts.set(model, scale("pkg>Scael"));
  await verdict(open);
  await settled(open);
  await verdict(open);
  await settled(open);
  assert.equal(await verdict(open), "class-not-registered");
  open.session.folderWorkspaces()[1]?.pythonChanged(["file:///other/x.py"]);
  open.texts.set(model, `${scale("pkg>Scael")} `);
  assert.equal(await verdict(open), "class-not-registered");
});

test("a folder that is closed while it is read is read no further", async () => {
  const open = openSession(
    `${layers}${Array.from({ length: 200 }, (_, i) => `//- /w/m${i}.py\nimport keras\n`).join("")}`,
  );
  const workspace = await open.session.workspaceOf(model);
  const reading = open.session.indexed(workspace);
  open.session.setFolders([]);
  await assert.rejects(reading, Cancelled);
  assert.ok(open.host.read.length < 150, `${open.host.read.length} files`);
});

test("a closed workspace leaves nothing open to packages that are not installed", async () => {
  const fixture = `${layers}//- /w/imports.py\nimport other_package\n`;
  for (const [closedWorkspace, said] of [
    [false, "found"],
    [true, "class-not-registered"],
  ] as const) {
    const open = openSession(fixture, ["file:///w"], { closedWorkspace });
    open.texts.set(model, scale("foreign>Scael").replace('"layers"', '"foreign"').replaceAll("Scale", "Foreign"));
    await verdict(open);
    await settled(open);
    assert.equal(await verdict(open), said);
  }
});

test("an edit of Python asks again only the documents whose answers it changes", async () => {
  const open = openSession(`${layers}//- /w/other.py\n`);
  const { session, texts } = open;
  texts.set(model, scale());
  texts.set(
    "file:///w/other.py",
    'import keras\n\n@keras.saving.register_keras_serializable(package="pkg")\nclass Other(keras.layers.Layer):\n    pass\n',
  );
  texts.set("file:///w/layers.py", layers.slice(layers.indexOf("import")));
  const workspace = await session.workspaceOf(model);
  await session.indexed(workspace);
  const first = await session.check(model);
  assert.deepEqual(first?.report.problems, []);
  const edit = async (file: string, from: string, to: string) => {
    const uri = `file:///w/${file}`;
    texts.set(uri, texts.get(uri)!.replace(from, to));
    open.asked = 0;
    workspace.pythonChanged([uri]);
    await session.ensureIndexed(workspace);
    return session.check(model);
  };
  const same = await edit("other.py", "class Other", "class Renamed");
  assert.equal(open.asked, 0);
  assert.equal(same?.report, first?.report);
  assert.notEqual(same?.indexed, first?.indexed);
  const missing = await edit("layers.py", "class Scale", "class Renamed");
  assert.equal(open.asked, 1);
  assert.equal(missing?.report.problems[0]?.rule, "class-not-registered");
  // What a problem advises depends on every key.
  await edit("other.py", "class Renamed", "class Scalle");
  assert.equal(open.asked, 1);
});
