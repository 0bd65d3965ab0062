import type { Draft } from "./draft.ts";
import type { JsonSyntaxError } from "./errors.ts";
import { AFTER_KEY, AFTER_VALUE, FIRST_KEY, FIRST_VALUE, KEY, VALUE } from "./lookahead.ts";
import { ARRAY, DAMAGED, type NodeStore } from "./nodes.ts";
import { isText, KEY_MISSING, Reading } from "./reading.ts";
import {
  closerInsteadOfValue,
  keyInArray,
  keyInsteadOfValue,
  leaveOutgrownObject,
  strangeCloser,
  valueWithoutKey,
} from "./repairs.ts";
import {
  AFTER_JUNK,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  END_OF_TEXT,
  TOKEN_BROKEN,
  TOKEN_MASK,
  WORD,
} from "./tokens.ts";

const isCloser = (kind: number): boolean => kind === CLOSE_OBJECT || kind === CLOSE_ARRAY;

/**
 * Reads a text that is not JSON, from offset `from` on. Where a token does not fit, the ways to repair the brackets
 * around it are tried on the next tokens and the one that reads farthest is taken; Keras's keys decide where the grammar
 * alone cannot. Linear, not recursive, never throws.
 */
export function recover(text: string, from: number): { store: NodeStore; errors: JsonSyntaxError[] } {
  const r = new Reading(text, from);
  const { kinds, count } = r.tokens;
  while (r.at < count) {
    const flags = kinds[r.at]!;
    const kind = flags & TOKEN_MASK;
    if ((flags & (TOKEN_BROKEN | AFTER_JUNK)) !== 0) r.damage();
    if (kind === END_OF_TEXT) break;
    if (r.state === AFTER_VALUE) afterValue(r, kind);
    else if (r.state === AFTER_KEY) afterKey(r, kind);
    else if (r.state === KEY || r.state === FIRST_KEY) key(r, kind);
    else if (r.inObject) memberValue(r, kind);
    else element(r, kind);
  }
  return finish(r);
}

function memberValue(r: Reading, kind: number): void {
  if (kind === COLON) r.skip("One ':' is enough");
  else if (r.startsMember(r.at)) keyInsteadOfValue(r);
  else if (kind === COMMA) r.missingValue();
  else if (isCloser(kind)) closerInsteadOfValue(r, kind);
  else r.value();
}

function element(r: Reading, kind: number): void {
  if (r.startsMember(r.at)) keyInArray(r);
  else if (kind === CLOSE_ARRAY && r.depth > 1) {
    if (r.state !== FIRST_VALUE) r.error("A value is missing after the last ','", r.at - 1);
    r.close();
  } else if (isCloser(kind)) strangeCloser(r, kind);
  else if (kind === COMMA) {
    r.skip("A value is missing before this ','");
    r.state = VALUE;
  } else if (kind === COLON) r.skip("':' stands only after a key");
  else r.value();
}

function key(r: Reading, kind: number): void {
  if (isText(kind)) {
    const next = r.kindAt(r.at + 1);
    if (next === COMMA || isCloser(next)) valueWithoutKey(r, kind);
    else if (next !== COLON || !leaveOutgrownObject(r)) {
      if (kind === WORD) r.error("A key needs double quotes around it");
      r.draft.see(r.top, r.codeAt(r.at));
      r.setKey(r.at);
      r.at++;
      r.state = AFTER_KEY;
    }
  } else if (kind === CLOSE_OBJECT) {
    if (r.state === KEY) r.error("A member is missing after the last ','", r.at - 1);
    r.close();
  } else if (kind === CLOSE_ARRAY) strangeCloser(r, kind);
  else if (kind === COMMA) r.skip("A member is missing before this ','");
  else if (kind === COLON) {
    r.skip("A key is missing before this ':'");
    r.setKey(KEY_MISSING);
    r.state = VALUE;
  } else valueWithoutKey(r, kind);
}

function afterKey(r: Reading, kind: number): void {
  if (kind === COLON) {
    r.at++;
    r.state = VALUE;
  } else if (r.startsMember(r.at)) {
    r.missingValue();
    r.state = KEY;
  } else if (kind === COMMA || isCloser(kind)) r.missingValue();
  else {
    r.error("':' is missing before this");
    r.state = VALUE;
  }
}

function afterValue(r: Reading, kind: number): void {
  const outside = r.depth === 1;
  if (kind === COMMA) {
    if (outside) r.error("The document's value has ended before this");
    r.at++;
    r.state = r.inObject ? KEY : VALUE;
  } else if (!outside && kind === (r.inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) r.close();
  else if (isCloser(kind)) strangeCloser(r, kind);
  else if (kind === COLON) r.skip("':' stands only after a key");
  else if (r.inObject) {
    if (r.startsMember(r.at)) {
      r.error("',' is missing before this");
      r.state = KEY;
    } else if (isText(kind)) r.skip("This does not belong here");
    else valueWithoutKey(r, kind);
  } else if (r.startsMember(r.at)) keyInArray(r);
  else {
    r.error(outside ? "The document's value has ended before this" : "',' is missing before this");
    r.state = VALUE;
  }
}

function finish(r: Reading): { store: NodeStore; errors: JsonSyntaxError[] } {
  const { count, starts, ends } = r.tokens;
  if (r.state === AFTER_KEY || (r.state === VALUE && r.inObject)) {
    r.missingValue(r.at - 1, "The text ends before this key has a value");
  }
  if (r.depth > 1) {
    const last = Math.max(0, count - 2);
    r.errors.add(starts[last]!, ends[last]!, `The text ends here, '${r.inObject ? "}" : "]"}' is missing`);
  }
  r.leaveAll();
  const root = documentValue(r);
  if (root < 0 && r.errors.empty) r.errors.add(0, r.text.length, "There is no JSON value here");
  const store = root < 0 ? { data: new Int32Array(0), size: 0 } : r.draft.store(root);
  return { store, errors: r.errors.sorted() };
}

/** The one value of the document; several objects or arrays in a row are kept together, as an array. */
function documentValue(r: Reading): Draft {
  const { draft, top: base } = r;
  let first = -1;
  let others = 0;
  for (let child = draft.first(base); child >= 0; child = draft.next(child)) {
    const empty = draft.first(child) < 0;
    if (draft.kind(child) > ARRAY || (first >= 0 && empty)) continue;
    if (first < 0 || draft.first(first) < 0) first = child;
    else others++;
  }
  if (others === 0) return first >= 0 ? first : draft.first(base);
  draft.setStart(base, draft.start(draft.first(base)));
  draft.setEnd(base, draft.end(draft.last(base)));
  draft.mark(base, DAMAGED);
  return base;
}
