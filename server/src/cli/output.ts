import type { Writable } from "node:stream";

/**
 * Writes to standard output and waits where the reader is slow, so that nothing is cut off at the end. A reader that
 * went away (`| head`) ends the writing without a word.
 */
export class Output {
  readonly #stream: Writable;
  #closed = false;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") throw error;
      this.#closed = true;
    });
  }

  /** Resolves once the reader has taken the text, or is gone. */
  write(text: string): Promise<void> {
    if (this.#closed) return Promise.resolve();
    // The callback is called with the error too, where there is one.
    return new Promise((resolve) => this.#stream.write(text, () => resolve()));
  }
}

/** A line on a terminal that says how far long work is; nothing where there is no terminal or the work is short. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #started = performance.now();
  #shown = "";
  #last = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Shows a line in place of the last one, at most ten times a second, once a second has gone by. */
  show(line: () => string): void {
    if (!this.#stream.isTTY) return;
    const now = performance.now();
    if (now - this.#started < 1000 || now - this.#last < 100) return;
    this.#last = now;
    this.#shown = line().slice(0, Math.max(20, (this.#stream.columns || 80) - 1));
    this.#stream.write(`\r\u001b[K${this.#shown}`);
  }

  /** Takes the line away, before anything else is written. */
  clear(): void {
    if (this.#shown === "") return;
    this.#shown = "";
    this.#stream.write("\r\u001b[K");
  }
}
