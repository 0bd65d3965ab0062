import type { ConstructorRules, SymbolKind } from "../../src/catalogue/keras.ts";
import type { Reference } from "./describe.ts";
import { encodeRules } from "./encodeRules.ts";
import { FACT, ITEM, note, PART, Ranges } from "./facts.ts";
import type { ClassFacts, ReleaseFacts } from "./readRelease.ts";
import type { SlotFact } from "./slots.ts";

/** The format that `server/src/catalogue/decode.ts` reads; its comment describes it. */
export const formatName = "keras-catalogue 2";

/** A fact and the releases, by index, in which it holds. */
type Facts = Map<string, number[]>;

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

const kindLetters: Readonly<Record<SymbolKind, string>> = { class: "c", function: "f", other: "o" };

/** Letters for what else a slot says. */
function slotFlags({ phase, conditional, each, only }: SlotFact): string {
  return (
    (phase === "init" ? "i" : "f") + (conditional ? "c" : "") + (each ? "e" : "") + (only === undefined ? "" : only[0])
  );
}

interface ModuleEntry {
  readonly status: Facts;
  readonly members: Facts;
}
interface ClassEntry {
  readonly bases: Facts;
  readonly methods: Facts;
  readonly init: Facts;
  readonly slots: Facts;
  readonly rules: Facts;
}

/** What reading `from_config` of a class found. */
export interface ClassReading {
  readonly slots: readonly SlotFact[];
  readonly rules: ConstructorRules | undefined;
}

const notRead: ClassReading = { slots: [], rules: undefined };

/** Collects what is known of each release, shares what several have in common, and writes it as text. */
export class CatalogueWriter {
  private readonly versions: string[] = [];
  private readonly withoutExports: number[] = [];
  private readonly modules = new Map<string, ModuleEntry>();
  private readonly classes = new Map<string, ClassEntry>();
  private readonly exports = new Map<string, Facts>();
  private readonly tables = new Map<string, Facts>();
  /** Symbols by kind letter and key; numbered when the text is written. */
  private readonly symbols = new Set<string>();
  private numbers = new Map<string, number>();
  private ranges = new Ranges();

  /** Adds a release; releases are added in ascending order. */
  add(facts: ReleaseFacts, readings: ReadonlyMap<string, ClassReading>): void {
    const release = this.versions.push(facts.version) - 1;
    if (!facts.exportsCanBeFound) this.withoutExports.push(release);
    for (const [name, { needs, members }] of facts.modules) {
      const module = entry(this.modules, name, () => ({ status: new Map(), members: new Map() }));
      note(module.status, needs ?? "", release);
      for (const [member, reference] of members) note(module.members, this.member(member, reference), release);
    }
    for (const [key, cls] of facts.classes) this.addClass(key, cls, readings.get(key) ?? notRead, release);
    for (const { paths, reference } of facts.exports) {
      const symbol = this.symbol(reference);
      if (symbol !== undefined) {
        note(
          entry(this.exports, symbol, () => new Map()),
          paths.join(ITEM),
          release,
        );
      }
    }
    for (const [table, entries] of facts.tables) {
      for (const [name, reference] of entries) {
        const symbol = this.symbol(reference);
        if (symbol !== undefined)
          note(
            entry(this.tables, table, () => new Map()),
            name + ITEM + symbol,
            release,
          );
      }
    }
  }

  private symbol({ kind, key }: Reference): string | undefined {
    if (key === undefined) return undefined;
    const symbol = kindLetters[kind] + key;
    this.symbols.add(symbol);
    return symbol;
  }

  /** A member of a module: the name, and what it is bound to. */
  private member(name: string, reference: Reference): string {
    const symbol = this.symbol(reference);
    return symbol === undefined ? (reference.isModule ? "/" : ".") + name : name + ITEM + symbol;
  }

