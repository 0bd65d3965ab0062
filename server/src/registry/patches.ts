import type { PatchFact } from "../python/summary.ts";
import { lastSegment } from "../python/words.ts";
import type { ClassEntity, LinkedModule } from "./moduleTable.ts";
import { KERAS_PACKAGES, rootOf } from "./packages.ts";
import type { ClassPatch, KerasPatch, Unknown } from "./view.ts";

interface Patch {
  readonly fact: PatchFact;
  readonly module: LinkedModule;
  /** Absent where it may be any. */
  readonly members?: ReadonlySet<string>;
}

/** More patches of one class than this say nothing new. */
const MOST_OF_ONE = 50;

/**
 * What the modules of a workspace may set on classes: whether, when and in which order these run is not asked. Of installed packages,
 * which set all kinds of things on classes of their own, what names a class counts.
 */
export class Patches {
  private readonly byClass = new Map<string, Patch[]>();
  /** What may be set on any class of the workspace. */
  private readonly ofAny: Patch[] = [];
  /** What decorators of these names set on what they decorate. */
  private readonly byDecorator = new Map<string, Patch[]>();
  private readonly ofAllOfKeras: Patch | undefined;
  private onKeras: readonly KerasPatch[] | undefined;

  constructor(all: readonly LinkedModule[]) {
    // What Keras sets on classes where its own source is part of the workspace, it sets wherever it runs.
    const modules = all.filter(({ name }) => !KERAS_PACKAGES.has(rootOf(name)));
    const own = modules.filter(({ installed }) => !installed);
    const spoken = new Set(own.flatMap(({ summary }) => summary.spoken));
    let decorators: Decorators | undefined;
    for (const module of modules) {
      for (const fact of module.summary.patches) {
        const members = fact.members ?? (fact.loose ? [...spoken] : undefined);
        if (members?.length === 0) continue;
        const patch: Patch = { fact, module, ...(members ? { members: new Set(members) } : {}) };
        for (const name of fact.classes ?? []) add(this.byClass, name, patch);
        if (fact.classes || module.installed) continue;
        if (fact.ofKeras) this.ofAllOfKeras ??= patch;
        decorators ??= new Decorators(own);
        const names = fact.by?.isOnlyDecorator ? decorators.onlyUses(fact.by.name, module) : undefined;
        for (const name of names ?? []) add(this.byDecorator, name, patch);
        if (!names && this.ofAny.length < MOST_OF_ONE) this.ofAny.push(patch);
      }
    }
  }

  /** What may be set on a class itself; undefined where nothing is. */
  of({ fact, module }: ClassEntity): ClassPatch | undefined {
    const patches = [...(this.byClass.get(fact.name) ?? []), ...(module.installed ? [] : this.ofAny)];
    if (this.byDecorator.size > 0)
      for (const { text } of fact.decorators) patches.push(...(this.byDecorator.get(lastSegment(text)) ?? []));
    const [first] = patches;
    if (!first) return undefined;
    const isAny = patches.some(({ members }) => !members);
    const members = new Set(patches.flatMap((patch) => [...(patch.members ?? [])]));
    return { ...(isAny ? {} : { members }), why: why(first, fact.name) };
  }

  /** What may be set on classes of Keras, by their names; those of other classes are among them. */
  ofKeras(): readonly KerasPatch[] {
    this.onKeras ??= this.readOnKeras();
    return this.onKeras;
  }

  private readOnKeras(): readonly KerasPatch[] {
    const named = [...this.byClass].map(([name, patches]) => {
      const put = patches.find(({ fact, members }) => fact.isPut === true && !members);
      return { name, ...(put && { put: put.module.location(put.fact.at) }), why: why(patches[0]!, name) };
    });
    const all = this.ofAllOfKeras;
    return all ? [...named, { name: "*", why: why(all) }] : named;
  }
}

/** What the modules of a workspace use as decorators. */
class Decorators {
  private readonly modules: readonly LinkedModule[];
  private readonly used: ReadonlySet<string>;

  constructor(modules: readonly LinkedModule[]) {
    this.modules = modules;
    this.used = new Set(
      modules.flatMap(({ summary }) =>
        summary.classes.flatMap(({ decorators }) => decorators.map(({ text }) => lastSegment(text))),
      ),
    );
  }

  /** The names under which a function decorates, where that is all that the workspace uses it for. */
  onlyUses(name: string, home: LinkedModule): readonly string[] | undefined {
    const names = new Set([name]);
    for (const module of this.modules) {
      if (module === home) continue;
      for (const bound of module.imports.members.get(name) ?? []) {
        if (!module.summary.decoratorsOnly.includes(bound.name)) return undefined;
        names.add(bound.name);
      }
    }
    return [...names].some((one) => this.used.has(one)) ? [...names] : undefined;
  }
}

function why({ fact, module, members }: Patch, name?: string): Unknown {
  const [only] = members?.size === 1 ? members : [undefined];
  const what = only === undefined ? "something" : `\`${only}\``;
  return {
    reason: `the workspace's Python may set ${what} on ${name === undefined ? "classes of Keras" : `\`${name}\``} that does otherwise`,
    location: module.location(fact.at),
    names: name === undefined ? [] : [name],
  };
}

function add(map: Map<string, Patch[]>, name: string, patch: Patch): void {
  const list = map.get(name);
  if (!list) map.set(name, [patch]);
  else if (list.length < MOST_OF_ONE) list.push(patch);
}
