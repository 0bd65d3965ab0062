import type { ConstructorRules, Slot, SlotFunction, TableName } from "../../src/catalogue/keras.ts";
import type { Expression } from "../../src/python/expressions.ts";
import {
  simpleStatement,
  statementExpressions,
  stringValue,
  walkExpression,
  walkStatements,
} from "../../src/python/tree.ts";
import { constructorRules, type ReadConfig } from "./constructors.ts";
import { keyOfClass, tableNames } from "./describe.ts";
import { findInClass, getAttribute } from "./interpreter/attributes.ts";
import { call } from "./interpreter/calls.ts";
import { BudgetExceeded, type CallArguments, type Intercept, type Machine } from "./interpreter/machine.ts";
import {
  type ArgumentForm,
  type ClassValue,
  dict,
  type FunctionValue,
  NONE,
  OBJECT,
  options,
  PythonError,
  same,
  shownAs,
  TRUE,
  UNKNOWN,
  union,
  type Value,
} from "./interpreter/values.ts";
import { tableModules } from "./keras2.ts";
import { keras2 } from "./kerasPackage.ts";

/** A slot as the data hold it. */
export type SlotFact = Slot;

/** One deserializing call that reading `from_config` came upon. */
interface Event {
  readonly argument: string;
  readonly by: SlotFunction;
  readonly phase: Slot["phase"];
  readonly each: boolean;
  readonly certain: boolean;
  readonly form: ArgumentForm;
  readonly place: readonly number[];
}

/** What was read, by the class, and the modules that were gone through for it. */
type Answers<T> = Map<string, { readonly answer: T; readonly modules: readonly string[] }>;

const forms: readonly ArgumentForm[] = ["object", "list", "dict", "string"];
/** Steps that reading one `from_config` may take; constructors of Keras take some thousands. */
const STEPS = 60_000;

/**
 * Reads the slots of classes of one release: `cls.from_config(config)` is read with an argument as it comes out of JSON
 * in turn, in each form that it can have, and what deserializes it is noted.
 */
export class SlotReader {
  private readonly machine: Machine;
  /** Classes whose reading took too long to come to an end. */
  readonly unfinished = new Set<string>();
  private events: Event[] = [];
  private form: ArgumentForm = "object";
  private readonly rules: Answers<ConstructorRules | undefined> = new Map();
  private readonly slots: Answers<SlotFact[]> = new Map();

  constructor(machine: Machine) {
    this.machine = machine;
    const { intercepts } = machine;
    const hook = (key: string, by: SlotFunction): void => {
      intercepts.set(key, this.sink(by));
    };
    if (machine.source.package === keras2) {
      hook("tf_keras.src.saving.serialization_lib:deserialize_keras_object", "deserialize_keras_object");
      for (const [table, module] of Object.entries(tableModules) as [TableName, string][]) {
        hook(`${module}:deserialize`, `${table}.deserialize`);
        hook(`${module}:${table === "dtype_policies" ? "get_policy" : "get"}`, `${table}.get`);
      }
      return;
    }
    hook("keras.src.saving.serialization_lib:deserialize_keras_object", "deserialize_keras_object");
    for (const table of tableNames) {
      for (const method of ["get", "deserialize"] as const) hook(`keras.src.${table}:${method}`, `${table}.${method}`);
    }
    // Tensors hold no config, and what their backends do is not decided by reading.
    intercepts.set("keras.src.backend:Variable", () => UNKNOWN);
    hook("keras.src.layers:deserialize", "layers.deserialize");
    hook("keras.src.layers:get", "layers.get");
  }

  /** The slots of a class, in the order in which Keras comes to them. */
  slotsOf(cls: ClassValue): SlotFact[] {
    return this.once(this.slots, cls, () => this.readSlots(cls));
  }

