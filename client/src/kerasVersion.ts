import { type QuickPickItem, window } from "vscode";
import { activeEditor } from "./activeEditor.ts";
import type { LanguageServer } from "./languageServer.ts";
import { request } from "./protocol.ts";
import { kerasVersionOf, writeKerasVersion } from "./settings.ts";

/** The command Select Keras Version: writes the setting `kerasConfig.kerasVersion`. */
export async function selectKerasVersion(server: LanguageServer): Promise<void> {
  const resource = activeEditor()?.document.uri;
  const client = await server.ready();
  const current = kerasVersionOf(resource);
  const items = request(client, "kerasConfig/kerasVersions", {}).then(({ versions }) => itemsFor(versions, current));
  const chosen = await window.showQuickPick(items, { placeHolder: "The version of Keras that loads the configs" });
  if (chosen && chosen.version !== current) await writeKerasVersion(chosen.version, resource);
}

type VersionItem = QuickPickItem & { readonly version: string };

function itemsFor(versions: readonly string[], current: string): VersionItem[] {
  const automatic = { label: "Automatic", detail: "As the config, its workspace and the environment say", version: "" };
  const newestFirst = versions.map((version) => ({ label: version, version })).reverse();
  // A setting may name a line of releases, such as 3.8, or one that is not known here.
  const other = current === "" || versions.includes(current) ? [] : [{ label: current, version: current }];
  return [automatic, ...other, ...newestFirst].map((item) =>
    item.version === current ? { ...item, description: "selected" } : item,
  );
}
