import { RelativePattern, type Tab, TabInputCustom, Uri, type WebviewPanel, window, workspace } from "vscode";
import { askForView, openView } from "./formattedView.ts";
import type { LanguageServer } from "./languageServer.ts";
import { problemPage } from "./problemPage.ts";
import { nameOf } from "./uri.ts";

const VIEW_TYPE = "kerasConfig.archive";

/**
 * Shows a `.keras` file: the config in it is opened in a text editor, which takes the place of the custom editor's tab.
 * Where there is none, the tab stays, says why, and looks again when the file changes.
 */
export async function openArchive(server: LanguageServer, uri: Uri, panel: WebviewPanel): Promise<void> {
  panel.webview.options = { enableScripts: false, localResourceRoots: [], enableCommandUris: ["kerasConfig.showRule"] };
  if (await openConfig(server, uri, panel)) return;
  const folder = Uri.joinPath(uri, "..");
  const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, "*.keras"));
  const look = (changed: Uri): void => {
    if (changed.toString() === uri.toString()) void openConfig(server, uri, panel);
  };
  watcher.onDidChange(look);
  watcher.onDidCreate(look);
  panel.onDidDispose(() => watcher.dispose());
}

/** Opens the config and closes the tab, or shows the problem in it; whether there was a config. */
async function openConfig(server: LanguageServer, uri: Uri, panel: WebviewPanel): Promise<boolean> {
  const say = (message: string, hint?: string, rule?: string): false => {
    panel.webview.html = problemPage(nameOf(uri), message, hint, rule);
    return false;
  };
  if (uri.scheme !== "file") return say("Only a .keras file on disk can be shown.");
  try {
    const client = await server.ready();
    const answer = await askForView(client, uri);
    if (answer === null) return say("This file holds no Keras config.");
    if ("problem" in answer) return say(answer.problem.message, answer.problem.hint, answer.problem.rule);
    const tab = tabOf(uri, panel);
    // Beside another version, as in a comparison, there is no tab of this file alone that could give way.
    if (!tab) return say("The config of a .keras file is shown in a text editor.", "Open the file by itself.");
    await openView(client, answer, tab.group.viewColumn);
    // Asked for again: older versions of VS Code know a tab no more once another is opened beside it.
    const left = tabOf(uri, panel);
    if (left) await window.tabGroups.close(left, true);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return say(server.running ? reason : "The Keras Config language server is not running.");
  }
}

function tabOf(uri: Uri, panel: WebviewPanel): Tab | undefined {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs).filter(({ input }) => isOurs(input, uri));
  return tabs.find((tab) => tab.group.viewColumn === panel.viewColumn) ?? tabs[0];
}

function isOurs(input: unknown, uri: Uri): boolean {
  return input instanceof TabInputCustom && input.viewType === VIEW_TYPE && input.uri.toString() === uri.toString();
}
