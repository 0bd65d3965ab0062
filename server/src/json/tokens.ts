import type { ErrorList } from "./errors.ts";
import { isLiteral } from "./strict.ts";

/** Token kinds, in the low four bits of `Tokens.kinds`. */
export const OPEN_OBJECT = 0;
export const CLOSE_OBJECT = 1;
export const OPEN_ARRAY = 2;
export const CLOSE_ARRAY = 3;
export const COLON = 4;
export const COMMA = 5;
export const QUOTED = 6;
/** What stands between the signs without quotes: a number, a constant, a word. */
export const WORD = 7;
export const END_OF_TEXT = 8;
export const TOKEN_MASK = 15;
/** The string holds escapes, or its quotes are not two double quotes. */
export const TOKEN_IRREGULAR = 16;
/** The token itself is in error: a half-typed string, a bad escape, single quotes, a word that is no value. */
export const TOKEN_BROKEN = 32;
export const AFTER_NEWLINE = 64;
/** A comment or a character that may not stand between tokens comes before this one. */
export const AFTER_JUNK = 128;

/** A text cut into tokens; the last one is END_OF_TEXT. Offsets are UTF-16, ends exclusive. */
export interface Tokens {
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly count: number;
}

/**
 * More tokens than this are not read of a text that is not JSON: what is left of a large file is not worth the memory.
 * A config of 20 MB has fewer.
 */
const MOST_TOKENS = 3_000_000;
/** How many of the next strings decide whether a string that looks open is. */
const LOOK_AHEAD = 4;
/** How far, in UTF-16 units, such a look goes without meeting a quote. */
const LOOK_AHEAD_GAP = 300;
/** The longest string that single quotes may hold. */
const SINGLE_QUOTED_MAX = 1000;

const isSpace = (c: number): boolean => c === 32 || c === 10 || c === 13 || c === 9;
/** White space elsewhere, not in JSON: people paste it. */
const isForeignSpace = (c: number): boolean =>
  c === 0xa0 || c === 11 || c === 12 || c === 0xfeff || c === 0x2028 || c === 0x2029 || c === 0x3000;
const isStructural = (c: number): boolean => c === 44 || c === 58 || c === 123 || c === 125 || c === 91 || c === 93;
/** What may follow a string's closing quote. */
const mayFollowString = (c: number): boolean => c === 44 || c === 58 || c === 125 || c === 93;
const mayPrecedeString = (c: number): boolean => c === 44 || c === 58 || c === 123 || c === 91;

/** The character after spaces from `i` on; NaN at the text's end. */
function nextVisible(text: string, i: number): number {
  let at = i;
  while (isSpace(text.charCodeAt(at))) at++;
  return text.charCodeAt(at);
}

/**
 * Cuts a text that is not JSON into tokens. The art is in the strings: a lost or a half-typed quote would turn the rest
 * of a line inside out. A string whose closing quote is not followed by `,:]}` is compared with the reading in which it
 * was never closed, and the reading after which more strings stand well wins. Linear.
 */
export class Tokenizer {
  readonly #text: string;
  readonly #errors: ErrorList;
  #kinds: Uint8Array;
  #starts: Int32Array;
  #ends: Int32Array;
  #count = 0;
  /** How many characters may still be read more than once; keeps hostile texts linear. */
  #budget: number;

  constructor(text: string, errors: ErrorList) {
    this.#text = text;
    this.#errors = errors;
    const capacity = Math.ceil(text.length / 4) + 16;
    this.#kinds = new Uint8Array(capacity);
    this.#starts = new Int32Array(capacity);
    this.#ends = new Int32Array(capacity);
    this.#budget = text.length * 8 + 10_000;
  }

