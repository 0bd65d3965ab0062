import { type ModuleSummary, type PythonSource, summarise, summariseFully } from "../python/index.ts";
import { type Host, isOpen, readText } from "./host.ts";
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
  /** What tells another run whether the file is still the same; absent where nothing is kept between runs. */
  readonly origin?: Origin;
}

/** What an editor holds open has no stamp: only its text tells. */
const OPEN: Stamp = [null, 0, 0];

/** The stamp of a file that is about to be read; undefined where nothing is kept between runs. */
export async function stampOfFile(host: Host, uri: string): Promise<Stamp | undefined> {
  if (!host.cache) return undefined;
  const stat = await host.stat(uri);
  return stat && stampOf(stat, host.cache.clock());
}

/** Reads a Python file or a notebook; or says why not. Never throws. */
export async function readPython(host: Host, uri: string): Promise<PythonFile | { readonly refused: string }> {
  const stamp = await stampOfFile(host, uri);
  const read = await readSource(host, uri);
  if ("refused" in read || !stamp) return read;
  const { source, isOnDisk } = read;
  const text = "text" in source ? source.text : JSON.stringify(source.segments);
  return { ...read, origin: { stamp: isOnDisk ? stamp : OPEN, hash: hashOf(text) } };
}

async function readSource(
  host: Host,
  uri: string,
): Promise<(PythonFile & { readonly isOnDisk: boolean }) | { readonly refused: string }> {
  // Asked in the same step as the text: what is opened meanwhile is not what the disk holds.
  const isOnDisk = !isOpen(host, uri);
  if (!isNotebook(uri)) {
    const read = await readText(host, uri, "python", FILE_BYTES);
    if (!read.ok) return { refused: read.detail };
    const { text, bytes, error } = read.value;
    if (error) host.log("warning", `${uri}: ${error.message}; read with replacement characters`);
    return { source: { uri, text }, bytes, isOnDisk, isPlain: isOnDisk && !error };
  }
  const open = host.openCells?.(uri);
  if (open) {
    const bytes = open.reduce((sum, { text }) => sum + text.length, 0);
    return { source: { uri, segments: open }, bytes, isOnDisk, isPlain: false };
  }
  const read = await readText(host, uri, "json", NOTEBOOK_BYTES);
  if (!read.ok) return { refused: read.detail };
  const { text, bytes } = read.value;
  const cells = codeCells(text);
  // What is no notebook runs nowhere.
  if (!cells) host.log("warning", `${uri}: not a notebook`);
  const segments = (cells ?? []).map((cell) => ({ uri: cellUri(uri, cell.index), text: cell.text }));
  return { source: { uri, segments }, bytes, isOnDisk, isPlain: isOnDisk && cells !== undefined };
}

/** What was made of a file, and where it is from. */
export interface SummedFile extends Omit<PythonFile, "source"> {
  readonly summary: ModuleSummary;
}

/** Reads and summarises a file; with `names`, its function bodies too and what calls those names. */
export async function summaryOf(
  host: Host,
  uri: string,
  names?: ReadonlySet<string>,
): Promise<SummedFile | { readonly refused: string }> {
  return summaryOfRead(await readPython(host, uri), names);
}

/** The same of what was read before. */
export function summaryOfRead(
  read: PythonFile | { readonly refused: string },
  names?: ReadonlySet<string>,
): SummedFile | { readonly refused: string } {
  if ("refused" in read) return read;
  const { source, ...file } = read;
  return { ...file, summary: names === undefined ? summarise(source) : summariseFully(source, names) };
}
