import type { TextDocumentContentChangeEvent } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { normalizeUri } from "../workspace/uri.ts";
import { isView, sourceOf, viewOf } from "../workspace/views.ts";

/** A document that the client holds open. */
export interface OpenDocument {
  /** The URI in the client's own spelling: what it is told in answers. */
  readonly uri: string;
  /** The URI in the one form that is used inside. */
  readonly key: string;
  text: TextDocument;
  /** Whether edits came out of order, so that the text is not what the client shows: nothing is said of it any more. */
  isLost: boolean;
}

/** The one form of a URI that came from outside. */
export function keyOf(uri: string): string {
  return isView(uri) ? viewOf(normalizeUri(sourceOf(uri))) : normalizeUri(uri);
}

/** The open documents. Of a file that is open under two spellings of its URI, the text that changed last counts. */
export class OpenDocuments {
  readonly #byUri = new Map<string, OpenDocument>();
  /** By key; the one that changed last stands at the end. */
  readonly #byKey = new Map<string, OpenDocument[]>();

  get(uri: string): OpenDocument | undefined {
    return this.#byUri.get(uri);
  }

  all(): OpenDocument[] {
    return [...this.#byUri.values()];
  }

  /** The documents that show a file, or are it. */
  of(key: string): readonly OpenDocument[] {
    return this.#byKey.get(key) ?? [];
  }

  /** A URI in the client's own spelling, where it holds the document open. */
  clientUri(key: string): string {
    return this.of(key).at(-1)?.uri ?? key;
  }

  /** The text of a file as it is open; undefined where it is not. */
  textOf(key: string): string | undefined {
    return this.#byKey.get(key)?.at(-1)?.text.getText();
  }

  open(uri: string, languageId: string, version: number, text: string): OpenDocument {
    this.close(uri);
    const document = { uri, key: keyOf(uri), text: TextDocument.create(uri, languageId, version, text), isLost: false };
    this.#byUri.set(uri, document);
    this.#touch(document);
    return document;
  }

  /** Applies edits; undefined where the document is not open. Edits of an older version lose the document, a whole text finds it. */
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): OpenDocument | undefined {
    const document = this.#byUri.get(uri);
    if (!document) return undefined;
    const isWhole = changes.length > 0 && !("range" in (changes.at(-1) as object));
    if (version < document.text.version) {
      // A whole text of an older version is merely late.
      if (!isWhole) document.isLost = true;
      return document;
    }
    if (isWhole) document.isLost = false;
    document.text = TextDocument.update(document.text, [...changes], version);
    this.#touch(document);
    return document;
  }

  close(uri: string): OpenDocument | undefined {
    const document = this.#byUri.get(uri);
    if (!document) return undefined;
    this.#byUri.delete(uri);
    const rest = this.of(document.key).filter((other) => other !== document);
    if (rest.length > 0) this.#byKey.set(document.key, rest);
    else this.#byKey.delete(document.key);
    return document;
  }

  #touch(document: OpenDocument): void {
    this.#byKey.set(document.key, [...this.of(document.key).filter((other) => other !== document), document]);
  }
}
