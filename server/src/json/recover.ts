import { type Draft, DraftTree } from "./draft.ts";
import { ErrorList, type JsonSyntaxError } from "./errors.ts";
import { AFTER_KEY, AFTER_VALUE, FIRST_KEY, FIRST_VALUE, KEY, LookAhead, type State, VALUE } from "./lookahead.ts";
import {
  ARRAY,
  BOOLEAN,
  BROKEN,
  DAMAGED,
  KEY_IRREGULAR,
  type NodeStore,
  NULL,
  NUMBER,
  OBJECT,
  STRING,
  VALUE_IRREGULAR,
} from "./nodes.ts";
import { AFTER_CONFIG, CLASS_NAME, CONFIG, MODULE, schemaCode, WHOLE } from "./schema.ts";
import {
  AFTER_JUNK,
  AFTER_NEWLINE,
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

/** How many tokens farther a repair has to read for each bracket more that it adds or drops. */
const COST = 6;

/** A way to go on: how far it reads, what it costs, and what it does. The first of the best is taken. */
interface Repair {
  readonly reach: number;
  readonly cost: number;
  readonly apply: () => void;
}

/**
 * Reads a text that is not JSON. Where a token does not fit, the ways to repair the brackets around it are tried on the
 * next tokens and the one that reads farthest is taken; Keras's keys decide where the grammar alone cannot.
 */
export class Recovery {
  readonly #text: string;
  readonly #tokens: Tokens;
  readonly #errors = new ErrorList();
  readonly #draft = new DraftTree();
  readonly #look: LookAhead;
  /** The open containers, and for each the schema code of the key it stands under and the nearest level of either kind. */
  readonly #stack: Draft[] = [];
  readonly #isObject: boolean[] = [];
  readonly #under: number[] = [];
  readonly #arrayAt: number[] = [];
  readonly #objectAt: number[] = [];
  #at = 0;
  #state: State = VALUE;
  /** The key whose value comes next: its token, or -1; -2 stands for a key that is missing. */
  #key = -1;
  #keyCode = 0;
  /** How many `{` of the text no `}` answers, less those that were already taken to be the user's slip. */
  #unclosed = 0;

  constructor(text: string, from: number) {
    this.#text = text;
    this.#tokens = new Tokenizer(text, this.#errors).run(from);
    const { kinds, count } = this.#tokens;
    for (let i = 0; i < count; i++) {
      const kind = kinds[i]! & TOKEN_MASK;
      if (kind === OPEN_OBJECT) this.#unclosed++;
      else if (kind === CLOSE_OBJECT) this.#unclosed--;
    }
    const containers = this.#isObject;
    this.#look = new LookAhead(this.#tokens, {
      get depth() {
        return containers.length;
      },
      isObject: (level) => containers[level]!,
    });
    this.#push(this.#draft.add(ARRAY, from, from), false, 0);
  }

  run(): { store: NodeStore; errors: JsonSyntaxError[] } {
    const { kinds, count } = this.#tokens;
    while (this.#at < count) {
      const flags = kinds[this.#at]!;
      const kind = flags & TOKEN_MASK;
      if ((flags & (TOKEN_BROKEN | AFTER_JUNK)) !== 0) this.#damage();
      if (kind === END_OF_TEXT) break;
      if (this.#state === AFTER_VALUE) this.#afterValue(kind);
      else if (this.#state === AFTER_KEY) this.#afterKey(kind);
      else if (this.#state === KEY || this.#state === FIRST_KEY) this.#wantKey(kind);
      else if (this.#top().isObject) this.#memberValue(kind);
      else this.#element(kind);
    }
    return this.#finish();
  }

  #kindAt(index: number): number {
    return index < this.#tokens.count ? this.#tokens.kinds[index]! & TOKEN_MASK : END_OF_TEXT;
  }

  #isText(kind: number): boolean {
    return kind === QUOTED || kind === WORD;
  }

  #startsMember(index: number): boolean {
    return this.#isText(this.#kindAt(index)) && this.#kindAt(index + 1) === COLON;
  }

  #top(): { node: Draft; isObject: boolean; level: number } {
    const level = this.#stack.length - 1;
    return { node: this.#stack[level]!, isObject: this.#isObject[level]!, level };
  }

  #damage(): void {
    this.#draft.mark(this.#stack[this.#stack.length - 1]!, DAMAGED);
  }

  /** An error at a token, which lies in the innermost open container. */
  #error(message: string, index = this.#at): void {
    const { starts, ends } = this.#tokens;
    this.#errors.add(starts[index]!, ends[index]!, message);
    this.#damage();
  }

  #push(node: Draft, isObject: boolean, under: number): void {
    const level = this.#stack.length;
    this.#stack.push(node);
    this.#isObject.push(isObject);
    this.#under.push(under);
    this.#arrayAt.push(isObject ? this.#arrayAt[level - 1]! : level);
    this.#objectAt.push(isObject ? level : (this.#objectAt[level - 1] ?? -1));
  }

  /** Closes the innermost container at `end`. */
  #pop(end: number): void {
    this.#draft.setEnd(this.#stack.pop()!, end);
    this.#isObject.pop();
    this.#under.pop();
    this.#arrayAt.pop();
    this.#objectAt.pop();
  }

  /** Closes containers that have no closer of their own, down to `levels` open ones. */
  #popTo(levels: number): void {
    const { starts, ends } = this.#tokens;
    const before = this.#at - 1;
    const end = this.#kindAt(before) === COMMA ? starts[before]! : ends[before]!;
    while (this.#stack.length > levels) {
      if (this.#isObject[this.#stack.length - 1]) this.#unclosed--;
      this.#damage();
      this.#pop(end);
    }
    this.#damage();
    this.#key = -1;
  }

  #close(): void {
    this.#pop(this.#tokens.ends[this.#at]!);
    this.#at++;
    this.#state = AFTER_VALUE;
  }

  #reach(at: number, kept: number, opened: 0 | 1 | 2, state: State): number {
    return this.#look.reach(at, kept, opened, state);
  }

  #choose(repairs: readonly (Repair | false)[]): void {
    let best: Repair | undefined;
    for (const repair of repairs) {
      if (repair && (!best || repair.reach - COST * repair.cost > best.reach - COST * best.cost)) best = repair;
    }
    best?.apply();
  }

  /** Adds a value under the pending key, if there is one, to the innermost container. */
  #append(node: Draft): void {
    const draft = this.#draft;
    const { kinds, starts, ends } = this.#tokens;
    const parent = this.#top();
    if (parent.isObject) {
      if (this.#key >= 0) {
        draft.setKey(node, starts[this.#key]!, ends[this.#key]!);
        const flags = kinds[this.#key]!;
        if ((flags & TOKEN_MASK) === WORD || (flags & TOKEN_IRREGULAR) !== 0) draft.mark(node, KEY_IRREGULAR);
      } else {
        draft.setKey(node, draft.start(node), draft.start(node));
        draft.mark(node, KEY_IRREGULAR);
      }
    }
    draft.append(parent.node, node);
    this.#key = -1;
  }

  #open(isObject: boolean, start: number): void {
    const node = this.#draft.add(isObject ? OBJECT : ARRAY, start, start);
    const under = this.#key >= 0 ? this.#keyCode : 0;
    this.#append(node);
    this.#push(node, isObject, under);
  }

  /** Reads the token as a value that holds no others. */
  #leaf(): void {
    const { kinds, starts, ends } = this.#tokens;
    const flags = kinds[this.#at]!;
    const start = starts[this.#at]!;
    const end = ends[this.#at]!;
    let kind = STRING;
    if ((flags & TOKEN_MASK) === WORD) {
      const word = this.#text.slice(start, end);
      if ((flags & TOKEN_BROKEN) !== 0) this.#error("This is no JSON value");
      kind = wordKind(word);
      if (kind === STRING) kind |= VALUE_IRREGULAR;
    } else if ((flags & TOKEN_IRREGULAR) !== 0) kind |= VALUE_IRREGULAR;
    if ((flags & TOKEN_BROKEN) !== 0) kind |= BROKEN;
    this.#append(this.#draft.add(kind, start, end));
    this.#at++;
    this.#state = AFTER_VALUE;
  }

  /** A key whose value is missing keeps its place in the tree: a null without extent. */
  #missingValue(message: string, index: number): void {
    this.#error(message, index);
    const end = this.#tokens.ends[this.#at - 1]!;
    this.#append(this.#draft.add(NULL | BROKEN, end, end));
    this.#state = AFTER_VALUE;
  }

  #value(kind: number): void {
    if (kind === OPEN_OBJECT || kind === OPEN_ARRAY) {
      this.#open(kind === OPEN_OBJECT, this.#tokens.starts[this.#at]!);
      this.#at++;
      this.#state = kind === OPEN_OBJECT ? FIRST_KEY : FIRST_VALUE;
    } else this.#leaf();
  }

  #skip(message: string): void {
    this.#error(message);
    this.#at++;
  }

  #memberValue(kind: number): void {
    const at = this.#at;
    const depth = this.#stack.length;
    if (kind === COLON) this.#skip("One ':' is enough");
    else if (this.#startsMember(at)) {
      const missing: Repair = {
        reach: this.#reach(at, depth, 0, KEY),
        cost: 1,
        apply: () => {
          this.#missingValue("This key has no value", at - 1);
          this.#state = KEY;
        },
      };
      const object: Repair = {
        reach: this.#reach(at, depth, 1, KEY),
        cost: 1,
        apply: () => this.#openUnseen(),
      };
      const newLine = (this.#tokens.kinds[at]! & AFTER_NEWLINE) !== 0;
      this.#choose(newLine && this.#keyCode !== CONFIG ? [missing, object] : [object, missing]);
    } else if (kind === COMMA) this.#missingValue("This key has no value", at - 1);
    else if (kind === CLOSE_OBJECT || kind === CLOSE_ARRAY) {
      this.#choose([
        {
          reach: this.#reach(at, depth, 0, AFTER_VALUE),
          cost: 1,
          apply: () => this.#missingValue("This key has no value", at - 1),
        },
        {
          reach: this.#reach(at + 1, depth, 0, AFTER_VALUE),
          cost: 1,
          apply: () => {
            this.#error(kind === CLOSE_OBJECT ? "'{' is missing before this" : "'[' is missing before this");
            if (kind === CLOSE_OBJECT) this.#unclosed++;
            this.#open(kind === CLOSE_OBJECT, this.#tokens.starts[at]!);
            this.#damage();
            this.#close();
          },
        },
      ]);
    } else this.#value(kind);
  }

  /** Takes the key at hand for the first one of an object whose `{` is missing. */
  #openUnseen(): void {
    this.#error("'{' is missing before this");
    this.#open(true, this.#tokens.starts[this.#at]!);
    this.#damage();
    this.#unclosed++;
    this.#state = KEY;
  }

  #element(kind: number): void {
    const first = this.#state === FIRST_VALUE;
    if (this.#startsMember(this.#at)) this.#keyInArray();
    else if (kind === CLOSE_ARRAY && this.#stack.length > 1) {
      if (!first) this.#error("A value is missing after the last ','", this.#at - 1);
      this.#close();
    } else if (kind === CLOSE_OBJECT || kind === CLOSE_ARRAY) this.#strangeCloser(kind);
    else if (kind === COMMA) {
      this.#skip("A value is missing before this ','");
      this.#state = VALUE;
    } else if (kind === COLON) this.#skip("':' stands only after a key");
    else this.#value(kind);
  }

  #wantKey(kind: number): void {
    if (this.#isText(kind)) {
      const next = this.#kindAt(this.#at + 1);
      if (next !== COLON && (next === COMMA || next === CLOSE_OBJECT || next === CLOSE_ARRAY || next === END_OF_TEXT)) {
        this.#valueWithoutKey(kind);
      } else this.#takeKey(kind, next);
    } else if (kind === CLOSE_OBJECT) {
      if (this.#state === KEY) this.#error("A member is missing after the last ','", this.#at - 1);
      this.#close();
    } else if (kind === CLOSE_ARRAY) this.#strangeCloser(kind);
    else if (kind === COMMA) this.#skip("A member is missing before this ','");
    else if (kind === COLON) {
      this.#skip("A key is missing before this ':'");
      this.#key = -2;
      this.#keyCode = 0;
      this.#state = VALUE;
    } else this.#valueWithoutKey(kind);
  }

  #takeKey(kind: number, next: number): void {
    const at = this.#at;
    const { starts, ends, kinds } = this.#tokens;
    const { node, level } = this.#top();
    const plain = kind === QUOTED && (kinds[at]! & TOKEN_IRREGULAR) === 0;
    const code = plain ? schemaCode(this.#text, starts[at]!, ends[at]!) : 0;
    if (next === COLON && this.#unclosed > 0 && level > 1 && this.#isObject[level - 1] && this.#outgrown(code)) {
      const stay = this.#reach(at, level + 1, 0, KEY);
      const leave = this.#reach(at, level, 0, KEY);
      if (leave >= stay) {
        this.#error("'}' is missing before this");
        this.#popTo(level);
        this.#state = KEY;
        return;
      }
    }
    if (kind === WORD) this.#error("A key needs double quotes around it");
    this.#draft.see(node, code);
    this.#key = at;
    this.#keyCode = code;
    this.#at++;
    this.#state = AFTER_KEY;
  }

  /** Whether a key looks as if the object it would go into had ended already, in a text that lacks a `}`. */
  #outgrown(code: number): boolean {
    const { node, level } = this.#top();
    const seen = this.#draft.seen(node);
    if ((seen & WHOLE) === WHOLE) return code === 0 || (seen & code) !== 0;
    if (this.#under[level] !== CONFIG || (seen & CLASS_NAME) !== 0 || (code & AFTER_CONFIG) === 0) return false;
    const outer = this.#draft.seen(this.#stack[level - 1]!);
    return (outer & (MODULE | CLASS_NAME)) !== 0 && (outer & code) === 0;
  }

  #afterKey(kind: number): void {
    if (kind === COLON) {
      this.#at++;
      this.#state = VALUE;
    } else if (this.#startsMember(this.#at)) {
      this.#missingValue("This key has no value", this.#at - 1);
      this.#state = KEY;
    } else if (kind === COMMA || kind === CLOSE_OBJECT || kind === CLOSE_ARRAY) {
      this.#missingValue("This key has no value", this.#at - 1);
    } else {
      this.#error("':' is missing before this");
      this.#state = VALUE;
    }
  }

  #afterValue(kind: number): void {
    const { isObject, level } = this.#top();
    if (kind === COMMA) {
      if (level === 0) this.#error("The document's value has ended before this");
      this.#at++;
      this.#state = isObject ? KEY : VALUE;
    } else if (level > 0 && kind === (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) this.#close();
    else if (kind === CLOSE_OBJECT || kind === CLOSE_ARRAY) this.#strangeCloser(kind);
    else if (kind === COLON) this.#skip("':' stands only after a key");
    else if (isObject) {
      if (this.#startsMember(this.#at)) {
        this.#error("',' is missing before this");
        this.#state = KEY;
      } else if (this.#isText(kind)) this.#skip("This does not belong here");
      else this.#valueWithoutKey(kind);
    } else if (this.#startsMember(this.#at)) this.#keyInArray();
    else {
      this.#error(level === 0 ? "The document's value has ended before this" : "',' is missing before this");
      this.#state = VALUE;
    }
  }

  /** A value where an object wants a key: an array around it began or begins here, or the key is still to be typed. */
  #valueWithoutKey(kind: number): void {
    const at = this.#at;
    const depth = this.#stack.length;
    const { node, level } = this.#top();
    const array = this.#arrayAt[level]!;
    const last = this.#draft.last(node);
    const lastIsArray = last >= 0 && this.#draft.kind(last) === ARRAY;
    const leave: Repair = {
      reach: this.#reach(at, array + 1, 0, VALUE),
      cost: level - array + (array === 0 ? 3 : 0),
      apply: () => {
        this.#error("'}' is missing before this");
        this.#popTo(array + 1);
        this.#state = VALUE;
      },
    };
    const wrap: Repair | false = last >= 0 && {
      reach: this.#reach(at, depth, 2, VALUE),
      cost: 1,
      apply: () => {
        this.#error(lastIsArray ? "The ']' before this closes too much" : "'[' is missing before these values");
        this.#reopenArray(lastIsArray && this.#elementsAre(last, kind) ? last : this.#draft.wrapLast(node));
      },
    };
    const stay: Repair = this.#isText(kind)
      ? {
          reach: this.#reach(at + 1, depth, 0, AFTER_VALUE),
          cost: 1,
          apply: () => {
            const { starts, ends } = this.#tokens;
            const plain = (this.#tokens.kinds[at]! & (TOKEN_IRREGULAR | TOKEN_MASK)) === QUOTED;
            this.#key = at;
            this.#keyCode = plain ? schemaCode(this.#text, starts[at]!, ends[at]!) : 0;
            this.#at++;
            this.#missingValue("This key has no value", at);
          },
        }
      : {
          reach: this.#reach(at, depth, 0, VALUE),
          cost: 2,
          apply: () => {
            this.#error("A key is missing before this");
            this.#key = -2;
            this.#keyCode = 0;
            this.#state = VALUE;
          },
        };
    this.#choose(this.#isText(kind) ? [stay, leave, wrap] : [leave, wrap, stay]);
  }

  #elementsAre(array: Draft, tokenKind: number): boolean {
    const first = this.#draft.first(array);
    if (first < 0) return true;
    const kind = this.#draft.kind(first);
    return tokenKind === OPEN_OBJECT ? kind === OBJECT : tokenKind === OPEN_ARRAY ? kind === ARRAY : kind > ARRAY;
  }

  #reopenArray(array: Draft): void {
    this.#push(array, false, 0);
    this.#damage();
    this.#state = VALUE;
  }

  /** `]` in an object, `}` in an array, or either outside everything. */
  #strangeCloser(kind: number): void {
    const at = this.#at;
    const depth = this.#stack.length;
    const { node, level, isObject } = this.#top();
    const partner = (kind === CLOSE_OBJECT ? this.#objectAt : this.#arrayAt)[level]!;
    const last = this.#draft.last(node);
    const message = isObject ? "'}' is missing before this" : "']' is missing before this";
    const state = this.#state === FIRST_VALUE || this.#state === FIRST_KEY ? this.#state : AFTER_VALUE;
    const leave: Repair | false = partner > 0 && {
      reach: this.#reach(at + 1, partner, 0, AFTER_VALUE),
      cost: level - partner,
      apply: () => {
        this.#error(message);
        this.#popTo(partner + 1);
        this.#close();
      },
    };
    const wrap: Repair | false = isObject &&
      last >= 0 &&
      this.#state === AFTER_VALUE &&
      this.#draft.kind(last) !== ARRAY && {
        reach: this.#reach(at + 1, depth, 0, AFTER_VALUE),
        cost: 1,
        apply: () => {
          this.#error("The '[' before this value is missing");
          this.#reopenArray(this.#draft.wrapLast(node));
          this.#close();
        },
      };
    const ignore: Repair = {
      reach: this.#reach(at + 1, depth, 0, state),
      cost: 1,
      apply: () => {
        if (kind === CLOSE_OBJECT) this.#unclosed++;
        this.#skip(`This '${kind === CLOSE_OBJECT ? "}" : "]"}' closes nothing`);
      },
    };
    const replace: Repair | false = level > 0 && {
      reach: this.#reach(at + 1, depth - 1, 0, AFTER_VALUE),
      cost: 1,
      apply: () => {
        this.#error(isObject ? "'}' is expected here" : "']' is expected here");
        if (isObject) this.#unclosed--;
        else this.#unclosed++;
        this.#close();
        this.#damage();
      },
    };
    this.#choose([leave, wrap, ignore, replace]);
  }

  /** A key in an array: its object's `{` is missing, the array has ended, or the object before it has not. */
  #keyInArray(): void {
    const at = this.#at;
    const depth = this.#stack.length;
    const { node, level } = this.#top();
    const object = this.#objectAt[level]!;
    const last = this.#draft.last(node);
    const opened: Repair = {
      reach: this.#reach(at, depth, 1, KEY),
      cost: 1,
      apply: () => this.#openUnseen(),
    };
    const reopened: Repair | false = last >= 0 &&
      this.#draft.kind(last) === OBJECT && {
        reach: opened.reach,
        cost: 1,
        apply: () => {
          this.#error("The '}' before this closes too much");
          this.#push(last, true, 0);
          this.#damage();
          this.#unclosed++;
          this.#state = KEY;
        },
      };
    const left: Repair | false = object > 0 && {
      reach: this.#reach(at, object + 1, 0, KEY),
      cost: level - object,
      apply: () => {
        this.#error("']' is missing before this");
        this.#popTo(object + 1);
        this.#state = KEY;
      },
    };
    const continues = reopened && !this.#hasKey(last, at);
    const mixed = last >= 0 && this.#draft.kind(last) !== OBJECT;
    if (mixed) this.#choose([left, opened]);
    else this.#choose(continues ? [reopened, left, opened] : [opened, left]);
  }

  /** Whether one of the first members of an object has the key that the token spells. */
  #hasKey(object: Draft, index: number): boolean {
    const draft = this.#draft;
    const { starts, ends } = this.#tokens;
    const key = this.#text.slice(starts[index]!, ends[index]!);
    let child = draft.first(object);
    for (let i = 0; i < 32 && child >= 0; i++, child = draft.next(child)) {
      if (this.#text.slice(draft.keyStart(child), draft.keyEnd(child)) === key) return true;
    }
    return false;
  }

  #finish(): { store: NodeStore; errors: JsonSyntaxError[] } {
    const { count, starts, ends } = this.#tokens;
    const end = this.#text.length;
    const lastToken = count > 1 ? count - 2 : 0;
    if (this.#state === AFTER_KEY || (this.#state === VALUE && this.#top().isObject)) {
      this.#missingValue("The text ends before this key has a value", this.#at - 1);
    }
    if (this.#stack.length > 1) {
      const what = this.#top().isObject ? "}" : "]";
      this.#errors.add(starts[lastToken]!, ends[lastToken]!, `The text ends here, '${what}' is missing`);
    }
    while (this.#stack.length > 1) {
      this.#damage();
      this.#pop(end);
    }
    const root = this.#documentValue(this.#stack[0]!);
    if (root < 0) this.#errors.add(0, end, "There is no JSON value here");
    const errors = this.#errors.sorted();
    return { store: root < 0 ? { data: new Int32Array(0), size: 0 } : this.#draft.store(root), errors };
  }

  /** The one value of the document; several objects or arrays in a row are kept together, as an array. */
  #documentValue(base: Draft): Draft {
    const draft = this.#draft;
    let containers = 0;
    let container = -1;
    for (let child = draft.first(base); child >= 0; child = draft.next(child)) {
      if (draft.kind(child) > ARRAY || (container >= 0 && draft.first(child) < 0)) continue;
      if (container < 0 || draft.first(container) < 0) container = child;
      else containers++;
    }
    if (containers === 0) return container >= 0 ? container : draft.first(base);
    draft.setEnd(base, draft.end(draft.last(base)));
    draft.mark(base, DAMAGED);
    return base;
  }
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
