import type { Fact } from "../python/summary.ts";
import type { Evaluator } from "./evaluate.ts";
import type { CustomObjectsPlace, Findings, HandedIn } from "./findings.ts";
import { type Following, objectOf } from "./following.ts";
import type { Value } from "./interpret/values.ts";
import type { Memory } from "./memory.ts";
import { collectMentions } from "./mentions.ts";
import type { FunctionEntity, LinkedModule } from "./moduleTable.ts";
import { KERAS_PACKAGES, rootOf } from "./packages.ts";
import type { Site } from "./resolved.ts";

/** What was found before, for each function that was followed and each place that was looked at. */
export interface CustomObjectsMemory {
  readonly functions: Memory<FunctionEntity>;
  readonly places: Memory<CustomObjectsPlace>;
}

/**
 * What custom object scopes and `custom_objects=` arguments provide: keys for the loads that they are there for. The
 * functions in which they stand are followed on their own; what a followed call hands in is there already.
 */
export class CustomObjects {
  private readonly evaluator: Evaluator;
  private readonly findings: Findings;
  private readonly following: Following;
  private readonly memory: CustomObjectsMemory;

  constructor(evaluator: Evaluator, findings: Findings, following: Following, memory: CustomObjectsMemory) {
    this.evaluator = evaluator;
    this.findings = findings;
    this.following = following;
    this.memory = memory;
  }

  /** Records what is provided, when everything that runs on import was followed. Yields between functions and places. */
  *read(): Generator<undefined, void> {
    yield* this.followFunctions();
    const { places, handedIn, followed } = this.findings;
    const byPlace = new Map<string, CustomObjectsPlace>();
    for (const place of places) byPlace.set(placeKey(place.module, place.fact.offset, kindOf(place.fact)), place);
    const reached = new Set<CustomObjectsPlace>();
    const open = new Set<CustomObjectsPlace>();
    for (const effect of handedIn) {
      yield;
      const inner = byPlace.get(placeKey(effect.module, effect.offset, effect.by));
      if (inner) reached.add(inner);
      if (this.provide(effect, inner) && inner) open.add(inner);
      const { root } = effect;
      const outer = root && byPlace.get(placeKey(root.module, root.offset, effect.by));
      if (outer && inner && open.has(inner)) open.add(outer);
    }
    for (const place of places) {
      yield;
      // A dict that is only called so is looked at where it is handed in; it may be handed in where nobody looks.
      const isDict = place.fact.kind === "custom objects" && place.fact.text !== ARGUMENT;
      const function_ = place.module.enclosingFunctions(place.fact.scope).at(-1);
      const isFollowed = reached.has(place) || (function_ ? followed.has(function_) : place.followed);
      const mode = isDict || !isFollowed ? "all" : open.has(place) ? "rest" : "none";
      const mention = () => this.mention(place, mode === "rest");
      if (mode !== "none") this.memory.places.add(place, this.findings, this.evaluator.tracker, mention, mode);
    }
  }

  /** Follows the functions in which such places stand, each on its own. */
  private *followFunctions(): Generator<undefined, void> {
    const { findings, memory } = this;
    const seen = new Set<FunctionEntity>();
    for (const { fact, module } of findings.places) {
      const outermost = module.enclosingFunctions(fact.scope).at(-1);
      // Keras's own loaders hand on what they are given.
      if (!outermost?.fact.code || seen.has(outermost) || KERAS_PACKAGES.has(rootOf(module.name))) continue;
      yield;
      seen.add(outermost);
      memory.functions.add(outermost, findings, this.evaluator.tracker, () => {
        const { effects, unfollowed } = this.following.onItsOwn(outermost);
        if (unfollowed === undefined) findings.followed.add(outermost);
        for (const effect of effects) {
          if (effect.kind === "provide") findings.handedIn.push(effect);
          if (effect.kind === "load") findings.loads.push({ ...effect, location: module.location(fact.at) });
        }
      });
    }
  }

  /** Records the keys of what is handed in; answers whether there may be others. */
  private provide({ objects, by, root }: HandedIn, place: CustomObjectsPlace | undefined): boolean {
    const { entries, open } = keysOf(objects);
    const at = root ?? (place && { module: place.module, place: place.fact.at });
    if (!at) return open;
    const text = by === "argument" ? ARGUMENT : "a custom object scope";
    const location = at.module.location(at.place);
    for (const [key, value] of entries) {
      const object = objectOf(value, location);
      this.findings.provided.push({ key, by, text, location, module: at.module, ...(object && { object }) });
    }
    return open;
  }

  /** Records the names that a place speaks of; `rest` where the keys that can be listed are recorded already. */
  private mention({ fact, module }: CustomObjectsPlace, rest: boolean): void {
    const before = this.findings.uncomputed.length;
    this.evaluator.tracker.touch(module);
    const site: Site = { module, scope: fact.scope, offset: fact.offset };
    const mentions = collectMentions(this.evaluator, site, [], fact.values);
    // What a parameter brings is spoken of where it is given.
    if (mentions.parameter) mentions.anything = false;
    if (rest && !mentions.anything && mentions.unread.size === 0) return;
    if (mentions.names.size === 0 && !mentions.anything && mentions.unread.size === 0) return;
    const reason =
      fact.text === ARGUMENT
        ? "custom_objects= brings names for one load"
        : fact.kind === "scope"
          ? `${fact.text} brings names for a while`
          : `${fact.text} may bring names`;
    this.findings.record(module, fact.at, reason, mentions);
    // What an installed package loads itself is no reason to know nothing about the workspace.
    if (module.installed) this.findings.narrow(before);
  }
}

/** How a `custom_objects=` argument is spoken of. */
export const ARGUMENT = "custom_objects=";

function kindOf(fact: Fact): HandedIn["by"] {
  return fact.kind === "scope" ? "scope" : "argument";
}

/** The dicts that are handed in, as one: the keys that are known, and whether there may be others. */
export function keysOf(objects: readonly Value[]): {
  readonly entries: readonly [string, Value][];
  readonly open: boolean;
} {
  const entries: [string, Value][] = [];
  let open = false;
  const add = (value: Value): void => {
    if (value.kind === "choice") for (const option of value.options) add(option);
    else if (value.kind === "dict" && !value.isRegistry) {
      if (value.open) open = true;
      for (const { key, value: held } of value.entries.values()) {
        if (key.kind === "string") entries.push([key.value, held]);
      }
    } else if (value.kind !== "none" && value.kind !== "dict" && !(value.kind === "unknown" && value.parameter))
      open = true;
  };
  for (const value of objects) add(value);
  return { entries, open };
}

function placeKey(module: LinkedModule, offset: number, by: HandedIn["by"]): string {
  return `${module.summary.uri} ${offset} ${by}`;
}
