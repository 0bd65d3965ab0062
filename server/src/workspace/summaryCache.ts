import { type ModuleSummary, SUMMARY_FORMAT } from "../python/summary.ts";
import type { FileStat } from "./host.ts";

/** A file that was written so shortly before it was read may be written again within the same tick of its time stamp. */
const RACY_MS = 2_000;

/**
 * When a file was written, when its entry changed, and its bytes. The first is null where the file was so young that
 * another text could get the same stamp: then only its content tells.
 */
export type Stamp = readonly [modified: number | null, changed: number, size: number];

/** What tells whether a file still holds what was summarised. */
export interface Origin {
  readonly stamp: Stamp;
  /** `hashOf` its text. */
  readonly hash: string;
}

/** A summary, and the file that it was made from. */
export interface CacheEntry {
  readonly summary: ModuleSummary;
  readonly origin: Origin;
}

/** Where an entry stands in the text of a cache. */
interface EntryPlace extends Origin {
  readonly sum: string;
  /** Offsets: of what the checksum is of, and of the summary in it. */
  readonly start: number;
  readonly summary: number;
  readonly end: number;
}

/** The stamp of a file that is read now, `clock` in milliseconds since 1970. */
export function stampOf({ modified, changed, size }: FileStat, clock: number): Stamp {
  return [modified > clock - RACY_MS ? null : modified, changed, size];
}

/** Whether a file that had one stamp and has the other is surely the same. */
export function isSameStamp(before: Stamp, now: Stamp): boolean {
  return now[0] !== null && before.every((part, i) => part === now[i]);
}

/**
 * A hash of 53 bits (cyrb53) of a text or a part of it, in hexadecimal. It tells edits and damage, which nobody makes on
 * purpose, and needs no library; the length is part of it.
 */
export function hashOf(text: string, start = 0, end = text.length): string {
  let high = 0xdeadbeef ^ (end - start);
  let low = 0x41c6ce57;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(16);
}

/**
 * The summaries that an earlier run kept. The text is a line that names what made it, then two lines for each file: a
 * checksum and the file, and the summary, which is not looked at before it is wanted. What is damaged is not there.
 */
export class SummaryCache {
  readonly #text: string;
  readonly #places = new Map<string, EntryPlace>();
  /** How many places did not hold what was written there, as far as they were looked at. */
  damaged = 0;

  private constructor(text: string) {
    this.#text = text;
  }

  /** Finds the entries of a text. `generation` names the program: what another one kept is not used. */
  static *read(text: string, generation: string): Generator<undefined, SummaryCache> {
    const cache = new SummaryCache(text);
    const header = headerOf(generation);
    if (!text.startsWith(header)) return cache;
    let start = header.length;
    while (start < text.length) {
      yield;
      const end = lineEnd(text, start);
      const place = placeOf(text, start, end);
      if (place) cache.#places.set(place.uri, place);
      else cache.damaged++;
      start = (place?.end ?? end) + 1;
    }
    return cache;
  }

  /** How many files there are in it. */
  get size(): number {
    return this.#places.size;
  }

  /** What was made of a file, where it has the stamp that it had then. */
  find(uri: string, stamp: Stamp): CacheEntry | undefined {
    const place = this.#places.get(uri);
    return place && isSameStamp(place.stamp, stamp) ? this.#entry(uri, place, stamp) : undefined;
  }

  /** What was made of a file, where its text is the same although its stamp is not. */
  recognise(uri: string, { hash, stamp }: Origin): CacheEntry | undefined {
    const place = this.#places.get(uri);
    return place?.hash === hash ? this.#entry(uri, place, stamp) : undefined;
  }

  #entry(uri: string, place: EntryPlace, stamp: Stamp): CacheEntry | undefined {
    if (hashOf(this.#text, place.start, place.end) === place.sum) {
      const summary = JSON.parse(this.#text.slice(place.summary, place.end)) as ModuleSummary;
      return { summary, origin: { stamp, hash: place.hash } };
    }
    this.damaged++;
    this.#places.delete(uri);
    return undefined;
  }
}

/** The first line of what is kept between runs: what it is, in which format, and by which build. */
export function cacheHeader(what: string, format: number, generation: string): string {
  return `keras-config ${what} ${asciiJson([format, generation])}\n`;
}

/** The header of a cache's text. */
export function headerOf(generation: string): string {
  return cacheHeader("summaries", SUMMARY_FORMAT, generation);
}

/** One entry of a cache's text, in ASCII. */
export function entryText({ summary, origin }: CacheEntry): string {
  const head = asciiJson({ uri: summary.uri, stamp: origin.stamp, hash: origin.hash });
  const text = `${head}\n${asciiJson(summary)}`;
  return `${hashOf(text)} ${text}\n`;
}

function placeOf(text: string, start: number, end: number): (EntryPlace & { readonly uri: string }) | undefined {
  const line = text.slice(start, end);
  const sum = /^[0-9a-f]+ (?=\{)/.exec(line)?.[0];
  if (sum === undefined || end >= text.length) return undefined;
  try {
    const { uri, stamp, hash } = JSON.parse(line.slice(sum.length)) as Origin & { uri: unknown };
    if (typeof uri !== "string" || !Array.isArray(stamp) || typeof hash !== "string") return undefined;
    const offsets = { start: start + sum.length, summary: end + 1, end: lineEnd(text, end + 1) };
    return { uri, stamp, hash, sum: sum.trimEnd(), ...offsets };
  } catch {
    // It was damaged, which is what undefined says.
    return undefined;
  }
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end < 0 ? text.length : end;
}

/** A value as JSON in ASCII: a text of one byte per character is read and held at half the cost. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
