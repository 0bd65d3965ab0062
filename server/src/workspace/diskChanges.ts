import { fileKind } from "./exclude.ts";
import type { Host } from "./host.ts";
import type { Session } from "./session.ts";
import { settingsFileOf } from "./settings.ts";
import { baseName, isWithin, parentUri } from "./uri.ts";
import { innermost } from "./versionEvidence.ts";
import { isView, sourceOf } from "./views.ts";
import type { Workspace } from "./workspace.ts";

/** More folders than this are not watched: systems give a process some thousands. */
const MOST_FOLDERS = 8_000;

/** Files that may pin Keras. */
const pins =
  /^(?:uv\.lock|poetry\.lock|pdm\.lock|pylock\.toml|Pipfile\.lock|pyproject\.toml|setup\.cfg|environment\.ya?ml)$|(?:requirements|constraints).*\.(?:txt|in)$/i;

/** The folders whose entries an answer may depend on, and whether there are more than can be watched. */
export interface WatchPlan {
  readonly folders: ReadonlySet<string>;
  readonly isWhole: boolean;
}

/** What to watch for the indexes that were read and for open documents. */
export async function planWatching(session: Session, openDocuments: Iterable<string>): Promise<WatchPlan> {
  const folders = new Set<string>();
  const add = (uri: string) => {
    if (folders.size < MOST_FOLDERS) folders.add(uri);
  };
  let wanted = 0;
  for (const document of openDocuments) {
    const source = sourceOf(document);
    if (!source.startsWith("file:")) continue;
    // From the document's folder up to the root: pins of Keras and environments.
    const { roots } = await session.workspaceOf(document);
    const root = innermost(roots, source);
    for (const one of roots) add(one);
    add(parentUri(source));
    for (let folder = parentUri(source); root !== undefined && folder !== root; folder = parentUri(folder)) add(folder);
  }
  for (const workspace of session.workspaces) {
    for (const scan of await workspace.scanned()) {
      wanted += scan.folders.length;
      for (const folder of scan.folders) add(folder);
      add(parentUri(settingsFileOf(scan.root)));
    }
    for (const folder of workspace.sitePackages) add(folder);
  }
  return { folders, isWhole: wanted < MOST_FOLDERS };
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
    for (const uri of uris) {
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
  if (!workspace.roots.some((root) => isWithin(uri, root))) return undefined;
  const name = baseName(uri);
  if (name === ".gitignore" || uri === settingsFileOf(workspace.roots[0] ?? "")) return "moved";
  if (pins.test(name)) return "pins";
  const kind = fileKind(name);
  const stat = await host.stat(uri);
  // A folder that came may hold anything; so may one that went.
  if (stat?.kind === "folder" || (stat === undefined && watched.has(uri))) return "moved";
  if (kind === "document") return known.has(uri) === (stat !== undefined) ? undefined : "documents";
  if (kind === undefined) return undefined;
  return known.has(uri) && stat !== undefined ? "python" : "moved";
}

async function knownFiles(workspace: Workspace): Promise<ReadonlySet<string>> {
  const scans = await workspace.scanned();
  return new Set(scans.flatMap(({ python, notebooks, documents }) => [...python, ...notebooks, ...documents]));
}