  private readSlots(cls: ClassValue): SlotFact[] {
    const definer = findInClass(cls.mro, "from_config");
    if (!definer || definer === "external") return [];
    const events: Event[] = [];
    const config = this.acceptedConfig(cls);
    for (const argument of argumentsOf(cls)) {
      for (const form of forms) {
        this.form = form;
        this.read(cls, [...config, [argument, { t: "argument", name: argument, form, each: false }]]);
        events.push(...this.events);
      }
    }
    return combine(events);
  }

  /** The default config; where the constructor refuses it since something must be given, with that not known. */
  private acceptedConfig(cls: ClassValue): readonly (readonly [string, Value])[] {
    const config = defaultConfig(cls);
    if (this.read(cls, config) === "accepted") return config;
    const own = new Set(methodsOf(cls, "__init__")[0]?.parameters.map(({ name }) => name));
    for (const [missing, value] of config) {
      if (!own.has(missing) || !same(value, NONE)) continue;
      const changed = config.map(([key, other]): [string, Value] => [key, key === missing ? UNKNOWN : other]);
      if (this.read(cls, changed) === "accepted") return changed;
    }
    return config;
  }

  /** What the constructor of a class refuses; undefined where that is not known. */
  rulesOf(cls: ClassValue): ConstructorRules | undefined {
    return this.once(this.rules, cls, () => this.readRules(cls));
  }

  /** Reads an answer the first time; what it rests on counts as touched each time. */
  private once<T>(answers: Answers<T>, cls: ClassValue, read: () => T): T {
    const { touched } = this.machine;
    const key = keyOfClass(cls);
    let known = answers.get(key);
    if (!known) {
      const before = [...touched];
      touched.clear();
      known = { answer: read(), modules: [...touched] };
      answers.set(key, known);
      for (const module of before) touched.add(module);
    }
    for (const module of known.modules) touched.add(module);
    return known.answer;
  }

  private readRules(cls: ClassValue): ConstructorRules | undefined {
    const definer = findInClass(cls.mro, "from_config");
    if (!definer || definer === "external") return undefined;
    const { machine } = this;
    const [own] = methodsOf(cls, "__init__");
    const next = nextConstructor(cls);
    const handedOn = next && this.rulesOf(next);
    // What `from_config` itself looks at has its default, so that the way to the constructor is decided.
    const read = new Set(methodsOf(cls, "from_config").flatMap(keysRead));
    const required = own?.parameters.flatMap(({ name, default: value }) => (value === undefined ? [name] : [])) ?? [];
    machine.showsErrors = true;
    try {
      return constructorRules({
        config: defaultConfig(cls).map(([key, value]) => [key, read.has(key) ? value : UNKNOWN] as const),
        needed: new Set([...read, ...required]),
        parameters: parametersOf(cls),
        deserialized: new Set(this.slotsOf(cls).map(({ argument }) => argument)),
        inherited: (argument) =>
          handedOn && isHandedOn(own, argument)
            ? handedOn.values.filter((rule) => rule.argument === argument)
            : undefined,
        read: (config) => this.read(cls, config),
      });
    } finally {
      machine.showsErrors = false;
    }
  }

  /** Reads `cls.from_config(config)`, collecting events; what it comes to. */
  private read(cls: ClassValue, entries: readonly (readonly [string, Value])[]): ReturnType<ReadConfig> {
    const { machine } = this;
    this.events = [];
    const config = dict(entries);
    try {
      machine.within(STEPS, () =>
        call(machine, getAttribute(machine, cls, "from_config"), {
          positional: [config],
          keywords: new Map(),
          open: false,
        }),
      );
      return "accepted";
    } catch (error) {
      if (error instanceof PythonError) return error;
      if (!(error instanceof BudgetExceeded)) throw error;
      this.unfinished.add(keyOfClass(cls));
      return undefined;
    } finally {
      machine.branches.length = 0;
      machine.place.length = 0;
    }
  }

