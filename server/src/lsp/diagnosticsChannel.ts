import {
  type CancellationToken,
  type Diagnostic,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
} from "vscode-languageserver";
import { Cancelled } from "../workspace/slices.ts";
import { hashOf } from "../workspace/summaryCache.ts";
import { unlessCancelled } from "./cancellation.ts";
import { type Context, diagnosticsOf, isJson } from "./context.ts";
import type { OpenDocument } from "./documents.ts";
import { patiently } from "./patience.ts";
import { pythonDiagnostics, pythonFindings } from "./pythonProblems.ts";

/** How long after an edit others are waited for before problems are pushed, in milliseconds. */
export const PUSH_DEBOUNCE_MS = 100;

/**
 * The problems of open documents, over one channel: answers for a client that asks, notifications for one that cannot.
 * What was found for an older text or an older index is never sent after something newer.
 */
export class DiagnosticsChannel {
  readonly #context: Context;
  /** The push that is due or under way, by the client's URI. */
  readonly #pushes = new Map<string, { timer?: NodeJS.Timeout; cancelled: boolean }>();
  /** What was pushed last of a document, with the version of its text. */
  readonly #pushed = new Map<string, string>();
  /** The result ids that were answered last of Python documents, by the client's URI. */
  readonly #given = new Map<string, string>();
  #refreshing = false;
  #refreshAgain = false;

  constructor(context: Context) {
    this.#context = context;
  }

  get #isPulled(): boolean {
    return this.#context.client.pullsDiagnostics;
  }

  /** A document was opened, or closed under another spelling of its URI. */
  opened({ key }: OpenDocument): void {
    this.#pushAll(key, 0);
  }

  /** A document was edited. */
  edited({ key }: OpenDocument): void {
    this.#pushAll(key, PUSH_DEBOUNCE_MS);
  }

  /** A file that is open under two spellings of its URI is one file: what is said of both may change. */
  #pushAll(key: string, delay: number): void {
    if (!this.#isPulled) for (const document of this.#context.documents.of(key)) this.#push(document, delay);
  }

  /** A document was closed: nothing is said of it any more. */
  closed(document: OpenDocument): void {
    this.#cancel(document.uri);
    this.#given.delete(document.uri);
    if (!this.#isPulled) this.#send(document.uri, undefined, []);
    this.opened(document);
  }

  /** Answers may differ from those given: they are given again. */
  changed(): void {
    if (this.#isPulled) void this.#refresh();
    else for (const document of this.#context.documents.all()) this.#push(document, 0);
  }

  /** What is said of Python may differ from what was said, and nothing else: it is said again where it does. */
  pythonChanged(): void {
    const { documents } = this.#context;
    const python = documents.all().filter((document) => !isJson(document));
    if (this.#isPulled) {
      this.#refreshPython(python).catch((error: unknown) => {
        this.#context.host.log("warning", `the problems of Python files: ${String(error)}`);
      });
      return;
    }
    for (const document of python) this.#push(document, 0);
    // The cells of a notebook are closed with it.
    for (const uri of this.#pushed.keys()) if (!documents.get(uri)) this.#send(uri, undefined, []);
  }

  async #refreshPython(documents: readonly OpenDocument[]): Promise<void> {
    for (const document of documents) {
      const given = this.#given.get(document.uri);
      if (given === undefined) continue;
      const { version } = document.text;
      const items = await this.#find(document).catch((error: unknown) => {
        // What cancels it brings its own change.
        if (!(error instanceof Cancelled)) throw error;
        return undefined;
      });
      // Where it was edited or answered meanwhile, the client has what is true now.
      if (!items || document.text.version !== version || this.#given.get(document.uri) !== given) continue;
      if (hashOf(JSON.stringify(items)) !== given) return this.#refresh();
    }
  }

  /** Answers `textDocument/diagnostic`. */
  async pull(uri: string, previous: string | undefined, token: CancellationToken): Promise<DocumentDiagnosticReport> {
    const document = this.#context.documents.get(uri);
    const items = document ? await unlessCancelled(token, this.#itemsOf(document)) : [];
    const resultId = hashOf(JSON.stringify(items));
    if (document && !isJson(document)) this.#given.set(uri, resultId);
    if (resultId === previous) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
    return { kind: DocumentDiagnosticReportKind.Full, resultId, items };
  }

  async #itemsOf(document: OpenDocument): Promise<Diagnostic[]> {
    const { version } = document.text;
    try {
      const items = await this.#find(document);
      if (document.text.version === version) return items;
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
    }
    // A client that still wants an answer asks again.
    const message = "the document or the workspace changed meanwhile";
    throw new ResponseError(LSPErrorCodes.ServerCancelled, message, { retriggerRequest: true });
  }

  async #find(document: OpenDocument): Promise<Diagnostic[]> {
    if (document.isLost) return [];
    // Of a file that is open under two spellings with two texts, only the newer one is spoken of.
    if (this.#context.documents.textOf(document.key) !== document.text.getText()) return [];
    if (!isJson(document)) return pythonDiagnostics(this.#context, await pythonFindings(this.#context, document));
    const checked = await this.#context.session.check(document.key);
    return checked ? diagnosticsOf(this.#context, checked) : [];
  }

  async #refresh(): Promise<void> {
    // One is on its way already: another one after it tells of what changed meanwhile.
    if (this.#refreshing) {
      this.#refreshAgain = true;
      return;
    }
    this.#refreshing = true;
    do {
      this.#refreshAgain = false;
      const asked = this.#context.connection.languages.diagnostics.refresh();
      await patiently(asked, "workspace/diagnostic/refresh").catch((error: unknown) => {
        this.#context.host.log("debug", `the client refused to ask again: ${String(error)}`);
      });
    } while (this.#refreshAgain);
    this.#refreshing = false;
  }

  #push(document: OpenDocument, delay: number): void {
    this.#cancel(document.uri);
    const push: { timer?: NodeJS.Timeout; cancelled: boolean } = { cancelled: false };
    this.#pushes.set(document.uri, push);
    push.timer = setTimeout(async () => {
      const { version } = document.text;
      try {
        const items = await this.#find(document);
        if (!push.cancelled && document.text.version === version) this.#send(document.uri, version, items);
      } catch (error) {
        // What cancels a check brings its own push.
        if (!(error instanceof Cancelled)) this.#context.host.log("warning", `${document.uri}: ${String(error)}`);
        else if (!push.cancelled) this.#push(document, PUSH_DEBOUNCE_MS);
      }
    }, delay);
  }

  #cancel(uri: string): void {
    const push = this.#pushes.get(uri);
    if (!push) return;
    push.cancelled = true;
    clearTimeout(push.timer);
    this.#pushes.delete(uri);
  }

  #send(uri: string, version: number | undefined, diagnostics: Diagnostic[]): void {
    const said = JSON.stringify([version, diagnostics]);
    if (version === undefined) this.#pushed.delete(uri);
    else if (this.#pushed.get(uri) === said) return;
    else this.#pushed.set(uri, said);
    const isVersioned = version !== undefined && this.#context.client.versionedDiagnostics;
    void this.#context.connection.sendDiagnostics({ uri, ...(isVersioned && { version }), diagnostics });
  }
}
