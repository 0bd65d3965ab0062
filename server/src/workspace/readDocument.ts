import type { ArchiveBomb } from "../config/archive.ts";
import { type ByteSource, looksLikeHdf5, looksLikeZip } from "../config/byteSource.ts";
import { canHoldConfig } from "../config/recognise.ts";
import { formatJson, parseJson } from "../json/index.ts";
import { type Answer, formatBytes, type Host } from "./host.ts";
import type { NamedVersion } from "./kerasVersion.ts";
import { isView, sourceOf } from "./views.ts";

/** Where a document's bytes come from. */
export interface DocumentPlace {
  readonly uri: string;
  /** The path as Keras would be given it, for its message about a broken archive. */
  readonly path: string;
  /** The bytes themselves where they are no file's: standard input. */
  readonly bytes?: Uint8Array;
}

export type DocumentRead =
  | ConfigText
  /** Nothing that Keras wrote: a text without a class name, an archive or a binary of another kind. */
  | { readonly status: "no config" }
  /** `keras.saving.load_model` cannot read the archive. */
  | { readonly status: "fails"; readonly exception: string; readonly message: string; readonly hint: string }
  /** Keras may read it, this tool does not. */
  | { readonly status: "unknown"; readonly reason: string; readonly bombs?: readonly ArchiveBomb[] }
  /** The file system does not give it, or it is of a kind that is not read. */
  | { readonly status: "unreadable"; readonly detail: string };

export interface ConfigText {
  readonly status: "read";
  readonly container: "json" | "keras";
  readonly text: string;
  /** The archive member that the text is. */
  readonly member?: string;
  /** The version of Keras that wrote it, where it says so. */
  readonly own?: NamedVersion;
  /** Members of the archive that declare far more than is stored of them. */
  readonly bombs?: readonly ArchiveBomb[];
  /** Bytes that are no text; see DecodedText. */
  readonly error?: { readonly offset: number; readonly message: string };
}

/** Files above this are named in the log and not read; an archive is read in ranges and may be of any size. */
export const DOCUMENT_BYTES = 200_000_000;
const HEAD_BYTES = 64;

/**
 * Reads one document: JSON, the config inside a `.keras` archive, told apart by content, or a view of either. What an
 * editor holds open wins over the file. Never throws.
 */
export async function readDocument(host: Host, place: DocumentPlace): Promise<DocumentRead> {
  if (isView(place.uri)) return readView(host, place);
  const open = host.openText?.(place.uri);
  return open === undefined ? readFile(host, place) : configText(open, undefined);
}

/** The config that a view shows, in the view's own text. */
async function readView(host: Host, place: DocumentPlace): Promise<DocumentRead> {
  const uri = sourceOf(place.uri);
  // A URI of the scheme that nobody made a view of.
  if (isView(uri)) return { status: "no config" };
  const source = await readDocument(host, { uri, path: place.path });
  if (source.status !== "read") return source;
  const { error: _, ...read } = source;
  return { ...read, text: host.openText?.(place.uri) ?? viewText(read.text) };
}

/** The text of a view: the config indented, or as it stands where it is not JSON. */
export function viewText(text: string): string {
  const { tree, errors } = parseJson(text);
  return errors.length > 0 ? text : formatJson(tree, text);
}

async function readFile(host: Host, place: DocumentPlace): Promise<DocumentRead> {
  const isNamedKeras = /\.keras$/i.test(place.uri);
  // An archive holds gigabytes of weights; anything else is read whole, since a config is text from end to end.
  const whole = isNamedKeras && !place.bytes ? undefined : await wholeOf(host, place);
  if (whole && !whole.ok && whole.why !== "too large") return { status: "unreadable", detail: whole.detail };
  const bytes = whole?.ok ? whole.value : undefined;
  const head = bytes ? { ok: true as const, value: bytes } : await host.readRange(place.uri, 0, HEAD_BYTES);
  if (!head.ok) return { status: "unreadable", detail: head.detail };
  if (isNamedKeras || looksLikeZip(head.value)) {
    const source = bytes ? sourceOfBytes(bytes) : await sourceOfFile(host, place.uri);
    const read = await readArchive(host, source, place.path);
    // A zip under another name is a model only if it holds one.
    return isNamedKeras || read.status === "read" ? read : { status: "no config" };
  }
  if (!bytes) return { status: "unreadable", detail: whole && !whole.ok ? whole.detail : "not read" };
  if (looksLikeHdf5(bytes))
    return { status: "unreadable", detail: "an HDF5 file; only JSON and .keras files are read" };
  return readJson(host, bytes);
}

async function wholeOf(host: Host, place: DocumentPlace): Promise<Answer<Uint8Array>> {
  const { bytes } = place;
  if (!bytes) return host.readBytes(place.uri, DOCUMENT_BYTES);
  if (bytes.length <= DOCUMENT_BYTES) return { ok: true, value: bytes };
  const detail = `${formatBytes(bytes.length)}, more than the limit of ${formatBytes(DOCUMENT_BYTES)}`;
  return { ok: false, why: "too large", detail };
}

function sourceOfBytes(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

async function sourceOfFile(host: Host, uri: string): Promise<ByteSource> {
  const stat = await host.stat(uri);
  const read = async (offset: number, length: number) => {
    const range = await host.readRange(uri, offset, length);
    if (!range.ok) throw new Error(range.detail);
    return range.value;
  };
  return { size: stat?.size ?? 0, read };
}

function readJson(host: Host, bytes: Uint8Array): DocumentRead {
  const { text, error } = host.decode(bytes, "json");
  return configText(text, error);
}

function configText(text: string, error: ConfigText["error"]): DocumentRead {
  if (!canHoldConfig(text)) return { status: "no config" };
  const own = ownVersion(text);
  return { status: "read", container: "json", text, ...(own && { own }), ...(error && { error }) };
}

/** The version that a JSON text asks for by itself. */
function ownVersion(text: string): NamedVersion | undefined {
  // Whichever Keras wrote the model that was converted.
  if (text.includes('"modelTopology"')) return { version: "2", from: "tensorflowjs loads its models by tf-keras" };
  const version = writtenBy(text);
  return version === undefined ? undefined : { version, from: `keras_version in the file is ${version}` };
}

async function readArchive(host: Host, source: ByteSource, path: string): Promise<DocumentRead> {
  // Most runs meet no archive, so the zip reader is not loaded at the start.
  const { CONFIG_MEMBER, readKerasArchive } = await import("../config/archive.ts");
  const archive = await readKerasArchive(source, path);
  if (archive.status !== "read") return archive;
  const { text, error } = host.decode(archive.config, "json");
  const own = archive.metadata && writtenBy(host.decode(archive.metadata, "json").text);
  return {
    status: "read",
    container: "keras",
    text,
    member: CONFIG_MEMBER,
    bombs: archive.bombs,
    ...(own && { own: { version: own, from: `metadata.json says Keras ${own}` } }),
    ...(error && { error }),
  };
}

/** The first `keras_version` of a JSON text; one inside a string has escaped quotes and is not taken for it. */
function writtenBy(text: string): string | undefined {
  return /"keras_version"\s*:\s*"([^"\\]{1,40})"/.exec(text)?.[1];
}
