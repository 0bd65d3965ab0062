import { type NotebookCell, type NotebookDocument, TabInputNotebook, type TextDocument, window } from "vscode";
import { DidCloseNotebookDocumentNotification, type LanguageClient, type Middleware } from "vscode-languageclient/node";
import { holdsRegistration } from "./sniff.ts";

/** A notebook that VS Code holds. */
interface Held {
  /** Tells the server of it. */
  readonly send: (notebook: NotebookDocument, cells: NotebookCell[]) => Promise<void>;
  /** Whether the server has it. */
  isOpen: boolean;
}

/** Lets only notebooks with registrations through to the server, and only while they have a tab. */
export interface NotebookGate {
  readonly middleware: NonNullable<Middleware["notebooks"]>;
  /** Whether the document is a cell of a notebook that the server has. */
  isOpen(cell: TextDocument): boolean;
  /** Forgets what the server had: another one begins with nothing. */
  reset(): void;
  dispose(): void;
}

/** A gate that no notebook has passed yet; `running` is the client, while its server runs. */
export function createNotebookGate(running: () => LanguageClient | undefined): NotebookGate {
  const held = new Map<NotebookDocument, Held>();

  const tryOpen = async (notebook: NotebookDocument): Promise<void> => {
    const entry = held.get(notebook);
    if (!entry || entry.isOpen || notebook.isClosed || !isShown(notebook)) return;
    const cells = notebook.getCells().filter(({ document }) => document.languageId === "python");
    if (!cells.some(({ document }) => holdsRegistration(document.getText()))) return;
    entry.isOpen = true;
    await entry.send(notebook, cells);
  };
  // VS Code keeps a notebook for a while that nobody sees any more: for the server it is what it is on disk.
  const withdraw = (notebook: NotebookDocument, entry: Held): void => {
    const client = running();
    if (!client || !entry.isOpen || isShown(notebook)) return;
    entry.isOpen = false;
    const uri = client.code2ProtocolConverter.asUri(notebook.uri);
    const params = { notebookDocument: { uri }, cellTextDocuments: [] };
    void client.sendNotification(DidCloseNotebookDocumentNotification.type, params);
  };
  const tabs = window.tabGroups.onDidChangeTabs(({ opened, closed }) => {
    if (closed.length > 0) held.forEach((entry, notebook) => void withdraw(notebook, entry));
    if (opened.length > 0) for (const notebook of held.keys()) void tryOpen(notebook);
  });

  return {
    middleware: {
      async didOpen(notebook, _cells, send) {
        held.set(notebook, { send, isOpen: false });
        await tryOpen(notebook);
      },
      async didChange(event, next) {
        if (held.get(event.notebook)?.isOpen) await next(event);
        else await tryOpen(event.notebook);
      },
      async didClose(notebook, cells, next) {
        const entry = held.get(notebook);
        held.delete(notebook);
        if (entry?.isOpen) await next(notebook, cells);
      },
    },
    isOpen: (cell) =>
      [...held].some(
        ([notebook, { isOpen }]) => isOpen && notebook.getCells().some(({ document }) => document === cell),
      ),
    reset: () => held.clear(),
    dispose: () => tabs.dispose(),
  };
}

function isShown({ uri }: NotebookDocument): boolean {
  return window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => input instanceof TabInputNotebook && input.uri.toString() === uri.toString()),
  );
}
