import type { ModuleSummary } from "../python/index.ts";
import { type PythonSource, summarise, summariseFully } from "../python/index.ts";
import { type Host, readText } from "./host.ts";
import { codeCells } from "./notebook.ts";

/** A Python file above this is named in the log, and what it registers stays open. */
const FILE_BYTES = 20_000_000;
const NOTEBOOK_BYTES = 100_000_000;

export interface PythonFile {
  readonly source: PythonSource;
  readonly bytes: number;
}

/** Reads a Python file or a notebook; or says why not. Never throws. */
export async function readPython(host: Host, uri: string): Promise<PythonFile | { readonly refused: string }> {
  const isNotebook = /\.ipynb$/i.test(uri);
  const read = await readText(host, uri, isNotebook ? "json" : "python", isNotebook ? NOTEBOOK_BYTES : FILE_BYTES);
  if (!read.ok) return { refused: read.detail };
  const { text, bytes, error } = read.value;
  if (error) host.log("warning", `${uri}: ${error.message}; read with replacement characters`);
  if (!isNotebook) return { source: { uri, text }, bytes };
  const cells = codeCells(text);
  // What is no notebook runs nowhere.
  if (!cells) host.log("warning", `${uri}: not a notebook`);
  const segments = (cells ?? []).map((cell, i) => ({ uri: `${uri}#cell${i + 1}`, text: cell }));
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
