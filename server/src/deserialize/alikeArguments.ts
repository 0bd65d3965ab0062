import { type AlikeArgument, type Frame, isFarFromLimit, type Load, type Result, type SlotArgument } from "./load.ts";

/**
 * Most arguments of a model's layers are written alike: the same initializers, the same dtype policy. What an argument
 * came to is told again of the next one of that text in the same slot, where it was nothing but what its objects are.
 */

/** How long a text may be, in UTF-16 units: of longer ones, hardly two are the same. */
const LONGEST = 320;

/** Python frames for each character of the deepest nesting, `[[[…`. */
const CALLS_PER_CHARACTER = 2;

/** What became of an argument of the same text; says once more what was found in it. Undefined where it is to be gone through. */
export function tellAlike(load: Load, argument: SlotArgument): Result | undefined {
  const { slot, node, frame, revival } = argument;
  if (!mayBeAlike(load, argument)) return undefined;
  const alike = load.alike.get(slot)?.get(load.tree.raw(node));
  if (!alike || !isSameFrame(alike.frame, frame)) return undefined;
  if (revival.object.from !== "keras" || revival.object.symbol !== alike.symbol) return undefined;
  for (const { offset, object } of alike.found) load.found(node + offset, object);
  return alike.result;
}

/**
 * Keeps what an argument came to, as soon as all that it holds was gone through. Called when it was deserialized and not
 * refused; `events` is how many there were before, `pending` how many tasks.
 */
export function keepForAlike(load: Load, argument: SlotArgument, result: Result, events: number, pending: number) {
  const { slot, node, frame, revival } = argument;
  const { object } = revival;
  if (result.is !== "object" || object.from !== "keras" || !mayBeAlike(load, argument)) return;
  const noted = load.results.size;
  const built = load.built.size;
  load.nextAfter(pending, () => {
    if (load.results.size !== noted || load.built.size !== built) return;
    const found: AlikeArgument["found"][number][] = [];
    for (let index = events; index < load.events.length; index++) {
      const event = load.events[index];
      if (event?.kind !== "found") return;
      found.push({ offset: event.node - node, object: event.object });
    }
    const texts = load.alike.get(slot) ?? new Map<string, AlikeArgument>();
    load.alike.set(slot, texts.set(load.tree.raw(node), { symbol: object.symbol, frame, result, found }));
  });
}

/** Whether what becomes of an argument hangs on nothing but its text and its frame. */
function mayBeAlike({ tree, behaviour, shared, question }: Load, { node, frame, revival }: SlotArgument): boolean {
  if (question.isBroken) return false;
  const length = tree.end(node) - tree.start(node);
  if (tree.kind(node) !== "object" || length > LONGEST || revival.legacy || behaviour.package !== "keras") return false;
  if (!isFarFromLimit(frame, length * CALLS_PER_CHARACTER)) return false;
  // An object that was shared before is not found again.
  return shared === undefined || !tree.raw(node).includes("shared_object_id");
}

/** Whether the same is in force in both. */
function isSameFrame(one: Frame, other: Frame): boolean {
  return (
    one.nested === other.nested &&
    one.safeMode === other.safeMode &&
    one.handed === other.handed &&
    one.doubt === other.doubt
  );
}