  /** Stands for a function of Keras that deserializes. */
  private sink(by: SlotFunction): Intercept {
    return (machine, given) => {
      const value = firstArgument(given);
      if (value === undefined) return UNKNOWN;
      const legacy = by === "layers.deserialize" && same(given.keywords.get("use_legacy_format") ?? NONE, TRUE);
      const called = legacy ? "layers.deserialize(use_legacy_format=True)" : by;
      const results = options(value).map((option) =>
        value.t === "union"
          ? machine.maybe(() => this.deserialize(machine, called, option))
          : this.deserialize(machine, called, option),
      );
      return union(results);
    };
  }

  private deserialize(machine: Machine, by: SlotFunction, value: Value): Value {
    const deep = by === "deserialize_keras_object";
    switch (value.t) {
      case "argument":
        this.events.push({
          argument: value.name,
          by,
          phase: machine.constructors > 0 ? "init" : "from_config",
          each: value.each,
          certain: !machine.uncertain,
          form: this.form,
          place: [...machine.place],
        });
        if (value.form === "string") return deep ? value : OBJECT;
        if (value.form === "object" || !deep) return OBJECT;
        return value.form === "list"
          ? { t: "sequence", kind: "list", items: [OBJECT], open: false, birth: 0 }
          : UNKNOWN;
      case "dict":
        if (!deep) return OBJECT;
        return dict(
          [...value.entries].map(([key, entry]) => [key, this.deserialize(machine, by, entry)] as const),
          value.open,
        );
      case "sequence":
        if (!deep) return OBJECT;
        return { ...value, items: value.items.map((item) => this.deserialize(machine, by, item)) };
      case "constant":
        if (value.value === null) return by === "dtype_policies.get" ? OBJECT : NONE;
        return deep ? value : OBJECT;
      case "text":
        return deep ? value : OBJECT;
      default:
        return value;
    }
  }
}

function firstArgument(given: CallArguments): Value | undefined {
  return given.positional[0] ?? given.keywords.get("identifier") ?? given.keywords.get("config");
}

/** The parameters of all constructors on the way. */
function parametersOf(cls: ClassValue): string[] {
  return methodsOf(cls, "__init__").flatMap(({ parameters }) =>
    parameters.slice(1).flatMap(({ kind, name }) => (kind === "kwargs" || kind === "varargs" ? [] : [name])),
  );
}

/** The class whose constructor runs after that of a class: of its bases, the first with another one. */
function nextConstructor(cls: ClassValue): ClassValue | undefined {
  const definers = cls.mro.filter((base): base is ClassValue => base.t === "class" && base.namespace.has("__init__"));
  const next = definers[0] === cls ? definers[1] : definers[0];
  return next && next !== cls ? next : undefined;
}

/** Whether a constructor hands an argument on as it is: it does not name it, or does no more than `name=name`. */
function isHandedOn(own: FunctionValue | undefined, argument: string): boolean {
  if (!own?.parameters.some(({ name }) => name === argument)) return true;
  const uses = bodyText(own).match(new RegExp(`\\b${argument}\\b`, "g")) ?? [];
  return uses.length === 2 && bodyText(own).includes(`${argument}=${argument}`);
}

/** Every key that a config of the class may have, as far as its constructors, `from_config` and `get_config` say. */
export function argumentsOf(cls: ClassValue): string[] {
  const names = new Set(parametersOf(cls));
  for (const method of methodsOf(cls, "from_config")) for (const key of keysRead(method)) names.add(key);
  for (const key of keysWritten(cls)) names.add(key);
  return [...names];
}

function methodsOf(cls: ClassValue, name: string): FunctionValue[] {
  return cls.mro.flatMap((entry) => {
    const value = entry.t === "class" ? entry.namespace.get(name) : undefined;
    return value?.t === "function" ? [shownAs(value)] : [];
  });
}

function bodyText(method: FunctionValue): string {
  const { statement } = method;
  return statement ? method.tree.text.slice(statement.end, statement.bodyEnd) : "";
}

