import type { KerasCatalogue } from "../catalogue/keras.ts";
import type { RegistrationProblem } from "../registry/index.ts";
import { AskedView } from "./askedView.ts";
import type { CheckResult } from "./checkDocument.ts";
import {
  type CheckedAgainst,
  checkPrepared,
  isAllFound,
  type PreparedDocument,
  prepareDocument,
  saysThatSomethingIsMissing,
  withoutPython,
} from "./checkFile.ts";
import type { EditorSettings } from "./editorSettings.ts";
import { describeError, type Host } from "./host.ts";
import { workspaceOfFile } from "./roots.ts";
import type { ScanLimits } from "./scan.ts";
import { type CancellationToken, Cancelled, either, runInSlices, Slices } from "./slices.ts";
import { undefinedSetting } from "./statedCall.ts";
import { UnreadRegistry } from "./unreadRegistry.ts";
import { baseName, expandFolder, resolvePath } from "./uri.ts";
import { innermost } from "./versionEvidence.ts";
import { sourceOf } from "./views.ts";
import { WarnedOnce } from "./warnedOnce.ts";
import { type IndexedWorkspace, Workspace } from "./workspace.ts";

/** What a session wants of the editor's side. */
export interface SessionDoors {
  readonly catalogue: () => Promise<KerasCatalogue>;
  /** The settings that hold for a document or folder. */
  readonly settings: (uri: string) => Promise<EditorSettings>;
  /** Answers may differ from those given before: those of closed files, and where it is so, those of open documents. */
  readonly changed: (openDocuments: boolean) => void;
  /** Whether an index is being read, or what is known of one, changed. */
  readonly stateChanged: () => void;
  /** An index begins to be read; what is returned is told how it goes, and when it is done. */
  readonly begin: () => { report(line: () => string): void; done(): void };
}

/** A document as far as it is known now. */
export interface CheckedDocument {
  readonly report: CheckResult;
  /** False where the workspace's Python is still being read: then only what it cannot change is said. */
  readonly isComplete: boolean;
  readonly settings: EditorSettings;
  readonly workspace: Workspace;
  /** What the workspace registers, as far as it was read when the document was checked. */
  readonly indexed: IndexedWorkspace | undefined;
  /** What was asked of it; undefined where nothing was. */
  readonly asked?: AskedView;
}

/** A report, and what was asked of the registry for it. */
interface Checked {
  readonly report: CheckResult;
  readonly asked: AskedView;
}

interface Check {
  readonly text: string | undefined;
  revision: number;
  readonly token: { cancelled: boolean };
  done: Promise<CheckedDocument | undefined>;
  /** What came of it, when it is done. */
  known?: CheckedDocument;
}

/** A folder that nobody opened as one, round a single file: it may be somebody's home, so little of it is looked through. */
const LOOSE_LIMITS: ScanLimits = { folders: 1_000, files: 2_000, entries: 50_000, milliseconds: 3_000 };

/**
 * What an editor has open: folders, each with its Python, and documents. It answers from what is known and brings that
 * up to date in the background; the results of an older state never take the place of newer ones.
 */
export class Session {
  readonly #host: Host;
  readonly #doors: SessionDoors;
  #folders: readonly string[] = [];
  readonly #workspaces = new Map<string, Workspace>();
  readonly #checks = new Map<string, Check>();
  readonly #indexing = new Map<Workspace, Promise<void>>();
  /** Who is told how the reading of a workspace goes, by its key. */
  readonly #progress = new Map<string, (line: () => string) => void>();
  /** By folder, what the editor's Python extension uses. */
  #reported: ReadonlyMap<string, string> = new Map();
  readonly #warned: WarnedOnce;
  /** Counts what may change answers. */
  #revision = 0;

  /** `host` answers for open documents too (`openText`). */
  constructor(host: Host, doors: SessionDoors) {
    this.#host = host;
    this.#doors = doors;
    this.#warned = new WarnedOnce(host);
  }

  get folders(): readonly string[] {
    return this.#folders;
  }

