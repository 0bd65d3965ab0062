import type { DecodedText, TextKind } from "../workspace/host.ts";

/**
 * Bytes to text as Python does it. Shared by the hosts: `TextDecoder` exists in Node and in browsers alike, but is
 * stricter than Python in one point (surrogates) and does not say where it failed, so the slow path is our own.
 */
export function decodeBytes(bytes: Uint8Array, as: TextKind): DecodedText {
  return as === "json" ? decodeJson(bytes) : decodePython(bytes);
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** As `json.loads(bytes)`: `detect_encoding` of json/__init__.py, then decoding with `surrogatepass`. */
export function decodeJson(bytes: Uint8Array): DecodedText {
  const { encoding, skip } = detectEncoding(bytes);
  if (encoding === "utf-8") return decodeUtf8(skip === 0 ? bytes : bytes.subarray(skip), true);
  return encoding.startsWith("utf-16")
    ? decodeUtf16(bytes, encoding === "utf-16-le", encoding, skip)
    : decodeUtf32(bytes, encoding === "utf-32-le", encoding, skip);
}

/** The encoding that `json.detect_encoding` answers, and how many bytes of a byte order mark to leave out. */
export function detectEncoding(b: Uint8Array): { encoding: string; skip: number } {
  const [b0, b1, b2, b3] = b;
  if (b0 === 0 && b1 === 0 && b2 === 0xfe && b3 === 0xff) return { encoding: "utf-32-be", skip: 4 };
  if (b0 === 0xff && b1 === 0xfe && b2 === 0 && b3 === 0) return { encoding: "utf-32-le", skip: 4 };
  if (b0 === 0xfe && b1 === 0xff) return { encoding: "utf-16-be", skip: 2 };
  if (b0 === 0xff && b1 === 0xfe) return { encoding: "utf-16-le", skip: 2 };
  if (b0 === 0xef && b1 === 0xbb && b2 === 0xbf) return { encoding: "utf-8", skip: 3 };
  if (b.length >= 4) {
    if (b0 === 0) return { encoding: b1 !== 0 ? "utf-16-be" : "utf-32-be", skip: 0 };
    if (b1 === 0) return { encoding: b2 !== 0 || b3 !== 0 ? "utf-16-le" : "utf-32-le", skip: 0 };
  } else if (b.length === 2) {
    if (b0 === 0) return { encoding: "utf-16-be", skip: 0 };
    if (b1 === 0) return { encoding: "utf-16-le", skip: 0 };
  }
  return { encoding: "utf-8", skip: 0 };
}

/** Strings are put together in pieces: `String.fromCharCode` takes a limited number of arguments. */
const PIECE = 8192;

class TextBuilder {
  readonly #units = new Uint16Array(PIECE);
  readonly #pieces: string[] = [];
  #used = 0;
  #length = 0;

  /** UTF-16 units so far. */
  get length(): number {
    return this.#length + this.#used;
  }

  add(codePoint: number): void {
    if (this.#used > PIECE - 2) this.#flush();
    if (codePoint > 0xffff) {
      this.#units[this.#used++] = 0xd800 + ((codePoint - 0x10000) >> 10);
      this.#units[this.#used++] = 0xdc00 + ((codePoint - 0x10000) & 0x3ff);
    } else {
      this.#units[this.#used++] = codePoint;
    }
  }

  #flush(): void {
    this.#pieces.push(String.fromCharCode.apply(null, this.#units.subarray(0, this.#used) as unknown as number[]));
    this.#length += this.#used;
    this.#used = 0;
  }

  toString(): string {
    this.#flush();
    return this.#pieces.join("");
  }
}

function decodeUtf8(bytes: Uint8Array, surrogatePass: boolean): DecodedText {
  try {
    return { text: strictUtf8.decode(bytes), encoding: "utf-8" };
  } catch {
    return decodeUtf8Slowly(bytes, surrogatePass);
  }
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}

/** `str(UnicodeDecodeError)` of CPython's unicodeobject.c for the bytes from `start` up to `end`. */
function utf8Error(bytes: Uint8Array, start: number, end: number, reason: string): string {
  return end - start === 1
    ? `'utf-8' codec can't decode byte ${hex(bytes[start] ?? 0)} in position ${start}: ${reason}`
    : `'utf-8' codec can't decode bytes in position ${start}-${end - 1}: ${reason}`;
}

function decodeUtf8Slowly(bytes: Uint8Array, surrogatePass: boolean): DecodedText {
  const out = new TextBuilder();
  let error: DecodedText["error"];
  let i = 0;
  while (i < bytes.length) {
    const first = bytes[i] ?? 0;
    if (first < 0x80) {
      out.add(first);
      i++;
      continue;
    }
    const size =
      first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
    let value = size === 0 ? 0 : first & (0xff >> (size + 1));
    let good = 1;
    while (good < size && i + good < bytes.length) {
      const next = bytes[i + good] ?? 0;
      if ((next & 0xc0) !== 0x80) break;
      // Overlong forms, surrogates and code points past the last one show in the second byte.
      if (
        good === 1 &&
        ((first === 0xe0 && next < 0xa0) || (first === 0xf0 && next < 0x90) || (first === 0xf4 && next > 0x8f))
      )
        break;
      if (good === 1 && first === 0xed && next > 0x9f && !surrogatePass) break;
      value = (value << 6) | (next & 0x3f);
      good++;
    }
    if (size > 0 && good === size) {
      out.add(value);
    } else {
      const reason =
        size === 0
          ? "invalid start byte"
          : i + good >= bytes.length
            ? "unexpected end of data"
            : "invalid continuation byte";
      error ??= { offset: out.length, message: utf8Error(bytes, i, i + good, reason) };
      out.add(0xfffd);
    }
    i += good;
  }
  return { text: out.toString(), encoding: "utf-8", ...(error && { error }) };
}

/** `skip` bytes of a byte order mark stand before the text; positions in messages count them. */
function decodeUtf16(bytes: Uint8Array, little: boolean, encoding: string, skip: number): DecodedText {
  const out = new TextBuilder();
  const high = little ? 1 : 0;
  const whole = bytes.length - ((bytes.length - skip) & 1);
  for (let i = skip; i < whole; i += 2) out.add(((bytes[i + high] ?? 0) << 8) | (bytes[i + 1 - high] ?? 0));
  if (whole === bytes.length) return { text: out.toString(), encoding };
  const message = `'${encoding}' codec can't decode byte ${hex(bytes[whole] ?? 0)} in position ${whole}: truncated data`;
  const error = { offset: out.length, message };
  out.add(0xfffd);
  return { text: out.toString(), encoding, error };
}

function decodeUtf32(bytes: Uint8Array, little: boolean, encoding: string, skip: number): DecodedText {
  const out = new TextBuilder();
  let error: DecodedText["error"];
  for (let i = skip; i < bytes.length; i += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(i, i + 4);
    const value = little ? ((d << 24) | (c << 16) | (b << 8) | a) >>> 0 : ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
    const whole = i + 4 <= bytes.length;
    if (whole && value <= 0x10ffff) {
      out.add(value);
      continue;
    }
    const reason = whole ? "code point not in range(0x110000)" : "truncated data";
    const end = Math.min(i + 4, bytes.length) - 1;
    const message = `'${encoding}' codec can't decode bytes in position ${i}-${end}: ${reason}`;
    error ??= { offset: out.length, message };
    out.add(0xfffd);
  }
  return { text: out.toString(), encoding, ...(error && { error }) };
}

/** As the Python compiler reads a source file: a byte order mark, else the coding cookie of PEP 263, else UTF-8. */
export function decodePython(bytes: Uint8Array): DecodedText {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return decodeUtf8(bytes.subarray(3), false);
  const cookie = codingCookie(bytes);
  if (cookie !== undefined && !/^utf[-_]?8(?:[-_]sig)?$/i.test(cookie)) {
    const decoder = decoderFor(cookie);
    if (decoder) return { text: decoder.decode(bytes), encoding: cookie };
    const read = decodeUtf8(bytes, false);
    return { ...read, error: { offset: 0, message: `unknown encoding: ${cookie}` } };
  }
  return decodeUtf8(bytes, false);
}

/** The encoding named in a comment on one of the first two lines (PEP 263); undefined where none is. */
export function codingCookie(bytes: Uint8Array): string | undefined {
  // Most files have no comment there at all: a look at the bytes spares them the rest.
  let head = "";
  let lines = 0;
  for (let i = 0; i < bytes.length && i < 1000; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0x0a && ++lines === 2) break;
    head += String.fromCharCode(byte);
    if (lines === 0 && i === 0 && byte !== 0x23 && byte > 0x20) return undefined;
  }
  const [first = "", second = ""] = head.split(/\r?\n/);
  const pattern = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
  const found = pattern.exec(first);
  if (found) return found[1];
  // A second line counts only after a blank line or a comment.
  return /^[ \t\f]*(?:#.*)?$/.test(first) ? pattern.exec(second)?.[1] : undefined;
}

/** Python's names of encodings that the encoding standard knows by another one. */
const pythonNames: Readonly<Record<string, string>> = {
  "latin-1": "windows-1252",
  latin1: "windows-1252",
  "iso-latin-1-unix": "windows-1252",
  cp932: "shift_jis",
  ms932: "shift_jis",
  "shift-jis": "shift_jis",
  sjis: "shift_jis",
  cp936: "gbk",
  cp949: "euc-kr",
  cp950: "big5",
  "mac-roman": "macintosh",
};

function decoderFor(cookie: string): InstanceType<typeof TextDecoder> | undefined {
  const name = cookie.toLowerCase().replaceAll("_", "-");
  const windows = /^(?:cp|windows-)?(125\d|874)$/.exec(name);
  for (const label of [pythonNames[name], windows && `windows-${windows[1]}`, name]) {
    if (!label) continue;
    try {
      return new TextDecoder(label);
    } catch {
      // Not a label of the encoding standard, or the runtime was built without it.
    }
  }
  return undefined;
}
