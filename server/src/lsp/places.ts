import type { Location } from "vscode-languageserver";
import type { SourceLocation } from "../registry/view.ts";
import { readText } from "../workspace/host.ts";
import { cellOf, cellUri, rangeInFile } from "../workspace/notebook.ts";
import type { Context } from "./context.ts";

/** A notebook longer than this is opened at its beginning, in bytes. */
const NOTEBOOK_BYTES = 100_000_000;

/** Places as the client opens them, for one answer: a notebook that several lie in is read once. */
export class Places {
  readonly #context: Context;
  readonly #texts = new Map<string, Promise<string | undefined>>();

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * A place in the client's spelling of its document. One in a cell of a notebook that is not open: for a client that
   * opens cells the URI of `cellUri`, for others the place in the `.ipynb` file.
   */
  async location({ uri, range }: Pick<SourceLocation, "uri" | "range">): Promise<Location> {
    const { documents, client } = this.#context;
    const cell = cellOf(uri);
    if (!cell) return { uri: documents.clientUri(uri), range };
    const notebook = documents.clientUri(cell.notebook);
    if (client.opensCells) return { uri: cellUri(notebook, cell.index), range };
    const text = await this.#textOf(cell.notebook);
    const start = { line: 0, character: 0 };
    const found = text === undefined ? undefined : rangeInFile(text, cell.index, range);
    return { uri: notebook, range: found ?? { start, end: start } };
  }

  #textOf(notebook: string): Promise<string | undefined> {
    let text = this.#texts.get(notebook);
    if (!text) {
      text = readText(this.#context.host, notebook, "json", NOTEBOOK_BYTES).then((read) =>
        read.ok ? read.value.text : undefined,
      );
      this.#texts.set(notebook, text);
    }
    return text;
  }
}
