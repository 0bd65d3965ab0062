import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  END_OF_TEXT,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTED,
  TOKEN_MASK,
  type Tokens,
  WORD,
} from "./tokens.ts";

/** What the grammar wants next. */
export const VALUE = 0;
/** A value or `]`, just after `[`. */
export const FIRST_VALUE = 1;
/** A key, after a comma. */
export const KEY = 2;
/** A key or `}`, just after `{`. */
export const FIRST_KEY = 3;
export const AFTER_KEY = 4;
export const AFTER_VALUE = 5;
export type State = number;

/** How many tokens a repair is tried on. */
const REACH = 256;

/** How far the text reads without an error after a repair. Its work is bounded by the number of tokens. */
export class LookAhead {
  readonly #tokens: Tokens;
  readonly #isObject: readonly boolean[];
  readonly #opened = new Uint8Array(REACH + 2);
  #budget: number;

  /** `isObject` says of each open container, outermost first, whether it is an object; the first is the document itself. */
  constructor(tokens: Tokens, isObject: readonly boolean[]) {
    this.#tokens = tokens;
    this.#isObject = isObject;
    this.#budget = tokens.count * 4 + 100_000;
  }

  /**
   * The index of the first token that does not fit, if reading goes on at token `at` with `kept` of the open containers
   * and, above them, an object (`opened` 1) or an array (2). A text that fits to its end counts as `REACH` more tokens.
   */
  reach(at: number, kept: number, opened: 0 | 1 | 2, state: State): number {
    if (this.#budget < 0) return 0;
    const { kinds } = this.#tokens;
    const stack = this.#opened;
    let height = 0;
    let base = kept;
    if (opened > 0) stack[height++] = opened;
    let inObject = opened > 0 ? opened === 1 : this.#isObject[base - 1]!;
    let i = at;
    let wants = state;
    const limit = at + REACH;
    for (; i < limit; i++) {
      const kind = kinds[i]! & TOKEN_MASK;
      if (wants === AFTER_VALUE) {
        if (kind === COMMA) {
          if (height === 0 && base <= 1) break;
          wants = inObject ? KEY : VALUE;
          continue;
        }
        if (kind === END_OF_TEXT) {
          if (height === 0 && base <= 1) i += REACH;
          break;
        }
        if (kind !== (inObject ? CLOSE_OBJECT : CLOSE_ARRAY) || (height === 0 && base <= 1)) break;
      } else if (wants === KEY || wants === FIRST_KEY) {
        if ((kind === QUOTED || kind === WORD) && (kinds[i + 1]! & TOKEN_MASK) === COLON) {
          i++;
          wants = VALUE;
          continue;
        }
        if (kind !== CLOSE_OBJECT || wants !== FIRST_KEY) break;
      } else if (kind === QUOTED || kind === WORD) {
        if ((kinds[i + 1]! & TOKEN_MASK) === COLON) break;
        wants = AFTER_VALUE;
        continue;
      } else if (kind === OPEN_OBJECT || kind === OPEN_ARRAY) {
        inObject = kind === OPEN_OBJECT;
        stack[height++] = inObject ? 1 : 2;
        wants = inObject ? FIRST_KEY : FIRST_VALUE;
        continue;
      } else if (kind !== CLOSE_ARRAY || wants !== FIRST_VALUE || (height === 0 && base <= 1)) break;
      // A closer that fits.
      if (height > 0) height--;
      else base--;
      inObject = height > 0 ? stack[height - 1] === 1 : this.#isObject[base - 1]!;
      wants = AFTER_VALUE;
    }
    this.#budget -= i - at;
    return i;
  }
}
