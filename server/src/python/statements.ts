import { afterLineBreak, isBlank, isLineBreak, isNameStart, lineEnd, nameEnd } from "./characters.ts";
import { beginsStatement, brokenQuote, isLambdaColon, isMatchHeader } from "./lineRules.ts";
import { COMPOUND, KINDS, type StatementKind } from "./statementKinds.ts";
import { isClosedString, isTripleQuote, stringEnd } from "./strings.ts";

export type { StatementKind } from "./statementKinds.ts";

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * One statement. `elif`, `else`, `except` and `finally` stand as statements of their own behind the one that they
 * belong to. Offsets are UTF-16, ends exclusive.
 */
export interface Statement {
  readonly kind: StatementKind;
  /** The first character: of `async` where there is one, behind the decorators. */
  readonly start: number;
  /** The end of a simple statement; of a compound one's header, without its colon. */
  readonly end: number;
  /** The end of the last statement of the body, or `end`. */
  readonly bodyEnd: number;
  readonly body: readonly Statement[];
  /** Of a class or function: the expressions behind each `@`, in source order. */
  readonly decorators: readonly TextRange[];
}

interface OpenStatement {
  kind: StatementKind;
  start: number;
  end: number;
  bodyEnd: number;
  body: OpenStatement[];
  decorators: TextRange[];
}

/** Blocks nested deeper than Python's own limit are read as part of the deepest one, so that readers may recurse. */
export const DEEPEST_BLOCK = 100;

const NO_DECORATORS: TextRange[] = [];
const NO_BODY: OpenStatement[] = [];

/** What a character means to the scan of a logical line: 0 nothing, 1 line break, 2 quote, 3 the rest that counts. */
const MEANING = (() => {
  const table = new Uint8Array(128);
  for (const c of "\n\r") table[c.charCodeAt(0)] = 1;
  for (const c of "\"'") table[c.charCodeAt(0)] = 2;
  for (const c of "#()[]{}\\;:") table[c.charCodeAt(0)] = 3;
  return table;
})();

/**
 * Splits Python source into statements by indentation, brackets and strings alone, in one linear pass. It takes any
 * text: what is half typed costs the statement that it stands in, since a line that begins with a word that no line
 * inside brackets begins with closes every open bracket.
 */
export function scanStatements(text: string): readonly Statement[] {
  const scanner = new Scanner(text);
  scanner.run();
  // A triple quote too many or too few turns code into strings and strings into code, up to the end of the file.
  const broken = scanner.unclosed ? brokenQuote(text, scanner.tripleStrings) : -1;
  if (broken < 0) return scanner.root;
  const again = new Scanner(text);
  again.oneLineQuote = broken;
  again.run();
  return again.root;
}

interface Block {
  /** The column of the block's statements, or -1 while its first one is awaited. */
  indent: number;
  /** The column of its header; -1 for the module. */
  header: number;
  into: OpenStatement[];
  owner: OpenStatement | undefined;
  kind: StatementKind | undefined;
}

class Scanner {
  readonly root: OpenStatement[] = [];
  /** The triple quote that is read as a string of one line. */
  oneLineQuote = -1;
  unclosed = false;
  private readonly text: string;
  private readonly blocks: Block[] = [];
  readonly tripleStrings: number[] = [];
  private decorators: TextRange[] = NO_DECORATORS;
  private at = 0;
  /** Where a run of lines that begin with `@` inside an open bracket starts, and its column. */
  private candidate = -1;
  private candidateColumn = 0;
  private rewound = 0;

  constructor(text: string) {
    this.text = text;
    this.blocks.push({ indent: 0, header: -1, into: this.root, owner: undefined, kind: undefined });
  }

  run(): void {
    const { text } = this;
    const end = text.length;
    while (this.at < end) {
      let column = 0;
      for (; this.at < end; this.at++) {
        const c = text.charCodeAt(this.at);
        if (c === 32) column++;
        else if (c === 9) column += 8 - (column % 8);
        else if (c === 12 || c === 0xfeff) column = 0;
        else break;
      }
      if (this.at >= end) break;
      const first = text.charCodeAt(this.at);
      if (isLineBreak(first)) this.at = afterLineBreak(text, this.at);
      else if (first === 35) this.at = lineEnd(text, this.at, end);
      // IPython's magics and shell lines: no statement of Python begins so.
      else if (first === 37 || first === 33 || first === 63) this.at = lineEnd(text, this.at, end);
      else {
        this.indentTo(column);
        this.line(column);
      }
    }
    this.closeBlocks(0);
  }

