import type { Draft } from "./draft.ts";
import { AFTER_VALUE, FIRST_KEY, FIRST_VALUE, KEY, VALUE } from "./lookahead.ts";
import { ARRAY, OBJECT } from "./nodes.ts";
import { isText, KEY_MISSING, type Reading } from "./reading.ts";
import { AFTER_CONFIG, BUILD_CONFIG, CLASS_NAME, CONFIG, MODULE, NAME, REGISTERED_NAME } from "./schema.ts";
import { AFTER_NEWLINE, CLOSE_OBJECT, OPEN_ARRAY, OPEN_OBJECT } from "./tokens.ts";

/** How many tokens farther a repair has to read for each bracket that it adds or drops. */
const COST = 6;

/** A way to go on where a token does not fit. */
interface Repair {
  /** The first token that would not fit after it. */
  readonly reach: number;
  /** Brackets, keys or values that it takes for missing or for too many. */
  readonly cost: number;
  /** Whether the number of opening and closing brackets in the whole text speaks for it. */
  readonly likely: boolean;
  readonly apply: () => void;
}

/** Applies the best repair; of equals the first. */
function choose(repairs: readonly (Repair | false)[]): void {
  let best: Repair | undefined;
  let bestScore = 0;
  for (const repair of repairs) {
    if (!repair) continue;
    const score = repair.reach - COST * (repair.cost + (repair.likely ? 0 : 1));
    if (best && score <= bestScore) continue;
    best = repair;
    bestScore = score;
  }
  best?.apply();
}

/** A key where a member's value is wanted: the value is missing, or the `{` around the key. */
export function keyInsteadOfValue(r: Reading): void {
  const missing: Repair = {
    reach: r.reach(r.at, r.depth, 0, KEY),
    cost: 1,
    likely: true,
    apply: () => {
      r.missingValue();
      r.state = KEY;
    },
  };
  const object: Repair = {
    reach: r.reach(r.at, r.depth, 1, KEY),
    cost: 1,
    likely: r.unclosedObjects < 0,
    apply: () => r.openUnseen(true),
  };
  const newLine = (r.tokens.kinds[r.at]! & AFTER_NEWLINE) !== 0;
  choose(newLine && r.keyCode !== CONFIG ? [missing, object] : [object, missing]);
}

/** A closer where a member's value is wanted: the value is missing, or the opener of an empty one. */
export function closerInsteadOfValue(r: Reading, kind: number): void {
  const isObject = kind === CLOSE_OBJECT;
  choose([
    { reach: r.reach(r.at, r.depth, 0, AFTER_VALUE), cost: 1, likely: true, apply: () => r.missingValue() },
    {
      reach: r.reach(r.at + 1, r.depth, 0, AFTER_VALUE),
      cost: 1,
      likely: (isObject ? r.unclosedObjects : r.unclosedArrays) < 0,
      apply: () => {
        r.openUnseen(isObject);
        r.close();
      },
    },
  ]);
}

/** A value where an object wants a key: an array around it began or begins here, or the key is still to be typed. */
export function valueWithoutKey(r: Reading, kind: number): void {
  const { at, depth, draft, top } = r;
  const array = r.arrayLevel;
  const last = draft.last(top);
  const lastIsArray = last >= 0 && draft.kind(last) === ARRAY;
  const leave: Repair = {
    reach: r.reach(at, array + 1, 0, VALUE),
    cost: depth - 1 - array + (array === 0 ? 3 : 0),
    likely: r.unclosedObjects > 0,
    apply: () => {
      r.error("'}' is missing before this");
      r.leave(array + 1);
      r.state = VALUE;
    },
  };
  const wrap: Repair | false = last >= 0 && {
    reach: r.reach(at, depth, 2, VALUE),
    cost: 1,
    likely: r.unclosedArrays < 0,
    apply: () => {
      r.error(lastIsArray ? "The ']' before this closes too much" : "'[' is missing before these values");
      r.reopen(lastIsArray && elementsAre(r, last, kind) ? last : draft.wrapLast(top));
    },
  };
  if (isText(kind)) {
    const stay: Repair = {
      reach: r.reach(at + 1, depth, 0, AFTER_VALUE),
      cost: 1,
      likely: true,
      apply: () => {
        r.setKey(at);
        r.at++;
        r.missingValue();
      },
    };
    choose([stay, leave, wrap]);
    return;
  }
  const stay: Repair = {
    reach: r.reach(at, depth, 0, VALUE),
    cost: 2,
    likely: true,
    apply: () => {
      r.error("A key is missing before this");
      r.setKey(KEY_MISSING);
      r.state = VALUE;
    },
  };
  // Not where the same key comes again: that is the next object of an array, and the one before it lacks its closer.
  const ignore: Repair | false = !hasKey(r, top, at + 1) && {
    reach: r.reach(at + 1, depth, 0, r.state),
    cost: 1,
    likely: (kind === OPEN_OBJECT ? r.unclosedObjects : r.unclosedArrays) > 0,
    apply: () => {
      if (kind === OPEN_OBJECT) r.unclosedObjects--;
      else r.unclosedArrays--;
      r.skip(`This '${kind === OPEN_OBJECT ? "{" : "["}' opens nothing`);
    },
  };
  choose([leave, wrap, ignore, stay]);
}

function elementsAre(r: Reading, array: Draft, tokenKind: number): boolean {
  const first = r.draft.first(array);
  if (first < 0) return true;
  const kind = r.draft.kind(first);
  return tokenKind === OPEN_OBJECT ? kind === OBJECT : tokenKind === OPEN_ARRAY ? kind === ARRAY : kind > ARRAY;
}

