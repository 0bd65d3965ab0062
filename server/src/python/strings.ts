import { isLineBreak, isNamePart } from "./characters.ts";

const BACKSLASH = 92;
const BRACE_OPEN = 123;
const BRACE_CLOSE = 125;
/** A replacement field longer than this is read as Python before 3.12 reads it, which keeps the scan linear. */
const LONGEST_FIELD = 1000;

/** Whether three equal quotes stand at `quote`. */
export function isTripleQuote(text: string, quote: number): boolean {
  const code = text.charCodeAt(quote);
  return text.charCodeAt(quote + 1) === code && text.charCodeAt(quote + 2) === code;
}

/** Whether the quote at `quote` has an `f` (or, in Python 3.14, a `t`) in the prefix before it. */
export function hasFormatPrefix(text: string, quote: number): boolean {
  const before = text.charCodeAt(quote - 1) | 32;
  if (!(before === 102 || before === 114 || before === 116)) return false;
  const beforeThat = text.charCodeAt(quote - 2) | 32;
  const isFormat = before !== 114 || beforeThat === 102 || beforeThat === 116;
  if (!isFormat) return false;
  let start = quote - 1;
  if (beforeThat === 102 || beforeThat === 114 || beforeThat === 116) start--;
  return start === 0 || !isNamePart(text.charCodeAt(start - 1));
}

/**
 * The offset behind the string literal whose opening quote stands at `quote`. A literal of one line that is not closed
 * ends with its line, a triple-quoted one at `end`.
 */
export function stringEnd(text: string, quote: number, end: number): number {
  if (isTripleQuote(text, quote)) return tripleStringEnd(text, quote, end);
  if (hasFormatPrefix(text, quote)) {
    const at = formatStringEnd(text, quote, end);
    if (at >= 0) return at;
  }
  return plainStringEnd(text, quote, end);
}

/** Whether the literal `quote` … `end` has its closing quotes. */
export function isClosedString(text: string, quote: number, end: number): boolean {
  const code = text.charCodeAt(quote);
  if (!isTripleQuote(text, quote)) return end - quote >= 2 && text.charCodeAt(end - 1) === code;
  return end - quote >= 6 && text.charCodeAt(end - 1) === code && isTripleQuote(text, end - 3);
}

function plainStringEnd(text: string, quote: number, end: number): number {
  const code = text.charCodeAt(quote);
  let at = quote + 1;
  while (at < end) {
    const c = text.charCodeAt(at);
    if (c === code) return at + 1;
    if (isLineBreak(c)) return at;
    // A backslash also takes the two code units of a line's end together.
    if (c === BACKSLASH) at += text.charCodeAt(at + 1) === 13 && text.charCodeAt(at + 2) === 10 ? 3 : 2;
    else at++;
  }
  return end;
}