  run(from: number): Tokens {
    const text = this.#text;
    const length = text.length;
    let flags = 0;
    let i = from;
    while (i < length && this.#count < MOST_TOKENS) {
      const c = text.charCodeAt(i);
      if (isSpace(c)) {
        if (c === 10 || c === 13) flags |= AFTER_NEWLINE;
        i++;
        continue;
      }
      if (isForeignSpace(c)) {
        this.#errors.add(i, i + 1, "JSON allows only spaces, tabs and line breaks between values");
        flags |= AFTER_JUNK;
        i++;
        continue;
      }
      if (c === 47 || c === 35) {
        const end = this.#comment(i, c);
        if (end > i) {
          this.#errors.add(i, end, "JSON has no comments");
          flags |= AFTER_JUNK;
          i = end;
          continue;
        }
      }
      if (c === 34) i = this.#string(i, flags);
      else if (isStructural(c)) i = this.#push(SIGNS[c]! | flags, i, i + 1);
      else i = this.#word(i, c, flags);
      flags = 0;
    }
    if (i < length) this.#errors.add(i, i + 1, "From here on, this is too much to be read with its errors");
    this.#push(END_OF_TEXT | flags, i, i);
    return { kinds: this.#kinds, starts: this.#starts, ends: this.#ends, count: this.#count };
  }

  #push(kind: number, start: number, end: number): number {
    const count = this.#count;
    if (count === this.#kinds.length) {
      const capacity = Math.ceil(count * 1.5) + 16;
      const kinds = new Uint8Array(capacity);
      const starts = new Int32Array(capacity);
      const ends = new Int32Array(capacity);
      kinds.set(this.#kinds);
      starts.set(this.#starts);
      ends.set(this.#ends);
      this.#kinds = kinds;
      this.#starts = starts;
      this.#ends = ends;
    }
    this.#kinds[count] = kind;
    this.#starts[count] = start;
    this.#ends[count] = end;
    this.#count = count + 1;
    return end;
  }

  /** The end of a comment that starts at `i`, or `i`. A `/*` that is never closed swallows nothing. */
  #comment(i: number, c: number): number {
    const text = this.#text;
    if (c === 47 && text.charCodeAt(i + 1) === 42) {
      const close = text.indexOf("*/", i + 2);
      return close < 0 ? i + 2 : close + 2;
    }
    if (c === 47 && text.charCodeAt(i + 1) !== 47) return i;
    let end = i;
    while (end < text.length && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
    return end;
  }

  #previousKind(): number {
    return this.#count === 0 ? COMMA : this.#kinds[this.#count - 1]! & TOKEN_MASK;
  }

  #string(open: number, flags: number): number {
    const text = this.#text;
    const length = text.length;
    const asValue = this.#previousKind() === COLON;
    let irregular = 0;
    let cut = -1;
    let i = open + 1;
    let c = 0;
    for (; i < length; i++) {
      c = text.charCodeAt(i);
      if (c === 34 || c === 10 || c === 13) break;
      if (c === 92) {
        irregular = TOKEN_IRREGULAR;
        const escaped = text.charCodeAt(i + 1);
        if (escaped === 10 || escaped === 13) continue;
        i++;
      } else if (cut < 0 && (c === 44 || c === 93 || c === 125 || (c === 58 && !asValue))) cut = i;
    }
    if (i > length) i = length;
    if (i < length && c === 34) {
      const next = nextVisible(text, i + 1);
      if (mayFollowString(next) || Number.isNaN(next) || next === 47 || next === 35 || this.#budget < 0) {
        return this.#closed(open, i + 1, irregular, flags);
      }
      this.#budget -= i - open;
      const openEnd = this.#trimmed(open, cut < 0 ? i : cut);
      if (this.#goodStrings(i + 1) >= this.#goodStrings(openEnd)) return this.#closed(open, i + 1, irregular, flags);
      return this.#unclosed(open, openEnd, flags);
    }
    // The line ends first. What a value's end looks like (`,`, `}`) belongs to the text around it.
    let end = i;
    if (!asValue && cut >= 0 && text.charCodeAt(cut) === 58) end = cut;
    else
      while (end > open + 1 && (isSpace(text.charCodeAt(end - 1)) || mayFollowString(text.charCodeAt(end - 1)))) end--;
    this.#budget -= i - end;
    if (this.#budget < 0) end = i;
    return this.#unclosed(open, end, flags);
  }

  #trimmed(open: number, end: number): number {
    let at = end;
    while (at > open + 1 && isSpace(this.#text.charCodeAt(at - 1))) at--;
    return at;
  }

  #unclosed(open: number, end: number, flags: number): number {
    this.#errors.add(open, end, "This string is not closed: '\"' is missing");
    return this.#push(QUOTED | TOKEN_IRREGULAR | TOKEN_BROKEN | flags, open, end);
  }

  #closed(open: number, end: number, irregular: number, flags: number): number {
    const text = this.#text;
    let broken = 0;
    for (let i = open + 1; i < end - 1; i++) {
      const c = text.charCodeAt(i);
      if (c < 32) {
        broken = TOKEN_BROKEN;
        this.#errors.add(i, i + 1, "A control character in a string has to be written as an escape, such as \\t");
      } else if (c === 92) {
        const escaped = text[++i]!;
        if (escaped === "u" ? !/^[0-9a-fA-F]{4}$/.test(text.slice(i + 1, i + 5)) : !'"\\/bfnrt'.includes(escaped)) {
          broken = TOKEN_BROKEN;
          const message = escaped === "u" ? "\\u needs four hexadecimal digits" : "This is no escape of JSON";
          this.#errors.add(i - 1, i + 1, message);
        }
      }
    }
    return this.#push(QUOTED | irregular | broken | flags, open, end);
  }

  /** How many of the next strings after `from` stand where strings stand and are followed by what follows strings. */
  #goodStrings(from: number): number {
    const text = this.#text;
    let previous = 44;
    let i = from;
    let gap = 0;
    for (let good = 0; good < LOOK_AHEAD; ) {
      const c = text.charCodeAt(i);
      if (Number.isNaN(c)) return LOOK_AHEAD;
      if (c !== 34) {
        if (!isSpace(c)) previous = c;
        i++;
        if (++gap > LOOK_AHEAD_GAP) return good;
        continue;
      }
      if (!mayPrecedeString(previous)) return good;
      const open = i++;
      for (; i < text.length; i++) {
        const inside = text.charCodeAt(i);
        if (inside === 92) i++;
        else if (inside === 34 || inside === 10) break;
      }
      this.#budget -= i - open + gap;
      if (text.charCodeAt(i) !== 34) return good;
      const next = nextVisible(text, ++i);
      if (!mayFollowString(next) && !Number.isNaN(next)) return good;
      good++;
      gap = 0;
      previous = 34;
    }
    return LOOK_AHEAD;
  }

  #word(start: number, first: number, flags: number): number {
    const text = this.#text;
    if (first === 39) {
      const end = this.#singleQuoted(start);
      if (end > start) {
        this.#errors.add(start, end, "JSON wants double quotes around strings");
        return this.#push(QUOTED | TOKEN_IRREGULAR | TOKEN_BROKEN | flags, start, end);
      }
    }
    if (first === 61) {
      this.#errors.add(start, start + 1, "A key and its value are separated by ':'");
      return this.#push(COLON | TOKEN_BROKEN | flags, start, start + 1);
    }
    let end = start + 1;
    for (; end < text.length; end++) {
      const c = text.charCodeAt(end);
      if (c === 34 || isSpace(c) || isStructural(c) || isForeignSpace(c)) break;
    }
    if (text.charCodeAt(end) === 34) {
      const next = nextVisible(text, end + 1);
      if (mayFollowString(next) || Number.isNaN(next)) {
        end++;
        this.#errors.add(start, end, "The '\"' before this string is missing");
        return this.#push(QUOTED | TOKEN_IRREGULAR | TOKEN_BROKEN | flags, start, end);
      }
    }
    const broken = isLiteral(text, start, end) ? 0 : TOKEN_BROKEN;
    return this.#push(WORD | broken | flags, start, end);
  }

  /** The end of a string in single quotes, or `start` where there is none. */
  #singleQuoted(start: number): number {
    const text = this.#text;
    const limit = Math.min(text.length, start + SINGLE_QUOTED_MAX);
    this.#budget -= limit - start;
    if (this.#budget < 0) return start;
    for (let i = start + 1; i < limit; i++) {
      const c = text.charCodeAt(i);
      if (c === 10 || c === 13) return start;
      if (c === 92) i++;
      else if (c === 39) {
        const next = nextVisible(text, i + 1);
        if (mayFollowString(next) || Number.isNaN(next)) return i + 1;
      }
    }
    return start;
  }
}

const SIGNS: Record<number, number> = {
  123: OPEN_OBJECT,
  125: CLOSE_OBJECT,
  91: OPEN_ARRAY,
  93: CLOSE_ARRAY,
  58: COLON,
  44: COMMA,
};
