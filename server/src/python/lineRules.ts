import { isBlank, isLineBreak, isNameStart, lineEnd, nameEnd } from "./characters.ts";
import { stringEnd } from "./strings.ts";

/** Whether the colon at `at` belongs to a lambda of the header that begins at `start` rather than to the header. */
export function isLambdaColon(text: string, start: number, at: number): boolean {
  const header = text.slice(start, at);
  if (!header.includes("lambda")) return false;
  let pending = 0;
  let depth = 0;
  for (let i = 0; i < header.length; i++) {
    const c = header.charCodeAt(i);
    if (c === 34 || c === 39) i = stringEnd(header, i, header.length) - 1;
    else if (c === 40 || c === 91 || c === 123) depth++;
    else if (c === 41 || c === 93 || c === 125) depth--;
    else if (c === 58 && depth === 0 && pending > 0) pending--;
    else if (isNameStart(c)) {
      const stop = nameEnd(header, i, header.length);
      if (depth === 0 && header.slice(i, stop) === "lambda") pending++;
      i = stop - 1;
    }
  }
  return pending > 0;
}

/** Whether `match` begins a match statement: its logical line ends with a colon, and it is no name that is used. */
export function isMatchHeader(text: string, wordEnd: number): boolean {
  let at = wordEnd;
  while (isBlank(text.charCodeAt(at))) at++;
  const next = text.charCodeAt(at);
  // `match = …`, `match.group()`, `match: int`, `match)`, and the like.
  if (at >= text.length || isLineBreak(next) || ".=:,;)]}#+/%&|^<>!".includes(text[at]!)) return false;
  const line = text.slice(at, lineEnd(text, at, text.length));
  return /:\s*(?:#.*)?$/.test(line) || /[([{,]\s*$/.test(line);
}

/** The first triple quote whose text holds a line that looks like code at the left margin; -1 where none does. */
export function brokenQuote(text: string, tripleStrings: readonly number[]): number {
  for (const quote of tripleStrings) {
    const body = text.slice(quote + 3, stringEnd(text, quote, text.length));
    if (/^(?:class|def) \w+.*:\s*$|^@\w+|^from \S+ import |^import \w+/m.test(body)) return quote;
  }
  return -1;
}

/** `pass=1` or `pass,`: no keyword statement but a slip of the pen, which is better left inside its bracket. */
function isArgument(text: string, wordEnd: number): boolean {
  let at = wordEnd;
  while (isBlank(text.charCodeAt(at))) at++;
  const c = text.charCodeAt(at);
  return (c === 61 && text.charCodeAt(at + 1) !== 61) || c === 44 || c === 46;
}

/** Words that cannot begin a line inside brackets: one that does shows that the bracket was never closed. */
const RESYNC = new Set([
  ...["class", "def", "return", "import", "while", "try", "except", "finally", "raise", "del", "global", "nonlocal"],
  ...["assert", "pass", "break", "continue", "elif", "with"],
]);

/** Whether the word `at` … `wordEnd`, first of a line inside an open bracket, begins a statement: the bracket was never closed. */
export function beginsStatement(text: string, at: number, wordEnd: number): boolean {
  const word = text.slice(at, wordEnd);
  if (word === "from") return /^from[ \t]+[.\w]+[ \t]+import\b/.test(text.slice(at, at + 200));
  if (word === "async") return /^async[ \t]+(?:def|with)\b/.test(text.slice(at, at + 40));
  return RESYNC.has(word) && !isArgument(text, wordEnd);
}
