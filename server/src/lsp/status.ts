import { listRegistrations } from "../registry/index.ts";
import { baseName } from "../workspace/uri.ts";
import { isView } from "../workspace/views.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { Context } from "./context.ts";
import { Places } from "./places.ts";
import type { DocumentStatus, RegisteredObject } from "./protocol.ts";

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

/** Everything that the Python of the open folders registers, sorted by key; waits for the index. */
export async function registeredObjects(context: Context): Promise<RegisteredObject[]> {
  const places = new Places(context);
  const result: RegisteredObject[] = [];
  for (const workspace of registeringWorkspaces(context)) {
    const { registry } = await context.session.indexed(workspace);
    for (const { key, kind, module, qualname, location, via } of listRegistrations(registry).registrations) {
      const folder = workspace.roots.map(baseName).join(", ");
      result.push({ key, kind, module, qualname, location: await places.location(location), via: via.text, folder });
    }
  }
  return result.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** Those whose registrations a search looks through: the open folders', without a folder what single files have brought. */
export function registeringWorkspaces({ session }: Context): readonly Workspace[] {
  const folders = session.folderWorkspaces();
  return folders.length > 0 ? folders : session.workspaces;
}
