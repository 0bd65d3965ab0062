/** Lines of a text as editors count them: `\n`, `\r\n` and `\r` end a line. */
export class LineIndex {
  readonly #text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    const ends = /\r\n?|\n/g;
    while (ends.exec(text)) this.#starts.push(ends.lastIndex);
  }

  get count(): number {
    return this.#starts.length;
  }

  /** Zero-based line and UTF-16 character of an offset. */
  positionAt(offset: number): { line: number; character: number } {
    const clamped = Math.max(0, Math.min(offset, this.#text.length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: clamped - this.#starts[low]! };
  }

  /** Where a line's text begins and ends, its terminator left out. */
  rangeOf(line: number): { start: number; end: number } {
    const start = this.#starts[line] ?? this.#text.length;
    let end = this.#starts[line + 1] ?? this.#text.length;
    while (end > start && /[\r\n]/.test(this.#text.charAt(end - 1))) end--;
    return { start, end };
  }
}
