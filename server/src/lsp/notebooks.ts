import { type Connection, NotebookCellKind } from "vscode-languageserver";
import { keyOf, type OpenDocuments } from "./documents.ts";

interface OpenCell {
  readonly uri: string;
  readonly kind: NotebookCellKind;
}

/** The notebooks that the client holds open; the texts of their cells are open documents like others. */
export class OpenNotebooks {
  readonly #documents: OpenDocuments;
  /** By the notebook's key: its cells in their order. */
  readonly #cells = new Map<string, OpenCell[]>();

  constructor(documents: OpenDocuments) {
    this.#documents = documents;
  }

  /** Follows what the client says of its notebooks; `onChange` is told the key of each that came, went or was edited. */
  listen({ notebooks }: Connection, onChange: (key: string) => void): void {
    const { synchronization } = notebooks;
    const documents = this.#documents;
    synchronization.onDidOpenNotebookDocument(({ notebookDocument, cellTextDocuments }) => {
      const key = keyOf(notebookDocument.uri);
      for (const { uri, languageId, version, text } of cellTextDocuments)
        documents.open(uri, languageId, version, text);
      this.#cells.set(
        key,
        notebookDocument.cells.map(({ document, kind }) => ({ uri: document, kind })),
      );
      onChange(key);
    });
    synchronization.onDidChangeNotebookDocument(({ notebookDocument, change }) => {
      const key = keyOf(notebookDocument.uri);
      const cells = this.#cells.get(key);
      if (!cells) return;
      const { structure, textContent = [] } = change.cells ?? {};
      if (structure) {
        const { start, deleteCount, cells: added = [] } = structure.array;
        cells.splice(start, deleteCount, ...added.map(({ document, kind }) => ({ uri: document, kind })));
        for (const { uri, languageId, version, text } of structure.didOpen ?? [])
          documents.open(uri, languageId, version, text);
        for (const { uri } of structure.didClose ?? []) documents.close(uri);
      }
      for (const { document, changes } of textContent) documents.change(document.uri, document.version, changes);
      // An execution of a cell changes the notebook, too, and nothing of its Python.
      if (structure || textContent.length > 0) onChange(key);
    });
    synchronization.onDidCloseNotebookDocument(({ notebookDocument, cellTextDocuments }) => {
      const key = keyOf(notebookDocument.uri);
      for (const { uri } of [...cellTextDocuments, ...(this.#cells.get(key) ?? [])]) documents.close(uri);
      if (this.#cells.delete(key)) onChange(key);
    });
  }

  /** The Python cells of an open notebook, by the keys of their documents; undefined where it is not open. */
  cellsOf(notebook: string): { readonly uri: string; readonly text: string }[] | undefined {
    return this.#cells.get(notebook)?.flatMap(({ uri, kind }) => {
      const document = this.#documents.get(uri);
      const isPython = kind === NotebookCellKind.Code && document?.text.languageId === "python";
      return isPython ? [{ uri: document.key, text: document.text.getText() }] : [];
    });
  }

  /** The notebook that a document is a cell of; undefined for any other document. */
  notebookOf(uri: string): string | undefined {
    for (const [notebook, cells] of this.#cells) if (cells.some((cell) => cell.uri === uri)) return notebook;
    return undefined;
  }
}
