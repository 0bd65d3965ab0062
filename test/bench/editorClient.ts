import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import type { Diagnostic, PublishDiagnosticsParams } from "vscode-languageserver-protocol";

/** A client as an editor without any capability is one: problems are pushed to it. */
export class EditorClient {
  readonly connection: MessageConnection;
  readonly #process: ChildProcess;
  readonly #cacheFolder: string;
  #waiting: { uri: string; isIt: (items: Diagnostic[]) => boolean; resolve: () => void }[] = [];

  /** `cacheFolder` is where the server keeps what it read. */
  constructor(program: string, cacheFolder: string) {
    this.#cacheFolder = cacheFolder;
    this.#process = spawn(process.execPath, [program, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    this.connection = createMessageConnection(
      new StreamMessageReader(this.#process.stdout!),
      new StreamMessageWriter(this.#process.stdin!),
    );
    this.connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      for (const one of this.#waiting.filter(({ uri, isIt }) => uri === params.uri && isIt(params.diagnostics))) {
        this.#waiting = this.#waiting.filter((other) => other !== one);
        one.resolve();
      }
    });
    this.connection.listen();
  }

  async initialize(folder: string): Promise<void> {
    const uri = pathToFileURL(folder).href;
    const params = {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: "bench" }],
      capabilities: {},
      initializationOptions: { cacheFolder: this.#cacheFolder },
    };
    await this.connection.sendRequest("initialize", params);
    await this.connection.sendNotification("initialized", {});
  }

  open(uri: string, text: string, languageId = "json"): void {
    const textDocument = { uri, languageId, version: 1, text };
    void this.connection.sendNotification("textDocument/didOpen", { textDocument });
  }

  /** When a document's problems are what is waited for. */
  pushed(uri: string, isIt: (items: Diagnostic[]) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no such problems of ${uri} came`)), 60_000);
      const done = () => {
        clearTimeout(late);
        resolve();
      };
      this.#waiting.push({ uri, isIt, resolve: done });
    });
  }

  /** The most memory that the process held so far, in MB; NaN where the system does not say. */
  peakMegabytes(): number {
    try {
      const status = readFileSync(`/proc/${this.#process.pid}/status`, "utf8");
      return Math.round(Number(/VmHWM:\s*(\d+)/.exec(status)?.[1]) / 1024);
    } catch {
      return Number.NaN;
    }
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    await ended;
    this.connection.dispose();
  }
}
