import assert from "node:assert/strict";
import { test } from "node:test";
import type { Uri } from "vscode";
import { createEnvironmentReporter } from "../../../client/src/pythonEnvironments.ts";

const ENVS = "ms-python.vscode-python-envs";
const PYTHON = "ms-python.python";

/** An event that the test fires; knows how many listen. */
function event() {
  const listeners = new Set<() => void>();
  const on = (listener: () => void) => {
    listeners.add(listener);
    return { dispose: () => void listeners.delete(listener) };
  };
  return { on, fire: () => [...listeners].forEach((listener) => void listener()), listeners };
}

/** The exports of the two extensions, whose environments are `sysPrefix` by folder. */
function environmentsApi(sysPrefix: Record<string, string | undefined>, change = event()) {
  const getEnvironment = async (folder: Uri) => {
    const prefix = sysPrefix[folder.fsPath];
    return prefix === undefined ? undefined : { sysPrefix: prefix, environmentPath: folder };
  };
  return { getEnvironment, onDidChangeEnvironment: change.on };
}
function pythonApi(sysPrefix: Record<string, string | undefined>, change = event()) {
  return {
    environments: {
      getActiveEnvironmentPath: (folder: Uri) => ({ id: folder.fsPath, path: `${folder.fsPath}/bin/python` }),
      resolveEnvironment: async ({ id }: { id: string }) => ({ executable: { sysPrefix: sysPrefix[id] } }),
      onDidChangeActiveEnvironmentPath: change.on,
    },
  };
}

function setUp(exports: Record<string, unknown>, folders = ["/w"]) {
  const sent: string[] = [];
  const logged: string[] = [];
  const state = { isRunning: true, folders };
  const reporter = createEnvironmentReporter({
    exportsOf: (id) => exports[id],
    folders: () => state.folders.map((path) => ({ fsPath: path, toString: () => `file://${path}` }) as Uri),
    send(environments) {
      if (state.isRunning)
        sent.push(environments.map(({ folder, sysPrefix }) => `${folder.fsPath}: ${sysPrefix}`).join());
      return state.isRunning;
    },
    log: (message) => logged.push(message),
  });
  return { reporter, sent, logged, state, exports };
}

test("the extension for environments is asked before the one for Python", async () => {
  const { reporter, sent, exports } = setUp({
    [ENVS]: environmentsApi({ "/w": "/new" }),
    [PYTHON]: pythonApi({ "/w": "/old" }),
  });
  await reporter.refresh();
  exports[ENVS] = undefined;
  await reporter.refresh();
  assert.deepEqual(sent, ["/w: /new", "/w: /old"]);
});

test("exports that are null, or something else, are nobody's answer", async () => {
  for (const strange of [null, undefined, 3, {}, { getEnvironment: true }]) {
    const { reporter, sent } = setUp({ [ENVS]: strange, [PYTHON]: pythonApi({ "/w": "/old" }) });
    await reporter.refresh();
    assert.deepEqual(sent, ["/w: /old"]);
  }
  const { reporter, sent } = setUp({ [ENVS]: null, [PYTHON]: { environments: null } });
  await reporter.refresh();
  assert.deepEqual(sent, []);
});

test("each folder has its own environment, or none", async () => {
  const { reporter, sent } = setUp({ [ENVS]: environmentsApi({ "/a": "/env/a", "/c": "/env/c" }) }, ["/a", "/b", "/c"]);
  await reporter.refresh();
  assert.deepEqual(sent, ["/a: /env/a,/c: /env/c"]);
});

test("a change is told, the same again is not, and one that is gone is taken back", async () => {
  const prefixes: Record<string, string | undefined> = { "/w": "/one" };
  const change = event();
  const { reporter, sent } = setUp({ [PYTHON]: pythonApi(prefixes, change) });
  await reporter.refresh();
  await reporter.refresh();
  prefixes["/w"] = "/two";
  change.fire();
  await reporter.refresh();
  prefixes["/w"] = undefined;
  await reporter.refresh();
  assert.deepEqual(sent, ["/w: /one", "/w: /two", ""]);
  assert.equal(change.listeners.size, 1);
  reporter.dispose();
  assert.equal(change.listeners.size, 0);
});

test("a server that starts, or starts again, is told", async () => {
  const { reporter, sent, state } = setUp({ [PYTHON]: pythonApi({ "/w": "/one" }) });
  state.isRunning = false;
  await reporter.refresh();
  state.isRunning = true;
  await reporter.serverStarted();
  await reporter.serverStarted();
  assert.deepEqual(sent, ["/w: /one", "/w: /one"]);
});

test("an answer that comes after a newer question is dropped, and one that fails is logged", async () => {
  const answers: ((prefix: string) => void)[] = [];
  const slow = { getEnvironment: () => new Promise((resolve) => answers.push((sysPrefix) => resolve({ sysPrefix }))) };
  const { reporter, sent } = setUp({ [ENVS]: slow });
  const [first, second] = [reporter.refresh(), reporter.refresh()];
  answers[1]?.("/new");
  await second;
  answers[0]?.("/old");
  await first;
  assert.deepEqual(sent, ["/w: /new"]);
  const failing = setUp({ [ENVS]: { getEnvironment: () => Promise.reject(new Error("no Python")) } });
  await failing.reporter.refresh();
  assert.deepEqual(failing.sent, []);
  assert.match(failing.logged.join(), /does not say which environment \/w uses: Error: no Python/);
});
