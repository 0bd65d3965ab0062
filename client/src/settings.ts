import { ConfigurationTarget, Uri, type WorkspaceConfiguration, window, workspace } from "vscode";
import { activeEditor } from "./activeEditor.ts";
import { sourceOf } from "./uri.ts";

/** Where a setting for a document is written: its folder of several, else the workspace, else the user's settings. */
function targetFor(source: Uri | undefined): ConfigurationTarget {
  const folders = workspace.workspaceFolders ?? [];
  if (folders.length > 1 && source && workspace.getWorkspaceFolder(source)) return ConfigurationTarget.WorkspaceFolder;
  return folders.length > 0 ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
}

/** The internal command that a quick fix runs: nothing is reported of `name` any more. */
export async function ignoreName(name: unknown, resource: unknown): Promise<void> {
  if (typeof name !== "string") return;
  const source = uriOf(resource);
  const configuration = workspace.getConfiguration("kerasConfig", source);
  // The whole list that holds now, as a list of a folder or workspace takes the place of the user's.
  const names = configuration.get<readonly string[]>("ignoredNames", []);
  if (names.includes(name)) return;
  await configuration.update("ignoredNames", [...names, name], targetFor(source));
  window.setStatusBarMessage(`Keras Config ignores ${name}`, 5000);
}

/** Writes the version of Keras to check against; "" lets the workspace decide. */
export async function writeKerasVersion(version: string, resource: Uri | undefined): Promise<void> {
  const source = resource && sourceOf(resource);
  const configuration = workspace.getConfiguration("kerasConfig", source);
  const target = targetFor(source);
  // Nothing need be written for the automatic choice, unless settings further out name a version.
  await configuration.update("kerasVersion", version === "" ? undefined : version, target);
  const remaining = versionIn(workspace.getConfiguration("kerasConfig", source));
  if (version === "" && remaining !== "") await configuration.update("kerasVersion", "", target);
}

/** The version that the settings of a document name, several apart by commas; "" where they name none. */
export function kerasVersionOf(resource: Uri | undefined): string {
  return versionIn(workspace.getConfiguration("kerasConfig", resource && sourceOf(resource)));
}

function versionIn(configuration: WorkspaceConfiguration): string {
  const version = configuration.get<string | readonly string[]>("kerasVersion", "");
  return typeof version === "string" ? version : version.join(", ");
}

function uriOf(resource: unknown): Uri | undefined {
  const uri = typeof resource === "string" ? Uri.parse(resource) : activeEditor()?.document.uri;
  return uri && sourceOf(uri);
}
