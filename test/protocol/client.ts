import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import type {
  ClientCapabilities,
  Diagnostic,
  DocumentDiagnosticReport,
  InitializeResult,
  Position,
  PublishDiagnosticsParams,
  Range,
  Registration,
} from "vscode-languageserver-protocol";
import { filesOf } from "../unit/workspace/memoryHost.ts";

declare const __ROOT__: string;

/** What VS Code's client says of itself, as far as this server asks. */
export const fullCapabilities: ClientCapabilities = {
  textDocument: {
    synchronization: { dynamicRegistration: true },
    completion: {
      dynamicRegistration: true,
      completionItem: {
        insertReplaceSupport: true,
        snippetSupport: true,
        documentationFormat: ["markdown", "plaintext"],
        labelDetailsSupport: true,
      },
    },
    hover: { dynamicRegistration: true, contentFormat: ["markdown", "plaintext"] },
    definition: { dynamicRegistration: true, linkSupport: true },
    references: { dynamicRegistration: true },
    documentHighlight: { dynamicRegistration: true },
    rename: { dynamicRegistration: true, prepareSupport: true },
    documentSymbol: {
      dynamicRegistration: true,
      hierarchicalDocumentSymbolSupport: true,
      labelSupport: true,
      symbolKind: { valueSet: [2, 5, 12, 13, 19] },
    },
    foldingRange: { dynamicRegistration: true, rangeLimit: 5_000, lineFoldingOnly: true },
    selectionRange: { dynamicRegistration: true },
    inlayHint: { dynamicRegistration: true },
    codeAction: {
      dynamicRegistration: true,
      isPreferredSupport: true,
      codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix"] } },
    },
    publishDiagnostics: { relatedInformation: true, versionSupport: true, codeDescriptionSupport: true },
    diagnostic: { dynamicRegistration: true, relatedDocumentSupport: true },
  },
  workspace: {
    applyEdit: true,
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceFolders: true,
    symbol: { dynamicRegistration: true },
    diagnostics: { refreshSupport: true },
    textDocumentContent: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, resourceOperations: ["create", "rename", "delete"] },
  },
  window: { workDoneProgress: true },
};

/** How long a message is waited for, in milliseconds: a hung server, not a slow one. */
const PATIENCE_MS = 30_000;

export interface ClientOptions {
  /** Files of the workspace: `//- /w/model.json` opens one. */
  readonly files: string;
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  /** Folders that are open, by their paths; `/w` unless said otherwise. */
  readonly folders?: readonly string[];
  /** What the client answers to `workspace/configuration`, section `kerasConfig`. */
  readonly settings?: unknown;
  /** Methods of messages that the test need not read. */
  readonly ignores?: readonly string[];
  /** Sends no `initialize`: for what happens before it. */
  readonly raw?: boolean;
}

interface Received {
  readonly method: string;
  readonly params: unknown;
}

/**
 * A JSON-RPC client with a server of its own over standard input and output. Every message of the server has to be
 * read: `stop` fails on what is left over.
 */
export class Client {
  readonly root: string;
  readonly connection: MessageConnection;
  readonly process: ChildProcessWithoutNullStreams;
  initialized: InitializeResult | undefined;
  settings: unknown;
  /** Requests of the server that are never answered, by method. */
  readonly unanswered = new Set<string>();
  /** What the server registered, by method. */
  readonly registrations: Registration[] = [];
  /** Lines that the server logged. */
  readonly logged: string[] = [];
  /** What the server wrote to standard error. */
  errors = "";
  /** The folder in which the server keeps what it read. */
  readonly cacheHome: string;
  readonly #texts = new Map<string, { text: string; version: number; languageId: string }>();
  readonly #unread: Received[] = [];
  #wake: (() => void)[] = [];
  #refreshes = 0;