  /** The workspaces that were asked for so far: one per folder, and those of single files. */
  get workspaces(): readonly Workspace[] {
    return [...this.#workspaces.values()];
  }

  /** Whether an index is being read. */
  get isBusy(): boolean {
    return this.#indexing.size > 0;
  }

  setFolders(folders: readonly string[]): void {
    this.#folders = [...new Set(folders)];
    for (const workspace of this.#workspaces.values()) workspace.close();
    this.#workspaces.clear();
    this.renew();
  }

  /** The workspace whose Python a document is checked against: the innermost folder's, for a single file its project's. */
  async workspaceOf(uri: string): Promise<Workspace> {
    const source = sourceOf(uri);
    const folder = innermost(this.#folders, source);
    if (folder !== undefined) return this.#workspace([folder]);
    if (!source.startsWith("file:")) return this.#workspace(this.#folders);
    return this.#workspace([await workspaceOfFile(this.#host, source)], LOOSE_LIMITS);
  }

  #workspace(roots: readonly string[], limits?: ScanLimits): Workspace {
    const key = keyOf(roots);
    let workspace = this.#workspaces.get(key);
    if (!workspace) {
      workspace = new Workspace(this.#host, roots, {
        closed: false,
        ...(limits && { limits }),
        progress: (line) => this.#progress.get(key)?.(line),
      });
      this.#workspaces.set(key, workspace);
      const folders = this.#folders.map((folder) => this.#workspaces.get(folder)).filter((one) => one !== undefined);
      if (limits === undefined) for (const one of folders) one.besides(folders);
    }
    return workspace;
  }

  /** The workspaces of all folders, those included that no document has asked for. */
  folderWorkspaces(): Workspace[] {
    return this.#folders.map((folder) => this.#workspace([folder]));
  }

  /** A registry that is up to date; waits for it. Throws only Cancelled. */
  async indexed(workspace: Workspace): Promise<IndexedWorkspace> {
    await this.#applySettings(workspace);
    void this.ensureIndexed(workspace);
    return workspace.indexed();
  }

  /** What is wrong with the registrations of a module, as its workspace is now; waits for it. Throws only Cancelled. */
  async problemsIn(workspace: Workspace, module: string): Promise<readonly RegistrationProblem[]> {
    await this.#applySettings(workspace);
    void this.ensureIndexed(workspace);
    const kept = (await workspace.recalled())?.answers.problemsIn(module);
    return kept ?? (await workspace.indexed()).registry.problemsIn(module);
  }

  /** Keeps what was said of open documents for the next start. Never throws. */
  async keep(): Promise<void> {
    for (const workspace of this.workspaces) {
      const documents = new Map<string, ReadonlyMap<string, string>>();
      for (const [uri, { known, revision }] of this.#checks) {
        const answers = known?.workspace === workspace && revision === this.#revision && known.asked?.answers();
        if (answers) documents.set(uri, answers);
      }
      await workspace.keep(documents);
    }
  }

  /** Brings an index up to date in the background, and says so when answers differ. */
  ensureIndexed(workspace: Workspace): Promise<void> {
    let running = this.#indexing.get(workspace);
    if (!running && !workspace.isCurrent) {
      running = this.#index(workspace);
      this.#indexing.set(workspace, running);
      this.#doors.stateChanged();
    }
    return running ?? Promise.resolve();
  }

  async #index(workspace: Workspace): Promise<void> {
    const before = workspace.latest;
    const started = this.#host.now();
    const progress = this.#doors.begin();
    this.#progress.set(keyOf(workspace.roots), (line) => progress.report(line));
    try {
      await this.#applySettings(workspace);
      if (!workspace.isRecalled && (await workspace.recalled())) this.renew();
      const { registry } = await workspace.indexed();
      const cut = registry.incomplete === undefined ? "" : `; not as a whole: ${registry.incomplete}`;
      this.#host.log(
        "info",
        `${workspace.roots.join(", ")}: ${registry.registrations.length} registrations, read in ${Math.round(this.#host.now() - started)} ms${cut}`,
      );
    } catch (error) {
      // A folder that is closed meanwhile cancels; anything else is a defect, which must not end the session.
      if (!(error instanceof Cancelled)) this.#host.log("warning", `the index failed: ${describeError(error)}`);
    } finally {
      progress.done();
      this.#progress.delete(keyOf(workspace.roots));
      this.#indexing.delete(workspace);
    }
    const isSame = before?.registry === workspace.latest?.registry && before?.installed === workspace.latest?.installed;
    if (!isSame) this.#renewAfter(workspace, before?.installed === workspace.latest?.installed);
    this.#doors.stateChanged();
  }

  async #applySettings(workspace: Workspace): Promise<void> {
    const [root] = workspace.roots;
    if (root === undefined) return;
    const { closedWorkspace, environment, extraPaths } = await this.#doors.settings(root);
    workspace.setClosed(closedWorkspace);
    workspace.setPython({
      environment: environment === undefined ? undefined : resolvePath(root, expandFolder(environment)),
      reported: this.#reported.get(root),
      extraPaths,
    });
  }

  /** Says that answers may differ from now on. */
  renew(): void {
    this.#revision++;
    this.#doors.changed(true);
  }

  /** As `renew`, but keeps the checks of open documents for which the index says the same as before. */
  #renewAfter(workspace: Workspace, sameEnvironment: boolean): void {
    const revision = ++this.#revision;
    let differs = false;
    for (const check of this.#checks.values()) {
      const { known } = check;
      const isCurrent = known?.isComplete === true && check.revision === revision - 1;
      const asked = known?.asked;
      const view = known?.workspace.latest?.registry;
      if (!isCurrent || (asked && (!sameEnvironment || !view || !asked.holdsIn(view)))) {
        differs = true;
        continue;
      }
      check.revision = revision;
      if (known.workspace !== workspace) continue;
      const kept = { ...known, indexed: workspace.latest };
      check.known = kept;
      check.done = Promise.resolve(kept);
    }
    this.#doors.changed(differs);
  }

  /** Says that settings changed: every answer is made anew, and an index where it matters to it. */
  async settingsChanged(): Promise<void> {
    this.#warned.forget();
    for (const workspace of this.workspaces) {
      await this.#applySettings(workspace);
      if (workspace.latest && !workspace.isCurrent) void this.ensureIndexed(workspace);
    }
    this.renew();
  }

  /** Says which environments the editor's Python extension uses now: folders of the workspace, and `sys.prefix` in each. */
  environmentsReported(environments: ReadonlyMap<string, string>): Promise<void> {
    this.#reported = environments;
    return this.settingsChanged();
  }

  /** Forgets what was made of a document that is closed. */
  closed(uri: string): void {
    const check = this.#checks.get(uri);
    if (check) check.token.cancelled = true;
    this.#checks.delete(uri);
  }

  /**
   * The check of a document as it is now: an open one by its text, a closed one by its file. Undefined where it cannot
   * be read. Throws Cancelled where it is closed or changed meanwhile, or `token` says so.
   */
  async check(uri: string, token?: CancellationToken): Promise<CheckedDocument | undefined> {
    const text = this.#host.openText?.(uri);
    const before = this.#checks.get(uri);
    // A closed file may change at any time.
    let check = before && text !== undefined && before.text === text ? before : undefined;
    if (check?.revision !== this.#revision || check.token.cancelled) check = undefined;
    if (!check) {
      if (before) before.token.cancelled = true;
      const own = { cancelled: false };
      const done = this.#check(uri, text === undefined && token ? either(own, token) : own);
      const made: Check = { text, revision: this.#revision, token: own, done };
      check = made;
      done.then(
        (known) => {
          if (known && made.done === done) made.known = known;
        },
        () => undefined,
      );
      if (text !== undefined) this.#checks.set(uri, check);
      const failed = check;
      done.catch(() => {
        if (this.#checks.get(uri) === failed) this.#checks.delete(uri);
      });
    }
    const result = await check.done;
    if (token?.cancelled) throw new Cancelled();
    return result;
  }

  async #check(uri: string, token: CancellationToken): Promise<CheckedDocument | undefined> {
    const workspace = await this.workspaceOf(uri);
    const settings = await this.#doors.settings(uri);
    await this.#applySettings(workspace);
    const prepared = await prepareDocument(
      { uri, path: baseName(sourceOf(uri)) },
      {
        host: this.#host,
        catalogue: this.#doors.catalogue,
        evidence: () => workspace.evidence(sourceOf(uri)),
        kerasFlags: [],
        settings: settings.kerasVersions,
        call: settings.call,
      },
    );
    if (token.cancelled) throw new Cancelled();
    if ("unreadable" in prepared) return undefined;
    const run = (against: CheckedAgainst) => this.#run(prepared, against, token);
    const { latest: indexed, isCurrent } = workspace;
    const whole = indexed && (await this.#checkAgainst(workspace, indexed, run));
    for (const stated of whole?.report.undefinedObjects ?? []) this.#warned.say(undefinedSetting(stated));
    if (whole) return { settings, workspace, indexed, ...whole, isComplete: isCurrent };
    const recalled = indexed ? undefined : await this.#checkRecalled(workspace, uri, run);
    if (recalled) return { settings, workspace, indexed, ...recalled, isComplete: true };
    const unknown = new UnreadRegistry();
    const report = await run(withoutPython(unknown));
    if (unknown.needed && !indexed) void this.ensureIndexed(workspace);
    const local = unknown.needed ? { ...report, unknown: [] } : report;
    return { settings, workspace, indexed, report: local, isComplete: !unknown.needed };
  }

  /** The report against what an earlier run said of the same workspace; undefined where it was not asked the same. */
  async #checkRecalled(
    workspace: Workspace,
    uri: string,
    run: (against: CheckedAgainst) => Promise<CheckResult>,
  ): Promise<Checked | undefined> {
    if (!workspace.isRecalled) return undefined;
    const { answers, installed } = (await workspace.recalled()) ?? {};
    const view = answers?.viewFor(uri);
    if (!view) return undefined;
    const asked = new AskedView(view);
    const packageInstalled = installed && { packageInstalled: (name: string) => installed.has(name) };
    const report = await run({ view: asked, ...packageInstalled });
    void this.ensureIndexed(workspace);
    return view.needed ? undefined : { report, asked };
  }

  /** The report against what was read last; undefined where other roots have to be read first. */
  async #checkAgainst(
    workspace: Workspace,
    indexed: IndexedWorkspace,
    run: (against: CheckedAgainst) => Promise<CheckResult>,
  ): Promise<Checked | undefined> {
    if (!workspace.isCurrent) void this.ensureIndexed(workspace);
    const registry = workspace.checkRegistry(indexed);
    if (workspace.isWidened) await registry.widen?.();
    let { view } = registry;
    let first = new AskedView(view);
    let report = await run({ ...registry, view: first });
    const named = isAllFound(report) ? undefined : await registry.named?.(report.asked);
    if (named) {
      view = named;
      first = new AskedView(view);
      report = await run({ ...registry, view: first });
    }
    if (!saysThatSomethingIsMissing(report)) return { report, asked: first };
    // Before a name is said to be missing, the other roots are asked, as they were read last.
    const unread = this.#others(workspace).filter(({ latest }) => latest === undefined);
    for (const other of unread) void this.ensureIndexed(other);
    if (unread.length > 0) return undefined;
    if (!(await registry.widen?.())) return { report, asked: first };
    const asked = new AskedView(view);
    return { report: await run({ ...registry, view: asked }), asked };
  }

  async #run(prepared: PreparedDocument, against: CheckedAgainst, token: CancellationToken): Promise<CheckResult> {
    const catalogue = await this.#doors.catalogue();
    return runInSlices(checkPrepared(prepared, catalogue, against), new Slices(this.#host, token));
  }

  /** The other roots of the workspace that one root belongs to. */
  #others(workspace: Workspace): Workspace[] {
    if (!this.#folders.includes(workspace.roots[0] ?? "") || workspace.roots.length > 1) return [];
    return this.folderWorkspaces().filter((other) => other !== workspace);
  }
}

function keyOf(roots: readonly string[]): string {
  return roots.join(" ");
}
