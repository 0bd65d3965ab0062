/** Classes of UTF-16 code units in Python source, as the tokenizer of CPython groups them. */

/** Whether a name may go on with this code unit; everything outside ASCII counts as a letter. */
export function isNamePart(code: number): boolean {
  return code > 127 || NAME_PART[code] === 1;
}

/** Whether a name may begin with this code unit. */
export function isNameStart(code: number): boolean {
  return code > 127 || (NAME_PART[code] === 1 && !(code >= 48 && code <= 57));
}

/** A line feed or a carriage return: Python reads both, and the two together, as one line's end. */
export function isLineBreak(code: number): boolean {
  return code === 10 || code === 13;
}

/** A blank, a tab, a form feed, or a byte order mark (which only means something at the start of a file). */
export function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 12 || code === 0xfeff;
}

/** The end of the name that begins at `from` (which is `from` itself where none begins). */
export function nameEnd(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && isNamePart(text.charCodeAt(at))) at++;
  return at;
}

/** The offset of the line break that ends the line of `from`, or `end`. */
export function lineEnd(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && !isLineBreak(text.charCodeAt(at))) at++;
  return at;
}

/** The start of the next line: behind the line break at `at`, taking a carriage return and a line feed together. */
export function afterLineBreak(text: string, at: number): number {
  return text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1;
}

const NAME_PART = (() => {
  const table = new Uint8Array(128);
  for (let code = 0; code < 128; code++) {
    const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
    table[code] = letter || (code >= 48 && code <= 57) ? 1 : 0;
  }
  return table;
})();
