// Which Python environment each folder uses, as the Python extensions say. Nothing here depends on them: they are asked
// only where they are active anyway, since starting one for a JSON file would cost seconds, and the server looks for
// environments itself. Only types are imported, so that tests run it without VS Code.
import type { Disposable, Event, Uri } from "vscode";

/** As much as is used of what `ms-python.vscode-python-envs` exports; null where it is installed and switched off. */
interface EnvironmentsApi {
  getEnvironment(scope: Uri): PromiseLike<{ readonly sysPrefix?: unknown } | undefined>;
  readonly onDidChangeEnvironment?: Event<unknown>;
}

/** As much as is used of what `ms-python.python` exports. */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource: Uri): { readonly path: string };
    resolveEnvironment(
      environment: unknown,
    ): PromiseLike<{ readonly executable?: { readonly sysPrefix?: unknown } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath?: Event<unknown>;
  };
}

/** One of the two, as one question. */
interface Source {
  readonly api: object;
  sysPrefixOf(folder: Uri): Promise<unknown>;
  readonly changed: Event<unknown> | undefined;
}

export interface EnvironmentDoors {
  /** What an extension exports; undefined where it is not installed or not active. */
  exportsOf(id: string): unknown;
  /** The folders that are open. */
  folders(): readonly Uri[];
  /** Tells the server; answers false where none runs. */
  send(environments: readonly { readonly folder: Uri; readonly sysPrefix: string }[]): boolean;
  log(message: string): void;
}

/** Tells the server which environments are in use, and again when they change. */
export interface EnvironmentReporter extends Disposable {
  /** Asks again: extensions, folders or the server may have come or gone. */
  refresh(): Promise<void>;
  /** A server was started that knows nothing yet. */
  serverStarted(): Promise<void>;
}

/** A reporter; it asks nothing before the first `refresh`. */
export function createEnvironmentReporter(doors: EnvironmentDoors): EnvironmentReporter {
  let subscribed: { readonly api: object; readonly subscription: Disposable | undefined } | undefined;
  let asked = 0;
  // A server that was told nothing takes it that there are none.
  let told = "[]";

  function follow(source: Source | undefined): void {
    if (subscribed?.api === source?.api) return;
    subscribed?.subscription?.dispose();
    subscribed = source && { api: source.api, subscription: source.changed?.(() => void refresh()) };
  }

  async function refresh(): Promise<void> {
    const question = ++asked;
    const source =
      environmentsSource(doors.exportsOf("ms-python.vscode-python-envs")) ??
      pythonSource(doors.exportsOf("ms-python.python"));
    follow(source);
    const answers = await Promise.all(
      doors.folders().map(async (folder) => ({ folder, sysPrefix: await ask(source, folder) })),
    );
    if (question !== asked) return;
    const known = answers.flatMap(({ folder, sysPrefix }) =>
      typeof sysPrefix === "string" && sysPrefix !== "" ? [{ folder, sysPrefix }] : [],
    );
    const telling = JSON.stringify(known.map(({ folder, sysPrefix }) => [folder.toString(), sysPrefix]));
    if (telling !== told && doors.send(known)) told = telling;
  }

  async function ask(source: Source | undefined, folder: Uri): Promise<unknown> {
    try {
      return await source?.sysPrefixOf(folder);
    } catch (error) {
      doors.log(`The Python extension does not say which environment ${folder.fsPath} uses: ${String(error)}`);
      return undefined;
    }
  }

  return {
    refresh,
    serverStarted() {
      told = "[]";
      return refresh();
    },
    dispose() {
      asked++;
      follow(undefined);
    },
  };
}

function environmentsSource(exports: unknown): Source | undefined {
  const api = exports as EnvironmentsApi | null | undefined;
  if (typeof api?.getEnvironment !== "function") return undefined;
  return {
    api,
    sysPrefixOf: async (folder) => (await api.getEnvironment(folder))?.sysPrefix,
    changed: api.onDidChangeEnvironment,
  };
}

function pythonSource(exports: unknown): Source | undefined {
  const environments = (exports as PythonApi | null | undefined)?.environments;
  if (typeof environments?.getActiveEnvironmentPath !== "function") return undefined;
  return {
    api: environments,
    async sysPrefixOf(folder) {
      const path = environments.getActiveEnvironmentPath(folder);
      return (await environments.resolveEnvironment(path))?.executable?.sysPrefix;
    },
    changed: environments.onDidChangeActiveEnvironmentPath,
  };
}
