import { type CancellationToken, EventEmitter, type TextDocument, Uri, workspace } from "vscode";
import {
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  type LanguageClient,
  type Middleware,
  State,
  vsdiag,
} from "vscode-languageclient/node";
import { linksInCells, locationsInCells, relatedInCells, symbolsInCells } from "./cells.ts";
import { createNotebookGate } from "./notebookGate.ts";
import { FILES, watchDocuments } from "./sniff.ts";

/** Lets only configs and Python with registrations through to the server; other documents are never copied to it. */
export interface Gate {
  readonly middleware: Middleware;
  /** Whether the document holds the words of a config or of a registration. */
  holds(document: TextDocument): boolean;
  /** Whether the server has the document. */
  isOpen(document: TextDocument | Uri): boolean;
  /** Makes `client` the one that documents are sent to. */
  attach(client: LanguageClient): void;
  dispose(): void;
}

/** How long the outline of an editor waits for its document to be sent: other outlines wait with it. */
const SEND_PATIENCE_MS = 3_000;

/**
 * Opens the gate to no document yet; `onOpen` is called for each that passes. A document that VS Code merely holds, for a
 * peek or another extension, stays outside: nobody sees its problems, and for the server it is what it is on disk.
 */
export function createGate(onOpen: (document: TextDocument) => void): Gate {
  let current: LanguageClient | undefined;
  // What the server has. It is emptied when the server ends; the client then opens all documents anew.
  const open = new Set<string>();
  const sent = new EventEmitter<TextDocument>();
  const isOpen = (document: TextDocument | Uri): boolean =>
    open.has((document instanceof Uri ? document : document.uri).toString());
  const isShown = (document: TextDocument): boolean => current?.visibleDocuments.isVisible(document) ?? false;

  // The client hands over a document only when VS Code opens it. One that becomes a config later, or comes into sight
  // later, is handed over here.
  const send = (document: TextDocument): void => {
    if (current?.state !== State.Running || isOpen(document)) return;
    // Until now its diagnostics were answered here, with none, and the client would take them for those of this version.
    current.getFeature(DocumentDiagnosticRequest.method).getProvider(document)?.forget(document);
    void current.getFeature(DidOpenTextDocumentNotification.method).getProvider(document)?.send(document);
  };
  const withdraw = (document: TextDocument): void => {
    if (current?.state !== State.Running || !isOpen(document)) return;
    void current.getFeature(DidCloseTextDocumentNotification.method).getProvider(document)?.send(document);
  };
  const watch = watchDocuments(FILES, send);
  const notebooks = createNotebookGate(() => (current?.state === State.Running ? current : undefined));

  const clear = (): void => {
    open.clear();
    notebooks.reset();
  };

  /** Waits until the server has the document, or until nobody does any more. */
  const untilSent = (document: TextDocument, token: CancellationToken): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        for (const listener of listeners) listener.dispose();
        resolve();
      };
      const timer = setTimeout(end, SEND_PATIENCE_MS);
      const listeners = [
        sent.event((other) => {
          if (other === document) end();
        }),
        token.onCancellationRequested(end),
      ];
    });

  /** Whether the server has the document, or the notebook whose cell it is. */
  const isHad = (document: TextDocument): boolean => isOpen(document) || notebooks.isOpen(document);
  /** What the server answers about a document that it has, else undefined. */
  const passed = <T>(document: TextDocument, answer: () => T): T | undefined =>
    isOpen(document) ? answer() : undefined;

  const middleware: Middleware = {
    async didOpen(document, next) {
      if (!watch.holds(document) || !isShown(document) || isOpen(document)) return;
      open.add(document.uri.toString());
      await next(document);
      sent.fire(document);
      onOpen(document);
    },
    async didChange(event, next) {
      if (isOpen(event.document)) await next(event);
    },
    async didClose(document, next) {
      if (open.delete(document.uri.toString())) await next(document);
    },
    async didSave(document, next) {
      if (isOpen(document)) await next(document);
    },
    async willSave(event, next) {
      if (isOpen(event.document)) await next(event);
    },
    willSaveWaitUntil: async (event, next) => (isOpen(event.document) ? next(event) : []),
    provideCompletionItem: (document, position, context, token, next) =>
      passed(document, () => next(document, position, context, token)),
    provideHover: (document, position, token, next) => passed(document, () => next(document, position, token)),
    provideInlayHints: (document, range, token, next) => passed(document, () => next(document, range, token)),
    provideDefinition: (document, position, token, next) =>
      passed(document, async () => linksInCells(await next(document, position, token))),
    async provideReferences(document, position, options, token, next) {
      if (!isHad(document)) return undefined;
      const found = await next(document, position, options, token);
      return found && locationsInCells(found);
    },
    provideDocumentHighlights: (document, position, token, next) =>
      passed(document, () => next(document, position, token)),
    prepareRename: (document, position, token, next) => passed(document, () => next(document, position, token)),
    provideRenameEdits: (document, position, newName, token, next) =>
      passed(document, () => next(document, position, newName, token)),
    async provideDocumentSymbols(document, token, next) {
      // VS Code asks when it opens an editor, and not again before an edit.
      if (!isOpen(document)) await watch.searched(document);
      if (!isOpen(document) && watch.holds(document)) await untilSent(document, token);
      return passed(document, () => next(document, token));
    },
    // VS Code folds JSON and grows selections in it by itself, in the same way.
    provideFoldingRanges: () => undefined,
    provideSelectionRanges: () => undefined,
    provideWorkspaceSymbols: async (query, token, next) => symbolsInCells(await next(query, token)),
    provideCodeActions: (document, range, context, token, next) =>
      isHad(document) ? next(document, range, context, token) : undefined,
    async provideDiagnostics(document, previousResultId, token, next) {
      if (document instanceof Uri ? !isOpen(document) : !isHad(document))
        return { kind: vsdiag.DocumentDiagnosticReportKind.full, items: [] };
      const report = await next(document, previousResultId, token);
      if (report?.kind === vsdiag.DocumentDiagnosticReportKind.full) relatedInCells(report.items);
      return report;
    },
    handleDiagnostics: (uri, diagnostics, next) => next(uri, relatedInCells(diagnostics)),
    notebooks: notebooks.middleware,
  };

  return {
    middleware,
    holds: watch.holds,
    isOpen,
    attach(client) {
      current = client;
      clear();
      client.onDidChangeState(({ newState }) => {
        if (client === current && newState !== State.Running) clear();
      });
      const shown = client.visibleDocuments;
      shown.onOpen((uris) => documentsOf(uris).filter(watch.holds).forEach(send));
      shown.onClose((uris) => documentsOf(uris).forEach(withdraw));
    },
    dispose() {
      watch.dispose();
      sent.dispose();
      notebooks.dispose();
    },
  };
}

function documentsOf(uris: Iterable<Uri>): TextDocument[] {
  const keys = new Set(Array.from(uris, (uri) => uri.toString()));
  return workspace.textDocuments.filter(({ uri }) => keys.has(uri.toString()));
}
