import { type FSWatcher, watch } from "node:fs";
import { joinUri } from "../workspace/uri.ts";
import { pathOfUri } from "./node.ts";

/** How long after a change others are waited for, and how long at most, in milliseconds: programs write many files at once. */
const QUIET_MS = 60;
const LONGEST_WAIT_MS = 500;

export interface WatcherDoors {
  /** Entries that were written, came or went; each once. */
  readonly changed: (uris: ReadonlySet<string>) => void;
  /** A folder cannot be watched: the system gives no more watches, or the file system knows none. */
  readonly failed: (folder: string, reason: string) => void;
}

/** Watches folders, each for its own entries, and tells changes in batches. */
export class FolderWatcher {
  readonly #doors: WatcherDoors;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #pending = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #first = 0;

  constructor(doors: WatcherDoors) {
    this.#doors = doors;
  }

  /** Watches these folders and no others from now on. */
  watch(folders: ReadonlySet<string>): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#begin(folder);
  }

  close(): void {
    this.watch(new Set());
    clearTimeout(this.#timer);
  }

  #begin(folder: string): void {
    try {
      const watcher = watch(pathOfUri(folder), { persistent: false });
      this.#watchers.set(folder, watcher);
      watcher.on("change", (_, name) => this.#note(name === null ? folder : joinUri(folder, String(name))));
      watcher.on("error", (error) => this.#end(folder, watcher, error));
    } catch (error) {
      // A folder that is not there (any more) is told by the one that holds it.
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ENOTDIR") this.#doors.failed(folder, message);
    }
  }

  #end(folder: string, watcher: FSWatcher, error: Error): void {
    watcher.close();
    if (this.#watchers.get(folder) === watcher) this.#watchers.delete(folder);
    // On Windows a watched folder that is deleted ends so.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") this.#doors.failed(folder, error.message);
    this.#note(folder);
  }

  #note(uri: string): void {
    const now = Date.now();
    if (this.#pending.size === 0) this.#first = now;
    this.#pending.add(uri);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), Math.max(0, Math.min(QUIET_MS, this.#first + LONGEST_WAIT_MS - now)));
  }

  #tell(): void {
    const uris = new Set(this.#pending);
    this.#pending.clear();
    this.#doors.changed(uris);
  }
}
