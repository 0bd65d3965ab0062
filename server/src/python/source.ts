import { afterLineBreak, isLineBreak } from "./characters.ts";
import { pythonOfCell } from "./ipython.ts";
import type { Place } from "./summary.ts";

/** A module's text: one document, or the cells of a notebook in order. */
export type PythonSource =
  | { readonly uri: string; readonly text: string }
  | { readonly uri: string; readonly segments: readonly { readonly uri: string; readonly text: string }[] };

/** The text that is read as one module, with the way back to places in its documents. */
export class SourceText {
  readonly uri: string;
  readonly text: string;
  readonly cells: readonly string[] | undefined;
  /** Where each cell begins in `text`. */
  private readonly cellStarts: readonly number[];
  private lineStarts: number[] | undefined;
  /** The line that was asked for last: the next one is mostly near it. */
  private lastLine = 0;

  constructor(source: PythonSource) {
    this.uri = source.uri;
    if ("text" in source) {
      this.text = source.text;
      this.cells = undefined;
      this.cellStarts = [0];
    } else {
      const starts: number[] = [];
      let text = "";
      for (const segment of source.segments) {
        starts.push(text.length);
        const cell = pythonOfCell(segment.text);
        text += `${cell.text}${cell.closing}\n`;
      }
      this.text = text;
      this.cells = source.segments.map((segment) => segment.uri);
      this.cellStarts = starts;
    }
  }

  /** The place of a range of `text` in the document that its start lies in. */
  place(start: number, end: number): Place {
    const cell = this.cells ? lastAtOrBefore(this.cellStarts, start) : 0;
    const base = this.cellStarts[cell] ?? 0;
    this.lineStarts ??= lineStartsOf(this.text);
    const firstLine = base === 0 ? 0 : lastAtOrBefore(this.lineStarts, base);
    const line = this.lineOf(start, this.lineStarts);
    const endLine = this.lineOf(end, this.lineStarts);
    const place = {
      start: start - base,
      end: end - base,
      line: line - firstLine,
      character: start - this.lineStarts[line]!,
      endLine: endLine - firstLine,
      endCharacter: end - this.lineStarts[endLine]!,
    };
    return this.cells ? { ...place, cell } : place;
  }

  private lineOf(offset: number, starts: readonly number[]): number {
    let line = this.lastLine;
    if (starts[line]! > offset) line = lastAtOrBefore(starts, offset);
    else {
      for (let steps = 0; steps < 100 && line + 1 < starts.length && starts[line + 1]! <= offset; steps++) line++;
      if (line + 1 < starts.length && starts[line + 1]! <= offset) line = lastAtOrBefore(starts, offset);
    }
    this.lastLine = line;
    return line;
  }
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  if (text.includes("\r")) {
    for (let at = 0; at < text.length; at++) {
      if (!isLineBreak(text.charCodeAt(at))) continue;
      const next = afterLineBreak(text, at);
      starts.push(next);
      at = next - 1;
    }
    return starts;
  }
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function lastAtOrBefore(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sorted[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
