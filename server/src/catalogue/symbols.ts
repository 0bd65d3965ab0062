import { type CatalogueText, type ModuleLine, ReleaseFacts } from "./catalogueText.ts";
import { decodeRules } from "./decodeRules.ts";
import type { BuiltinSymbol, ConstructorRules, Parameter, Slot, SlotFunction, TableName } from "./keras.ts";

const ITEM = "\u0002";
const PART = "\u0003";

/** What `vars(module)` of every module holds besides what its statements bind. */
const moduleAttributes: ReadonlySet<string> = new Set([
  "__name__",
  "__package__",
  "__loader__",
  "__spec__",
  "__file__",
  "__cached__",
  "__builtins__",
]);

interface ClassFacts {
  readonly bases: readonly number[];
  readonly methods: readonly string[];
  readonly init: { readonly parameters: readonly Parameter[]; readonly kwargs: boolean } | undefined;
  readonly slots: readonly Slot[];
  /** Not decoded yet: few classes are asked for them. */
  readonly rules: string | undefined;
}

const NO_CLASS: ClassFacts = { bases: [], methods: [], init: undefined, slots: [], rules: undefined };

/** The symbols of one release, made when they are asked for. */
export class ReleaseSymbols {
  readonly exportsCanBeFound: boolean;
  private readonly text: CatalogueText;
  private readonly facts: ReleaseFacts;
  private readonly made = new Map<number, CatalogueSymbol>();
  private readonly memberMaps = new Map<ModuleLine, ReadonlyMap<string, BuiltinSymbol>>();
  private exportPaths:
    | { canonical: Map<string, number>; aliases: [string, number][]; names: Map<number, string> }
    | undefined;
  private saveable: number | undefined | null = null;

  constructor(text: CatalogueText, release: number) {
    this.text = text;
    this.facts = new ReleaseFacts(text.ranges, release);
    this.exportsCanBeFound = !text.withoutExports.includes(String(release));
  }

  get(number: number): CatalogueSymbol {
    let symbol = this.made.get(number);
    if (!symbol) {
      symbol = new CatalogueSymbol(this, number, this.text.identity(number));
      this.made.set(number, symbol);
    }
    return symbol;
  }

  /** Numbers by canonical export path. */
  exportedNumbers(): ReadonlyMap<string, number> {
    return this.exports().canonical;
  }

  /** Numbers by the other export paths. */
  aliasNumbers(): ReadonlyMap<string, number> {
    return new Map(this.exports().aliases);
  }

  canonicalPath(number: number): string | undefined {
    return this.exports().names.get(number);
  }

  private exports() {
    if (!this.exportPaths) {
      const canonical = new Map<string, number>();
      const aliases: [string, number][] = [];
      const names = new Map<number, string>();
      for (const line of this.text.lineList("exports")) {
        const tab = line.indexOf("\t");
        const number = Number.parseInt(line.slice(0, tab), 36);
        for (const fact of this.facts.of(line.slice(tab + 1))) {
          const [path, ...others] = fact.split(ITEM) as [string, ...string[]];
          canonical.set(path, number);
          names.set(number, path);
          for (const other of others) aliases.push([other, number]);
        }
      }
      this.exportPaths = { canonical, aliases, names };
    }
    return this.exportPaths;
  }

  /** The packages that a module needs, "" where it needs none, undefined where the release has no such module. */
  statusOf(module: ModuleLine): string | undefined {
    return this.facts.of(module.status)[0];
  }

  members(module: ModuleLine): ReadonlyMap<string, BuiltinSymbol> {
    let members = this.memberMaps.get(module);
    if (!members) {
      members = this.bindings(module.members, module.name);
      this.memberMaps.set(module, members);
    }
    return members;
  }

  table(name: TableName): ReadonlyMap<string, BuiltinSymbol> | undefined {
    const line = this.text.lineList("tables").find((text) => text.startsWith(`${name}\t`));
    return line === undefined ? undefined : this.bindings(line.slice(name.length + 1), `keras.src.${name}`);
  }

  private bindings(list: string, module: string): Map<string, BuiltinSymbol> {
    const result = new Map<string, BuiltinSymbol>();
    for (const group of this.facts.of(list)) {
      for (const word of group.split(",")) {
        const first = word[0];
        if (first === "." || first === "/") {
          result.set(word.slice(1), this.other(module, word.slice(1)));
          continue;
        }
        const equals = word.indexOf("=");
        const symbol = this.get(Number.parseInt(word.slice(equals + 1), 36));
        result.set(equals < 0 ? simpleName(symbol.qualname) : word.slice(0, equals), symbol);
      }
    }
    return result;
  }

  /** What every module has: `__name__`, `__file__`, … */
  moduleAttribute(name: string): BuiltinSymbol | undefined {
    return moduleAttributes.has(name) ? this.other("builtins", name) : undefined;
  }

  private other(module: string, qualname: string): BuiltinSymbol {
    return {
      kind: "other",
      module,
      qualname,
      kerasSaveable: false,
      mro: [],
      ownMethods: [],
      parameters: [],
      acceptsKwargs: false,
      slots: [],
      constructorRules: undefined,
    };
  }

