import type { LineIndex } from "../workspace/lineIndex.ts";
import { cellsOf, printable, type Style } from "./terminal.ts";

/** How many cells of a line are shown; what is longer shows the part around the value. */
const WIDTH = 110;
/** Lines shown before and after the one with the value. */
const CONTEXT = 2;
const TAB = 4;

export interface SnippetRange {
  /** UTF-16 offsets; the end is exclusive. */
  readonly start: number;
  readonly end: number;
}

/**
 * The lines of a text around a range, numbered from 1, with carets under the range:
 *
 *     11 |   "class_name": "Scael",
 *        |                 ^^^^^^^
 *
 * Of a long line only the part around the range; cut ends show as `…`. Costs no more than what it shows.
 */
export function snippet(
  text: string,
  lines: LineIndex,
  range: SnippetRange,
  style: Style,
  paint: (text: string) => string,
): string[] {
  const from = lines.positionAt(range.start);
  const to = lines.positionAt(Math.max(range.start, range.end - 1));
  const first = Math.max(0, from.line - CONTEXT);
  const last = Math.min(lines.count - 1, from.line + CONTEXT);
  const gutter = String(last + 1).length;
  const bar = style.faint("|");
  const shown: string[] = [];
  const focus = lines.rangeOf(from.line);
  const window = windowAround(text, focus, range);
  for (let line = first; line <= last; line++) {
    const isFocus = line === from.line;
    const whole = lines.rangeOf(line);
    // The newline at the end of a file begins no line that anybody sees.
    if (!isFocus && whole.start === text.length) continue;
    // Neighbours of a line that was cut on the left say nothing about it.
    if (!isFocus && window.start > focus.start) continue;
    const part = isFocus ? window : { start: whole.start, end: fitting(text, whole.start, whole.end, WIDTH) };
    const cut = render(text, part.start, part.end);
    const body = `${part.start > whole.start ? "…" : ""}${cut.text}${part.end < whole.end ? "…" : ""}`;
    shown.push(`${style.faint(String(line + 1).padStart(gutter))} ${bar} ${body}`.trimEnd());
    if (!isFocus) continue;
    const end = to.line > from.line ? focus.end : range.end;
    const before = render(text, part.start, range.start).cells + (part.start > whole.start ? 1 : 0);
    const marked = Math.max(1, render(text, range.start, Math.min(end, part.end)).cells);
    const more = end > part.end || to.line > from.line ? "…" : "";
    shown.push(`${" ".repeat(gutter)} ${bar} ${" ".repeat(before)}${paint("^".repeat(marked) + more)}`);
  }
  return shown;
}

/** The part of a line that is shown: the range with what stands around it. */
function windowAround(text: string, line: SnippetRange, range: SnippetRange): SnippetRange {
  if (line.end - line.start <= WIDTH && render(text, line.start, line.end).cells <= WIDTH) return line;
  const marked = Math.min(range.end, line.end) - range.start;
  // A long value shows its beginning; a short one stands in the middle.
  const before = Math.max(20, Math.floor((WIDTH - Math.min(marked, WIDTH)) / 2));
  let start = Math.max(line.start, range.start - before);
  if (isLowSurrogate(text, start)) start--;
  return { start, end: fitting(text, start, line.end, WIDTH) };
}

/** The end of the longest piece from `start` that fits into a number of cells. */
function fitting(text: string, start: number, end: number, cells: number): number {
  let used = 0;
  let at = start;
  while (at < end) {
    const character = characterAt(text, at, end);
    used += cellsShown(character, used);
    if (used > cells) break;
    at += character.length;
  }
  return at;
}

function characterAt(text: string, at: number, end: number): string {
  return at + 1 < end && isLowSurrogate(text, at + 1) ? text.slice(at, at + 2) : text.charAt(at);
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function cellsShown(character: string, column: number): number {
  if (character === "\t") return TAB - (column % TAB);
  const safe = printable(character);
  return safe === character ? cellsOf(character) : safe.length;
}

function render(text: string, start: number, end: number): { text: string; cells: number } {
  let out = "";
  let cells = 0;
  for (let at = start; at < end; ) {
    const character = characterAt(text, at, end);
    const width = cellsShown(character, cells);
    out += character === "\t" ? " ".repeat(width) : printable(character);
    cells += width;
    at += character.length;
  }
  return { text: out, cells };
}
