import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { loadCatalogue } from "../../../server/src/host/catalogue.ts";
import { readSettings } from "../../../server/src/workspace/editorSettings.ts";
import { readText } from "../../../server/src/workspace/host.ts";
import { answerOfText, textOfAnswer } from "../../../server/src/workspace/questions.ts";
import { Session } from "../../../server/src/workspace/session.ts";
import { cacheInMemory, type MemoryCache } from "./memoryCache.ts";
import { type MemoryHost, memoryHost } from "./memoryHost.ts";

declare const __ROOT__: string;
const catalogue = loadCatalogue(pathToFileURL(join(__ROOT__, "server/data/")));

const files = `
//- /w/layers.py
import keras
@keras.saving.register_keras_serializable("mine")
class Scale(keras.layers.Layer):
    def __init__(self, factor, **kwargs):
        super().__init__(**kwargs)
    def get_config(self):
        return super().get_config()
@keras.saving.register_keras_serializable
class Shift(keras.layers.Layer): pass
//- /w/use.py
import keras
import layers
keras.models.load_model("handed.json", custom_objects={"Handed": layers.Shift, "Unknown": make()})
`;
const named = (key: string) =>
  `{"module": "layers", "class_name": "${key.split(">").at(-1)}", "config": {"factor": 2}, "registered_name": "${key}"}`;
const model = "file:///w/model.json";
const layers = "file:///w/layers.py";

async function textOf(host: MemoryHost, uri: string): Promise<string> {
  const read = await readText(host, uri, "python", 1e6);
  return read.ok ? read.value.text : "";
}

interface Editor {
  readonly host: MemoryHost;
  readonly cache: MemoryCache;
  readonly texts: Map<string, string>;
}

function newEditor(
  open: Record<string, string> = { [model]: `[${named("mine>Scale")}, ${named("mine>Scal")}]` },
): Editor {
  return { host: memoryHost(files), cache: cacheInMemory(), texts: new Map(Object.entries(open)) };
}

/** What a session says of the open config before its Python is read again, and when it was. */
interface Said {
  readonly atFirst: string;
  readonly atLast: string;
  /** How often it was said that open documents have other answers than those given at first. */
  readonly changes: number;
}

/** One run of the server, from its start to its end. `meanwhile` happens when the first answers were given. */
async function run(
  { host, cache, texts }: Editor,
  { settings = {}, meanwhile }: { settings?: object; meanwhile?: (session: Session) => void } = {},
): Promise<Said> {
  let changes = 0;
  let isReading = false;
  const paused: (() => void)[] = [];
  const session = new Session(
    { ...host, cache, openText: (uri) => texts.get(uri) },
    {
      catalogue: async () => catalogue,
      settings: async () => readSettings({ kerasVersion: "3.12.0", ...settings }),
      changed: (open) => {
        if (open) changes++;
        for (const resume of paused.splice(0)) resume();
      },
      stateChanged: () => {
        isReading = session.isBusy;
      },
      begin: () => ({ report: () => {}, done: () => {} }),
    },
  );
  session.setFolders(["file:///w"]);
  const verdict = async () => {
    const checked = await session.check(model);
    const rules = checked?.report.problems.map(({ rule }) => rule).join(" ");
    return `${rules || "found"}${checked?.isComplete ? "" : ", so far"}`;
  };
  changes = 0;
  let atFirst = await verdict();
  const [workspace] = session.workspaces;
  if (isReading && (await workspace?.recalled())) {
    // The first answers of all come before anything is known.
    await new Promise<void>((resolve) => (changes > 0 ? resolve() : paused.push(resolve)));
    changes = 0;
    atFirst = await verdict();
  }
  meanwhile?.(session);
  if (workspace) await session.ensureIndexed(workspace);
  const said = { atFirst, changes, atLast: await verdict() };
  await session.keep();
  return said;
}

const MISSING = "class-not-registered";

test("a second start says all before any Python is read, and the reading changes nothing", async () => {
  const editor = newEditor();
  assert.deepEqual(await run(editor), { atFirst: "found, so far", atLast: MISSING, changes: 1 });
  assert.deepEqual(await run(editor), { atFirst: MISSING, atLast: MISSING, changes: 0 });
});

