import {
  type CancellationToken,
  type Connection,
  ErrorCodes,
  type InitializeParams,
  type InitializeResult,
  ResponseError,
  TextDocumentSyncKind,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { KerasDocumentation } from "../catalogue/documentation.ts";
import type { KerasCatalogue } from "../catalogue/keras.ts";
import { planWatching, takeInChanges } from "../workspace/diskChanges.ts";
import type { Host } from "../workspace/host.ts";
import { Session } from "../workspace/session.ts";
import { normalizeUri } from "../workspace/uri.ts";
import { innermost } from "../workspace/versionEvidence.ts";
import { isView, sourceOf, VIEW_SCHEME } from "../workspace/views.ts";
import { readClient } from "./capabilities.ts";
import { APPLY_FIX, codeActions } from "./codeActions.ts";
import { complete, completionTriggers, resolveCompletion } from "./completion.ts";
import { Configuration } from "./configuration.ts";
import { type Context, isJson } from "./context.ts";
import { DiagnosticsChannel } from "./diagnosticsChannel.ts";
import { OpenDocuments } from "./documents.ts";
import { definition, hover, references } from "./navigation.ts";
import { beginWork } from "./progress.ts";
import { registerFeatures, staticFeatures } from "./registration.ts";
import { documentStatus, registeredObjects } from "./status.ts";
import { contentOf, refreshViews, viewFor } from "./views.ts";
import { WorkspaceCheck } from "./workspaceCheck.ts";

/** What the server wants of the machine that it runs on. */
export interface Platform {
  readonly host: Host;
  readonly version: string;
  readonly catalogue: () => Promise<KerasCatalogue>;
  readonly documentation: () => Promise<KerasDocumentation>;
  /** The folder of the rules' pages that ship with the server; ends with a slash. */
  readonly rulePages: string;
  /** Watches folders; tells what changed in them, and which cannot be watched. */
  readonly watcher: (doors: {
    readonly changed: (uris: ReadonlySet<string>) => void;
    readonly failed: (folder: string, reason: string) => void;
  }) => { watch(folders: ReadonlySet<string>): void; close(): void };
}

/** How long after an edit of Python others are waited for before it is read again, in milliseconds. */
const PYTHON_DEBOUNCE_MS = 120;

/** One client's server: everything between the protocol and the session. */
export class Server {
  readonly #connection: Connection;
  readonly #platform: Platform;
  readonly #documents = new OpenDocuments();
  readonly #host: Host;
  readonly #pythonEdits = new Set<string>();
  #pythonTimer: NodeJS.Timeout | undefined;
  readonly #watcher: ReturnType<Platform["watcher"]>;
  #state: { context: Context; diagnostics: DiagnosticsChannel; workspaceCheck: WorkspaceCheck } | undefined;
  #watched: ReadonlySet<string> = new Set();
  #isInitialized = false;
  #isShutDown = false;
  /** The status that the client was told last. */
  #said = "";
  #planning = false;

  constructor(connection: Connection, platform: Platform) {
    this.#connection = connection;
    this.#platform = platform;
    this.#host = { ...platform.host, openText: (uri) => this.#documents.textOf(uri) };
    this.#watcher = platform.watcher({
      changed: (uris) => void this.#changedOnDisk(uris),
      failed: (folder, reason) => this.#host.log("warning", `${folder}: changes are not seen (${reason})`),
    });
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#initialized());
    connection.onShutdown(() => {
      this.#isShutDown = true;
      this.#watcher.close();
      this.#state?.workspaceCheck.stop();
    });
    this.#documentHandlers();
    this.#requestHandlers();
  }

  /** The state of a client that has introduced itself. Throws ResponseError before that and after its farewell. */
  get #context(): Context {
    if (this.#isShutDown) throw new ResponseError(ErrorCodes.InvalidRequest, "the server was shut down");
    if (!this.#state) throw new ResponseError(ErrorCodes.ServerNotInitialized, "initialize comes first");
    return this.#state.context;
  }

  #initialize(params: InitializeParams): InitializeResult {
    if (this.#state) throw new ResponseError(ErrorCodes.InvalidRequest, "initialize was called before");
    const client = readClient(params);
    const { host, version, catalogue, documentation } = this.#platform;
    const configuration = new Configuration(this.#connection, client, host, settingsIn(params.initializationOptions));
    const session = new Session(this.#host, {
      catalogue,
      settings: (uri) => configuration.of(innermost(session.folders, sourceOf(uri)) ?? uri),
      changed: () => this.#answersChanged(),
      stateChanged: () => this.#stateChanged(),
      begin: () => beginWork(this.#connection, client.hasProgress, "Keras Config"),
    });
    const context: Context = {
      ...{ connection: this.#connection, client, documents: this.#documents, configuration, session },
      ...{ host: this.#host, catalogue, documentation },
      rulePages: client.rulePages ?? this.#platform.rulePages,
    };
    const workspaceCheck = new WorkspaceCheck(context);
    this.#state = { context, diagnostics: new DiagnosticsChannel(context), workspaceCheck };
    session.setFolders(foldersIn(params));
    return {
      serverInfo: { name: "keras-config-language-server", version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        ...staticFeatures(client, completionTriggers),
        executeCommandProvider: { commands: [APPLY_FIX] },
        workspace: {
          workspaceFolders: { supported: true, changeNotifications: true },
          ...(client.showsViews && { textDocumentContent: { schemes: [VIEW_SCHEME] } }),
        },
      },
    };
  }

  #initialized(): void {
    if (!this.#state || this.#isInitialized) return;
    this.#isInitialized = true;
    const { client, configuration } = this.#state.context;
    configuration.begin();
    registerFeatures(this.#connection, client, completionTriggers).catch((error: unknown) => {
      this.#host.log("warning", `the client registers no features: ${String(error)}`);
    });
    if (client.hasWorkspaceFolders) {
      this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const { session } = this.#context;
        const gone = new Set(removed.map(({ uri }) => normalizeUri(uri)));
        const kept = session.folders.filter((folder) => !gone.has(folder));
        this.#state?.workspaceCheck.clear();
        session.setFolders([...kept, ...added.map(({ uri }) => normalizeUri(uri))]);
      });
    }
    void this.#state.context.session.settingsChanged();
    this.#stateChanged();
  }

  #documentHandlers(): void {
    const connection = this.#connection;
    connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
      const document = this.#documents.open(uri, languageId, version, text);
      this.#state?.workspaceCheck.opened(document.key);
      if (isJson(document)) this.#state?.diagnostics.opened(document);
      else this.#pythonEdited(document.key);
      if (isJson(document)) refreshViewsOf(this.#state?.context, document.key);
      this.#planWatching();
    });
    connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
      const document = this.#documents.change(uri, version, contentChanges);
      if (!document) {
        this.#host.log("warning", `${uri}: edited, but not open`);
        return;
      }
      if (document.isLost) this.#host.log("warning", `${uri}: edits came out of order; close it and open it again`);
      if (isJson(document)) {
        this.#state?.diagnostics.edited(document);
        refreshViewsOf(this.#state?.context, document.key);
      } else this.#pythonEdited(document.key);
    });
    connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
      const document = this.#documents.close(uri);
      if (!document) return;
      this.#state?.context.session.closed(document.key);
      this.#state?.diagnostics.closed(document);
      this.#state?.workspaceCheck.changed();
      if (!isJson(document)) this.#pythonEdited(document.key);
    });
    connection.onDidChangeConfiguration(({ settings }) => {
      if (!this.#state) return;
      this.#state.context.configuration.changed(settings);
      void this.#state.context.session.settingsChanged();
    });
    connection.onDidChangeWatchedFiles(({ changes }) => {
      void this.#changedOnDisk(new Set(changes.map(({ uri }) => normalizeUri(uri))));
    });
  }

  #requestHandlers(): void {
    const connection = this.#connection;
    connection.onCompletion((params, token) => complete(this.#context, params, token));
    connection.onCompletionResolve((item) => resolveCompletion(this.#context, item));
    connection.onHover((params, token) => hover(this.#context, params, token));
    connection.onDefinition((params, token) => definition(this.#context, params, token));
    connection.onReferences((params, token, progress) => references(this.#context, params, token, progress));
    connection.onCodeAction((params, token) => codeActions(this.#context, params, token));
    connection.onExecuteCommand(async ({ command, arguments: given }) => {
      const [edit] = given ?? [];
      void this.#context;
      if (command !== APPLY_FIX || typeof edit !== "object" || edit === null)
        throw new ResponseError(ErrorCodes.InvalidParams, `${command} is no command of this server`);
      return connection.workspace.applyEdit(edit as WorkspaceEdit);
    });
    connection.languages.diagnostics.on(({ textDocument, previousResultId }, token) => {
      void this.#context;
      return this.#state!.diagnostics.pull(textDocument.uri, previousResultId, token);
    });
    connection.workspace.textDocumentContent.on(({ uri }) => contentOf(this.#context, uri));
    this.#on("kerasConfig/view", (params: { textDocument: { uri: string }; position?: never }) =>
      viewFor(this.#context, params.textDocument.uri, params.position),
    );
    this.#on("kerasConfig/documentStatus", (params: { textDocument: { uri: string } }) =>
      documentStatus(this.#context, params.textDocument.uri),
    );
    this.#on("kerasConfig/registeredObjects", () => registeredObjects(this.#context));
    this.#on("kerasConfig/kerasVersions", async () => ({
      versions: (await this.#context.catalogue()).versions,
    }));
    connection.onRequest(
      "kerasConfig/checkWorkspace",
      async (params: { workDoneToken?: string | number } | undefined, token) => {
        void this.#context;
        return this.#state!.workspaceCheck.check(token, connection.languages.attachWorkDoneProgress(params ?? {}));
      },
    );
  }

  /** A request of our own: wrong parameters are the client's error, not the server's end. */
  #on<P extends { readonly textDocument?: { readonly uri: string } }>(
    method: string,
    answer: (params: P) => Promise<object | null>,
  ): void {
    this.#connection.onRequest(method, async (params: P, _: CancellationToken) => {
      void this.#context;
      const isWrong = params?.textDocument !== undefined && typeof params.textDocument?.uri !== "string";
      if (isWrong) throw new ResponseError(ErrorCodes.InvalidParams, `${method} wants a textDocument with a uri`);
      return answer(params);
    });
  }

  /** The text of a Python file as the editor has it changed; several edits are read once. */
  #pythonEdited(key: string): void {
    if (!key.startsWith("file:")) return;
    this.#pythonEdits.add(key);
    clearTimeout(this.#pythonTimer);
    this.#pythonTimer = setTimeout(() => {
      const edited = [...this.#pythonEdits];
      this.#pythonEdits.clear();
      const { session } = this.#state?.context ?? {};
      for (const workspace of session?.workspaces ?? []) {
        // What was never read is read as it is, when it is asked for.
        if (!workspace.latest) continue;
        workspace.pythonChanged(edited);
        void session?.ensureIndexed(workspace);
      }
    }, PYTHON_DEBOUNCE_MS);
  }

  async #changedOnDisk(uris: ReadonlySet<string>): Promise<void> {
    if (!this.#state) return;
    const { context, workspaceCheck } = this.#state;
    const changed = await takeInChanges(context.session, this.#host, uris, this.#watched);
    refreshViews(context, changed);
    if (changed.length > 0) workspaceCheck.changed();
    // An archive is open only as its view, which is made again; its version of Keras may differ besides.
    if (changed.some((uri) => context.documents.all().some(({ key }) => isView(key) && sourceOf(key) === uri)))
      context.session.renew();
  }

  #answersChanged(): void {
    this.#state?.diagnostics.changed();
    this.#state?.workspaceCheck.changed();
  }

  #stateChanged(): void {
    this.#planWatching();
    const { context } = this.#state ?? {};
    if (!context || !this.#isInitialized || !context.client.wantsStatus) return;
    const { isBusy, workspaces } = context.session;
    const isCut = workspaces.some(({ latest }) => latest?.registry.incomplete !== undefined);
    const message = isBusy ? { message: "reading the workspace's Python" } : {};
    const status = { health: isCut ? "warning" : "ok", quiescent: !isBusy, ...message };
    if (JSON.stringify(status) === this.#said) return;
    this.#said = JSON.stringify(status);
    void this.#connection.sendNotification("kerasConfig/status", status);
  }

  /** Watches what answers depend on now; several calls in a row are one. */
  #planWatching(): void {
    if (this.#planning || !this.#state) return;
    this.#planning = true;
    setTimeout(async () => {
      this.#planning = false;
      if (!this.#state || this.#isShutDown) return;
      const { session, documents } = this.#state.context;
      const open = documents.all().filter(isJson);
      const plan = await planWatching(
        session,
        open.map(({ key }) => key),
      );
      if (!plan.isWhole) this.#host.log("warning", "so many folders are not all watched for changes");
      this.#watched = plan.folders;
      if (!this.#isShutDown) this.#watcher.watch(plan.folders);
    }, 50);
  }
}

function refreshViewsOf(context: Context | undefined, key: string): void {
  if (context && !isView(key)) refreshViews(context, [key]);
}

function settingsIn(options: unknown): unknown {
  return typeof options === "object" && options !== null ? (options as { settings?: unknown }).settings : undefined;
}

function foldersIn({ workspaceFolders, rootUri, rootPath }: InitializeParams): string[] {
  const uris =
    workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : rootPath ? [`file://${rootPath}`] : []);
  return uris.map(normalizeUri);
}
