/**
 * Holds what the catalogue says of a release against what real Keras says of itself, recorded by
 * test/conformance/catalogue/record.py and record_slots.py. Every comparison counts what it compared and lists, in
 * words, what differs.
 */
import type { BuiltinSymbol, KerasRelease, Parameter, Slot, TableName } from "../../../server/src/catalogue/keras.ts";

/** "c" class, "f" function, "m" module, "o" anything else; and "module:qualname", a module's name, or a type. */
type Reference = readonly [kind: "c" | "f" | "m" | "o", name: string];

interface ImportFailure {
  readonly error: string;
  readonly missing: string | null;
}

interface RecordedClass {
  readonly mro: readonly string[];
  readonly saveable: boolean;
  readonly from_config: string | null;
  readonly init: string;
  readonly own: readonly string[];
  readonly parameters: readonly (readonly [name: string, kind: string, fallback?: string])[];
}

export interface CatalogueRecord {
  readonly version: string;
  readonly exports: Readonly<Record<string, Reference>>;
  /** Whether `api_export.get_symbol_from_name` finds them; 3.0.0 and 3.0.1 forgot to return them. */
  readonly lookup: boolean;
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  readonly classes: Readonly<Record<string, RecordedClass>>;
  readonly modules: Readonly<Record<string, Readonly<Record<string, Reference>> | { readonly "": ImportFailure }>>;
  readonly tables: Readonly<Record<string, Readonly<Record<string, Reference>>>>;
}

type Form = "object" | "list" | "dict" | "string";
type RecordedCall = readonly [by: string, phase: string, each: string];

export interface SlotRecord {
  readonly version: string;
  readonly classes: Readonly<
    Record<
      string,
      {
        readonly slots: Readonly<Record<string, Readonly<Partial<Record<Form, readonly RecordedCall[]>>>>>;
        readonly raw: readonly string[];
        readonly order: readonly string[];
      }
    >
  >;
}

export interface Comparison {
  compared: number;
  readonly differences: string[];
}

const kinds = { c: "class", f: "function", m: "other", o: "other" } as const;

function check(result: Comparison, what: string, recorded: unknown, ours: unknown): void {
  result.compared++;
  if (recorded !== ours) result.differences.push(`${what}: Keras has ${recorded}, the catalogue ${ours}`);
}

/** What both sides are written as: kind and, for classes and functions of Keras, the object itself. */
function recordedText([kind, name]: Reference): string {
  if (kind === "m" || kind === "o") return "other";
  // Of other packages, only the kind can be known from Keras's source.
  return /^keras[.:]/.test(name) ? `${kinds[kind]} ${name}` : kinds[kind];
}

function symbolText(symbol: BuiltinSymbol | undefined): string {
  if (!symbol) return "nothing";
  if (symbol.kind === "other" || !/^keras(?:\.|$)/.test(symbol.module)) return symbol.kind;
  return `${symbol.kind} ${symbol.module}:${symbol.qualname}`;
}

export function compareExports(release: KerasRelease, record: CatalogueRecord): Comparison {
  const result: Comparison = { compared: 0, differences: [] };
  for (const [path, reference] of Object.entries(record.exports)) {
    check(result, path, record.lookup ? recordedText(reference) : "nothing", symbolText(release.exported(path)));
    check(result, `resolved ${path}`, recordedText(reference), symbolText(release.resolve(path)));
    check(result, `canonical path of ${path}`, path, release.resolve(path)?.canonical);
    for (const alias of record.aliases[path] ?? []) {
      check(result, `alias ${alias}`, recordedText(reference), symbolText(release.resolve(alias)));
    }
  }
  check(result, "exports", Object.keys(record.exports).sort().join(), [...release.exportedPaths()].sort().join());
  return result;
}

export function compareTables(release: KerasRelease, record: CatalogueRecord): Comparison {
  const result: Comparison = { compared: 0, differences: [] };
  for (const [table, entries] of Object.entries(record.tables) as [TableName, Record<string, Reference>][]) {
    for (const [name, reference] of Object.entries(entries)) {
      check(result, `${table} ${name}`, recordedText(reference), symbolText(release.tableEntry(table, name)));
    }
    check(result, table, Object.keys(entries).sort().join(), [...release.tableNames(table)].sort().join());
  }
  return result;
}

/** Set by the interpreter, not by the module's statements. */
const attributes = /^__(?:name|doc|file|path|package|loader|spec|cached|builtins|warningregistry)__$/;

export function compareModules(release: KerasRelease, record: CatalogueRecord): Comparison {
  const result: Comparison = { compared: 0, differences: [] };
  for (const [name, members] of Object.entries(record.modules)) {
    const ours = release.importModule(name);
    if ("" in members) {
      const { missing } = members[""] as ImportFailure;
      const needs =
        ours.status === "environment" && ours.needs.split("+").includes(missing ?? "") ? missing : ours.status;
      check(result, `import ${name} needs`, missing, needs);
      continue;
    }
    // Recorded where jax is installed; not every user has it.
    if (ours.status === "environment" && ours.needs === "jax") continue;
    check(result, `import ${name}`, "importable", ours.status);
    if (ours.status !== "importable") continue;
    const names = new Set([...Object.keys(members), ...ours.memberNames()]);
    for (const member of names) {
      if (attributes.test(member)) continue;
      const reference = (members as Record<string, Reference>)[member];
      check(
        result,
        `${name}.${member}`,
        reference ? recordedText(reference) : "nothing",
        symbolText(ours.member(member)),
      );
    }
  }
  return result;
}

