import { type TextEditor, window } from "vscode";

/** The editor of the active tab. What VS Code calls the active editor can also be in a panel, such as the Output view. */
export function activeEditor(): TextEditor | undefined {
  const { activeTextEditor: editor, visibleTextEditors, tabGroups } = window;
  if (editor?.viewColumn !== undefined) return editor;
  return visibleTextEditors.find(({ viewColumn }) => viewColumn === tabGroups.activeTabGroup.viewColumn);
}
