import {
  AFTER,
  ARRAY,
  BOOLEAN,
  COUNT_MAX,
  END,
  firstCapacity,
  grow,
  INFO,
  KEY_END,
  KEY_IRREGULAR,
  KEY_START,
  KIND_MASK,
  type NodeStore,
  NULL,
  NUMBER,
  OBJECT,
  ONE_CHILD,
  PARENT,
  STRIDE,
  STRING,
  VALUE_IRREGULAR,
} from "./nodes.ts";

/** Why CPython's `json` refuses a text: the exception's class, its words and the UTF-16 offset it speaks of. */
export interface StrictFailure {
  readonly exception: "JSONDecodeError" | "RecursionError" | "ValueError";
  readonly message: string;
  readonly at: number;
}

/** What stops CPython besides the grammar: nesting, and the digits of an integer. */
export interface PythonLimits {
  readonly depth: number;
  readonly digits: number;
}

function failure(message: string, at: number): StrictFailure {
  return { exception: "JSONDecodeError", message, at };
}

/** Where `scanString` went wrong is encoded in a negative number, so that the good case returns a plain integer. */
const STRING_FAILURES = [
  "Unterminated string starting at",
  "Invalid control character at",
  "Invalid \\escape",
  "Invalid \\uXXXX escape",
];

function stringFailure(code: number, at: number): number {
  return -(at * 4 + code) - 1;
}

function readStringFailure(encoded: number): StrictFailure {
  const value = -encoded - 1;
  return failure(STRING_FAILURES[value % 4]!, Math.floor(value / 4));
}

function isHex(c: number): boolean {
  return (c >= 48 && c <= 57) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102);
}

/** The offset of the first character at or after `i` that is no JSON whitespace, or the text's length. */
function skipSpace(text: string, i: number): number {
  const length = text.length;
  let at = i;
  while (at < length) {
    const c = text.charCodeAt(at);
    if (c > 32 || (c !== 32 && c !== 10 && c !== 13 && c !== 9)) break;
    at++;
  }
  return at;
}

/** The offset of the first quote, backslash or control character at or after `i`, or the text's length. */
function skipPlain(text: string, i: number): number {
  const length = text.length;
  let at = i;
  while (at < length) {
    const c = text.charCodeAt(at);
    if (c > 34 ? c === 92 : c === 34 || c < 32) break;
    at++;
  }
  return at;
}

function skipDigits(text: string, i: number): number {
  const length = text.length;
  let at = i;
  while (at < length) {
    const c = text.charCodeAt(at);
    if (c < 48 || c > 57) break;
    at++;
  }
  return at;
}

/** The rest of a string that opened at `open`, from its first backslash, control character or the text's end on. */
function scanIrregularString(text: string, open: number, from: number): number {
  const length = text.length;
  let i = from;
  while (i < length) {
    const c = text.charCodeAt(i);
    if (c === 34) return i + 1;
    if (c < 32) return stringFailure(1, i);
    if (c !== 92) {
      i++;
      continue;
    }
    if (i + 1 >= length) return stringFailure(0, open);
    switch (text.charCodeAt(i + 1)) {
      case 34:
      case 47:
      case 92:
      case 98:
      case 102:
      case 110:
      case 114:
      case 116:
        i += 2;
        break;
      case 117:
        // CPython wants a character after the four digits, so a text that ends there is a bad escape and not an open string.
        if (i + 6 >= length) return stringFailure(3, i + 1);
        for (let digit = i + 2; digit < i + 6; digit++) {
          if (!isHex(text.charCodeAt(digit))) return stringFailure(3, i + 1);
        }
        i += 6;
        break;
      default:
        return stringFailure(2, i);
    }
  }
  return stringFailure(0, open);
}

/** The offset after a JSON number that starts at `from`, or `from` where there is none. Stops where CPython stops. */
function scanNumber(text: string, from: number): number {
  const length = text.length;
  let i = from;
  let c = text.charCodeAt(i);
  if (c === 45) c = text.charCodeAt(++i);
  if (c === 48) i++;
  else if (c >= 49 && c <= 57) i = skipDigits(text, i + 1);
  else return from;
  if (i >= length) return i;
  c = text.charCodeAt(i);
  if (c === 46) {
    c = i + 1 < length ? text.charCodeAt(i + 1) : 0;
    if (c < 48 || c > 57) return i;
    i = skipDigits(text, i + 2);
    if (i >= length) return i;
    c = text.charCodeAt(i);
  }
  if (c === 69 || c === 101) {
    let e = i + 1;
    c = e < length ? text.charCodeAt(e) : 0;
    if (c === 43 || c === 45) c = ++e < length ? text.charCodeAt(e) : 0;
    if (c < 48 || c > 57) return i;
    i = skipDigits(text, e + 1);
  }
  return i;
}

/** The digits of the integer between two offsets; 0 for a float. */
function integerDigits(text: string, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    const c = text.charCodeAt(i);
    if (c === 46 || c === 69 || c === 101) return 0;
  }
  return text.charCodeAt(start) === 45 ? end - start - 1 : end - start;
}

/** The end of one of Python's constants that starts at `from`, else -1; the kind follows from its first letter. */
function scanConstant(text: string, from: number, c: number): number {
  switch (c) {
    case 110:
      return text.startsWith("null", from) ? from + 4 : -1;
    case 116:
      return text.startsWith("true", from) ? from + 4 : -1;
    case 102:
      return text.startsWith("false", from) ? from + 5 : -1;
    case 78:
      return text.startsWith("NaN", from) ? from + 3 : -1;
    case 73:
      return text.startsWith("Infinity", from) ? from + 8 : -1;
    case 45:
      return text.startsWith("-Infinity", from) ? from + 9 : -1;
    default:
      return -1;
  }
}

