import { relative, resolve } from "node:path";
import { cacheFolder, createCache } from "../host/cache.ts";
import { createNodeHost, pathOfUri, uriOfPath } from "../host/node.ts";
import type { Host, LogLevel } from "../workspace/host.ts";
import { cellOf } from "../workspace/notebook.ts";
import { isWithin } from "../workspace/uri.ts";
import { Output, Progress } from "./output.ts";
import { printable, type Style, styleFor } from "./terminal.ts";

/** The standard input as a document has a `file:` URI too: the name that Unix has for it. */
export const STDIN_URI = "file:///dev/stdin";

/** What a command knows of the program it belongs to. */
export interface Program {
  readonly version: string;
  /** Differs between builds of one version. */
  readonly build: string;
  /** The folder of its data files. */
  readonly data: URL;
}

/** What a command has of the terminal and the machine. */
export interface Console {
  readonly host: Host;
  readonly progress: Progress;
  readonly style: Style;
  /** The URI of a path as the user wrote it, from where they stand. */
  uriOf(path: string): string;
  /** A file's name for the user: relative to where they stand where it is below, else its whole path. */
  nameOf(uri: string): string;
  /** Writes to standard output; resolves once it is on its way. */
  write(text: string): Promise<void>;
  /** One line on standard error. */
  complain(line: string): void;
}

/**
 * The console of this process: its streams, the folder it stands in, and the doors of Node. `cache` says whether what is
 * read is kept for the next run of the same build.
 */
export function openConsole({ cache, build }: { readonly cache: boolean; readonly build: string }): Console {
  const cwd = process.cwd();
  const here = uriOfPath(cwd);
  const output = new Output(process.stdout);
  const progress = new Progress(process.stderr);
  const nameOf = (uri: string): string => {
    if (uri === STDIN_URI) return "-";
    const cell = cellOf(uri);
    if (cell) return `${nameOf(cell.notebook)}:cell ${cell.index + 1}`;
    return isWithin(uri, here) ? relative(cwd, pathOfUri(uri)) || "." : pathOfUri(uri);
  };
  const complain = (line: string) => {
    progress.clear();
    process.stderr.write(`keras-config: ${printable(line).replaceAll("\n", " ")}\n`);
  };
  const log = (level: LogLevel, message: string) => {
    if (level !== "warning") return;
    complain(message.replace(/file:\/\/\/[^\s:]+(?::[^\s:/]+)*/g, nameOf));
  };
  const folder = cache ? cacheFolder(process.platform, process.env) : undefined;
  const host = createNodeHost({
    synchronous: true,
    log,
    cache: folder === undefined ? undefined : createCache(folder, build, log),
  });
  return {
    host,
    progress,
    write: async (text) => {
      if (text === "") return;
      progress.clear();
      await output.write(text);
    },
    style: styleFor(process.stdout.isTTY === true, process.env),
    uriOf: (path) => uriOfPath(resolve(cwd, path)),
    nameOf,
    complain,
  };
}