  constructor(files: string, settings: unknown) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), "keras-config-")));
    this.settings = settings;
    this.cacheHome = mkdtempSync(join(tmpdir(), "keras-config-cache-"));
    for (const [path, text] of filesOf(files)) this.write(path, text);
    const program = join(__ROOT__, "server/dist/keras-config-language-server.cjs");
    // An environment that is active where the tests run would answer for what is installed.
    const { VIRTUAL_ENV, CONDA_PREFIX, ...env } = process.env;
    // What a server keeps is not to be found by another one, nor by the user.
    for (const name of ["XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"]) env[name] = this.cacheHome;
    this.process = spawn(process.execPath, [program, "--stdio"], { cwd: this.root, env });
    this.process.stderr.on("data", (piece: Buffer) => {
      this.errors += piece.toString("utf8");
    });
    this.connection = createMessageConnection(
      new StreamMessageReader(this.process.stdout),
      new StreamMessageWriter(this.process.stdin),
    );
    this.#answer();
    this.connection.listen();
  }

  #answer(): void {
    const { connection } = this;
    const unless = <T>(method: string, answer: T) => (this.unanswered.has(method) ? new Promise<T>(() => {}) : answer);
    connection.onRequest("client/registerCapability", ({ registrations }: { registrations: Registration[] }) => {
      this.registrations.push(...registrations);
      this.#notify();
      return unless("client/registerCapability", null);
    });
    connection.onRequest("workspace/configuration", ({ items }: { items: { section?: string }[] }) =>
      unless(
        "workspace/configuration",
        items.map(({ section }) => (section === "kerasConfig" ? this.settings : null)),
      ),
    );
    connection.onRequest("window/workDoneProgress/create", () => unless("window/workDoneProgress/create", null));
    connection.onNotification("$/progress", () => {});
    connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
      this.logged.push(message);
    });
    connection.onRequest("workspace/diagnostic/refresh", () => {
      this.#refreshes++;
      this.#notify();
      return unless("workspace/diagnostic/refresh", null);
    });
    connection.onNotification((method, params) => {
      this.#unread.push({ method, params });
      this.#notify();
    });
    connection.onRequest((method, params) => {
      this.#unread.push({ method, params });
      this.#notify();
      return method === "workspace/applyEdit" ? { applied: true } : null;
    });
  }

  #notify(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** Waits until something holds that messages bring about. */
  async until<T>(what: string, found: () => T | undefined | false): Promise<T> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const value = found();
      if (value !== undefined && value !== false) return value;
      const left = deadline - Date.now();
      assert.ok(left > 0, `${what} did not come; unread: ${JSON.stringify(this.#unread)}; ${this.errors}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Takes the oldest unread message of a method that satisfies a test. */
  async take<T>(method: string, isIt: (params: T) => boolean = () => true): Promise<T> {
    const index = await this.until(method, () => {
      const at = this.#unread.findIndex((one) => one.method === method && isIt(one.params as T));
      return at < 0 ? undefined : { at };
    });
    return this.#unread.splice(index.at, 1)[0]?.params as T;
  }

  /** How often the server asked for diagnostics to be pulled again. */
  get refreshes(): number {
    return this.#refreshes;
  }

  path(path: string): string {
    return join(this.root, path);
  }

  uri(path: string): string {
    return pathToFileURL(this.path(path)).href;
  }

  /** The path of a URI below the root, as fixtures write it. */
  pathOf(uri: string): string {
    return decodeURIComponent(uri).replaceAll(pathToFileURL(this.root).href, "").replaceAll(this.root, "");
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), content);
  }

  remove(path: string): void {
    rmSync(this.path(path), { recursive: true, force: true });
  }

  /** Gives the server the time to watch what it has just read. */
  settled(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 300));
  }

  async initialize(options: Omit<ClientOptions, "files">): Promise<void> {
    const { capabilities = fullCapabilities, initializationOptions, folders = ["/w"] } = options;
    const workspaceFolders = folders.map((path) => ({ uri: this.uri(path), name: path.slice(1) }));
    this.initialized = await this.connection.sendRequest<InitializeResult>("initialize", {
      processId: process.pid,
      rootUri: workspaceFolders[0]?.uri ?? null,
      workspaceFolders,
      capabilities,
      ...(initializationOptions !== undefined && { initializationOptions }),
    });
    await this.connection.sendNotification("initialized", {});
  }

  /** Opens a file with a text, its own unless another is given. */
  open(path: string, text: string, languageId = path.endsWith(".py") ? "python" : "json"): string {
    return this.openUri(this.uri(path), text, languageId);
  }

  openUri(uri: string, text: string, languageId: string): string {
    this.#texts.set(uri, { text, version: 1, languageId });
    void this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId, version: 1, text },
    });
    return uri;
  }

  text(uri: string): string {
    return this.#texts.get(uri)?.text ?? "";
  }

  version(uri: string): number {
    return this.#texts.get(uri)?.version ?? 0;
  }

  /** Replaces a part of an open document's text, as an edit of that range. */
  edit(uri: string, from: string, to: string): void {
    const document = this.#texts.get(uri);
    assert.ok(document, `${uri} is not open`);
    const start = document.text.indexOf(from);
    assert.ok(start >= 0, `${uri} does not hold ${from}`);
    const range = this.rangeIn(document.text, start, start + from.length);
    document.text = document.text.slice(0, start) + to + document.text.slice(start + from.length);
    document.version++;
    void this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: document.version },
      contentChanges: [{ range, text: to }],
    });
  }

  close(uri: string): void {
    this.#texts.delete(uri);
    void this.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  }

  rangeIn(text: string, start: number, end: number): Range {
    return { start: positionAt(text, start), end: positionAt(text, end) };
  }

  /** The position of a part of an open document's text, `offset` units into it. */
  at(uri: string, part: string, offset = 1): { textDocument: { uri: string }; position: Position } {
    const text = this.text(uri);
    const start = text.indexOf(part);
    assert.ok(start >= 0, `${uri} does not hold ${part}`);
    return { textDocument: { uri }, position: positionAt(text, start + offset) };
  }

  /** What a range covers in an open document. */
  covered(uri: string, { start, end }: Range): string {
    const text = this.text(uri);
    return text.slice(offsetAt(text, start), offsetAt(text, end));
  }

  request<T>(method: string, params: unknown): Promise<T> {
    return this.connection.sendRequest<T>(method, params);
  }

  /** Pulls a document's diagnostics. */
  async pull(uri: string): Promise<Diagnostic[]> {
    for (;;) {
      try {
        const report = await this.request<DocumentDiagnosticReport>("textDocument/diagnostic", {
          textDocument: { uri },
        });
        assert.equal(report.kind, "full");
        return report.kind === "full" ? report.items : [];
      } catch (error) {
        const { code, data } = error as { code?: number; data?: { retriggerRequest?: boolean } };
        if (code !== -32802 || data?.retriggerRequest !== true) throw error;
      }
    }
  }

  /** Pulls until the problems are what a test waits for: the server says when to ask again. */
  async pullUntil(uri: string, isIt: (items: Diagnostic[]) => boolean): Promise<Diagnostic[]> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const before = this.#refreshes;
      const items = await this.pull(uri);
      if (isIt(items)) return items;
      assert.ok(Date.now() < deadline, `the problems stayed ${JSON.stringify(items)}`);
      await this.until("a refresh", () => this.#refreshes > before);
    }
  }

  /** The next pushed diagnostics of a document that satisfy a test; those before are read too. */
  async pushed(uri: string, isIt: (items: Diagnostic[]) => boolean = () => true): Promise<Diagnostic[]> {
    for (;;) {
      const { diagnostics } = await this.take<PublishDiagnosticsParams>(
        "textDocument/publishDiagnostics",
        (params) => params.uri === uri,
      );
      if (isIt(diagnostics)) return diagnostics;
    }
  }

  /** Ends the server as an editor does; fails on messages that nobody read, and on anything written to standard error. */
  async stop(ignores: readonly string[] = []): Promise<void> {
    const ended = new Promise<number | null>((resolve) => this.process.once("exit", resolve));
    await this.request("shutdown", null);
    await this.connection.sendNotification("exit");
    assert.equal(await ended, 0, this.errors);
    this.dispose();
    assert.deepEqual(
      this.#unread.filter(({ method }) => !ignores.includes(method)),
      [],
    );
    assert.equal(this.errors, "");
  }

  dispose(): void {
    this.connection.dispose();
    this.process.kill("SIGKILL");
    rmSync(this.root, { recursive: true, force: true });
    rmSync(this.cacheHome, { recursive: true, force: true });
  }
}

/** Starts a server with a workspace of its own, runs a test with it, and ends it. */
export async function withServer(options: ClientOptions, body: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client(options.files, options.settings ?? {});
  try {
    if (!options.raw) await client.initialize(options);
    await body(client);
    await client.stop(options.ignores);
  } finally {
    client.dispose();
  }
}

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

export function offsetAt(text: string, { line, character }: Position): number {
  return (
    text
      .split("\n")
      .slice(0, line)
      .reduce((sum, one) => sum + one.length + 1, 0) + character
  );
}