const changes: readonly [string, (editor: Editor) => void, string?][] = [
  ["a Python file", ({ host }) => host.write("/w/layers.py", '# "mine" is gone\n'), `${MISSING} ${MISSING}`],
  ["a new Python file", ({ host }) => host.write("/w/more.py", "import layers\n")],
  ["a Python file that is gone", ({ host }) => host.remove("/w/use.py")],
  ["an open Python file", ({ texts }) => texts.set(layers, "x = 1\n"), `${MISSING} ${MISSING}`],
  [
    "the build of the program",
    ({ cache }) => {
      cache.generation = "two";
    },
  ],
  [
    "an environment",
    ({ host }) => {
      host.write("/w/.venv/pyvenv.cfg", "version = 3.12.3\n");
      host.write("/w/.venv/lib/python3.12/site-packages/new/__init__.py", "");
    },
  ],
  ["where packages are", ({ host }) => host.write("/w/pyproject.toml", '[tool.setuptools.package-dir]\n"" = "lib"\n')],
  ["the config, which asks for more", ({ texts }) => texts.set(model, `[${named("your>Scale")}]`)],
];
for (const [what, change, atLast = MISSING] of changes) {
  test(`what was said counts no more when something else is there: ${what}`, async () => {
    const editor = newEditor();
    await run(editor);
    change(editor);
    const again = await run(editor);
    assert.deepEqual([again.atFirst, again.atLast], ["found, so far", atLast]);
  });
}

test("a file with another stamp and the same text is the same", async () => {
  const editor = newEditor();
  await run(editor);
  editor.host.touch("/w/layers.py", 50);
  assert.equal((await run(editor)).atFirst, MISSING);
  editor.texts.set(layers, await textOf(editor.host, layers));
  assert.equal((await run(editor)).atFirst, MISSING);
});

test("an edit of Python while it is read again counts at once", async () => {
  const editor = newEditor();
  await run(editor);
  const edit = (session: Session) => {
    editor.texts.set(layers, "x = 1\n");
    for (const workspace of session.workspaces) workspace.pythonChanged([layers]);
  };
  assert.deepEqual(await run(editor, { meanwhile: edit }), {
    atFirst: MISSING,
    atLast: `${MISSING} ${MISSING}`,
    changes: 1,
  });
});

test("a setting that decides answers is part of what is compared", async () => {
  const editor = newEditor();
  await run(editor);
  assert.equal((await run(editor, { settings: { closedWorkspace: true } })).atFirst, "found, so far");
});

for (const damage of [
  (text: string) => text.replaceAll("mine", "mime"),
  (text: string) => text.slice(0, -1),
  () => "",
]) {
  test(`damaged answers are not used: ${damage}`, async () => {
    const editor = newEditor();
    await run(editor);
    for (const [name, text] of editor.cache.texts)
      if (name.startsWith("answers-")) editor.cache.texts.set(name, damage(text));
    assert.equal((await run(editor)).atFirst, "found, so far");
  });
}

test("the problems of registrations in open Python files are kept too", async () => {
  const editor = newEditor();
  editor.texts.set(layers, await textOf(editor.host, layers));
  await run(editor);
  const session = new Session(
    { ...editor.host, cache: editor.cache, openText: (uri) => editor.texts.get(uri) },
    {
      catalogue: async () => catalogue,
      settings: async () => readSettings({}),
      ...{ changed: () => {}, stateChanged: () => {}, begin: () => ({ report: () => {}, done: () => {} }) },
    },
  );
  session.setFolders(["file:///w"]);
  const workspace = await session.workspaceOf(layers);
  const causes = (await session.problemsIn(workspace, layers)).map(({ cause }) => cause);
  assert.deepEqual([causes, workspace.isRecalled], [["decorator-not-called"], true]);
});

test("an answer and its text are the same to whoever asks", () => {
  const answers = [
    undefined,
    null,
    [],
    true,
    { members: new Set(["build"]), mro: [{ kind: "external", path: "object" }] },
    {
      scope: new Map<string, unknown>([
        ["a", undefined],
        ["b", { kind: "class" }],
      ]),
      customObjects: new Map(),
    },
  ];
  for (const answer of answers) {
    assert.deepEqual(answerOfText(textOfAnswer(answer)), answer);
    assert.equal(textOfAnswer(answerOfText(textOfAnswer(answer))), textOfAnswer(answer));
  }
});
