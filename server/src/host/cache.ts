import { mkdir, open, readdir, readFile, rename, stat, unlink } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { CacheDoor, LogLevel } from "../workspace/host.ts";

/** How much is kept; `file` and `folder` in bytes. */
export interface CacheLimits {
  /** A longer text is not kept, nor read. */
  readonly file: number;
  /** Where the folder holds more, what was written longest ago goes. */
  readonly folder: number;
  /** Nor are there more files than this. */
  readonly files: number;
}

const defaultLimits: CacheLimits = { file: 100_000_000, folder: 300_000_000, files: 500 };
/** A file that was begun and not finished for longer than this is left over, in milliseconds. */
const LEFT_OVER_MS = 3_600_000;
/** How many files this process has begun, so that each has a name of its own. */
let drafts = 0;

/**
 * The folder in which this machine keeps what can be made again, with the project's own in it: `$XDG_CACHE_HOME` or
 * `~/.cache`, `~/Library/Caches`, `%LOCALAPPDATA%`. Undefined where the environment names none.
 */
export function cacheFolder(
  platform: NodeJS.Platform,
  variables: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const { XDG_CACHE_HOME: xdg, HOME: home, LOCALAPPDATA: local } = variables;
  const below = (folder: string | undefined, ...names: string[]) => folder && join(folder, ...names);
  const folder =
    platform === "win32"
      ? local
      : platform === "darwin"
        ? below(home, "Library", "Caches")
        : xdg || below(home, ".cache");
  return folder !== undefined && isAbsolute(folder) ? join(folder, "keras-config") : undefined;
}

/**
 * A folder of texts, each in a file of its own. A text is written beside the one before and then put in its place, so
 * that whoever reads finds one or the other. What fails is logged, and then nothing is kept.
 */
export function createCache(
  folder: string,
  generation: string,
  log: (level: LogLevel, message: string) => void,
  limits: CacheLimits = defaultLimits,
): CacheDoor {
  return {
    generation,
    clock: Date.now,
    async read(name) {
      try {
        const path = join(folder, name);
        if ((await stat(path)).size > limits.file) return undefined;
        return await readFile(path, "latin1");
      } catch (error) {
        const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
        if (!isMissing) log("info", `the cache ${name} is not read: ${(error as Error).message}`);
        return undefined;
      }
    },
    async write(name, pieces) {
      if (pieces.reduce((sum, piece) => sum + piece.length, 0) > limits.file) return;
      const draft = join(folder, `${name}.${process.pid}-${drafts++}.new`);
      try {
        // What is read of somebody's code is for nobody else.
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const file = await open(draft, "wx", 0o600);
        try {
          for (const piece of pieces) await file.writeFile(piece, "latin1");
        } finally {
          await file.close();
        }
        await rename(draft, join(folder, name));
      } catch (error) {
        log("info", `the cache ${name} is not written: ${(error as Error).message}`);
        await unlink(draft).catch(() => undefined);
      }
      await prune(folder, limits, log);
    },
  };
}

/** Removes what is left over, and what is oldest where the folder holds too much. Only the cache's own files are touched. */
async function prune(
  folder: string,
  limits: CacheLimits,
  log: (level: LogLevel, message: string) => void,
): Promise<void> {
  try {
    const files: { readonly path: string; readonly bytes: number; readonly written: number }[] = [];
    for (const name of await readdir(folder)) {
      if (!/^(?:summaries|answers)-[0-9a-f]+(?:\.[0-9-]+\.new)?$/.test(name)) continue;
      const path = join(folder, name);
      const stats = await stat(path).catch(() => undefined);
      if (!stats) continue;
      if (!name.endsWith(".new")) files.push({ path, bytes: stats.size, written: stats.mtimeMs });
      else if (Date.now() - stats.mtimeMs > LEFT_OVER_MS) await unlink(path);
    }
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    files.sort((a, b) => a.written - b.written);
    for (const [gone, file] of files.entries()) {
      if (bytes <= limits.folder && files.length - gone <= limits.files) break;
      await unlink(file.path);
      bytes -= file.bytes;
    }
  } catch (error) {
    log("info", `the cache's folder is not tidied: ${(error as Error).message}`);
  }
}
