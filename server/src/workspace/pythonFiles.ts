import { type ModuleSummary, type PythonSource, summarise, summariseFully } from "../python/index.ts";
import { type Host, readText } from "./host.ts";
import { cellUri, codeCells, isNotebook } from "./notebook.ts";
import { hashOf, type Origin, type Stamp, stampOf } from "./summaryCache.ts";

/** A Python file above this is named in the log, and what it registers stays open. */
const FILE_BYTES = 20_000_000;
const NOTEBOOK_BYTES = 100_000_000;

export interface PythonFile {
  readonly source: PythonSource;
  readonly bytes: number;
  /** Whether it is what the disk holds, and nothing was wrong with it: what is said of a file is said at every start. */
  readonly isPlain: boolean;
}

/** Whether an editor's text takes the place of a file. */
export function isOpen(host: Host, uri: string): boolean {
  return host.openText?.(uri) !== undefined || host.openCells?.(uri) !== undefined;
}

/** The stamp of a file that is about to be read; undefined where nothing is kept between runs. */
export async function stampOfFile(host: Host, uri: string): Promise<Stamp | undefined> {
  if (!host.cache) return undefined;
  const stat = await host.stat(uri);
  return stat && stampOf(stat, host.cache.clock());
}

/** What tells later whether a file that was read after it had this stamp is still the same. */
export function originOf({ source }: PythonFile, stamp: Stamp): Origin {
  const text = "text" in source ? source.text : JSON.stringify(source.segments);
  return { stamp, hash: hashOf(text) };
}

/** Reads a Python file or a notebook; or says why not. Never throws. */
export async function readPython(host: Host, uri: string): Promise<PythonFile | { readonly refused: string }> {
  // Asked in the same step as the text: what is opened meanwhile is not what the disk holds.
  const isOnDisk = !isOpen(host, uri);
  if (!isNotebook(uri)) {
    const read = await readText(host, uri, "python", FILE_BYTES);
    if (!read.ok) return { refused: read.detail };
    const { text, bytes, error } = read.value;
    if (error) host.log("warning", `${uri}: ${error.message}; read with replacement characters`);
    return { source: { uri, text }, bytes, isPlain: isOnDisk && !error };
  }
  const open = host.openCells?.(uri);
  if (open) {
    const bytes = open.reduce((sum, { text }) => sum + text.length, 0);
    return { source: { uri, segments: open }, bytes, isPlain: false };
  }
  const read = await readText(host, uri, "json", NOTEBOOK_BYTES);
  if (!read.ok) return { refused: read.detail };
  const { text, bytes } = read.value;
  const cells = codeCells(text);
  // What is no notebook runs nowhere.
  if (!cells) host.log("warning", `${uri}: not a notebook`);
  const segments = (cells ?? []).map((cell) => ({ uri: cellUri(uri, cell.index), text: cell.text }));
  return { source: { uri, segments }, bytes, isPlain: isOnDisk && cells !== undefined };
}

/** Reads and summarises a file; with `names`, its function bodies too and what calls those names. */
export async function summaryOf(
  host: Host,
  uri: string,
  names?: ReadonlySet<string>,
): Promise<{ readonly summary: ModuleSummary; readonly bytes: number } | { readonly refused: string }> {
  return summaryOfRead(await readPython(host, uri), names);
}

/** The same of what was read before. */
export function summaryOfRead(
  read: PythonFile | { readonly refused: string },
  names?: ReadonlySet<string>,
): { readonly summary: ModuleSummary; readonly bytes: number } | { readonly refused: string } {
  if ("refused" in read) return read;
  const summary = names === undefined ? summarise(read.source) : summariseFully(read.source, names);
  return { summary, bytes: read.bytes };
}
