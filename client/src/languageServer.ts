import { type Event, EventEmitter, type ExtensionContext, type LogOutputChannel, Uri, window, workspace } from "vscode";
import {
  CloseAction,
  ErrorAction,
  type ErrorHandler,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  type ServerOptions,
  State,
  TextDocumentContentRequest,
  TransportKind,
} from "vscode-languageclient/node";
import type { Gate } from "./gate.ts";
import type { ServerStatus } from "./protocol.ts";
import { createTraceChannel } from "./traceChannel.ts";
import type { ViewFiles } from "./viewFiles.ts";

/** A server that ends by itself is started again this often within this time, then no more. */
const RESTARTS = 4;
const RESTARTS_WITHIN_MS = 180_000;

/** The language server, whichever process it is at the moment. */
export interface LanguageServer {
  /** The client of the server, where it runs. */
  readonly running: LanguageClient | undefined;
  readonly isStarting: boolean;
  /** What the server last said of itself. */
  readonly status: ServerStatus;
  /** Told when the server starts or ends, or says something new of itself. */
  readonly onDidChange: Event<void>;
  /** The client of a running server, which is started first where it is not. Rejects where it does not start. */
  ready(): Promise<LanguageClient>;
  /** Ends the server, in whatever state it is, and starts a new one. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  dispose(): void;
}

/** Failures go to the output channel; what the user should know of them is said in this file, once. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/** Prepares the server of the extension; it starts when `ready` is asked for. */
export function createLanguageServer(
  context: ExtensionContext,
  channel: LogOutputChannel,
  gate: Gate,
  views: ViewFiles,
): LanguageServer {
  const changes = new EventEmitter<void>();
  const traceChannel = createTraceChannel("Keras Config Trace");
  const healthy: ServerStatus = { health: "ok", quiescent: true };
  let status = healthy;
  let current: LanguageClient | undefined;
  let retiring: Promise<void> | undefined;
  let deaths: number[] = [];

  function launch(): LanguageClient {
    deaths = [];
    const client: LanguageClient = new QuietClient("kerasConfig", "Keras Config", serverOptions(context), {
      ...clientOptions(context, gate),
      outputChannel: channel,
      traceOutputChannel: traceChannel,
      errorHandler: errorHandler(() => client),
    });
    current = client;
    gate.attach(client);
    client.onDidChangeState(({ newState }) => {
      if (client !== current) return;
      status = healthy;
      if (newState === State.StartFailed) sayDown("The Keras Config language server does not start.");
      if (newState === State.Running)
        client.start().then(
          () => followViews(client, views),
          () => {},
        );
      changes.fire();
    });
    client.onNotification("kerasConfig/status", (told: ServerStatus) => {
      if (client !== current) return;
      status = told;
      changes.fire();
    });
    return client;
  }

  function errorHandler(client: () => LanguageClient): ErrorHandler {
    return {
      // A server that cannot be talked to ends, and that is told to `closed`.
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed() {
        // A server that ends before it is ready would end again.
        if (client() !== current || client().state === State.Starting)
          return { action: CloseAction.DoNotRestart, handled: true };
        const now = Date.now();
        deaths = [...deaths.filter((time) => now - time < RESTARTS_WITHIN_MS), now];
        if (deaths.length > RESTARTS) {
          sayDown(`The Keras Config language server ended ${deaths.length} times within three minutes and stays down.`);
          return { action: CloseAction.DoNotRestart, handled: true };
        }
        if (deaths.length === 1) sayRestarted();
        return { action: CloseAction.Restart, handled: true };
      },
    };
  }

  function sayRestarted(): void {
    const message = "The Keras Config language server ended unexpectedly and was started again.";
    void window.showWarningMessage(message, "Show Output").then((choice) => {
      if (choice) channel.show(true);
    });
  }

  function sayDown(message: string): void {
    void window.showErrorMessage(message, "Restart", "Show Output").then((choice) => {
      if (choice === "Restart") void restart().catch(() => {});
      else if (choice) channel.show(true);
    });
  }

  async function ready(): Promise<LanguageClient> {
    await retiring;
    if (current === undefined || current.state === State.Stopped || current.state === State.StartFailed) launch();
    const client = current!;
    await client.start();
    return client;
  }

  async function retire(client: LanguageClient): Promise<void> {
    const process = client.serverProcess;
    try {
      await client.dispose();
    } catch {
      // It is starting, hangs or is gone: there is nobody to ask to stop.
      process?.kill("SIGKILL");
    }
  }

  function stop(): Promise<void> {
    const client = current;
    current = undefined;
    const before = retiring;
    retiring = (async () => {
      await before;
      if (client) await retire(client);
    })();
    changes.fire();
    return retiring;
  }

  async function restart(): Promise<void> {
    await stop();
    await ready();
  }

  return {
    get running() {
      return current?.state === State.Running ? current : undefined;
    },
    get isStarting() {
      return current?.state === State.Starting;
    },
    get status() {
      return status;
    },
    onDidChange: changes.event,
    ready,
    restart,
    stop,
    dispose() {
      traceChannel.dispose();
      changes.dispose();
    },
  };
}

/** Passes on which views have another text; what was open while no server ran may have changed unseen. */
function followViews(client: LanguageClient, views: ViewFiles): void {
  const feature = client.getFeature(TextDocumentContentRequest.method);
  for (const { onDidChangeEmitter } of feature?.getProviders() ?? []) onDidChangeEmitter.event(views.changed);
  for (const { uri } of workspace.textDocuments) if (uri.scheme === "keras-config") views.changed(uri);
}

function serverOptions(context: ExtensionContext): ServerOptions {
  const module = context.asAbsolutePath("dist/server.cjs");
  // Not the workspace's folder, which could then not be deleted on Windows while the server runs.
  const cwd = context.extensionPath;
  return {
    run: { module, transport: TransportKind.ipc, options: { cwd } },
    debug: { module, transport: TransportKind.ipc, options: { cwd, execArgv: ["--nolazy", "--inspect=6009"] } },
  };
}

function clientOptions(context: ExtensionContext, gate: Gate): LanguageClientOptions {
  return {
    documentSelector: [{ language: "json" }, { language: "jsonc" }, { language: "python" }],
    initializationOptions: {
      client: "vscode",
      commands: ["kerasConfig.ignoreName", "kerasConfig.showRule"],
      notebookCells: true,
      // The workspace's own folder goes when VS Code forgets the workspace.
      cacheFolder: (context.storageUri ?? context.globalStorageUri).fsPath,
      rulePages: Uri.joinPath(context.extensionUri, "docs/rules/").toString(),
    },
    initializationFailedHandler: () => false,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    // The client's own provider of views stays silent: two that change the text of one document would garble it.
    middleware: { ...gate.middleware, provideTextDocumentContent: () => null },
    diagnosticPullOptions: { onChange: true, filter: (document) => !gate.isOpen(document) },
  };
}