export function compareClasses(release: KerasRelease, record: CatalogueRecord): Comparison {
  const result: Comparison = { compared: 0, differences: [] };
  for (const [key, recorded] of Object.entries(record.classes)) {
    const symbol = release.resolve(key.replace(":", "."));
    check(result, key, `class ${key}`, symbolText(symbol));
    if (!symbol) continue;
    // A namedtuple and the class made of it have one name; what is recorded under it is either.
    if (recorded.mro[1] === "builtins:tuple") continue;
    const mro = symbol.mro.map((cls) => `${cls.module}:${cls.qualname}`);
    check(result, `${key} mro`, recorded.mro.filter((cls) => cls.startsWith("keras.")).join(), mro.join());
    check(result, `${key} saveable`, recorded.saveable, symbol.kerasSaveable);
    check(result, `${key} from_config`, recorded.from_config?.replace(":", "."), symbol.fromConfig);
    for (const method of ["__init__", "from_config", "get_config", "compile", "build_from_config"]) {
      check(result, `${key}.${method}`, recorded.own.includes(method), symbol.ownMethods.includes(method));
    }
    if (recorded.init.startsWith("keras.")) compareParameters(result, key, recorded, symbol);
  }
  return result;
}

function compareParameters(result: Comparison, key: string, recorded: RecordedClass, symbol: BuiltinSymbol): void {
  const named = recorded.parameters.filter(([, kind]) => !kind.startsWith("var_"));
  check(result, `${key} parameters`, named.map(([name]) => name).join(), symbol.parameters.map((p) => p.name).join());
  const takesMore = recorded.parameters.some(([, kind]) => kind === "var_keyword");
  check(result, `${key} **kwargs`, takesMore, symbol.acceptsKwargs);
  named.forEach(([name, kind, fallback], index) => {
    const ours = symbol.parameters[index];
    if (ours?.name !== name) return;
    check(result, `${key}(${name}) keyword`, kind === "keyword_only", ours.kind === "keyword");
    check(result, `${key}(${name}) default`, ...defaults(fallback, ours));
  });
}

/** Literals are compared by value, everything else by whether there is a default. */
function defaults(recorded: string | undefined, { default: source }: Parameter): [unknown, unknown] {
  const [a, b] = [literal(recorded), literal(source)];
  return a !== undefined && b !== undefined ? [a, b] : [recorded !== undefined, source !== undefined];
}

function literal(text: string | undefined): string | number | undefined {
  if (text === undefined) return undefined;
  if (/^(?:None|True|False)$/.test(text)) return text;
  if (/^-?[\d.]+(?:e[-+]?\d+)?$/i.test(text)) return Number(text);
  const string = /^(["'])([^"'\\]*)\1$/.exec(text);
  return string ? `"${string[2]}"` : undefined;
}

/**
 * Functional and Model are recorded with the config of a Functional model, which `Model.from_config` does not hand to
 * the constructor; deserialize/ walks such configs itself.
 */
const walkedElsewhere = new Set(["keras.src.models.functional:Functional", "keras.src.models.model:Model"]);

export function compareSlots(release: KerasRelease, record: SlotRecord): Comparison {
  const result: Comparison = { compared: 0, differences: [] };
  for (const [key, recorded] of Object.entries(record.classes)) {
    if (walkedElsewhere.has(key)) continue;
    const slots = release.resolve(key.replace(":", "."))?.slots ?? [];
    const names = new Set([...Object.keys(recorded.slots), ...recorded.raw, ...slots.map((slot) => slot.argument)]);
    for (const argument of names) {
      const ours = slots.filter((slot) => slot.argument === argument);
      check(result, `${key}(${argument})`, recordedSlots(recorded.slots[argument] ?? {}), slotsText(ours));
    }
    // With `fn` in its config, a loss or metric deserializes the whole config at once, in the config's own order.
    if ("fn" in recorded.slots) continue;
    const ours = [...new Set(slots.map((slot) => slot.argument))].filter((name) => recorded.order.includes(name));
    check(result, `${key} order`, recorded.order.join(), ours.join());
  }
  return result;
}

function recordedSlots(forms: Readonly<Partial<Record<Form, readonly RecordedCall[]>>>): string {
  const seen = new Map<string, Set<string>>();
  for (const [form, calls] of Object.entries(forms)) {
    for (const [by, phase, each] of calls) {
      const call = `${by} in ${phase}${each === "each" ? ", each" : ""}`;
      seen.set(call, (seen.get(call) ?? new Set()).add(form));
    }
  }
  return (
    [...seen]
      .map(([call, by]) => call + (call.endsWith("each") ? "" : onlyText(by)))
      .sort()
      .join("; ") || "raw"
  );
}

function onlyText(forms: ReadonlySet<string>): string {
  if (forms.has("object") === forms.has("string")) return "";
  return forms.has("object") ? ", only objects" : ", only strings";
}

function slotsText(slots: readonly Slot[]): string {
  return (
    slots
      .map(({ by, phase, each, only }) => `${by} in ${phase}${each ? ", each" : ""}${only ? `, only ${only}` : ""}`)
      .sort()
      .join("; ") || "raw"
  );
}
