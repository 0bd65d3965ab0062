import { fileKind } from "./exclude.ts";
import type { Host } from "./host.ts";
import { PYRIGHT_CONFIG, projectFiles } from "./scan.ts";
import type { Session } from "./session.ts";
import { settingsFileOf } from "./settings.ts";
import { baseName, isWithin, joinUri, parentUri } from "./uri.ts";
import { isView, sourceOf } from "./views.ts";
import type { Workspace } from "./workspace.ts";

/** More folders than this are not watched: systems give a process some thousands. */
const MOST_FOLDERS = 8_000;

/** What to watch. */
export interface WatchPlan {
  /**
   * The folders whose entries an answer may depend on, each with the moment since when entries of it may have changed
   * unseen where it was not watched yet, on the host's clock.
   */
  readonly folders: ReadonlyMap<string, number>;
  /** Whether there are more than can be watched. */
  readonly isCut: boolean;
}

/** What to watch for open documents and for the indexes that were read. `started` is when the session began. */
export async function planWatching(
  session: Session,
  openDocuments: Iterable<string>,
  started: number,
): Promise<WatchPlan> {
  const folders = new Map<string, number>();
  let isCut = false;
  const add = (uri: string, since = started) => {
    if (folders.size < MOST_FOLDERS || folders.has(uri)) folders.set(uri, Math.min(since, folders.get(uri) ?? since));
    else isCut = true;
  };
  for (const document of openDocuments) {
    const source = sourceOf(document);
    if (!source.startsWith("file:")) continue;
    await session.workspaceOf(document);
    add(parentUri(source));
  }
  for (const workspace of session.workspaces) {
    // A root that is removed and made again is told by the folder that holds it.
    for (const root of workspace.roots) add(parentUri(root));
    for (const folder of workspace.versions.folders) add(folder);
    for (const folder of workspace.sitePackages) add(folder);
    for (const scan of await workspace.scanned()) {
      for (const folder of scan.folders) add(folder, scan.started);
      for (const { real } of scan.linkedFiles) add(parentUri(real));
      add(parentUri(settingsFileOf(scan.root)));
    }
  }
  return { folders, isCut };
}

/** Clocks of file systems are coarse. */
const CLOCK_SLACK_MS = 50;

/**
 * The entries of folders that changed after a moment of each (milliseconds since 1970): what was written between the
 * reading of a folder and the watching of it.
 */
export async function changedSince(
  session: Session,
  host: Host,
  folders: Iterable<readonly [folder: string, moment: number]>,
): Promise<Set<string>> {
  const changed = new Set<string>();
  for (const [folder, moment] of folders) {
    const list = await host.list(folder);
    for (const { name, kind } of list.ok ? list.value : []) {
      const uri = joinUri(folder, name);
      const matters =
        kind === "folder" ||
        fileKind(name) !== undefined ||
        session.workspaces.some(({ versions }) => versions.dependsOn(uri));
      const stat = matters ? await host.stat(uri) : undefined;
      if (stat && stat.changed >= moment - CLOCK_SLACK_MS) changed.add(uri);
    }
  }
  return changed;
}

/**
 * Takes in what other programs changed: entries that were written, came or went. Answers the documents among them, whose
 * views and problems are then made anew.
 */
export async function takeInChanges(
  session: Session,
  host: Host,
  uris: ReadonlySet<string>,
  watched: ReadonlySet<string>,
): Promise<string[]> {
  const documents: string[] = [];
  let renews = false;
  for (const workspace of session.workspaces) {
    const python: string[] = [];
    let moved = false;
    let installs = false;
    const known = await knownFiles(workspace);
    for (const uri of await withLinks(workspace, uris)) {
      const effect = await effectOf(uri, workspace, known, host, watched);
      if (effect === "python") python.push(uri);
      else if (effect === "moved") moved = true;
      else if (effect === "packages") installs = true;
      else if (effect === "documents") workspace.documentsChanged();
      else if (effect === "pins") {
        workspace.pinsChanged();
        renews = true;
      }
    }
    if (installs) workspace.environmentChanged();
    else if (moved) workspace.filesChanged();
    if (python.length > 0) workspace.pythonChanged(python);
    if (moved || installs) renews = true;
    if (workspace.latest && !workspace.isCurrent) void session.ensureIndexed(workspace);
  }
  for (const uri of uris) if (fileKind(baseName(uri)) === "document") documents.push(uri);
  if (renews) session.renew();
  return documents;
}

type Effect = "python" | "moved" | "packages" | "documents" | "pins" | undefined;

async function effectOf(
  uri: string,
  workspace: Workspace,
  known: ReadonlySet<string>,
  host: Host,
  watched: ReadonlySet<string>,
): Promise<Effect> {
  if (isView(uri)) return undefined;
  if (workspace.sitePackages.some((folder) => isWithin(uri, folder))) return "packages";
  const name = baseName(uri);
  const isBelow = workspace.roots.some((root) => isWithin(uri, root));
  // They say from where the names of modules count.
  const saysWherePackagesAre = name === PYRIGHT_CONFIG || projectFiles.includes(name);
  if (saysWherePackagesAre && isBelow && workspace.latest && watched.has(parentUri(uri))) return "moved";
  if (workspace.versions.dependsOn(uri)) return "pins";
  if (!isBelow) return undefined;
  if (name === ".gitignore" || uri === settingsFileOf(workspace.roots[0] ?? "")) return "moved";
  const kind = fileKind(name);
  const stat = await host.stat(uri);
  // A folder that came may hold anything; so may one that went.
  if (stat?.kind === "folder" || (stat === undefined && watched.has(uri))) return "moved";
  if (kind === "document") return known.has(uri) === (stat !== undefined) ? undefined : "documents";
  if (kind === undefined) return undefined;
  return known.has(uri) && stat !== undefined ? "python" : "moved";
}

/** The entries, and the links that lead to them. */
async function withLinks(workspace: Workspace, uris: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const scans = await workspace.scanned();
  const links = scans.flatMap(({ linkedFiles }) => linkedFiles.filter(({ real }) => uris.has(real)));
  return links.length === 0 ? uris : new Set([...uris, ...links.map(({ uri }) => uri)]);
}

async function knownFiles(workspace: Workspace): Promise<ReadonlySet<string>> {
  const scans = await workspace.scanned();
  return new Set(scans.flatMap(({ python, notebooks, documents }) => [...python, ...notebooks, ...documents]));
}