  /** The class or function whose `module.qualname` this is. */
  byQualifiedName(path: string): BuiltinSymbol | undefined {
    for (let dot = path.lastIndexOf("."); dot > 0; dot = path.lastIndexOf(".", dot - 1)) {
      const module = this.text.module(path.slice(0, dot));
      if (!module) continue;
      if (this.statusOf(module) === undefined) return undefined;
      const qualname = path.slice(dot + 1);
      const number = this.text.numberOf(module.name, "c", qualname);
      return number !== undefined && this.classFacts(number) !== NO_CLASS ? this.get(number) : undefined;
    }
    return undefined;
  }

  /** `KerasSaveable`, or undefined in releases before it. */
  saveableNumber(): number | undefined {
    if (this.saveable === null) {
      const number = this.text.numberOf("keras.src.saving.keras_saveable", "c", "KerasSaveable");
      this.saveable = number !== undefined && this.classFacts(number) !== NO_CLASS ? number : undefined;
    }
    return this.saveable;
  }

  classFacts(number: number): ClassFacts {
    const line = this.text.classLine(number);
    if (line === undefined) return NO_CLASS;
    const [, bases, methods, init, slots, rules] = line.split("\t") as [string, string, string, string, string, string];
    const [ownBases] = this.facts.of(bases);
    if (ownBases === undefined) return NO_CLASS;
    return {
      bases: ownBases === "" ? [] : ownBases.split(ITEM).map((base) => Number.parseInt(base, 36)),
      methods: (this.facts.of(methods)[0] ?? "").split(ITEM).filter((name) => name !== ""),
      init: decodeInit(this.facts.of(init)[0]),
      slots: decodeSlots(this.facts.of(slots)[0]),
      rules: this.facts.of(rules)[0],
    };
  }
}

function simpleName(qualname: string): string {
  return qualname.slice(qualname.lastIndexOf(".") + 1);
}

function decodeInit(text: string | undefined): ClassFacts["init"] {
  if (text === undefined) return undefined;
  const [kwargs, ...words] = text.split(ITEM) as [string, ...string[]];
  const parameters = words.map((word): Parameter => {
    const kind = word.startsWith("*") ? "keyword" : "positional";
    const [name, value] = (kind === "keyword" ? word.slice(1) : word).split(PART) as [string, string | undefined];
    return value === undefined ? { name, kind } : { name, default: value, kind };
  });
  return { parameters, kwargs: kwargs === "1" };
}

function decodeSlots(text: string | undefined): Slot[] {
  if (text === undefined) return [];
  return text.split(ITEM).map((word) => {
    const [argument, by, flags] = word.split(PART) as [string, SlotFunction, string];
    return {
      argument,
      by,
      phase: flags.startsWith("i") ? "init" : "from_config",
      ...(flags.includes("c") ? { conditional: true } : {}),
      ...(flags.includes("e") ? { each: true } : {}),
      ...(flags.includes("o") ? { only: "objects" as const } : {}),
      ...(flags.includes("s") ? { only: "strings" as const } : {}),
    };
  });
}

/** A class or function; what it says of its class is decoded when it is first asked for. */
class CatalogueSymbol implements BuiltinSymbol {
  readonly kind: BuiltinSymbol["kind"];
  readonly module: string;
  readonly qualname: string;
  private readonly symbols: ReleaseSymbols;
  private readonly number: number;
  private cachedFacts: ClassFacts | undefined;
  private decodedRules: ConstructorRules | undefined;
  private cachedMro: readonly CatalogueSymbol[] | undefined;

  constructor(
    symbols: ReleaseSymbols,
    number: number,
    identity: { kind: BuiltinSymbol["kind"]; module: string; qualname: string },
  ) {
    this.symbols = symbols;
    this.number = number;
    this.kind = identity.kind;
    this.module = identity.module;
    this.qualname = identity.qualname;
  }

  private get facts(): ClassFacts {
    this.cachedFacts ??= this.kind === "class" ? this.symbols.classFacts(this.number) : NO_CLASS;
    return this.cachedFacts;
  }

  get canonical(): string | undefined {
    return this.symbols.canonicalPath(this.number);
  }

  get mro(): readonly CatalogueSymbol[] {
    this.cachedMro ??= this.facts === NO_CLASS ? [] : [this, ...this.facts.bases.map((base) => this.symbols.get(base))];
    return this.cachedMro;
  }

  get kerasSaveable(): boolean {
    if (this.kind !== "class") return false;
    const saveable = this.symbols.saveableNumber();
    return saveable === undefined || this.number === saveable || this.facts.bases.includes(saveable);
  }

  get fromConfig(): string | undefined {
    const definer = this.mro.find((cls) => cls.ownMethods.includes("from_config"));
    return definer && `${definer.module}.${definer.qualname}`;
  }

  get ownMethods(): readonly string[] {
    return this.facts.methods;
  }

  private get init(): ClassFacts["init"] {
    return this.mro.find((cls) => cls.facts.init !== undefined)?.facts.init;
  }

  get parameters(): readonly Parameter[] {
    return this.init?.parameters ?? [];
  }

  get acceptsKwargs(): boolean {
    return this.init?.kwargs ?? false;
  }

  get slots(): readonly Slot[] {
    return this.facts.slots;
  }

  get constructorRules(): ConstructorRules | undefined {
    const { rules } = this.facts;
    this.decodedRules ??= rules === undefined ? undefined : decodeRules(rules);
    return this.decodedRules;
  }
}
