import { type Connection, DidChangeConfigurationNotification } from "vscode-languageserver";
import { type EditorSettings, readSettings } from "../workspace/editorSettings.ts";
import type { Host } from "../workspace/host.ts";
import { sectionOf } from "../workspace/settings.ts";
import type { Client } from "./capabilities.ts";
import { patiently } from "./patience.ts";

const SECTION = "kerasConfig";

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
      .register(DidChangeConfigurationNotification.type, { section: SECTION })
      .catch((error: unknown) => this.#host.log("warning", `the client will not tell of settings: ${String(error)}`));
  }

  /** Takes in `workspace/didChangeConfiguration`. */
  changed(settings: unknown): void {
    const section = (settings as Record<string, unknown> | null | undefined)?.[SECTION];
    if (section !== undefined) this.#sent = section;
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
    const settings = readSettings(this.#canAsk ? await this.#ask(scope) : await this.#find(scope));
    for (const complaint of settings.complaints) this.#host.log("warning", complaint);
    return settings;
  }

  async #ask(scope: string): Promise<unknown> {
    try {
      const asked = this.#connection.workspace.getConfiguration({ scopeUri: scope, section: SECTION });
      return await patiently(asked, "workspace/configuration");
    } catch (error) {
      // It is not asked again: each question would cost the wait.
      this.#canAsk = false;
      this.#host.log("warning", `the client gives no settings: ${error instanceof Error ? error.message : error}`);
      return this.#find(scope);
    }
  }

  async #find(scope: string): Promise<unknown> {
    const own = scope.startsWith("file:") ? await sectionOf(this.#host, scope, SECTION) : {};
    const sent = typeof this.#sent === "object" && this.#sent !== null ? this.#sent : {};
    return { ...own, ...sent };
  }
}
