import { type Connection, DidChangeConfigurationNotification } from "vscode-languageserver";
import { type EditorSettings, readSettings } from "../workspace/editorSettings.ts";
import type { Host } from "../workspace/host.ts";
import { sectionOf } from "../workspace/settings.ts";
import type { Client } from "./capabilities.ts";
import { patiently } from "./patience.ts";

const SECTION = "kerasConfig";
/** Of what other extensions are told, the folders to import from matter. */
const PYTHON_SECTION = "python.analysis";

/**
 * The settings of folders: asked of the client where it answers, else what it sent, over what stands in the folder's own
 * `.vscode/settings.json`. Each folder is asked for once until something changes.
 */
export class Configuration {
  readonly #connection: Connection;
  readonly #client: Client;
  readonly #host: Host;
  readonly #cache = new Map<string, Promise<EditorSettings>>();
  /** What a client sent that cannot be asked. */
  #sent: unknown;
  #sentPython: unknown;
  #canAsk = false;

  constructor(connection: Connection, client: Client, host: Host, sent: unknown) {
    this.#connection = connection;
    this.#client = client;
    this.#host = host;
    this.#sent = sent;
  }

  /** From `initialized` on, the client may be asked. */
  begin(): void {
    this.#canAsk = this.#client.hasConfiguration;
    this.#cache.clear();
    if (!this.#client.hasDynamicConfiguration) return;
    this.#connection.client
      .register(DidChangeConfigurationNotification.type, { section: [SECTION, PYTHON_SECTION] })
      .catch((error: unknown) => this.#host.log("warning", `the client will not tell of settings: ${String(error)}`));
  }

  /** Takes in `workspace/didChangeConfiguration`. */
  changed(settings: unknown): void {
    const sent = typeof settings === "object" && settings !== null ? (settings as Record<string, unknown>) : {};
    if (sent[SECTION] !== undefined) this.#sent = sent[SECTION];
    const { analysis } = (typeof sent.python === "object" && sent.python !== null ? sent.python : {}) as {
      readonly analysis?: unknown;
    };
    if (analysis !== undefined) this.#sentPython = analysis;
    this.#cache.clear();
  }

  /** The settings that hold in a folder (or for a document of no folder). Never rejects. */
  of(scope: string): Promise<EditorSettings> {
    let settings = this.#cache.get(scope);
    if (!settings) {
      settings = this.#read(scope);
      this.#cache.set(scope, settings);
    }
    return settings;
  }

  async #read(scope: string): Promise<EditorSettings> {
    const [own, pythonAnalysis] = this.#canAsk ? await this.#ask(scope) : await this.#find(scope);
    const settings = readSettings(own, pythonAnalysis);
    for (const complaint of settings.complaints) this.#host.log("warning", complaint);
    return settings;
  }

  /** The two sections that are read of a client's settings. */
  async #ask(scope: string): Promise<readonly unknown[]> {
    try {
      const asked = this.#connection.workspace.getConfiguration([
        { scopeUri: scope, section: SECTION },
        { scopeUri: scope, section: PYTHON_SECTION },
      ]);
      return await patiently(asked, "workspace/configuration");
    } catch (error) {
      // It is not asked again: each question would cost the wait.
      this.#canAsk = false;
      this.#host.log("warning", `the client gives no settings: ${error instanceof Error ? error.message : error}`);
      return this.#find(scope);
    }
  }

  async #find(scope: string): Promise<readonly unknown[]> {
    const own = scope.startsWith("file:") ? await sectionOf(this.#host, scope, SECTION) : {};
    const sent = typeof this.#sent === "object" && this.#sent !== null ? this.#sent : {};
    // What a folder's own settings say of extraPaths is read for every client.
    return [{ ...own, ...sent }, this.#sentPython];
  }
}
