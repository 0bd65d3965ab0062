// What VS Code loads for every JSON or Python file: it only looks whether Keras is in there. The rest is in client.ts.
import { commands, type ExtensionContext, MarkdownString, window, workspace } from "vscode";
import type { Client } from "./client.ts";
import { contributedCommands, internalCommands } from "./commandNames.ts";
import { CELLS, FILES, watchDocuments } from "./sniff.ts";
import { createViewFiles } from "./viewFiles.ts";

const readOnly = new MarkdownString("This is a formatted view of another file.");

let client: Client | undefined;

/** Registers what may ask for the language server, and starts it when something does. */
export function activate(context: ExtensionContext): void {
  const start = (): Client => {
    watch.dispose();
    client ??= (require("./client.cjs") as typeof import("./client.ts")).startClient(context, views);
    return client;
  };
  const views = createViewFiles((uri) => start().contentOf(uri));
  const watch = watchDocuments([...FILES, CELLS], () => void start());
  context.subscriptions.push(
    watch,
    ...[...contributedCommands, ...internalCommands].map((name) =>
      commands.registerCommand(`kerasConfig.${name}`, (...args: unknown[]) => start().run(name, args)),
    ),
    workspace.registerFileSystemProvider("keras-config", views, { isReadonly: readOnly, isCaseSensitive: true }),
    window.registerCustomEditorProvider("kerasConfig.archive", {
      openCustomDocument: (uri) => ({ uri, dispose() {} }),
      resolveCustomEditor: ({ uri }, panel) => start().openArchive(uri, panel),
    }),
  );
}

/** Stops the language server, where it was started. */
export function deactivate(): Promise<void> | undefined {
  return client?.stop();
}
