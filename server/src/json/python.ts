import { parseStrict } from "./strict.ts";

/** What CPython raises for a text: `type(e).__name__` and `str(e)`. */
export interface PythonError {
  readonly exception: "JSONDecodeError" | "RecursionError" | "ValueError";
  readonly message: string;
}

/**
 * How many nested lists and dicts `json.loads` reads when it is called from a script's top level: CPython's recursion
 * limit of 1000 less the frames below it. A caller that stands deeper reads fewer.
 */
export const PYTHON_DEPTH = 995;
/** `sys.int_info.default_max_str_digits`. */
const PYTHON_DIGITS = 4300;

/**
 * What CPython 3.11's `json.loads(text)` raises, undefined where it returns a value. With `fromBytes` the text stands
 * for the bytes that were read (`json.loads(bytes)`), which may begin with a byte order mark. Lines, columns and
 * characters in the message are counted in code points, as Python counts them. Linear in the text.
 */
export function pythonDecodeError(
  text: string,
  options: { fromBytes?: boolean; depth?: number } = {},
): PythonError | undefined {
  const hasMark = text.charCodeAt(0) === 0xfeff;
  if (hasMark && !options.fromBytes) {
    const message = "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)";
    return { exception: "JSONDecodeError", message };
  }
  const from = hasMark ? 1 : 0;
  const result = parseStrict(text, from, { depth: options.depth ?? PYTHON_DEPTH, digits: PYTHON_DIGITS });
  if (!("exception" in result)) return undefined;
  if (result.exception !== "JSONDecodeError") return { exception: result.exception, message: result.message };
  const { line, column, character } = pythonPosition(text, from, result.at);
  return {
    exception: "JSONDecodeError",
    message: `${result.message}: line ${line} column ${column} (char ${character})`,
  };
}

/** Line and column from 1 and character from 0, in code points; only "\n" ends a line. */
function pythonPosition(text: string, from: number, at: number): { line: number; column: number; character: number } {
  let line = 1;
  let lineStart = 0;
  let character = 0;
  for (let i = from; i < at; i++, character++) {
    const c = text.charCodeAt(i);
    if (c === 10) {
      line++;
      lineStart = character + 1;
    } else if (c >= 0xd800 && c < 0xdc00 && i + 1 < at) {
      const low = text.charCodeAt(i + 1);
      if (low >= 0xdc00 && low < 0xe000) i++;
    }
  }
  return { line, column: character - lineStart + 1, character };
}