/**
 * Reads a text exactly as CPython's `json.loads` does, from offset `from` (after a byte order mark) to its end, and
 * returns the values or the first failure. It mirrors `Modules/_json.c` of CPython 3.11, iterative instead of recursive.
 * Without `limits` neither nesting nor long integers fail.
 */
export function parseStrict(text: string, from: number, limits?: PythonLimits): NodeStore | StrictFailure {
  const length = text.length;
  const maxDepth = limits ? limits.depth : Number.POSITIVE_INFINITY;
  let data: Int32Array = new Int32Array(firstCapacity(length));
  let capacity = data.length;
  let p = 0; // Where the next value's integers go.
  let top = -1; // Where the integers of the open container stand.
  let inObject = false;
  let depth = 0;
  let i = from;
  let c = 0;
  let keyStart = -1;
  let keyEnd = -1;
  let keyFlag = 0;
  let wantsKey = false;

  for (;;) {
    i = skipSpace(text, i);
    c = i < length ? text.charCodeAt(i) : 0;

    if (wantsKey) {
      if (i >= length || c !== 34) return failure("Expecting property name enclosed in double quotes", i);
      keyStart = i++;
      keyFlag = 0;
      i = skipPlain(text, i);
      c = text.charCodeAt(i);
      if (c === 34) i++;
      else {
        keyFlag = KEY_IRREGULAR;
        i = scanIrregularString(text, keyStart, i);
        if (i < 0) return readStringFailure(i);
      }
      keyEnd = i;
      i = skipSpace(text, i);
      c = i < length ? text.charCodeAt(i) : 0;
      if (i >= length || c !== 58) return failure("Expecting ':' delimiter", i);
      i++;
      i = skipSpace(text, i);
      c = i < length ? text.charCodeAt(i) : 0;
    }

    if (i >= length) return failure("Expecting value", i);
    if (p >= capacity) {
      data = grow(data);
      capacity = data.length;
    }
    data[p] = i;
    data[p + KEY_START] = keyStart;
    data[p + KEY_END] = keyEnd;
    if (top >= 0) {
      data[p + PARENT] = top / STRIDE;
      const info = data[top + INFO]!;
      if (info >>> 8 < COUNT_MAX) data[top + INFO] = info + ONE_CHILD;
    } else data[p + PARENT] = -1;

    let kind = STRING;
    if (c === 34) {
      const open = i++;
      i = skipPlain(text, i);
      c = text.charCodeAt(i);
      if (c === 34) i++;
      else {
        kind |= VALUE_IRREGULAR;
        i = scanIrregularString(text, open, i);
        if (i < 0) return readStringFailure(i);
      }
    } else if (c === 123 || c === 91) {
      inObject = c === 123;
      if (++depth > maxDepth) {
        const what = inObject ? "object" : "array";
        const message = `maximum recursion depth exceeded while decoding a JSON ${what} from a unicode string`;
        return { exception: "RecursionError", message, at: i };
      }
      data[p + INFO] = (inObject ? OBJECT : ARRAY) | keyFlag;
      top = p;
      p += STRIDE;
      i++;
      i = skipSpace(text, i);
      c = i < length ? text.charCodeAt(i) : 0;
      if (i >= length || c !== (inObject ? 125 : 93)) {
        wantsKey = inObject;
        keyStart = keyEnd = -1;
        keyFlag = 0;
        continue;
      }
      kind = -1;
    } else {
      const start = i;
      i = scanNumber(text, start);
      if (i > start) {
        kind = NUMBER;
        if (limits && i - start > limits.digits) {
          const digits = integerDigits(text, start, i);
          if (digits > limits.digits) {
            const message = `Exceeds the limit (${limits.digits} digits) for integer string conversion: value has ${digits} digits; use sys.set_int_max_str_digits() to increase the limit`;
            return { exception: "ValueError", message, at: start };
          }
        }
      } else {
        i = scanConstant(text, start, c);
        if (i < 0) return failure("Expecting value", start);
        kind = c === 110 ? NULL : c === 116 || c === 102 ? BOOLEAN : NUMBER;
      }
    }
    if (kind >= 0) {
      data[p + END] = i;
      data[p + INFO] = kind | keyFlag;
      p += STRIDE;
      data[p - STRIDE + AFTER] = p / STRIDE;
    }

    // A value is complete, or the open container is empty and `i` stands on its closer.
    for (;;) {
      if (top < 0) {
        i = skipSpace(text, i);
        c = i < length ? text.charCodeAt(i) : 0;
        if (i < length) return failure("Extra data", i);
        return { data, size: p / STRIDE };
      }
      i = skipSpace(text, i);
      c = i < length ? text.charCodeAt(i) : 0;
      if (i >= length) return failure("Expecting ',' delimiter", i);
      i++;
      if (c === 44) break;
      if (c !== (inObject ? 125 : 93)) return failure("Expecting ',' delimiter", i - 1);
      data[top + END] = i;
      data[top + AFTER] = p / STRIDE;
      depth--;
      const parent = data[top + PARENT]!;
      if (parent < 0) top = -1;
      else {
        top = parent * STRIDE;
        inObject = (data[top + INFO]! & KIND_MASK) === OBJECT;
      }
    }
    wantsKey = inObject;
    keyStart = keyEnd = -1;
    keyFlag = 0;
  }
}

/** Whether the text between two offsets is a number or a constant as Python's `json` reads them. */
export function isLiteral(text: string, start: number, end: number): boolean {
  return scanNumber(text, start) === end || scanConstant(text, start, text.charCodeAt(start)) === end;
}
