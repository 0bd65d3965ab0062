import { commands, type QuickPickItem, ThemeIcon, window } from "vscode";
import { inCell } from "./cells.ts";
import type { LanguageServer } from "./languageServer.ts";
import { type RegisteredObject, request } from "./protocol.ts";

/** The command Go to Registered Object: lists what the workspace registers, and opens the place of the one chosen. */
export async function goToRegisteredObject(server: LanguageServer): Promise<void> {
  const client = await server.ready();
  const objects = request(client, "kerasConfig/registeredObjects", {});
  const items = objects.then(itemsFor);
  const chosen = await window.showQuickPick(items, {
    placeHolder: "A registered name, class or module",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (!chosen?.object) return;
  const { uri, range } = await inCell(client.protocol2CodeConverter.asLocation(chosen.object.location));
  await commands.executeCommand("vscode.open", uri, { selection: range });
}

type ObjectItem = QuickPickItem & { readonly object?: RegisteredObject };

const icons = { class: "symbol-class", function: "symbol-function", other: "symbol-misc" } as const;

function itemsFor(objects: readonly RegisteredObject[]): ObjectItem[] {
  if (objects.length === 0) return [{ label: "No Python of this workspace registers an object", alwaysShow: true }];
  return objects
    .map((object) => ({
      label: object.key,
      description: object.via,
      detail: `${object.module}.${object.qualname}`,
      iconPath: new ThemeIcon(icons[object.kind]),
      object,
    }))
    .sort((a, b) => a.label.localeCompare(b.label));
}
