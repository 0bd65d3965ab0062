import { changedSince, planWatching, takeInChanges } from "../workspace/diskChanges.ts";
import { describeError } from "../workspace/host.ts";
import { settingsFileOf } from "../workspace/settings.ts";
import { isView, sourceOf } from "../workspace/views.ts";
import { type Context, isJson } from "./context.ts";
import { refreshViews } from "./views.ts";
import type { WorkspaceCheck } from "./workspaceCheck.ts";

/** Watches folders; tells what changed in them, and which cannot be watched. */
export type MakeWatcher = (doors: {
  readonly changed: (uris: ReadonlySet<string>) => void;
  readonly failed: (folder: string, reason: string) => void;
}) => {
  /** Watches these folders and no others; answers those that were not watched before. */
  watch(folders: ReadonlySet<string>): readonly string[];
  close(): void;
};

/** How long after something changed others are waited for before it is decided anew what to watch, in milliseconds. */
const PLAN_DEBOUNCE_MS = 50;

/** What other programs change on the disk, told by the client or seen by the server itself. */
export class DiskWatch {
  readonly #context: Context;
  readonly #workspaceCheck: WorkspaceCheck;
  readonly #watcher: ReturnType<MakeWatcher>;
  readonly #started: number;
  #watched: ReadonlySet<string> = new Set();
  /** Changes are taken in one batch after the other. */
  #changes: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #isCut = false;
  #isClosed = false;

  constructor(context: Context, workspaceCheck: WorkspaceCheck, makeWatcher: MakeWatcher) {
    this.#context = context;
    this.#workspaceCheck = workspaceCheck;
    this.#started = context.host.now();
    this.#watcher = makeWatcher({
      changed: (uris) => this.changed(uris),
      failed: (folder, reason) => context.host.log("warning", `${folder}: changes are not seen (${reason})`),
    });
  }

  /** Takes in entries that were written, came or went. */
  changed(uris: ReadonlySet<string>): void {
    this.#changes = this.#changes
      .then(() => this.#takeIn(uris))
      .catch((error: unknown) => this.#warn(`changes were not taken in: ${describeError(error)}`));
  }

  /** Decides anew what to watch, soon; several calls in a row are one. */
  plan(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#watch().catch((error: unknown) => this.#warn(`watching failed: ${describeError(error)}`));
    }, PLAN_DEBOUNCE_MS);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#watcher.close();
  }

  #warn(message: string): void {
    this.#context.host.log("warning", message);
  }

  async #takeIn(uris: ReadonlySet<string>): Promise<void> {
    if (this.#isClosed) return;
    const { client, configuration, session, documents, host } = this.#context;
    // A client that gives settings tells when they change.
    if (!client.hasConfiguration && session.folders.some((folder) => uris.has(settingsFileOf(folder)))) {
      configuration.changed(undefined);
      await session.settingsChanged();
    }
    const changed = await takeInChanges(session, host, uris, this.#watched);
    refreshViews(this.#context, changed);
    if (changed.length > 0) this.#workspaceCheck.changed();
    // An archive is open only as its view, which is made again; its version of Keras may differ besides.
    const shown = new Set(documents.all().flatMap(({ key }) => (isView(key) ? [sourceOf(key)] : [])));
    if (changed.some((uri) => shown.has(uri))) session.renew();
    // A folder that came, or came back, is not watched yet.
    this.plan();
  }

  async #watch(): Promise<void> {
    if (this.#isClosed) return;
    const { session, documents, host } = this.#context;
    const open = documents.all().filter(isJson);
    const keys = open.map(({ key }) => key);
    const { folders, isCut } = await planWatching(session, keys, this.#started);
    if (this.#isClosed) return;
    if (isCut && !this.#isCut) this.#warn("so many folders are not all watched for changes");
    this.#isCut = isCut;
    this.#watched = new Set(folders.keys());
    const begun = this.#watcher.watch(this.#watched);
    const momentOf = (folder: string) => Date.now() - (host.now() - (folders.get(folder) ?? this.#started));
    // What was written between the reading of a folder and the watching of it.
    const missed = await changedSince(
      session,
      host,
      begun.map((folder) => [folder, momentOf(folder)] as const),
    );
    if (missed.size > 0) this.changed(missed);
  }
}
