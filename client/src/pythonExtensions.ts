import { type Disposable, extensions, type LogOutputChannel, Uri, window, workspace } from "vscode";
import type { LanguageServer } from "./languageServer.ts";
import { createEnvironmentReporter } from "./pythonEnvironments.ts";

/** Tells the server which Python environment each folder uses, as long as a Python extension says so. */
export function followPythonExtensions(server: LanguageServer, channel: LogOutputChannel): Disposable {
  const reporter = createEnvironmentReporter({
    exportsOf(id) {
      const extension = extensions.getExtension(id);
      return extension?.isActive ? extension.exports : undefined;
    },
    folders: () => (workspace.workspaceFolders ?? []).map(({ uri }) => uri),
    send(environments) {
      const client = server.running;
      if (!client) return false;
      const asUri = (uri: Uri) => client.code2ProtocolConverter.asUri(uri);
      const told = environments.map(({ folder, sysPrefix }) => ({
        folder: asUri(folder),
        sysPrefix: asUri(Uri.file(sysPrefix)),
      }));
      client.sendNotification("kerasConfig/pythonEnvironments", { environments: told }).catch((error: unknown) => {
        channel.warn(`The server was not told of Python environments: ${String(error)}`);
      });
      return true;
    },
    log: (message) => channel.warn(message),
  });
  let known = server.running;
  const refresh = () => void reporter.refresh();
  const subscriptions: Disposable[] = [
    server.onDidChange(() => {
      if (server.running === known) return;
      known = server.running;
      if (known) void reporter.serverStarted();
    }),
    extensions.onDidChange(refresh),
    workspace.onDidChangeWorkspaceFolders(refresh),
    // Nothing tells that an extension became active; one that did is noticed when the user goes on.
    window.onDidChangeActiveTextEditor(refresh),
    reporter,
  ];
  return { dispose: () => void subscriptions.map((one) => one.dispose()) };
}
