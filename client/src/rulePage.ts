import { commands, type ExtensionContext, Uri, window } from "vscode";

/** The internal command that shows the page of a rule, which ships with the extension. */
export async function showRule(context: ExtensionContext, code: unknown): Promise<void> {
  if (typeof code !== "string" || !/^[a-z-]+$/.test(code)) return;
  const page = Uri.joinPath(context.extensionUri, "docs/rules", `${code}.md`);
  try {
    await commands.executeCommand("markdown.showPreview", page);
  } catch {
    // VS Code's Markdown extension can be disabled.
    await window.showTextDocument(page);
  }
}
