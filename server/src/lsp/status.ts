import type { Location } from "vscode-languageserver";
import { listRegistrations } from "../registry/index.ts";
import { baseName } from "../workspace/uri.ts";
import { isView } from "../workspace/views.ts";
import type { Context } from "./context.ts";

/** What `kerasConfig/documentStatus` answers of a config. */
export interface DocumentStatus {
  readonly keras: readonly { readonly version: string; readonly from: string }[];
  readonly dialect: string | null;
  readonly loader: string | null;
  readonly objects: number;
  readonly problems: number;
  readonly unknown: number;
  readonly index: { readonly state: "unread" | "reading" | "complete" | "incomplete"; readonly reason?: string };
  /** Packages that the workspace imports and that are not installed. */
  readonly missing: readonly string[];
  /** Length of the longest line, in UTF-16 units. */
  readonly longestLine: number;
  readonly view: boolean;
}

/** The state of one document; null where it is not open or holds no config. */
export async function documentStatus(context: Context, uri: string): Promise<DocumentStatus | null> {
  const document = context.documents.get(uri);
  const checked = document && (await context.session.check(document.key));
  if (!document || !checked || checked.report.dialect === null) return null;
  const { report, workspace } = checked;
  const registry = workspace.latest?.registry;
  const reason = registry?.incomplete;
  const isReading = context.session.isBusy && !workspace.isCurrent;
  const state = isReading ? "reading" : !registry ? "unread" : reason === undefined ? "complete" : "incomplete";
  return {
    keras: report.keras,
    dialect: report.dialect,
    loader: report.loader,
    objects: report.objects,
    problems: report.problems.filter(({ rule }) => rule !== "syntax-error").length,
    unknown: report.unknown.length,
    index: { state, ...(reason !== undefined && { reason }) },
    missing: [...new Set((registry?.unreadPackages ?? []).map(({ name }) => name))].sort(),
    longestLine: longestLine(document.text.getText()),
    view: isView(document.key),
  };
}

function longestLine(text: string): number {
  let longest = 0;
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
    longest = Math.max(longest, end - start);
    start = end + 1;
  }
  return Math.max(longest, text.length - start);
}

/** One entry of `kerasConfig/registeredObjects`. */
export interface RegisteredObject {
  readonly key: string;
  readonly kind: "class" | "function" | "other";
  readonly module: string;
  readonly qualname: string;
  readonly location: Location;
  readonly via: string;
  /** The folder's name, for workspaces of several. */
  readonly folder: string;
}

/** Everything that the Python of the open folders registers, sorted by key; waits for the index. */
export async function registeredObjects(context: Context): Promise<RegisteredObject[]> {
  const { session } = context;
  const folders = session.folderWorkspaces();
  // Without a folder, what single files have brought.
  const workspaces = folders.length > 0 ? folders : session.workspaces;
  const result: RegisteredObject[] = [];
  for (const workspace of workspaces) {
    const { registry } = await session.indexed(workspace);
    for (const { key, kind, module, qualname, location, via } of listRegistrations(registry).registrations) {
      const { uri, range } = location;
      const folder = workspace.roots.map(baseName).join(", ");
      result.push({ key, kind, module, qualname, location: { uri, range }, via: via.text, folder });
    }
  }
  return result.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