/** `config["key"]`, `config.pop("key")`, `"key" in config`. */
function keysRead(method: FunctionValue): string[] {
  const text = bodyText(method);
  return [...text.matchAll(/\bconfig(?:\.(?:pop|get)\(|\[)\s*"(\w+)"|"(\w+)" in config\b/g)].map(
    (match) => (match[1] ?? match[2]) as string,
  );
}

/** The keys of what `get_config` returns, where it says so by literals. */
function keysWritten(cls: ClassValue): Set<string> {
  const keys = new Set<string>();
  const taken = new Set<string>();
  for (const method of methodsOf(cls, "get_config")) {
    const text = bodyText(method);
    for (const key of keysInDicts(method)) if (!taken.has(key)) keys.add(key);
    for (const match of text.matchAll(/\.pop\("(\w+)"|\bdel \w+\["(\w+)"\]/g))
      taken.add((match[1] ?? match[2]) as string);
    if (!text.includes("super()")) break;
  }
  return keys;
}

/** Keys of the outermost dicts of a method, and of `config["key"] = …`; not those that are written under a condition. */
function keysInDicts({ tree, statement }: FunctionValue): string[] {
  const keys: string[] = [];
  const add = (key: Expression | undefined): void => {
    const name = key?.kind === "string" ? stringValue(tree.text, key) : undefined;
    if (name !== undefined) keys.push(name);
  };
  for (const inner of walkStatements(statement?.body ?? [], ({ kind }) => kind !== "if" && kind !== "elif")) {
    for (const expression of statementExpressions(tree, inner)) {
      walkExpression(expression, (at) => {
        if (at.kind === "dict") for (const entry of at.entries) add(entry.key);
        return at.kind !== "dict";
      });
    }
    if (inner.kind !== "simple") continue;
    for (const target of simpleStatement(tree, inner).targets) if (target.kind === "subscript") add(target.index);
  }
  return keys;
}

/** A config as `get_config` writes it where every argument has its default; what is required is not known. */
function defaultConfig(cls: ClassValue): [string, Value][] {
  const constructors = methodsOf(cls, "__init__");
  const parameters = constructors[0]?.parameters.slice(1) ?? [];
  const named = parameters.filter((parameter) => parameter.kind !== "kwargs" && parameter.kind !== "varargs");
  const takesMore = named.length < parameters.length || constructors.length === 0;
  const read = new Set(methodsOf(cls, "from_config").flatMap(keysRead));
  const keys = new Set(
    [...keysWritten(cls)].filter((key) => takesMore || read.has(key) || named.some(({ name }) => name === key)),
  );
  const automatic = isAutomatic(cls);
  for (const { name, default: value } of named) if (automatic || value === undefined) keys.add(name);
  return [...keys].map((key) => [key, defaultOf(constructors, key)]);
}

/** Whether `get_config` is the one of Operation, which writes down what the constructor was called with. */
function isAutomatic(cls: ClassValue): boolean {
  const definer = findInClass(cls.mro, "get_config");
  return definer === undefined || definer === "external" || definer.definer.name === "Operation";
}

function defaultOf(constructors: readonly FunctionValue[], name: string): Value {
  for (const method of constructors) {
    if (!method.parameters.some((parameter) => parameter.name === name)) continue;
    return method.defaults.get(name) ?? UNKNOWN;
  }
  return UNKNOWN;
}

/** One slot per argument, function and phase, in the order of the calls. */
function combine(events: readonly Event[]): SlotFact[] {
  const groups = new Map<string, Event[]>();
  for (const event of [...events].sort((a, b) => comparePlaces(a.place, b.place))) {
    const key = [event.argument, event.by, event.phase, event.each].join();
    const group = groups.get(key);
    if (group) group.push(event);
    else groups.set(key, [event]);
  }
  return [...groups.values()].map((group) => {
    const { argument, by, phase, each } = group[0] as Event;
    const seen = new Set(group.map((event) => event.form));
    const only =
      each || seen.has("object") === seen.has("string") ? undefined : seen.has("object") ? "objects" : "strings";
    return {
      argument,
      by,
      phase,
      ...(group.some((event) => event.certain) ? {} : { conditional: true }),
      ...(each ? { each: true } : {}),
      ...(only ? { only } : {}),
    };
  });
}

function comparePlaces(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
