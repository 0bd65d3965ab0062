import type { ModuleSummary } from "../python/index.ts";
import { type PythonSource, summarise, summariseFully } from "../python/index.ts";
import { type Host, readText } from "./host.ts";
import { cellUri, codeCells, isNotebook } from "./notebook.ts";
import { hashOf, type Origin, type Stamp, stampOf } from "./summaryCache.ts";

/** A Python file above this is named in the log, and what it registers stays open. */
const FILE_BYTES = 20_000_000;
const NOTEBOOK_BYTES = 100_000_000;

export interface PythonFile {
  readonly source: PythonSource;
  readonly bytes: number;
}

/** The stamp of a file that is about to be read; undefined where nothing is kept between runs, or an editor has it open. */
export async function stampOfFile(host: Host, uri: string): Promise<Stamp | undefined> {
  if (!host.cache) return undefined;
  const stat = await host.stat(uri);
  // Asked afterwards: what is opened meanwhile is not what the stamp is of.
  const isOpen = host.openText?.(uri) !== undefined || host.openCells?.(uri) !== undefined;
  return stat && !isOpen ? stampOf(stat, host.cache.clock()) : undefined;
}

/** What tells later whether a file that was read after it had this stamp is still the same. */
export function originOf({ source }: PythonFile, stamp: Stamp): Origin {
  const text = "text" in source ? source.text : JSON.stringify(source.segments);
  return { stamp, hash: hashOf(text) };
}

/** Reads a Python file or a notebook; or says why not. Never throws. */
export async function readPython(host: Host, uri: string): Promise<PythonFile | { readonly refused: string }> {
  if (!isNotebook(uri)) {
    const read = await readText(host, uri, "python", FILE_BYTES);
    if (!read.ok) return { refused: read.detail };
    const { text, bytes, error } = read.value;
    if (error) host.log("warning", `${uri}: ${error.message}; read with replacement characters`);
    return { source: { uri, text }, bytes };
  }
  const open = host.openCells?.(uri);
  if (open) return { source: { uri, segments: open }, bytes: open.reduce((sum, { text }) => sum + text.length, 0) };
  const read = await readText(host, uri, "json", NOTEBOOK_BYTES);
  if (!read.ok) return { refused: read.detail };
  const { text, bytes } = read.value;
  const cells = codeCells(text);
  // What is no notebook runs nowhere.
  if (!cells) host.log("warning", `${uri}: not a notebook`);
  const segments = (cells ?? []).map((cell) => ({ uri: cellUri(uri, cell.index), text: cell.text }));
  return { source: { uri, segments }, bytes };
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
