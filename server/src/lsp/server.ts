import {
  type CancellationToken,
  type Connection,
  ErrorCodes,
  type InitializeParams,
  type InitializeResult,
  type Position,
  ResponseError,
  TextDocumentSyncKind,
  type WorkDoneProgressParams,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { KerasConfigs } from "../catalogue/configs.ts";
import type { KerasDocumentation } from "../catalogue/documentation.ts";
import type { KerasCatalogue } from "../catalogue/keras.ts";
import type { CacheDoor, Host } from "../workspace/host.ts";
import { isNotebook } from "../workspace/notebook.ts";
import { Session } from "../workspace/session.ts";
import { normalizeUri } from "../workspace/uri.ts";
import { innermost } from "../workspace/versionEvidence.ts";
import { isView, sourceOf, VIEW_SCHEME } from "../workspace/views.ts";
import { answering } from "./cancellation.ts";
import { readClient } from "./capabilities.ts";
import { APPLY_FIX, codeActions } from "./codeActions.ts";
import { complete, completionTriggers, resolveCompletion } from "./completion.ts";
import { Configuration } from "./configuration.ts";
import { type Context, isJson } from "./context.ts";
import { DiagnosticsChannel } from "./diagnosticsChannel.ts";
import { DiskWatch, type MakeWatcher } from "./diskWatch.ts";
import { type OpenDocument, OpenDocuments } from "./documents.ts";
import { inlayHints } from "./inlayHints.ts";
import { highlights, prepareRename, rename } from "./layerNames.ts";
import { definition, hover, references } from "./navigation.ts";
import { OpenNotebooks } from "./notebooks.ts";
import { beginWork } from "./progress.ts";
import type { PythonEnvironments, ServerStatus } from "./protocol.ts";
import { pythonActions } from "./pythonActions.ts";
import { PythonEdits } from "./pythonEdits.ts";
import { notebookSync, registerFeatures, staticFeatures } from "./registration.ts";
import { documentStatus, registeredObjects } from "./status.ts";
import { documentSymbols, foldingRanges, selectionRanges } from "./structure.ts";
import { contentOf, refreshViews, viewFor } from "./views.ts";
import { WorkspaceCheck } from "./workspaceCheck.ts";
import { workspaceSymbols } from "./workspaceSymbols.ts";

/** What the server wants of the machine that it runs on. */
export interface Platform {
  readonly host: Host;
  readonly version: string;
  /** What is kept between runs, in the folder of that path or else in the machine's own; undefined where there is none. */
  readonly cache: (folder: string | undefined) => CacheDoor | undefined;
  readonly catalogue: () => Promise<KerasCatalogue>;
  readonly documentation: () => Promise<KerasDocumentation>;
  readonly configs: () => Promise<KerasConfigs>;
  /** The folder of the rules' pages that ship with the server; ends with a slash. */
  readonly rulePages: string;
  readonly watcher: MakeWatcher;
}

/** What there is once a client has introduced itself. */
interface State {
  readonly context: Context;
  readonly diagnostics: DiagnosticsChannel;
  readonly workspaceCheck: WorkspaceCheck;
  readonly disk: DiskWatch;
}

/** One client's server: everything between the protocol and the session. */
export class Server {
  readonly #connection: Connection;
  readonly #platform: Platform;
  readonly #documents = new OpenDocuments();
  readonly #notebooks = new OpenNotebooks(this.#documents);
  readonly #host: Host & { cache?: CacheDoor | undefined };
  readonly #pythonEdits = new PythonEdits((keys) => this.#pythonRests(keys));
  #state: State | undefined;
  #isInitialized = false;
  #isShutDown = false;
  /** The status that the client was told last. */
  #said = "";

  constructor(connection: Connection, platform: Platform) {
    this.#connection = connection;
    this.#platform = platform;
    this.#host = {
      ...platform.host,
      openText: (uri) => this.#documents.textOf(uri),
      openCells: (uri) => this.#notebooks.cellsOf(uri),
      openUris: () => this.#documents.all().map(({ key }) => key),
    };
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#initialized());
    connection.onShutdown(async () => {
      this.#isShutDown = true;
      this.#state?.disk.close();
      this.#state?.workspaceCheck.stop();
      await this.#state?.context.session.keep();
    });
    this.#documentHandlers();
    this.#notebooks.listen(connection, (key) => {
      this.#pythonEdited(key);
      this.#state?.diagnostics.pythonChanged();
    });
    this.#requestHandlers();
  }

  /** The state of a client that has introduced itself. Throws ResponseError before that and after its farewell. */
  #ready(): State {
    if (this.#isShutDown) throw new ResponseError(ErrorCodes.InvalidRequest, "the server was shut down");
    if (!this.#state) throw new ResponseError(ErrorCodes.ServerNotInitialized, "initialize comes first");
    return this.#state;
  }

  get #context(): Context {
    return this.#ready().context;
  }

  #initialize(params: InitializeParams): InitializeResult {
    if (this.#state) throw new ResponseError(ErrorCodes.InvalidRequest, "initialize was called before");
    const client = readClient(params);
    const { host, version, catalogue, documentation, configs } = this.#platform;
    this.#host.cache = this.#platform.cache(client.cacheFolder);
    const configuration = new Configuration(this.#connection, client, host, settingsIn(params.initializationOptions));
    const session = new Session(this.#host, {
      catalogue,
      settings: (uri) => configuration.of(innermost(session.folders, sourceOf(uri)) ?? uri),
      changed: (openDocuments) => this.#answersChanged(openDocuments),
      stateChanged: () => this.#stateChanged(),
      begin: () => beginWork(this.#connection, client.hasProgress, "Keras Config"),
    });
    const context: Context = {
      ...{ connection: this.#connection, client, configuration, session },
      ...{ documents: this.#documents, notebooks: this.#notebooks, pythonEdits: this.#pythonEdits },
      ...{ host: this.#host, catalogue, documentation, configs, givenViews: new Map() },
      rulePages: client.rulePages ?? this.#platform.rulePages,
    };
    const workspaceCheck = new WorkspaceCheck(context);
    const disk = new DiskWatch(context, workspaceCheck, this.#platform.watcher);
    this.#state = { context, diagnostics: new DiagnosticsChannel(context), workspaceCheck, disk };
    session.setFolders(foldersIn(params));
    return {
      serverInfo: { name: "keras-config-language-server", version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        ...(client.syncsNotebooks && { notebookDocumentSync: notebookSync }),
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
    this.#host.log("info", `keras-config-language-server ${this.#platform.version}`);
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
      if (holdsPython(document)) this.#pythonEdited(document.key);
      this.#state?.diagnostics.opened(document);
      if (isJson(document)) refreshViewsOf(this.#state?.context, document.key);
      this.#state?.disk.plan();
    });
    connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
      const document = this.#documents.change(uri, version, contentChanges);
      if (!document) {
        this.#host.log("warning", `${uri}: edited, but not open`);
        return;
      }
      if (document.isLost) this.#host.log("warning", `${uri}: edits came out of order; close it and open it again`);
      if (holdsPython(document)) this.#pythonEdited(document.key);
      this.#state?.diagnostics.edited(document);
      if (isJson(document)) refreshViewsOf(this.#state?.context, document.key);
    });
    connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
      const document = this.#documents.close(uri);
      if (!document) return;
      this.#state?.context.session.closed(document.key);
      this.#state?.diagnostics.closed(document);
      this.#state?.workspaceCheck.changed();
      if (holdsPython(document)) this.#pythonEdited(document.key);
    });
    connection.onDidChangeConfiguration(({ settings }) => {
      if (!this.#state) return;
      this.#state.context.configuration.changed(settings);
      void this.#state.context.session.settingsChanged();
    });
    connection.onDidChangeWatchedFiles(({ changes }) => {
      this.#state?.disk.changed(new Set(changes.map(({ uri }) => normalizeUri(uri))));
    });
  }

  #requestHandlers(): void {
    const connection = this.#connection;
    connection.onNotification("kerasConfig/pythonEnvironments", (params: unknown) => {
      const reported = readEnvironments(params);
      if (!reported)
        this.#host.log("warning", "kerasConfig/pythonEnvironments wants environments: [{folder, sysPrefix}]");
      else void this.#state?.context.session.environmentsReported(reported);
    });
    connection.onCompletion((params, token) => complete(this.#context, params, token));
    connection.onCompletionResolve((item) => resolveCompletion(this.#context, item));
    connection.onHover((params, token) => hover(this.#context, params, token));
    connection.languages.inlayHint.on((params, token) => inlayHints(this.#context, params, token));
    connection.onDefinition((params, token) => definition(this.#context, params, token));
    connection.onReferences((params, token, progress) => references(this.#context, params, token, progress));
    connection.onDocumentHighlight((params, token) => highlights(this.#context, params, token));
    connection.onPrepareRename((params, token) => prepareRename(this.#context, params, token));
    connection.onRenameRequest((params, token) => rename(this.#context, params, token));
    connection.onDocumentSymbol((params, token) => documentSymbols(this.#context, params, token));
    connection.onFoldingRanges((params, token) => foldingRanges(this.#context, params, token));
    connection.onSelectionRanges((params, token) => selectionRanges(this.#context, params, token));
    connection.onWorkspaceSymbol((params, token) => workspaceSymbols(this.#context, params, token));
    connection.onCodeAction((params, token) => {
      const document = this.#documents.get(params.textDocument.uri);
      return (document && !isJson(document) ? pythonActions : codeActions)(this.#context, params, token);
    });
    connection.onExecuteCommand(async ({ command, arguments: given }) => {
      const [edit] = given ?? [];
      this.#ready();
      if (command !== APPLY_FIX || typeof edit !== "object" || edit === null)
        throw new ResponseError(ErrorCodes.InvalidParams, `${command} is no command of this server`);
      return connection.workspace.applyEdit(edit as WorkspaceEdit);
    });
    connection.languages.diagnostics.on(({ textDocument, previousResultId }, token) =>
      this.#ready().diagnostics.pull(textDocument.uri, previousResultId, token),
    );
    connection.workspace.textDocumentContent.on(({ uri }) => contentOf(this.#context, uri));
    this.#onDocument("kerasConfig/view", (uri, { position }) => viewFor(this.#context, uri, position));
    this.#onDocument("kerasConfig/documentStatus", (uri) => documentStatus(this.#context, uri));
    this.#on("kerasConfig/registeredObjects", () => registeredObjects(this.#context));
    this.#on("kerasConfig/kerasVersions", async () => ({
      versions: (await this.#context.catalogue()).versions,
    }));
    connection.onRequest("kerasConfig/checkWorkspace", async (...given: unknown[]) => {
      const [params, token] = requestOf(given);
      const { workspaceCheck } = this.#ready();
      return workspaceCheck.check(token, connection.languages.attachWorkDoneProgress(params as WorkDoneProgressParams));
    });
  }

  /** A request of our own. */
  #on(method: string, answer: (params: object) => Promise<object | null>): void {
    this.#connection.onRequest(method, async (...given: unknown[]) => {
      const [params, token] = requestOf(given);
      this.#ready();
      return answering(token, undefined, () => answer(params));
    });
  }

  /** The same about a document: wrong parameters are the client's error, not the server's end. */
  #onDocument(method: string, answer: (uri: string, params: { position?: Position }) => Promise<object | null>): void {
    this.#on(method, async (params) => {
      const { textDocument, position } = params as { textDocument?: { uri?: unknown }; position?: Position };
      const uri = textDocument?.uri;
      if (typeof uri === "string") return answer(uri, { ...(position && { position }) });
      throw new ResponseError(ErrorCodes.InvalidParams, `${method} wants a textDocument with a uri`);
    });
  }

  /** The text of a Python file as the editor has it changed. */
  #pythonEdited(key: string): void {
    if (key.startsWith("file:")) this.#pythonEdits.add(key);
  }

  #pythonRests(keys: readonly string[]): void {
    const { session } = this.#state?.context ?? {};
    for (const workspace of session?.workspaces ?? []) {
      const isOwn = keys.some((key) => innermost(workspace.roots, key) !== undefined);
      // What was never read is read as it is, when it is asked for; a first reading that is under way begins again.
      if (!workspace.latest && !isOwn) continue;
      workspace.pythonChanged(keys);
      if (workspace.latest) void session?.ensureIndexed(workspace);
    }
  }

  #answersChanged(openDocuments: boolean): void {
    if (openDocuments) {
      this.#state?.diagnostics.changed();
      this.#refreshHints();
    } else this.#state?.diagnostics.pythonChanged();
    this.#state?.workspaceCheck.changed();
  }

  /** What a class is found as, and with it its shapes, may be otherwise now. */
  #refreshHints(): void {
    if (!this.#state?.context.client.refreshesInlayHints) return;
    this.#connection.languages.inlayHint.refresh().catch((error: unknown) => {
      this.#host.log("warning", `the client does not ask for hints again: ${String(error)}`);
    });
  }

  #stateChanged(): void {
    this.#state?.disk.plan();
    const { context } = this.#state ?? {};
    if (!context || !this.#isInitialized || !context.client.wantsStatus) return;
    const { isBusy, workspaces } = context.session;
    const isCut = workspaces.some(({ latest }) => latest?.registry.incomplete !== undefined);
    const message = isBusy ? { message: "reading the workspace's Python" } : {};
    const status: ServerStatus = { health: isCut ? "warning" : "ok", quiescent: !isBusy, ...message };
    if (JSON.stringify(status) === this.#said) return;
    this.#said = JSON.stringify(status);
    void this.#connection.sendNotification("kerasConfig/status", status);
  }
}

/** The parameters and the token of a request; the library hands over the token alone where a client sends no parameters. */
function requestOf(given: readonly unknown[]): [params: object, token: CancellationToken] {
  const [params] = given.length > 1 ? given : [];
  return [typeof params === "object" && params !== null ? params : {}, given.at(-1) as CancellationToken];
}

/** Whether a document is Python, or a notebook that is open as the JSON that it is kept in. */
function holdsPython(document: OpenDocument): boolean {
  return !isJson(document) || isNotebook(document.key);
}

function refreshViewsOf(context: Context | undefined, key: string): void {
  if (context && !isView(key)) refreshViews(context, [key]);
}

function settingsIn(options: unknown): unknown {
  return typeof options === "object" && options !== null ? (options as { settings?: unknown }).settings : undefined;
}

/** What `kerasConfig/pythonEnvironments` tells, by folder; undefined where it is something else. */
function readEnvironments(params: unknown): ReadonlyMap<string, string> | undefined {
  const { environments } = (typeof params === "object" && params !== null ? params : {}) as Partial<PythonEnvironments>;
  if (!Array.isArray(environments)) return undefined;
  const told = (environments as readonly Record<string, unknown>[]).flatMap((one) =>
    typeof one?.folder === "string" && typeof one.sysPrefix === "string"
      ? ([[normalizeUri(one.folder), normalizeUri(one.sysPrefix)]] as const)
      : [],
  );
  return told.length === environments.length ? new Map(told) : undefined;
}

function foldersIn({ workspaceFolders, rootUri, rootPath }: InitializeParams): string[] {
  const uris =
    workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : rootPath ? [`file://${rootPath}`] : []);
  return uris.map(normalizeUri);
}
