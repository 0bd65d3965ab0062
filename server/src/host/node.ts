import type { Dirent, Stats } from "node:fs";
import { closeSync, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { performance } from "node:perf_hooks";
import {
  type Answer,
  type CacheDoor,
  type FileStat,
  type FolderEntry,
  formatBytes,
  type Host,
  type LogLevel,
  type Refusal,
} from "../workspace/host.ts";
import { pathFromUri, uriFromPath } from "../workspace/uri.ts";
import { decodeBytes } from "./decode.ts";

export interface NodeHostOptions {
  /**
   * Read small files and folders without giving the thread away. Five times less CPU over thousands of files; right
   * where nobody waits meanwhile (the command line), wrong where a network drive could hold up an editor.
   */
  readonly synchronous: boolean;
  readonly log: (level: LogLevel, message: string) => void;
  /**
   * How many turns of the event loop work lets pass when it yields; 1 unless said otherwise. A request of the protocol takes
   * several on its way in and out, each of which would otherwise wait for a slice of work.
   */
  readonly yieldTurns?: number;
  readonly cache?: CacheDoor | undefined;
}

const windows = process.platform === "win32";

/** Larger files are read asynchronously in any case, so that a progress line can move. */
const SYNC_BYTES = 4_000_000;

/** The URI of a path of this machine, relative ones from the current folder. */
export function uriOfPath(path: string): string {
  return uriFromPath(path, windows);
}

/** The path of a `file:` URI on this machine; other schemes are returned as they are, for messages. */
export function pathOfUri(uri: string): string {
  return pathFromUri(uri, windows) ?? uri;
}

function refusal(error: unknown): Refusal {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "ENOENT" || code === "ENOTDIR") return { ok: false, why: "missing", detail: "no such file or folder" };
  if (code === "EACCES" || code === "EPERM") return { ok: false, why: "denied", detail: "permission denied" };
  if (code === "EISDIR") return { ok: false, why: "not a file", detail: "a folder, not a file" };
  if (code === "ELOOP") return { ok: false, why: "failed", detail: "a loop of symbolic links" };
  return { ok: false, why: "failed", detail: (error as Error).message };
}

function tooLarge(size: number, limit: number): Refusal {
  return { ok: false, why: "too large", detail: `${formatBytes(size)}, more than the limit of ${formatBytes(limit)}` };
}

function unreadable(stats: Stats): Refusal | undefined {
  if (stats.isFile()) return undefined;
  // Reading a pipe or a device can block for ever.
  const detail = stats.isDirectory() ? "a folder, not a file" : "not a regular file";
  return { ok: false, why: "not a file", detail };
}

function fileStat(stats: Stats): FileStat {
  const kind = stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other";
  return { kind, size: stats.size, modified: stats.mtimeMs, changed: stats.ctimeMs };
}

function folderEntry(entry: Dirent): FolderEntry {
  const kind = entry.isFile() ? "file" : entry.isDirectory() ? "folder" : entry.isSymbolicLink() ? "link" : "other";
  return { name: entry.name, kind };
}

/** Reads `length` bytes at `offset`; a file that shrinks meanwhile gives fewer. */
function readSyncFully(fd: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const count = readSync(fd, bytes, done, length - done, offset + done);
    if (count === 0) break;
    done += count;
  }
  return done === length ? bytes : bytes.subarray(0, done);
}

/** The environments that a shell says are active. */
export function activeEnvironments(variables: Readonly<Record<string, string | undefined>>): string[] {
  return [variables.VIRTUAL_ENV, variables.CONDA_PREFIX].flatMap((path) =>
    path !== undefined && isAbsolute(path) ? uriOfPath(path) : [],
  );
}

/** The doors of Node. */
export function createNodeHost(options: NodeHostOptions): Host {
  const { synchronous, yieldTurns = 1 } = options;

  async function readBytes(uri: string, maxBytes: number): Promise<Answer<Uint8Array>> {
    const path = pathOfUri(uri);
    let fd: number | undefined;
    try {
      if (!synchronous) return await readAsynchronously(path, maxBytes);
      // Looked at before it is opened: opening a named pipe waits for its writer.
      const before = statSync(path);
      const refused = unreadable(before);
      if (refused) return refused;
      if (before.size > maxBytes) return tooLarge(before.size, maxBytes);
      if (before.size > SYNC_BYTES) return await readAsynchronously(path, maxBytes);
      fd = openSync(path, "r");
      return { ok: true, value: readSyncFully(fd, 0, fstatSync(fd).size) };
    } catch (error) {
      return refusal(error);
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

  async function readAsynchronously(path: string, maxBytes: number): Promise<Answer<Uint8Array>> {
    const stats = await stat(path);
    const refused = unreadable(stats);
    if (refused) return refused;
    if (stats.size > maxBytes) return tooLarge(stats.size, maxBytes);
    const file = await open(path, "r");
    try {
      const value = await file.readFile();
      return value.length > maxBytes ? tooLarge(value.length, maxBytes) : { ok: true, value };
    } finally {
      await file.close();
    }
  }

  async function readRange(uri: string, offset: number, length: number): Promise<Answer<Uint8Array>> {
    const path = pathOfUri(uri);
    let fd: number | undefined;
    try {
      const refused = unreadable(synchronous ? statSync(path) : await stat(path));
      if (refused) return refused;
      if (synchronous && length <= SYNC_BYTES) {
        fd = openSync(path, "r");
        return { ok: true, value: readSyncFully(fd, offset, length) };
      }
      const file = await open(path, "r");
      try {
        const bytes = new Uint8Array(length);
        let done = 0;
        while (done < length) {
          const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return { ok: true, value: done === length ? bytes : bytes.subarray(0, done) };
      } finally {
        await file.close();
      }
    } catch (error) {
      return refusal(error);
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

  return {
    async stat(uri) {
      try {
        return fileStat(synchronous ? statSync(pathOfUri(uri)) : await stat(pathOfUri(uri)));
      } catch {
        return undefined;
      }
    },
    async list(uri) {
      const path = pathOfUri(uri);
      try {
        const entries = synchronous
          ? readdirSync(path, { withFileTypes: true })
          : await readdir(path, { withFileTypes: true });
        return { ok: true, value: entries.map(folderEntry) };
      } catch (error) {
        return refusal(error);
      }
    },
    async realUri(uri) {
      try {
        const path = pathOfUri(uri);
        return uriOfPath(synchronous ? realpathSync.native(path) : await realpath(path));
      } catch {
        return undefined;
      }
    },
    activeEnvironments: activeEnvironments(process.env),
    cache: options.cache,
    readBytes,
    readRange,
    decode: decodeBytes,
    now: () => performance.now(),
    async yield() {
      for (let turn = 0; turn < yieldTurns; turn++) await new Promise((resolve) => setImmediate(resolve));
    },
    log: options.log,
  };
}