function tripleStringEnd(text: string, quote: number, end: number): number {
  const closing = text.slice(quote, quote + 3);
  let from = quote + 3;
  for (;;) {
    const at = text.indexOf(closing, from);
    if (at < 0 || at + 3 > end) return end;
    let backslashes = 0;
    while (at - 1 - backslashes >= quote + 3 && text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at + 3;
    from = at + 1;
  }
}

/** As Python 3.12 and newer read it, with the same quotes inside a replacement field; -1 where that reads no sense. */
function formatStringEnd(text: string, quote: number, end: number): number {
  const code = text.charCodeAt(quote);
  let at = quote + 1;
  while (at < end) {
    const c = text.charCodeAt(at);
    if (c === code) return at + 1;
    if (isLineBreak(c)) return -1;
    if (c === BACKSLASH) at += 2;
    else if (c !== BRACE_OPEN) at++;
    else if (text.charCodeAt(at + 1) === BRACE_OPEN) at += 2;
    else {
      at = replacementEnd(text, at, end);
      if (at < 0) return -1;
    }
  }
  return -1;
}

/** The offset behind the `}` of the replacement field that opens at `brace`; -1 where it does not close in its line. */
function replacementEnd(text: string, brace: number, end: number): number {
  const limit = Math.min(end, brace + LONGEST_FIELD);
  let depth = 1;
  let at = brace + 1;
  while (at < limit) {
    const c = text.charCodeAt(at);
    if (isLineBreak(c)) return -1;
    if (c === 39 || c === 34) {
      at = plainStringEnd(text, at, limit);
      continue;
    }
    if (c === BRACE_OPEN || c === 40 || c === 91) depth++;
    else if (c === BRACE_CLOSE || c === 41 || c === 93) {
      depth--;
      if (depth === 0) return at + 1;
    }
    at++;
  }
  return -1;
}

/** One piece of a decoded literal: its characters, or the range of an expression in a replacement field. */
export type StringPiece = string | { readonly start: number; readonly end: number };

/**
 * The pieces of one string literal, whose prefix begins at `start`: one string for an ordinary literal, strings and the
 * ranges of replacement fields for an f-string; undefined for bytes.
 */
export function decodeString(text: string, start: number, end: number): StringPiece[] | undefined {
  let quote = start;
  while (quote < end && text.charCodeAt(quote) !== 34 && text.charCodeAt(quote) !== 39) quote++;
  const prefix = text.slice(start, quote).toLowerCase();
  if (prefix.includes("b")) return undefined;
  const width = isTripleQuote(text, quote) && end - quote >= 3 ? 3 : 1;
  const closed = isClosedString(text, quote, end);
  const from = Math.min(quote + width, end);
  const to = closed ? end - width : end;
  const raw = prefix.includes("r");
  if (!prefix.includes("f") && !prefix.includes("t")) {
    const body = text.slice(from, to);
    return [raw || !body.includes("\\") ? newlines(body) : unescapeString(body)];
  }
  return decodeFormat(text, from, to, raw);
}

function decodeFormat(text: string, from: number, to: number, raw: boolean): StringPiece[] {
  const pieces: StringPiece[] = [];
  let literal = from;
  let collected = "";
  const flush = (at: number) => {
    const body = text.slice(literal, at);
    collected += raw ? body : unescapeString(body);
  };
  let at = from;
  while (at < to) {
    const c = text.charCodeAt(at);
    const doubled = text.charCodeAt(at + 1) === c;
    if (c === BACKSLASH && !raw) at += 2;
    else if ((c === BRACE_OPEN || c === BRACE_CLOSE) && doubled) {
      flush(at + 1);
      at += 2;
      literal = at;
    } else if (c === BRACE_OPEN) {
      flush(at);
      if (collected !== "") pieces.push(collected);
      collected = "";
      const close = replacementEnd(text, at, to);
      const stop = close < 0 ? to : close;
      pieces.push({ start: at + 1, end: expressionEnd(text, at + 1, close < 0 ? to : close - 1) });
      at = stop;
      literal = at;
    } else at++;
  }
  flush(to);
  if (collected !== "" || pieces.length === 0) pieces.push(collected);
  return pieces;
}

/** Cuts `!r`, `:format` and the `=` of a self-documenting field off its expression. */
function expressionEnd(text: string, from: number, to: number): number {
  let depth = 0;
  for (let at = from; at < to; at++) {
    const c = text.charCodeAt(at);
    if (c === 39 || c === 34) at = plainStringEnd(text, at, to) - 1;
    else if (c === 40 || c === 91 || c === BRACE_OPEN) depth++;
    else if (c === 41 || c === 93 || c === BRACE_CLOSE) depth--;
    else if (depth === 0 && c === 58) return at;
    else if (depth === 0 && c === 33 && text.charCodeAt(at + 1) !== 61) return at;
  }
  let stop = to;
  while (stop > from && text.charCodeAt(stop - 1) === 32) stop--;
  return stop > from && text.charCodeAt(stop - 1) === 61 ? stop - 1 : to;
}

function newlines(body: string): string {
  return body.includes("\r") ? body.replace(/\r\n?/g, "\n") : body;
}

const SIMPLE: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

function unescapeString(body: string): string {
  return newlines(body).replace(
    /\\(?:\n|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\\'"abfnrtv]))/g,
    (all, octal?: string, byte?: string, short?: string, long?: string, simple?: string) => {
      if (simple !== undefined) return SIMPLE[simple]!;
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      const hex = byte ?? short ?? long;
      if (hex === undefined) return "";
      const code = Number.parseInt(hex, 16);
      return code > 0x10ffff ? all : String.fromCodePoint(code);
    },
  );
}
