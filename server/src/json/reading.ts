import { type Draft, DraftTree } from "./draft.ts";
import { ErrorList } from "./errors.ts";
import { AFTER_VALUE, FIRST_KEY, FIRST_VALUE, KEY, LookAhead, type State, VALUE } from "./lookahead.ts";
import {
  ARRAY,
  BOOLEAN,
  BROKEN,
  DAMAGED,
  KEY_IRREGULAR,
  NULL,
  NUMBER,
  OBJECT,
  STRING,
  VALUE_IRREGULAR,
} from "./nodes.ts";
import { schemaCode } from "./schema.ts";
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  END_OF_TEXT,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTED,
  TOKEN_BROKEN,
  TOKEN_IRREGULAR,
  TOKEN_MASK,
  Tokenizer,
  type Tokens,
  WORD,
} from "./tokens.ts";

/** The key of a member that has none. */
export const KEY_MISSING = -2;

/** One tolerant reading of a text: its tokens, the place reached, the open containers and the tree made so far. */
export class Reading {
  readonly text: string;
  readonly tokens: Tokens;
  readonly errors = new ErrorList();
  readonly draft = new DraftTree();
  at = 0;
  state: State = VALUE;
  /** How many opening brackets of the text no closing one answers, less those that are taken for the user's slip. */
  unclosedObjects = 0;
  unclosedArrays = 0;
  readonly #look: LookAhead;
  /** The open containers, outermost first, and for each the schema code of its key and the nearest level of either kind. */
  readonly #stack: Draft[] = [];
  readonly #isObject: boolean[] = [];
  readonly #under: number[] = [];
  readonly #arrayAt: number[] = [];
  readonly #objectAt: number[] = [];
  /** The key whose value comes next: its token, -1 or KEY_MISSING. */
  #key = -1;
  #keyCode = 0;

  constructor(text: string, from: number) {
    this.text = text;
    this.tokens = new Tokenizer(text, this.errors).run(from);
    const { kinds, count } = this.tokens;
    for (let i = 0; i < count; i++) {
      const kind = kinds[i]! & TOKEN_MASK;
      if (kind === OPEN_OBJECT) this.unclosedObjects++;
      else if (kind === CLOSE_OBJECT) this.unclosedObjects--;
      else if (kind === OPEN_ARRAY) this.unclosedArrays++;
      else if (kind === CLOSE_ARRAY) this.unclosedArrays--;
    }
    this.#look = new LookAhead(this.tokens, this.#isObject);
    this.#push(this.draft.add(ARRAY, from, from), false, 0);
  }

  /** How many containers are open. The first is the document, which is like an array without brackets. */
  get depth(): number {
    return this.#stack.length;
  }

  /** The innermost open container. */
  get top(): Draft {
    return this.#stack[this.#stack.length - 1]!;
  }

  get inObject(): boolean {
    return this.#isObject[this.#stack.length - 1]!;
  }

  /** The schema code of the pending key. */
  get keyCode(): number {
    return this.#keyCode;
  }

  container(level: number): Draft {
    return this.#stack[level]!;
  }

  isObject(level: number): boolean {
    return this.#isObject[level]!;
  }

  /** The schema code of the key under which an open container stands. */
  under(level: number): number {
    return this.#under[level]!;
  }

  /** The level of the innermost open array (0: the document itself), or object (-1: none). */
  get arrayLevel(): number {
    return this.#arrayAt[this.#stack.length - 1]!;
  }

  get objectLevel(): number {
    return this.#objectAt[this.#stack.length - 1]!;
  }

  kindAt(index: number): number {
    return index < this.tokens.count ? this.tokens.kinds[index]! & TOKEN_MASK : END_OF_TEXT;
  }

  /** Whether a string or word with a colon after it stands there. */
  startsMember(index: number): boolean {
    return isText(this.kindAt(index)) && this.kindAt(index + 1) === COLON;
  }

  /** The schema code that a key token has. */
  codeAt(index: number): number {
    const plain = (this.tokens.kinds[index]! & (TOKEN_IRREGULAR | TOKEN_MASK)) === QUOTED;
    return plain ? schemaCode(this.text, this.tokens.starts[index]!, this.tokens.ends[index]!) : 0;
  }

  reach(at: number, kept: number, opened: 0 | 1 | 2, state: State): number {
    return this.#look.reach(at, kept, opened, state);
  }

  damage(): void {
    this.draft.mark(this.top, DAMAGED);
  }

  /** An error at a token, which lies in the innermost open container. */
  error(message: string, index = this.at): void {
    const { starts, ends } = this.tokens;
    this.errors.add(starts[index]!, ends[index]!, message);
    this.damage();
  }

  skip(message: string): void {
    this.error(message);
    this.at++;
  }

