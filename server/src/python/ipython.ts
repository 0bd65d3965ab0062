import { afterLineBreak, isBlank, isLineBreak, lineEnd, nameEnd } from "./characters.ts";
import { isClosedString, isTripleQuote, stringEnd } from "./strings.ts";

/** A notebook's cell as Python reads it. */
export interface CellText {
  /** As long as the cell, so that every offset is the cell's own. */
  readonly text: string;
  /** What ends the statement that the cell leaves open: cells are compiled one by one, and none goes on in the next. */
  readonly closing: string;
}

/** Cell magics whose cell is not run as Python of this notebook: another language, another program, a file that is written. */
const OTHER_CELLS = new Set([
  ...["bash", "sh", "shell", "script", "sx", "system", "!", "cmd", "powershell", "pwsh", "perl", "ruby", "node"],
  ...["html", "HTML", "javascript", "js", "css", "svg", "SVG", "latex", "markdown", "mermaid"],
  ...["writefile", "file", "writetemplate", "cython", "cpp", "c", "cuda", "cu", "rust", "java", "fortran", "julia"],
  ...["R", "r", "sql", "bigquery", "sparksql", "python2", "pypy", "ai", "skip"],
]);

/** Line magics that run the rest of their line as Python. */
const RUNNING_MAGICS = new Set(["time", "timeit", "prun", "memit", "mprun", "pyinstrument", "snakeviz"]);

/**
 * Takes out of a cell what IPython takes for itself: magics, shell lines, questions. What a magic such as `%time` or
 * `%%capture` runs as Python stays. Mirrors the order of IPython's `inputtransformer2`; takes any text, linear in it.
 */
export function pythonOfCell(cell: string): CellText {
  // Colab lets a `#@title` stand before the magic.
  const magic = /^(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n))*[ \t]*%%(!|\w*)[^\r\n]*/.exec(cell);
  if (!magic) return new CellReader(cell, 0).read();
  if (OTHER_CELLS.has(magic[1]!)) return { text: blank(cell), closing: "" };
  return new CellReader(cell, magic[0].length).read();
}

/** As many blanks, with the lines as they were. */
function blank(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
}

const CLOSERS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

class CellReader {
  readonly #cell: string;
  /** What is read so far, as it is answered. */
  #text: string;
  #taken: number;
  #at: number;
  readonly #open: string[] = [];
  #quote = "";
  #statement = 0;

  /** A reader of the cell from `start`; what stands before is blank. */
  constructor(cell: string, start: number) {
    this.#cell = cell;
    this.#text = blank(cell.slice(0, start));
    this.#taken = start;
    this.#at = start;
  }

  read(): CellText {
    const cell = this.#cell;
    while (this.#at < cell.length) this.#line();
    this.#take(cell.length, "");
    const isDecorator = cell.charAt(this.#statement) === "@";
    const closing = `${this.#quote}${this.#open.reverse().join("")}${isDecorator ? "\npass" : ""}`;
    // A line break before it: the cell may end in a comment or with a backslash.
    return { text: this.#text, closing: closing === "" && !cell.endsWith("\\") ? "" : `\n${closing}` };
  }

  /** Copies the cell up to `start`, and goes on behind what `by` stands for. */
  #take(start: number, by: string): void {
    this.#text += this.#cell.slice(this.#taken, start) + by;
    this.#taken = start + by.length;
  }

  /** One logical line. */
  #line(): void {
    const cell = this.#cell;
    do while (isBlank(cell.charCodeAt(this.#at))) this.#at++;
    while (this.#running(this.#at, "0;"));
    const start = this.#at;
    const first = cell.charAt(start);
    // Magics, shell, questions, and the automatic calls of IPython: no statement of Python begins so.
    if (first !== "" && "%!?,;/".includes(first)) this.#skip(start, "");
    else {
      if (first !== "" && !isLineBreak(first.charCodeAt(0)) && first !== "#") this.#statement = start;
      this.#python();
    }
  }

  /** Leaves of a magic that runs Python only that: in its place stands `by`, which keeps the column of the statement. */
  #running(start: number, by: string): boolean {
    const cell = this.#cell;
    const wordEnd = nameEnd(cell, start + 1, cell.length);
    if (cell.charAt(start) !== "%" || !RUNNING_MAGICS.has(cell.slice(start + 1, wordEnd))) return false;
    const options = /(?:[ \t]+--?[A-Za-z][\w-]*(?:[ \t]*\d+)?)*[ \t]*/y;
    options.lastIndex = wordEnd;
    options.test(cell);
    this.#at = Math.max(options.lastIndex, wordEnd);
    this.#take(start, by.padEnd(this.#at - start));
    return true;
  }

  /** Takes out what runs from `start` to the end of the line, or of the last one that a backslash joins to it. */
  #skip(start: number, by: string): void {
    const cell = this.#cell;
    let end = lineEnd(cell, start, cell.length);
    while (end < cell.length && cell.charAt(end - 1) === "\\")
      end = lineEnd(cell, afterLineBreak(cell, end), cell.length);
    this.#take(start, by + blank(cell.slice(start + by.length, end)));
    this.#at = end < cell.length ? afterLineBreak(cell, end) : end;
  }

  /** The rest of a logical line of Python. */
  #python(): void {
    const cell = this.#cell;
    const open = this.#open;
    while (this.#at < cell.length) {
      const at = this.#at;
      const c = cell.charAt(at);
      if (c === "'" || c === '"') this.#string(at);
      else if (c === "#") this.#at = lineEnd(cell, at, cell.length);
      else if (c === "\\") this.#at = isLineBreak(cell.charCodeAt(at + 1)) ? afterLineBreak(cell, at + 1) : at + 1;
      else if (c === "\n" || c === "\r") {
        this.#at = afterLineBreak(cell, at);
        if (open.length === 0) return;
      } else {
        this.#at = at + 1;
        if (c in CLOSERS) open.push(CLOSERS[c]!);
        else if (c === open.at(-1)) open.pop();
        else if (open.length > 0) continue;
        else if (c === "=" && this.#assigned(at)) return;
        else if (c === "?" && this.#isQuestion()) {
          this.#skip(this.#statement, "");
          return;
        }
      }
    }
  }

  /** Whether the line ends with its question marks. */
  #isQuestion(): boolean {
    const cell = this.#cell;
    while (isBlank(cell.charCodeAt(this.#at)) || cell.charAt(this.#at) === "?") this.#at++;
    return this.#at >= cell.length || isLineBreak(cell.charCodeAt(this.#at));
  }

  /** `files = !ls`, `x = %time f()`: whether the value was IPython's, and the line is done. */
  #assigned(at: number): boolean {
    const cell = this.#cell;
    if ("=!<>".includes(cell.charAt(at - 1) || " ")) return false;
    let value = at + 1;
    while (isBlank(cell.charCodeAt(value))) value++;
    const first = cell.charAt(value);
    if (this.#running(value, "")) return false;
    if (first !== "%" && first !== "!") return false;
    // The value is nobody's: a name that nothing defines.
    this.#skip(value, "_");
    return true;
  }

  #string(quote: number): void {
    const cell = this.#cell;
    this.#at = stringEnd(cell, quote, cell.length);
    if (this.#at === cell.length && isTripleQuote(cell, quote) && !isClosedString(cell, quote, cell.length))
      this.#quote = cell.slice(quote, quote + 3);
  }
}
