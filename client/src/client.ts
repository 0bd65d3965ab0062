// What the stub in extension.ts loads when there is something to do: everything that needs the language server.
import { type ExtensionContext, type LogOutputChannel, type Uri, type WebviewPanel, window } from "vscode";
import { activeEditor } from "./activeEditor.ts";
import { openArchive } from "./archiveEditor.ts";
import { checkWorkspace } from "./checkWorkspace.ts";
import type { CommandName } from "./commandNames.ts";
import { openFormatted } from "./formattedView.ts";
import { createGate } from "./gate.ts";
import { selectKerasVersion } from "./kerasVersion.ts";
import { createLanguageServer, type LanguageServer } from "./languageServer.ts";
import { request } from "./protocol.ts";
import { followPythonExtensions } from "./pythonExtensions.ts";
import { goToRegisteredObject } from "./registeredObjects.ts";
import { showRule } from "./rulePage.ts";
import { ignoreName } from "./settings.ts";
import { showStatus } from "./statusItems.ts";
import type { ViewFiles } from "./viewFiles.ts";

/** The extension once it was started. */
export interface Client {
  /** Runs one of the extension's commands; a failure is told to the user. */
  run(name: CommandName, args: readonly unknown[]): Promise<void>;
  /** The text of a formatted view. */
  contentOf(uri: Uri): Promise<string>;
  /** Shows a `.keras` file, given the custom editor that was opened for it. */
  openArchive(uri: Uri, panel: WebviewPanel): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the language server, and what shows its answers. */
export function startClient(context: ExtensionContext, views: ViewFiles): Client {
  const channel = window.createOutputChannel("Keras Config", { log: true });
  const gate = createGate((document) => {
    if (document === activeEditor()?.document) status.refresh();
  });
  const server = createLanguageServer(context, channel, gate, views);
  const status = showStatus(server, gate);
  context.subscriptions.push(channel, gate, server, status, followPythonExtensions(server, channel));
  const handlers = commandHandlers(context, server, channel);
  // Where it does not start, the server's own file says so.
  server.ready().catch(() => {});

  return {
    async run(name, args) {
      try {
        await handlers[name](...args);
      } catch (error) {
        channel.error(`The command ${name} failed.`, error);
        // That the server is down was said already.
        if (server.running) void window.showErrorMessage(`Keras Config: ${messageOf(error)}`);
      }
    },
    async contentOf(uri) {
      const client = await server.ready();
      const params = { uri: client.code2ProtocolConverter.asUri(uri) };
      return (await request(client, "workspace/textDocumentContent", params)).text;
    },
    openArchive: (uri, panel) => openArchive(server, uri, panel),
    stop: server.stop,
  };
}

function commandHandlers(
  context: ExtensionContext,
  server: LanguageServer,
  channel: LogOutputChannel,
): Record<CommandName, (...args: unknown[]) => unknown> {
  return {
    goToRegisteredObject: () => goToRegisteredObject(server),
    checkWorkspace: () => checkWorkspace(server),
    openFormatted: (uri) => openFormatted(server, uri),
    selectKerasVersion: () => selectKerasVersion(server),
    restartServer: server.restart,
    showOutput: () => channel.show(),
    ignoreName,
    showRule: (code) => showRule(context, code),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