  private addClass(
    key: string,
    cls: ClassFacts,
    { slots, rules: constructorRules }: ClassReading,
    release: number,
  ): void {
    this.symbols.add(`c${key}`);
    const facts = entry(this.classes, `c${key}`, () => ({
      bases: new Map(),
      methods: new Map(),
      init: new Map(),
      slots: new Map(),
      rules: new Map(),
    }));
    for (const base of cls.bases) this.symbols.add(`c${base}`);
    const rules = constructorRules && encodeRules(constructorRules);
    if (rules !== undefined) note(facts.rules, rules, release);
    note(facts.bases, cls.bases.map((base) => `c${base}`).join(ITEM), release);
    note(facts.methods, cls.ownMethods.join(ITEM), release);
    if (cls.init) {
      const words = cls.init.parameters.map(
        ({ name, default: value, keywordOnly }) =>
          (keywordOnly ? "*" : "") + name + (value === undefined ? "" : PART + value),
      );
      note(facts.init, [cls.init.kwargs ? "1" : "0", ...words].join(ITEM), release);
    }
    const words = slots.map((slot) => [slot.argument, slot.by, slotFlags(slot)].join(PART));
    if (words.length > 0) note(facts.slots, words.join(ITEM), release);
  }

  /** The whole text. */
  text(): string {
    this.numbers = new Map();
    this.ranges = new Ranges();
    const modules = this.moduleLines();
    const classes = this.classLines();
    const exports = [...this.exports]
      .sort(([a], [b]) => this.number(a) - this.number(b))
      .map(([symbol, facts]) => `${this.number(symbol).toString(36)}\t${this.factList(facts, (fact) => fact)}`);
    const tables = [...this.tables].map(
      ([table, facts]) => `${table}\t${this.grouped(facts, (fact) => this.binding(fact))}`,
    );
    const header = [formatName, this.versions.join(" "), this.ranges.line(), this.withoutExports.join(" ") || "-"];
    return [header, modules, exports, tables, classes].map((lines) => lines.join("\n")).join("\n\n");
  }

  private number(symbol: string): number {
    return this.numbers.get(symbol) as number;
  }

  private factList(facts: Facts, write: (fact: string) => string): string {
    return [...facts].map(([fact, releases]) => `${this.ranges.number(releases)}:${write(fact)}`).join(FACT);
  }

  /** Facts that hold in the same releases stand together. */
  private grouped(facts: Facts, write: (fact: string) => string): string {
    const groups = new Map<string, string[]>();
    for (const [fact, releases] of facts) entry(groups, this.ranges.number(releases), () => []).push(write(fact));
    return [...groups].map(([range, words]) => `${range}:${words.join(",")}`).join(FACT);
  }

  /** "name=number", or the number alone where the symbol has that name. */
  private binding(fact: string): string {
    const at = fact.indexOf(ITEM);
    if (at < 0) return fact;
    const name = fact.slice(0, at);
    const symbol = fact.slice(at + 1);
    const number = this.number(symbol).toString(36);
    return symbol.slice(Math.max(symbol.lastIndexOf("."), symbol.lastIndexOf(":")) + 1) === name
      ? number
      : `${name}=${number}`;
  }

  private moduleLines(): string[] {
    const byModule = new Map<string, string[]>();
    for (const symbol of this.symbols) {
      entry(byModule, symbol.slice(1, symbol.indexOf(":")), () => []).push(symbol);
    }
    const names = [...new Set([...this.modules.keys(), ...byModule.keys()])].sort();
    let number = 0;
    for (const name of names) {
      const symbols = byModule.get(name) ?? [];
      // Classes first, so that their numbers are short lists of neighbours.
      symbols.sort();
      for (const symbol of symbols) this.numbers.set(symbol, number++);
    }
    return names.map((name) => {
      const module = this.modules.get(name);
      const defined = (byModule.get(name) ?? []).map((symbol) => symbol[0] + symbol.slice(symbol.indexOf(":") + 1));
      const status = module ? this.factList(module.status, (fact) => fact) : "";
      const members = module ? this.grouped(module.members, (fact) => this.binding(fact)) : "";
      return `${name}\t${status}\t${defined.join(" ")}\t${members}`;
    });
  }

  private classLines(): string[] {
    return [...this.classes]
      .sort(([a], [b]) => this.number(a) - this.number(b))
      .map(([symbol, { bases, methods, init, slots, rules }]) =>
        [
          this.number(symbol).toString(36),
          this.factList(bases, (fact) =>
            fact === ""
              ? ""
              : fact
                  .split(ITEM)
                  .map((base) => this.number(base).toString(36))
                  .join(ITEM),
          ),
          this.factList(methods, (fact) => fact),
          this.factList(init, (fact) => fact),
          this.factList(slots, (fact) => fact),
          this.factList(rules, (fact) => fact),
        ].join("\t"),
      );
  }
}
