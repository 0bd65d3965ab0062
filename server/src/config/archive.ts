import {
  configure,
  type Entry,
  type FileEntry,
  Reader,
  Writer,
  ZipReader,
} from "@zip.js/zip.js/lib/zip-core-custom.js";
import { type ByteSource, looksLikeHdf5, looksLikeZip } from "./byteSource.ts";

/** What a `.keras` archive holds of interest here, or why Keras or this tool cannot read it. */
export type KerasArchive =
  | {
      readonly status: "read";
      readonly config: Uint8Array;
      readonly metadata: Uint8Array | undefined;
      readonly bombs: readonly ArchiveBomb[];
    }
  /** `keras.saving.load_model` raises this, in keras/src/saving/saving_api.py or in Python's zipfile. */
  | { readonly status: "fails"; readonly exception: string; readonly message: string; readonly hint: string }
  /** Keras may well read it; this tool does not. */
  | { readonly status: "unknown"; readonly reason: string; readonly bombs?: readonly ArchiveBomb[] };

/** A member that declares far more than is stored of it, as the archive's directory says; sizes in bytes. */
export interface ArchiveBomb {
  readonly member: string;
  readonly declared: number;
  readonly stored: number;
  /** Keras inflates it in memory, or to the disk with all other members. */
  readonly inflates: "in memory" | "to disk";
}

export const CONFIG_MEMBER = "config.json";
const METADATA_MEMBER = "metadata.json";

/** A config is text for one model: 200 MB is far above the largest that Keras writes, and what inflates to more is not read. */
const CONFIG_BYTES = 200_000_000;
const METADATA_BYTES = 1_000_000;
/** The directory of as many members as are read takes less. */
const MOST_AT_ONCE = 100_000_000;

/** `_ZIP_MEMBER_BOMB_FLOOR_BYTES`, `_ZIP_EXTRACT_BOMB_FLOOR_BYTES` and `_ZIP_MEMBER_MAX_EXPANSION` of keras/src/saving/saving_lib.py (3.15.1). */
const MEMORY_FLOOR = 2 ** 32;
const DISK_FLOOR = 2 ** 28;
const MOST_EXPANSION = 100;
/** What Keras reads whole of every archive. */
const readInMemory: ReadonlySet<string> = new Set([CONFIG_MEMBER, "model.weights.h5"]);
/** With more members than these, Keras writes all of them to the disk for the assets among them. */
const MEMBERS_WITHOUT_ASSETS = 3;

/** A model has a handful of members; one with assets some thousands. */
const MAX_MEMBERS = 200_000;

/** The compression methods that Python's zipfile knows beside those read here (0 and 8): bzip2 and LZMA. */
const pythonOnlyMethods: ReadonlySet<number> = new Set([12, 14]);

configure({ useWebWorkers: false, useCompressionStream: true });

class SourceReader extends Reader<ByteSource> {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super(source);
    this.#source = source;
    this.size = source.size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    if (length > MOST_AT_ONCE) throw new Error(`it is ${Math.round(length / 1e6)} MB long`);
    return this.#source.read(index, Math.max(0, Math.min(length, this.size - index)));
  }
}

class TooLarge extends Error {}

/** Keeps what is inflated, and stops where that is more than the header may have said. */
class CappedWriter extends Writer<Uint8Array> {
  readonly #cap: number;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(cap: number) {
    super();
    this.#cap = cap;
  }

  override async writeUint8Array(piece: Uint8Array): Promise<void> {
    this.#length += piece.length;
    if (this.#length > this.#cap) throw new TooLarge();
    this.#pieces.push(piece.slice());
  }

  override async getData(): Promise<Uint8Array> {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }
}

/**
 * Reads `config.json` and `metadata.json` out of a `.keras` archive; nothing else of it is read but its directory.
 * `path` is the archive's path, as Keras's message names it. Never throws.
 */
export async function readKerasArchive(source: ByteSource, path: string): Promise<KerasArchive> {
  const zip = new ZipReader(new SourceReader(source), { strictness: "tolerant", filenameValidation: "tolerant" });
  let config: Entry | undefined;
  let metadata: Entry | undefined;
  let members = 0;
  // Of two members with one name the last counts, here as for what is read.
  const suspects = new Map<string, ArchiveBomb>();
  const bombs = () =>
    [...suspects.values()].filter(({ inflates }) => inflates === "in memory" || members > MEMBERS_WITHOUT_ASSETS);
  try {
    for await (const entry of zip.getEntriesGenerator()) {
      // Of two members with one name, Python's zipfile takes the last.
      if (entry.filename === CONFIG_MEMBER) config = entry;
      else if (entry.filename === METADATA_MEMBER) metadata = entry;
      const suspect = bombOf(entry);
      if (suspect) suspects.set(entry.filename, suspect);
      else suspects.delete(entry.filename);
      if (++members > MAX_MEMBERS) return unknown(`it has more than ${MAX_MEMBERS} members`);
    }
    if (!config) {
      return {
        status: "fails",
        exception: "KeyError",
        message: "\"There is no item named 'config.json' in the archive\"",
        hint: "A .keras archive holds config.json at its top level; this zip was not written by model.save().",
      };
    }
    const read = await readMember(config, CONFIG_BYTES, source);
    if (!(read instanceof Uint8Array)) return read.status === "unknown" ? { ...read, bombs: bombs() } : read;
    const versions = metadata && (await readMember(metadata, METADATA_BYTES, source));
    return {
      status: "read",
      config: read,
      metadata: versions instanceof Uint8Array ? versions : undefined,
      bombs: bombs(),
    };
  } catch (error) {
    return directoryFault(error, path, source);
  } finally {
    await zip.close().catch(() => undefined);
  }
}

