/** A place where the text is no JSON: UTF-16 offsets, the end exclusive, and a sentence for the user. */
export interface JsonSyntaxError {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** More errors than this help nobody; a binary file would make millions. */
const MAX_ERRORS = 500;

/** Collects syntax errors up to a limit. */
export class ErrorList {
  readonly #errors: JsonSyntaxError[] = [];
  #last = -1;

  /** Adds an error, unless one stands at the same place already (the first tells more). */
  add(start: number, end: number, message: string): void {
    if (this.#errors.length >= MAX_ERRORS || start === this.#last) return;
    this.#last = start;
    this.#errors.push({ start, end, message });
  }

  get empty(): boolean {
    return this.#errors.length === 0;
  }

  /** What was added, in document order. */
  sorted(): JsonSyntaxError[] {
    return this.#errors.sort((a, b) => a.start - b.start || a.end - b.end);
  }
}