  #push(node: Draft, isObject: boolean, under: number): void {
    const level = this.#stack.length;
    this.#stack.push(node);
    this.#isObject.push(isObject);
    this.#under.push(under);
    this.#arrayAt.push(isObject ? this.#arrayAt[level - 1]! : level);
    this.#objectAt.push(isObject ? level : (this.#objectAt[level - 1] ?? -1));
  }

  #pop(end: number): void {
    this.draft.setEnd(this.#stack.pop()!, end);
    this.#isObject.pop();
    this.#under.pop();
    this.#arrayAt.pop();
    this.#objectAt.pop();
  }

  /** Closes the innermost container with the token at hand. */
  close(): void {
    this.#pop(this.tokens.ends[this.at]!);
    this.at++;
    this.state = AFTER_VALUE;
  }

  /** Closes containers that have no closer of their own, until `kept` are open. They end before a comma at hand. */
  leave(kept: number): void {
    const { starts, ends } = this.tokens;
    const before = this.at - 1;
    const end = this.kindAt(before) === COMMA ? starts[before]! : ends[before]!;
    while (this.#stack.length > kept) {
      if (this.inObject) this.unclosedObjects--;
      else this.unclosedArrays--;
      this.damage();
      this.#pop(end);
    }
    this.damage();
    this.#key = -1;
  }

  /** Closes everything but the document at the text's end. */
  leaveAll(): void {
    while (this.#stack.length > 1) {
      this.damage();
      this.#pop(this.text.length);
    }
  }

  setKey(token: number): void {
    this.#key = token;
    this.#keyCode = token >= 0 ? this.codeAt(token) : 0;
  }

  /** Adds a value under the pending key, if there is one, to the innermost container. */
  #append(node: Draft): void {
    const draft = this.draft;
    const { kinds, starts, ends } = this.tokens;
    if (this.inObject) {
      if (this.#key >= 0) {
        draft.setKey(node, starts[this.#key]!, ends[this.#key]!);
        const regular = (kinds[this.#key]! & (TOKEN_MASK | TOKEN_IRREGULAR)) === QUOTED;
        if (!regular) draft.mark(node, KEY_IRREGULAR);
      } else {
        draft.setKey(node, draft.start(node), draft.start(node));
        draft.mark(node, KEY_IRREGULAR);
      }
    }
    draft.append(this.top, node);
    this.#key = -1;
  }

  #open(isObject: boolean): void {
    const start = this.tokens.starts[this.at]!;
    const node = this.draft.add(isObject ? OBJECT : ARRAY, start, start);
    const under = this.#key >= 0 ? this.#keyCode : 0;
    this.#append(node);
    this.#push(node, isObject, under);
  }

  /** Opens a container whose own bracket is missing before the token at hand. */
  openUnseen(isObject: boolean): void {
    this.error(isObject ? "'{' is missing before this" : "'[' is missing before this");
    this.#open(isObject);
    this.damage();
    if (isObject) this.unclosedObjects++;
    else this.unclosedArrays++;
    this.state = isObject ? KEY : VALUE;
  }

  /** Goes on within a container that was closed already, or that was put around values later. */
  reopen(node: Draft): void {
    const isObject = this.draft.kind(node) === OBJECT;
    this.#push(node, isObject, 0);
    this.damage();
    if (isObject) this.unclosedObjects++;
    else this.unclosedArrays++;
    this.state = isObject ? KEY : VALUE;
  }

  /** Reads the token at hand as a value or as the beginning of one. */
  value(): void {
    const kind = this.kindAt(this.at);
    if (kind === OPEN_OBJECT || kind === OPEN_ARRAY) {
      this.#open(kind === OPEN_OBJECT);
      this.at++;
      this.state = kind === OPEN_OBJECT ? FIRST_KEY : FIRST_VALUE;
    } else this.#leaf();
  }

  #leaf(): void {
    const { kinds, starts, ends } = this.tokens;
    const flags = kinds[this.at]!;
    const start = starts[this.at]!;
    const end = ends[this.at]!;
    let kind = STRING;
    if ((flags & TOKEN_MASK) === WORD) {
      if ((flags & TOKEN_BROKEN) !== 0) this.error("This is no JSON value");
      kind = wordKind(this.text.slice(start, end));
      if (kind === STRING) kind |= VALUE_IRREGULAR;
    } else if ((flags & TOKEN_IRREGULAR) !== 0) kind |= VALUE_IRREGULAR;
    if ((flags & TOKEN_BROKEN) !== 0) kind |= BROKEN;
    this.#append(this.draft.add(kind, start, end));
    this.at++;
    this.state = AFTER_VALUE;
  }

  /** A key whose value is missing keeps its place in the tree: with a null without extent. */
  missingValue(index = this.at - 1, message = "This key has no value"): void {
    this.error(message, index);
    const end = this.tokens.ends[this.at - 1]!;
    this.#append(this.draft.add(NULL | BROKEN, end, end));
    this.state = AFTER_VALUE;
  }
}

/** Whether a token kind is a string or a word. */
export function isText(kind: number): boolean {
  return kind === QUOTED || kind === WORD;
}

/** What a word that is no JSON was most likely meant to be. */
function wordKind(word: string): number {
  switch (word) {
    case "null":
    case "None":
    case "undefined":
      return NULL;
    case "true":
    case "false":
    case "True":
    case "False":
      return BOOLEAN;
    case "NaN":
    case "Infinity":
    case "-Infinity":
      return NUMBER;
    default:
      if (/^[+-]?\.?\d/.test(word) && !Number.isNaN(Number(word))) return NUMBER;
      return word.length > 1 && "null".startsWith(word) ? NULL : STRING;
  }
}