function bombOf({ filename, uncompressedSize, compressedSize }: Entry): ArchiveBomb | undefined {
  if (uncompressedSize <= MOST_EXPANSION * compressedSize) return undefined;
  const inMemory = readInMemory.has(filename) && uncompressedSize > MEMORY_FLOOR;
  if (!inMemory && uncompressedSize <= DISK_FLOOR) return undefined;
  const sizes = { declared: uncompressedSize, stored: compressedSize };
  return { member: filename, ...sizes, inflates: inMemory ? "in memory" : "to disk" };
}

function unknown(reason: string): KerasArchive {
  return { status: "unknown", reason };
}

function fails(exception: string, message: string, hint: string): KerasArchive {
  return { status: "fails", exception, message, hint };
}

/** What `load_model` says of something that is no zip archive (saving_api.py), for every release of Keras 3. */
function notAnArchive(path: string, head: Uint8Array): KerasArchive {
  const text = String.fromCharCode(...head.subarray(0, 60));
  if (text.startsWith("version https://git-lfs.github.com/spec/")) {
    return unknown("it is a Git LFS pointer, the archive itself is not in this checkout");
  }
  return fails(
    "ValueError",
    `File not found: filepath=${path}. Please ensure the file is an accessible \`.keras\` zip file.`,
    looksLikeHdf5(head)
      ? "This is an HDF5 file: give it the extension .h5, with which Keras reads it."
      : looksLikeZip(head)
        ? "The archive is truncated: its directory, which stands at the end, is missing."
        : "This is no zip archive.",
  );
}

async function directoryFault(error: unknown, path: string, source: ByteSource): Promise<KerasArchive> {
  const text = messageOf(error);
  switch (text) {
    case "File format is not recognized":
    case "End of central directory not found":
      return notAnArchive(path, await source.read(0, 64).catch(() => new Uint8Array()));
    case "Central directory header not found":
      return fails(
        "BadZipFile",
        "Bad magic number for central directory",
        "The archive is damaged; save the model again.",
      );
    default:
      return unknown(`its directory cannot be read (${text})`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const damaged = "The archive is damaged; save the model again.";

async function readMember(entry: Entry, cap: number, source: ByteSource): Promise<Uint8Array | KerasArchive> {
  const method = entry.compressionMethod ?? 0;
  if (entry.encrypted) {
    const message = `File '${entry.filename}' is encrypted, password required for extraction`;
    return fails("RuntimeError", message, "Keras has no way to pass a password: store the archive unencrypted.");
  }
  if (pythonOnlyMethods.has(method))
    return unknown(`${entry.filename} is compressed by a method that is not read here`);
  if (method !== 0 && method !== 8) {
    return fails("NotImplementedError", "That compression method is not supported", "Zip it with deflate or store it.");
  }
  if (entry.uncompressedSize > cap) return tooLarge(entry, cap);
  // Only a name that ends with a slash is a folder, and the two that are asked for do not.
  if (entry.directory) return unknown(`${entry.filename} is a folder in it`);
  const first = await inflate(entry, cap, true);
  if (first instanceof Uint8Array) return first;
  // A damaged stream can show as a wrong checksum first; Python inflates before it compares.
  const second = messageOf(first) === "Invalid CRC32" ? await inflate(entry, cap, false) : first;
  return second instanceof Uint8Array
    ? fails("BadZipFile", `Bad CRC-32 for file '${entry.filename}'`, damaged)
    : memberFault(second, entry, cap, source);
}

async function inflate(entry: FileEntry, cap: number, checkSignature: boolean): Promise<Uint8Array | Error> {
  try {
    return await entry.getData(new CappedWriter(cap), { checkSignature });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function memberFault(error: Error, entry: FileEntry, cap: number, source: ByteSource): KerasArchive {
  const text = error.message;
  if (error instanceof TooLarge) return tooLarge(entry, cap);
  if (text === "Local file header not found" || text === "Entry data out of bounds") {
    const truncated = entry.offset + 30 > source.size;
    return fails("BadZipFile", truncated ? "Truncated file header" : "Bad magic number for file header", damaged);
  }
  const cause = error.cause;
  if (
    text === "Invalid compressed data" &&
    cause instanceof Error &&
    "code" in cause &&
    cause.code === "Z_DATA_ERROR"
  ) {
    // zlib's own words, which Python passes on.
    return fails("error", `Error -3 while decompressing data: ${cause.message}`, damaged);
  }
  return unknown(`${entry.filename} cannot be inflated (${text})`);
}

function tooLarge(entry: Entry, cap: number): KerasArchive {
  const { filename, uncompressedSize, compressedSize } = entry;
  const declared = Math.max(uncompressedSize, cap);
  const isBomb = declared > MOST_EXPANSION * compressedSize;
  const stored = compressedSize < 1e6 ? "less than 1 MB" : `${Math.round(compressedSize / 1e6)} MB`;
  return unknown(
    `${filename} inflates to ${Math.round(declared / 1e6)} MB or more, and no more than ${cap / 1e6} MB are read` +
      (isBomb
        ? `; ${stored} of it are stored, as in a decompression bomb: do not load a file that you do not trust`
        : ""),
  );
}
