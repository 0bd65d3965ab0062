import { isLineBreak, isNamePart, isNameStart, lineEnd, nameEnd } from "./characters.ts";
import { stringEnd } from "./strings.ts";

export type TokenKind = "name" | "number" | "string" | "operator" | "end";

/** Three-character and two-character operators, longest first. */
const LONG_OPERATORS = [
  "**=",
  "//=",
  ">>=",
  "<<=",
  "...",
  "**",
  "//",
  ">>",
  "<<",
  "<=",
  ">=",
  "==",
  "!=",
  "->",
  ":=",
  "+=",
  "-=",
].concat(["*=", "/=", "%=", "&=", "|=", "^=", "@=", "<>"]);
/** The characters that stand second in one of these. */
const SECOND = (() => {
  const table = new Uint8Array(128);
  for (const operator of LONG_OPERATORS) table[operator.charCodeAt(1)] = 1;
  return table;
})();

/** Reads the tokens of a range of Python source one by one; line breaks and comments are blanks to it. */
export class Tokens {
  readonly text: string;
  readonly end: number;
  kind: TokenKind = "end";
  /** The token's range. */
  start: number;
  stop: number;
  /** The text of a name or operator; "" for others. */
  value = "";
  /** The end of the token before this one. */
  previousStop: number;

  constructor(text: string, start: number, end: number) {
    this.text = text;
    this.end = end;
    this.start = start;
    this.stop = start;
    this.previousStop = start;
    this.next();
  }

  is(value: string): boolean {
    return this.value === value;
  }

  next(): void {
    const { text, end } = this;
    this.previousStop = this.stop;
    let at = this.stop;
    while (at < end) {
      const c = text.charCodeAt(at);
      if (c === 32 || c === 9 || c === 12 || c === 92 || c === 0xfeff || isLineBreak(c)) at++;
      else if (c === 35) at = lineEnd(text, at, end);
      else break;
    }
    this.start = at;
    this.value = "";
    if (at >= end) {
      this.kind = "end";
      this.start = end;
      this.stop = end;
      return;
    }
    const c = text.charCodeAt(at);
    if (isNameStart(c)) {
      const stop = nameEnd(text, at, end);
      const quote = text.charCodeAt(stop);
      if (stop < end && (quote === 34 || quote === 39) && stop - at <= 2 && isStringPrefix(text, at, stop)) {
        this.kind = "string";
        this.stop = Math.min(stringEnd(text, stop, end), end);
        return;
      }
      this.kind = "name";
      this.stop = stop;
      this.value = text.slice(at, stop);
    } else if (c === 34 || c === 39) {
      this.kind = "string";
      this.stop = stringEnd(text, at, end);
    } else if ((c >= 48 && c <= 57) || (c === 46 && isDigit(text.charCodeAt(at + 1)))) {
      this.kind = "number";
      this.stop = numberEnd(text, at, end);
    } else {
      this.kind = "operator";
      this.value = text[at]!;
      if (SECOND[text.charCodeAt(at + 1) & 127] === 1 && at + 1 < end) {
        for (const operator of LONG_OPERATORS) {
          if (text.startsWith(operator, at) && at + operator.length <= end) {
            this.value = operator;
            break;
          }
        }
      }
      this.stop = at + this.value.length;
    }
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isStringPrefix(text: string, start: number, stop: number): boolean {
  for (let at = start; at < stop; at++) {
    const c = text.charCodeAt(at) | 32;
    // r, b, u, f, t
    if (c !== 114 && c !== 98 && c !== 117 && c !== 102 && c !== 116) return false;
  }
  return true;
}

function numberEnd(text: string, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const c = text.charCodeAt(at);
    const before = text.charCodeAt(at - 1) | 32;
    const hexadecimal = (text.charCodeAt(start + 1) | 32) === 120;
    if (isNamePart(c) || c === 46 || ((c === 43 || c === 45) && before === 101 && !hexadecimal && at > start)) at++;
    else break;
  }
  return at;
}