  /** Closes the blocks that a statement at this column lies outside of, and opens the awaited one. */
  private indentTo(column: number): void {
    let depth = this.blocks.length - 1;
    while (depth > 0) {
      const block = this.blocks[depth]!;
      if (block.indent < 0) {
        if (column > block.header) {
          block.indent = column;
          break;
        }
      } else if (column >= block.indent) break;
      depth--;
    }
    this.closeBlocks(depth);
  }

  private closeBlocks(depth: number): void {
    while (this.blocks.length - 1 > depth) {
      const { owner } = this.blocks.pop()!;
      const outer = this.blocks[this.blocks.length - 1]!.owner;
      if (owner && outer && owner !== outer && owner.bodyEnd > outer.bodyEnd) outer.bodyEnd = owner.bodyEnd;
    }
  }

  /** The statements of one logical line. */
  private line(column: number): void {
    let inline = false;
    const { text } = this;
    const depth = this.blocks.length - 1;
    while (this.at < text.length) {
      const stop = this.statement(column);
      if (stop === 58) {
        // Behind a header's colon: a suite on the same line, or none.
        while (this.at < text.length && isBlank(text.charCodeAt(this.at))) this.at++;
        const next = this.at < text.length ? text.charCodeAt(this.at) : 10;
        if (isLineBreak(next) || next === 35 || next === 92) return;
        inline = true;
      } else if (stop === 59) {
        while (this.at < text.length && isBlank(text.charCodeAt(this.at))) this.at++;
        const next = this.at < text.length ? text.charCodeAt(this.at) : 10;
        if (isLineBreak(next) || next === 35) break;
      } else break;
    }
    if (inline) this.closeBlocks(depth);
  }

  /** One statement or header; returns the character that ended it: a line break, `;`, `:` of a header, or 0 at the end. */
  private statement(column: number): number {
    const { text } = this;
    const start = this.at;
    const block = this.blocks[this.blocks.length - 1]!;
    const first = text.charCodeAt(start);
    if (first === 64) {
      const stop = this.toEnd(start + 1, false);
      if (this.decorators === NO_DECORATORS) this.decorators = [];
      this.decorators.push({ start: start + 1, end: this.trimmed(start + 1) });
      this.after(stop);
      return stop === 58 ? 0 : stop;
    }
    let kind: StatementKind = "simple";
    if (isNameStart(first)) {
      let wordEnd = nameEnd(text, start, text.length);
      let word = text.slice(start, wordEnd);
      if (word === "async") {
        let next = wordEnd;
        while (isBlank(text.charCodeAt(next))) next++;
        wordEnd = nameEnd(text, next, text.length);
        word = text.slice(next, wordEnd);
      }
      kind = KINDS.get(word) ?? "simple";
      if (word === "case" && block.kind === "match") kind = "case";
      if (word === "match" && isMatchHeader(text, wordEnd)) kind = "match";
    }
    const compound = kind === "match" || kind === "case" || COMPOUND.has(kind);
    const stop = this.toEnd(start, compound);
    const end = this.trimmed(start);
    const decorators = kind === "class" || kind === "def" ? this.decorators : NO_DECORATORS;
    this.decorators = NO_DECORATORS;
    const statement: OpenStatement = { kind, start, end, bodyEnd: end, body: compound ? [] : NO_BODY, decorators };
    block.into.push(statement);
    if (block.owner && end > block.owner.bodyEnd) block.owner.bodyEnd = end;
    if (compound) {
      const tooDeep = this.blocks.length > DEEPEST_BLOCK;
      this.blocks.push({
        indent: -1,
        header: column,
        into: tooDeep ? block.into : statement.body,
        owner: tooDeep ? block.owner : statement,
        kind,
      });
    }
    this.after(stop);
    return compound || stop !== 58 ? stop : 0;
  }

  /** Moves behind the character that ended a statement. */
  private after(stop: number): void {
    if (stop === 59 || stop === 58) this.at++;
  }

