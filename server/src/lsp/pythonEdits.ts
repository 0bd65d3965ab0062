/** How long after an edit of Python others are waited for before it is read again, in milliseconds. */
export const PYTHON_DEBOUNCE_MS = 120;

/** Edits of Python that are not handed on yet: several that follow each other are one. */
export class PythonEdits {
  readonly #handOn: (keys: readonly string[]) => void;
  readonly #keys = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #waiting: (() => void)[] = [];

  /** `handOn` is given the keys of what was edited, once the edits rest. */
  constructor(handOn: (keys: readonly string[]) => void) {
    this.#handOn = handOn;
  }

  /** A document or notebook was opened, edited or closed. */
  add(key: string): void {
    this.#keys.add(key);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const keys = [...this.#keys];
      this.#keys.clear();
      this.#timer = undefined;
      this.#handOn(keys);
      for (const resume of this.#waiting.splice(0)) resume();
    }, PYTHON_DEBOUNCE_MS);
  }

  /** Waits until every edit so far was handed on. */
  settled(): Promise<void> {
    return this.#timer === undefined ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
}