/** `]` in an object, `}` in an array, or either outside everything. */
export function strangeCloser(r: Reading, kind: number): void {
  const { at, depth, draft, top, inObject } = r;
  const partner = kind === CLOSE_OBJECT ? r.objectLevel : r.arrayLevel;
  const last = draft.last(top);
  const state = r.state === FIRST_VALUE || r.state === FIRST_KEY ? r.state : AFTER_VALUE;
  const lacking = inObject ? r.unclosedObjects : r.unclosedArrays;
  const surplus = (kind === CLOSE_OBJECT ? r.unclosedObjects : r.unclosedArrays) < 0;
  const leave: Repair | false = partner > 0 && {
    reach: r.reach(at + 1, partner, 0, AFTER_VALUE),
    cost: depth - 1 - partner,
    likely: lacking > 0,
    apply: () => {
      r.error(inObject ? "'}' is missing before this" : "']' is missing before this");
      r.leave(partner + 1);
      r.close();
    },
  };
  const canWrap = inObject && last >= 0 && r.state === AFTER_VALUE && draft.kind(last) !== ARRAY;
  const wrap: Repair | false = canWrap && {
    reach: r.reach(at + 1, depth, 0, AFTER_VALUE),
    cost: 1,
    likely: surplus,
    apply: () => {
      r.error("The '[' before this value is missing");
      r.reopen(draft.wrapLast(top));
      r.close();
    },
  };
  const ignore: Repair = {
    reach: r.reach(at + 1, depth, 0, state),
    cost: 1,
    likely: surplus,
    apply: () => {
      if (kind === CLOSE_OBJECT) r.unclosedObjects++;
      else r.unclosedArrays++;
      r.skip(`This '${kind === CLOSE_OBJECT ? "}" : "]"}' closes nothing`);
    },
  };
  const replace: Repair | false = depth > 1 && {
    reach: r.reach(at + 1, depth - 1, 0, AFTER_VALUE),
    cost: 1,
    likely: lacking > 0 && surplus,
    apply: () => {
      r.error(inObject ? "'}' is expected here" : "']' is expected here");
      r.unclosedObjects += inObject ? -1 : 1;
      r.unclosedArrays += inObject ? 1 : -1;
      r.close();
      r.damage();
    },
  };
  choose([leave, wrap, ignore, replace]);
}

/** A key in an array: its object's `{` is missing, the array has ended, or the object before it has not. */
export function keyInArray(r: Reading): void {
  const { at, depth, draft } = r;
  const object = r.objectLevel;
  const last = draft.last(r.top);
  const surplus = r.unclosedObjects < 0;
  const opened: Repair = {
    reach: r.reach(at, depth, 1, KEY),
    cost: 1,
    likely: surplus,
    apply: () => r.openUnseen(true),
  };
  const reopened: Repair | false = last >= 0 &&
    draft.kind(last) === OBJECT && {
      reach: opened.reach,
      cost: 1,
      likely: surplus,
      apply: () => {
        r.error("The '}' before this closes too much");
        r.reopen(last);
      },
    };
  const left: Repair | false = object > 0 && {
    reach: r.reach(at, object + 1, 0, KEY),
    cost: depth - 1 - object,
    likely: r.unclosedArrays > 0,
    apply: () => {
      r.error("']' is missing before this");
      r.leave(object + 1);
      r.state = KEY;
    },
  };
  if (last >= 0 && draft.kind(last) !== OBJECT) choose([left, opened]);
  else if (reopened && !hasKey(r, last, at)) choose([reopened, left, opened]);
  else choose([opened, left]);
}

/** Whether one of the first members of an object has the key that a token spells. */
function hasKey(r: Reading, object: Draft, token: number): boolean {
  const { draft, text } = r;
  const key = text.slice(r.tokens.starts[token]!, r.tokens.ends[token]!);
  let child = draft.first(object);
  for (let i = 0; i < 32 && child >= 0; i++, child = draft.next(child)) {
    if (text.slice(draft.keyStart(child), draft.keyEnd(child)) === key) return true;
  }
  return false;
}

/**
 * Closes the innermost object before the key at hand, where the text lacks a `}`, Keras would not write the key into
 * that object, and the tokens that follow do not speak against it. Returns whether it did.
 */
export function leaveOutgrownObject(r: Reading): boolean {
  const level = r.depth - 1;
  if (r.unclosedObjects <= 0 || level < 2 || !r.isObject(level - 1) || !hasOutgrown(r, level)) return false;
  if (r.reach(r.at, level, 0, KEY) < r.reach(r.at, level + 1, 0, KEY)) return false;
  r.error("'}' is missing before this");
  r.leave(level);
  r.state = KEY;
  return true;
}

function hasOutgrown(r: Reading, level: number): boolean {
  const code = r.codeAt(r.at);
  const seen = r.draft.seen(r.top);
  // Objects of `serialize_keras_object` end with `registered_name` or a few keys more, older and special ones with `config`.
  const written = CLASS_NAME | CONFIG | REGISTERED_NAME;
  if ((seen & written) === written) return code === 0 || (seen & code) !== 0;
  const two = r.draft.next(r.draft.first(r.top)) === r.draft.last(r.top);
  if (seen === (CLASS_NAME | CONFIG) && two) return code === 0;
  const under = r.under(level);
  const later = under === CONFIG ? AFTER_CONFIG : under === BUILD_CONFIG ? AFTER_CONFIG | NAME : 0;
  if ((seen & CLASS_NAME) !== 0 || (code & later) === 0) return false;
  const outer = r.draft.seen(r.container(level - 1));
  return (outer & (MODULE | CLASS_NAME)) !== 0 && (outer & code) === 0;
}
