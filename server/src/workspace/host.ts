/**
 * The doors: everything the engine wants of the machine it runs on. Files are addressed by `file:` URIs in the one
 * form of `uri.ts`. No door throws: what cannot be had is said in the answer.
 */
export interface Host {
  /** What stands at a URI, links followed; undefined where nothing does or it may not be looked at. */
  stat(uri: string): Promise<FileStat | undefined>;
  /** A folder's entries, unsorted, links not followed. */
  list(uri: string): Promise<Answer<readonly FolderEntry[]>>;
  /** The URI of the place itself, links followed and the file system's own case; undefined for a broken link. */
  realUri(uri: string): Promise<string | undefined>;
  /** A whole file, refused where it is longer than `maxBytes`. */
  readBytes(uri: string, maxBytes: number): Promise<Answer<Uint8Array>>;
  /** Up to `length` bytes from `offset`; fewer at the end of the file. */
  readRange(uri: string, offset: number, length: number): Promise<Answer<Uint8Array>>;
  /** The text that bytes are, by the rules of Python for that kind of text. */
  decode(bytes: Uint8Array, as: TextKind): DecodedText;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** The text of a file that an editor holds open, which wins over the file; absent where there is no editor. */
  openText?(uri: string): string | undefined;
  /** The Python cells of a notebook that an editor holds open, with the documents that they are there. */
  openCells?(notebook: string): readonly { readonly uri: string; readonly text: string }[] | undefined;
  /** The files that an editor holds open. */
  openUris?(): readonly string[];
  /** The environments that are active where the process was started (`VIRTUAL_ENV`, `CONDA_PREFIX`), the innermost first. */
  readonly activeEnvironments?: readonly string[];
  /** What is kept between runs; absent where nothing is. */
  readonly cache?: CacheDoor | undefined;
  /** Lets other work run; resolves once it has. */
  yield(): Promise<void>;
  log(level: LogLevel, message: string): void;
}

/** Texts that are kept between runs and shared by all that run: each is whole or not there. No door throws. */
export interface CacheDoor {
  /** The build of the program, which decides what summaries mean. */
  readonly generation: string;
  /** The text of that name, in ASCII; undefined where there is none. */
  read(name: string): Promise<string | undefined>;
  /** Puts a text in ASCII in the place of what has that name; what is too long is not kept. */
  write(name: string, pieces: readonly string[]): Promise<void>;
  /** Milliseconds since 1970. */
  clock(): number;
}

export type LogLevel = "debug" | "info" | "warning";

/** JSON as `json.loads` decodes bytes; Python source by PEP 263. */
export type TextKind = "json" | "python";

export interface FileStat {
  readonly kind: "file" | "folder" | "other";
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Milliseconds since 1970 of the last change of the entry itself: written, created, or moved to its place. */
  readonly changed: number;
}

export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "folder" | "link" | "other";
}

export type Answer<T> = { readonly ok: true; readonly value: T } | Refusal;

export interface Refusal {
  readonly ok: false;
  readonly why: "missing" | "denied" | "too large" | "not a file" | "failed";
  /** A sentence part for the log: "permission denied", "312 MB, more than the limit of 200 MB". */
  readonly detail: string;
}

export interface DecodedText {
  readonly text: string;
  /** Python's name of the encoding, as far as one was decided. */
  readonly encoding: string;
  /** The first bytes that are none of that encoding: `text` has U+FFFD there. */
  readonly error?: {
    /** UTF-16 offset into `text`. */
    readonly offset: number;
    /** `str(UnicodeDecodeError)` for UTF-8, a like sentence for others. */
    readonly message: string;
  };
}

/** Whether an editor's text takes the place of a file. */
export function isOpen(host: Host, uri: string): boolean {
  return host.openText?.(uri) !== undefined || host.openCells?.(uri) !== undefined;
}

/** Reads and decodes one file, or takes its text as an editor holds it. */
export async function readText(
  host: Host,
  uri: string,
  as: TextKind,
  maxBytes: number,
): Promise<Answer<DecodedText & { readonly bytes: number }>> {
  const open = host.openText?.(uri);
  if (open !== undefined) return { ok: true, value: { text: open, encoding: "utf-8", bytes: open.length } };
  const read = await host.readBytes(uri, maxBytes);
  if (!read.ok) return read;
  return { ok: true, value: { ...host.decode(read.value, as), bytes: read.value.length } };
}

/** A size for people: "312 MB", "1.5 KB". */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${units[unit]}`;
}

/** An error for the log, with where it came from. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
