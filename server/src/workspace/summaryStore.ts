import { type Host, isOpen } from "./host.ts";
import { type PythonFile, readPython, type SummedFile, stampOfFile, summaryOfRead } from "./pythonFiles.ts";
import { runInSlices, Slices } from "./slices.ts";
import { type CacheEntry, entryText, hashOf, headerOf, SummaryCache } from "./summaryCache.ts";

/** While somebody writes Python, what is new is kept no more often than this, in milliseconds. */
const SAVE_MS = 60_000;
/** Characters that are handed over for writing at once. */
const PIECE = 1_000_000;

/** A file as it was read, or what is known of it from an earlier run. */
export type Reading = { readonly refused: string } | PythonFile | SummedFile;

/** The summary of what was read or known, and where it is from; with `names`, of what was read, as `summariseFully` does. */
export function summed(read: Reading, names?: ReadonlySet<string>): SummedFile | { readonly refused: string } {
  return "source" in read ? summaryOfRead(read, names) : read;
}

/**
 * The summaries of one workspace between runs. What was kept is used once, for the first reading: later only what changed
 * is read. A summary depends on nothing but the text, the names that were asked for and the program, so no setting is
 * part of its key. Several processes may share the files: each writes whole ones, and the last one stays.
 */
export class SummaryStore {
  readonly #host: Host;
  readonly #name: string;
  #kept: Promise<SummaryCache | undefined> | undefined;
  #hasNews = false;
  #isSaving = false;
  #savedAt: number | undefined;

  /** `places` names the store: the workspace's roots, or those and where its packages are. */
  constructor(host: Host, places: readonly string[]) {
    this.#host = host;
    this.#name = `summaries-${hashOf(places.join("\n"))}`;
  }

  /** Reads a file, where what was kept of it does not do instead. Never throws. */
  async recall(uri: string): Promise<Reading> {
    const stamp = await stampOfFile(this.#host, uri);
    this.#kept ??= this.#load();
    const kept = await this.#kept;
    const known = stamp && !isOpen(this.#host, uri) && kept?.find(uri, stamp);
    if (known) return { ...known, bytes: known.origin.stamp[2], isPlain: true };
    const read = await this.read(uri);
    const same = "source" in read && read.isPlain && read.origin && kept?.recognise(uri, read.origin);
    return same ? { ...same, bytes: read.bytes, isPlain: true } : read;
  }

  /** Reads a file anew. Never throws. */
  async read(uri: string): Promise<Reading> {
    const read = await readPython(this.#host, uri);
    if (!("refused" in read) && read.origin && read.isPlain) this.#hasNews = true;
    return read;
  }

  /** Says that everything was read, and lets go of what was kept. */
  async release(): Promise<void> {
    const kept = await this.#kept;
    this.#kept = Promise.resolve(undefined);
    if (kept && kept.damaged > 0)
      this.#host.log(
        "info",
        `the cache ${this.#name} was damaged in ${kept.damaged} places: read again what they held`,
      );
  }

  /** Keeps these, where something is new and not long since the last time. Sliced; never throws. */
  async save(files: Iterable<Pick<SummedFile, "summary" | "origin" | "isPlain">>): Promise<void> {
    const { cache } = this.#host;
    const now = this.#host.now();
    if (!cache || !this.#hasNews || this.#isSaving) return;
    if (this.#savedAt !== undefined && now - this.#savedAt < SAVE_MS) return;
    this.#isSaving = true;
    this.#hasNews = false;
    this.#savedAt = now;
    const entries: CacheEntry[] = [];
    for (const { summary, origin, isPlain } of files) if (origin && isPlain) entries.push({ summary, origin });
    const slices = new Slices(this.#host);
    const pieces: string[] = [];
    let piece = headerOf(cache.generation);
    for (const entry of entries) {
      if (slices.due()) await slices.pause();
      piece += entryText(entry);
      if (piece.length < PIECE) continue;
      pieces.push(piece);
      piece = "";
    }
    pieces.push(piece);
    await cache.write(this.#name, pieces);
    this.#isSaving = false;
  }

  async #load(): Promise<SummaryCache | undefined> {
    const { cache } = this.#host;
    const text = await cache?.read(this.#name);
    if (!cache || text === undefined) return undefined;
    return runInSlices(SummaryCache.read(text, cache.generation), new Slices(this.#host));
  }
}
