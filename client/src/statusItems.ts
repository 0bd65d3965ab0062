import {
  type Command,
  commands,
  type Disposable,
  type DocumentSelector,
  type LanguageStatusItem,
  LanguageStatusSeverity,
  languages,
  type TextDocument,
  window,
  workspace,
} from "vscode";
import { activeEditor } from "./activeEditor.ts";
import type { Gate } from "./gate.ts";
import type { LanguageServer } from "./languageServer.ts";
import { type DocumentStatus, request } from "./protocol.ts";

/** VS Code does not draw a line beyond this many UTF-16 units, nor what is said about it. */
const LONG_LINE = 10_000;

/** So many missing packages are named; a longer line would be cut off. */
const NAMED = 3;

/** How long the active document rests before the server is asked again. */
const REST_MS = 500;

const selector: DocumentSelector = [{ language: "json" }, { language: "jsonc" }];

/** What an item shows; undefined where it has nothing to show. */
type Shown =
  | {
      readonly text: string;
      readonly detail?: string | undefined;
      readonly severity?: LanguageStatusSeverity;
      readonly busy?: boolean;
      readonly command?: Command;
    }
  | undefined;

/** Shows the language status of the active config, and keeps the context key `kerasConfig.document` for the menus. */
export function showStatus(server: LanguageServer, gate: Gate): Disposable & { refresh(): void } {
  const items = [
    createItem("kerasConfig.version", "Keras Version"),
    createItem("kerasConfig.index", "Keras Config Index"),
    createItem("kerasConfig.missing", "Keras Config Missing Packages"),
    createItem("kerasConfig.longLine", "Keras Config Long Line"),
  ] as const;
  let revision = 0;
  let timer: NodeJS.Timeout | undefined;

  /** Shows what each item is given, and hides the items that are given nothing. */
  const show = (key?: string, ...shown: Shown[]): void => {
    for (const [i, showItem] of items.entries()) showItem(shown[i]);
    void commands.executeCommand("setContext", "kerasConfig.document", key);
  };

  async function refresh(): Promise<void> {
    const asked = ++revision;
    const document = activeEditor()?.document;
    if (!document || !gate.holds(document) || document.languageId === "python") return show();
    if (!server.running) return show(undefined, notRunning(server));
    const status = await statusOf(document);
    // A later question overtook this one, and its answer is the one to show.
    if (asked !== revision) return;
    if (!status) return show();
    const isLong = status.longestLine > LONG_LINE && !status.view;
    show(
      status.view ? "view" : isLong ? "longLine" : "config",
      versionShown(status),
      indexShown(status, server),
      missingShown(status),
      isLong ? longLineShown : undefined,
    );
  }

  async function statusOf(document: TextDocument): Promise<DocumentStatus | null> {
    const client = server.running;
    if (!client || !gate.isOpen(document)) return null;
    try {
      const uri = client.code2ProtocolConverter.asUri(document.uri);
      return await request(client, "kerasConfig/documentStatus", { textDocument: { uri } });
    } catch {
      // The server ended meanwhile, or answers nothing: the log has it.
      return null;
    }
  }

  const listeners = [
    window.onDidChangeActiveTextEditor(() => void refresh()),
    server.onDidChange(() => void refresh()),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (document !== activeEditor()?.document || !gate.isOpen(document)) return;
      clearTimeout(timer);
      timer = setTimeout(() => void refresh(), REST_MS);
    }),
  ];
  void refresh();
  return {
    refresh: () => void refresh(),
    dispose() {
      clearTimeout(timer);
      revision++;
      for (const listener of listeners) listener.dispose();
      show();
    },
  };
}

/** A language status item that exists only while it has something to show. */
function createItem(id: string, name: string): (shown: Shown) => void {
  let item: LanguageStatusItem | undefined;
  return (shown) => {
    if (!shown) {
      item?.dispose();
      item = undefined;
      return;
    }
    item ??= languages.createLanguageStatusItem(id, selector);
    const cleared = { detail: undefined, busy: false, severity: LanguageStatusSeverity.Information };
    Object.assign(item, { name, command: undefined, ...cleared, ...shown });
  };
}

function versionShown({ keras }: DocumentStatus): Shown {
  const versions = keras.map(({ version }) => version);
  const several = versions.length > 3 ? `${versions[0]} to ${versions.at(-1)}` : versions.join(", ");
  return {
    text: `Keras ${several}`,
    detail: [...new Set(keras.map(({ from }) => from))].join(", "),
    command: { command: "kerasConfig.selectKerasVersion", title: "Select Version" },
  };
}

function indexShown({ index }: DocumentStatus, server: LanguageServer): Shown {
  const { health, message } = server.status;
  const command = { command: "kerasConfig.showOutput", title: "Show Output" };
  if (health === "error") return { text: message ?? "Keras Config failed", severity: severities.error, command };
  switch (index.state) {
    case "unread":
      return { text: "Python not read", detail: "nothing in this config needs it" };
    case "reading":
      return { text: "Reading Python", busy: true, command };
    case "incomplete":
      return { text: "Python read in part", detail: index.reason ?? message, severity: severities.warning, command };
    case "complete":
      return { text: "Python read", detail: message, severity: severities[health], command };
  }
}

function missingShown({ missing }: DocumentStatus): Shown {
  if (missing.length === 0) return undefined;
  const named = missing.slice(0, NAMED).join(", ");
  const more = missing.length > NAMED ? ` and ${missing.length - NAMED} more` : "";
  return { text: "Imported and not installed", detail: `${named}${more}` };
}

const severities = {
  ok: LanguageStatusSeverity.Information,
  warning: LanguageStatusSeverity.Warning,
  error: LanguageStatusSeverity.Error,
} as const;

const longLineShown: Shown = {
  text: "One long line",
  detail: "the editor shows only its beginning",
  command: { command: "kerasConfig.openFormatted", title: "Open Formatted" },
};

function notRunning(server: LanguageServer): Shown {
  if (server.isStarting) return { text: "Keras Config is starting", busy: true };
  return {
    text: "Keras Config is not running",
    severity: LanguageStatusSeverity.Error,
    command: { command: "kerasConfig.restartServer", title: "Restart" },
  };
}