  private trimmed(start: number): number {
    let end = this.at;
    while (end > start) {
      const c = this.text.charCodeAt(end - 1);
      if (!isBlank(c) && !isLineBreak(c)) break;
      end--;
    }
    return end;
  }

  /**
   * Goes from `start` to what ends the statement and leaves `at` on it. Returns 58 for a header's colon, 59 for a
   * semicolon, 10 for the end of a line (a comment before it included) and 0 for the end of the text.
   */
  private toEnd(start: number, compound: boolean): number {
    const { text } = this;
    const end = text.length;
    let depth = 0;
    let at = start;
    this.candidate = -1;
    while (at < end) {
      const c = text.charCodeAt(at);
      const meaning = c < 128 ? MEANING[c]! : 0;
      if (meaning === 0) {
        at++;
        continue;
      }
      if (meaning === 1) {
        if (depth === 0) return this.stopAt(at, 10);
        const next = afterLineBreak(text, at);
        const resync = this.resyncAt(next);
        if (resync >= 0) return this.stopAt(resync === next ? at : resync - 1, 10);
        at = next;
        continue;
      }
      if (meaning === 2) {
        at = this.string(at);
        continue;
      }
      switch (c) {
        case 35: // #
          if (depth === 0) {
            this.at = at;
            return 10;
          }
          at = lineEnd(text, at, end);
          break;
        case 40:
        case 91:
        case 123:
          depth++;
          at++;
          break;
        case 41:
        case 93:
        case 125:
          if (depth > 0) depth--;
          at++;
          break;
        case 92: // A backslash joins lines.
          at = isLineBreak(text.charCodeAt(at + 1)) ? afterLineBreak(text, at + 1) : at + 1;
          break;
        case 59:
          if (depth === 0) return this.stopAt(at, 59);
          at++;
          break;
        default:
          if (compound && depth === 0 && text.charCodeAt(at + 1) !== 61 && !isLambdaColon(text, start, at)) {
            return this.stopAt(at, 58);
          }
          at++;
      }
    }
    return this.stopAt(end, 0);
  }

  private stopAt(at: number, stop: number): number {
    this.at = at;
    return stop;
  }

  private string(quote: number): number {
    const { text } = this;
    if (!isTripleQuote(text, quote)) return stringEnd(text, quote, text.length);
    if (quote === this.oneLineQuote) return lineEnd(text, quote, text.length);
    const end = stringEnd(text, quote, text.length);
    this.tripleStrings.push(quote);
    if (end === text.length && !isClosedString(text, quote, end)) this.unclosed = true;
    return end;
  }

  /**
   * Inside an open bracket, at the start of a line: where the statement has to end because this line begins a new one
   * (decorators before it included), or -1 where the line goes on with the bracket.
   */
  private resyncAt(lineStart: number): number {
    const { text } = this;
    let at = lineStart;
    let column = 0;
    for (; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === 32) column++;
      else if (c === 9) column += 8 - (column % 8);
      else break;
    }
    const first = text.charCodeAt(at);
    if (first === 64) {
      if (!isNameStart(text.charCodeAt(at + 1))) return -1;
      if (this.candidate < 0 || column !== this.candidateColumn) {
        this.candidate = lineStart;
        this.candidateColumn = column;
      }
      return -1;
    }
    if (!isNameStart(first) || first > 127) {
      const blank = at >= text.length || isLineBreak(first) || first === 35;
      const closer = first === 41 || first === 93 || first === 125;
      if (!blank && !closer && column <= this.candidateColumn) this.candidate = -1;
      return -1;
    }
    const wordEnd = nameEnd(text, at, text.length);
    const word = text.slice(at, wordEnd);
    const resync = beginsStatement(text, at, wordEnd);
    if (!resync) {
      if (column <= this.candidateColumn) this.candidate = -1;
      return -1;
    }
    const definition = word === "class" || word === "def" || word === "async";
    const back = lineStart - this.candidate;
    if (definition && this.candidate >= 0 && column === this.candidateColumn && this.rewound + back <= text.length) {
      // The decorators before the class belong to it, not to the bracket. The sum of such steps back is bounded.
      this.rewound += back;
      return this.candidate;
    }
    return lineStart;
  }
}
