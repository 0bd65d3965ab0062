import { type FSWatcher, watch } from "node:fs";
import { baseName, isWithin, joinUri } from "../workspace/uri.ts";
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

  /** Watches these folders and no others from now on; answers those that were not watched before. */
  watch(folders: ReadonlySet<string>): string[] {
    for (const folder of [...this.#watchers.keys()]) if (!folders.has(folder)) this.#end(folder);
    const begun = [...folders].filter((folder) => !this.#watchers.has(folder));
    for (const folder of begun) this.#begin(folder);
    return begun;
  }

  close(): void {
    this.watch(new Set());
    clearTimeout(this.#timer);
  }

  #begin(folder: string): void {
    try {
      const watcher = watch(pathOfUri(folder), { persistent: false });
      this.#watchers.set(folder, watcher);
      watcher.on("change", (event, name) => this.#happened(folder, event, name === null ? undefined : String(name)));
      watcher.on("error", (error) => {
        if (this.#watchers.get(folder) !== watcher) return;
        this.#end(folder);
        // On Windows a watched folder that is deleted ends so.
        if ((error as NodeJS.ErrnoException).code !== "EPERM") this.#doors.failed(folder, error.message);
        this.#note(folder);
      });
    } catch (error) {
      // What is not there cannot be watched; where it comes, its own folder tells.
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ENOTDIR") this.#doors.failed(folder, message);
    }
  }

  #happened(folder: string, event: string, name: string | undefined): void {
    if (name === undefined) {
      this.#note(folder);
      return;
    }
    const uri = joinUri(folder, name);
    this.#note(uri);
    if (event !== "rename") return;
    // What came in its place is another folder of the same name, which is watched when it is asked for again.
    this.#forgetBelow(uri);
    // A folder that goes names itself.
    if (name === baseName(folder)) {
      this.#note(folder);
      this.#forgetBelow(folder);
    }
  }

  #forgetBelow(uri: string): void {
    for (const folder of [...this.#watchers.keys()]) if (isWithin(folder, uri)) this.#end(folder);
  }

  #end(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
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
