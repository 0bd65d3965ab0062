import type { BuiltinSymbol, Slot, SlotFunction } from "../catalogue/keras.ts";
import type { ArgumentUse, FunctionFlow, MroEntry, Unknown, WorkspaceClass } from "../registry/view.ts";
import { isPlainBase, isSuperInit } from "./acceptedArguments.ts";
import type { FoundObject, Load } from "./load.ts";

/** Which `from_config` runs for a class, and what it does around the constructor. */
export type FromConfigPlan =
  | { readonly by: "sequential"; readonly wrapsConstructor: false }
  /** `Model.from_config`: a Functional config is revived as such where the class's constructor allows it. */
  | { readonly by: "model"; readonly revivable: boolean; readonly wrapsConstructor: false }
  | { readonly by: "lambda"; readonly wrapsConstructor: false }
  /** `definer`: the class of Keras whose `from_config` it is; by its whole path in Keras 2. */
  | { readonly by: "keras"; readonly wrapsConstructor: boolean; readonly definer: string }
  /** The class's own, in the workspace. */
  | {
      readonly by: "workspace";
      readonly flow: FunctionFlow | undefined;
      readonly index: number;
      readonly wrapsConstructor: boolean;
    }
  /** A base could not be read. */
  | { readonly by: "unread"; readonly wrapsConstructor: false };

/** A slot read off user code. */
export interface WorkspaceSlot extends Slot {
  /** The code asks what the value is: what it does with a string is not decided. */
  readonly dictsOnly?: boolean;
  /** It asks so by a loop alone: each element is deserialized, whatever it is. */
  readonly isLooped?: true;
}

/** What a class of the workspace deserializes: slots in order, and arguments of which it cannot be said. */
export interface WorkspaceSlots {
  readonly slots: readonly WorkspaceSlot[];
  readonly doubts: ReadonlyMap<string, Unknown>;
  /** Why it cannot be said of any other argument either. */
  readonly doubtOfOthers?: Unknown;
}

/** Classes of Keras whose own `from_config` ends in `super().from_config(config)`, up to `Operation.from_config`. */
const endInOperation = new Set(["Operation", "Dense", "EinsumDense", "Embedding", "JaxLayer"]);

/** In Keras 2 it is Layer's that wraps what its constructor raises; that of MeanMetricWrapper calls it for derived classes. */
const LAYER = "tf_keras.src.engine.base_layer.Layer";
const MEAN_METRIC_WRAPPER = "tf_keras.src.metrics.base_metric.MeanMetricWrapper";

const plans = new WeakMap<BuiltinSymbol, FromConfigPlan>();

/** Which `from_config` runs for a found class. */
export function fromConfigOf(load: Load, object: FoundObject): FromConfigPlan {
  if (object.from === "keras") {
    const known = plans.get(object.symbol) ?? kerasPlan(object.symbol, true, object.symbol.qualname);
    plans.set(object.symbol, known);
    return known;
  }
  if (object.from !== "workspace") return { by: "unread", wrapsConstructor: false };
  const cls = load.registry.classOf(object.module, object.qualname, object.location);
  if (!cls) return { by: "unread", wrapsConstructor: false };
  for (const [index, entry] of cls.mro.entries()) {
    if (entry.kind === "workspace") {
      if (!entry.class.members.has("from_config")) continue;
      const flow = entry.class.fromConfig;
      const wraps = ownFromConfigSlots(flow, () => {}).callsSuper !== undefined && wrapsBelow(load, cls, index);
      return { by: "workspace", flow, index, wrapsConstructor: wraps };
    }
    const symbol = load.release.resolve(entry.path);
    if (symbol?.fromConfig) return kerasPlan(symbol, functionalLike(load, cls), undefined);
    if (!symbol && !isPlainBase(entry.path)) return { by: "unread", wrapsConstructor: false };
  }
  return { by: "unread", wrapsConstructor: false };
}

/** Whether the `from_config` that `super()` of one finds wraps what the constructor raises. */
function wrapsBelow(load: Load, cls: WorkspaceClass, index: number): boolean {
  for (const entry of cls.mro.slice(index + 1)) {
    if (entry.kind === "workspace") {
      if (entry.class.members.has("from_config")) return false;
      continue;
    }
    const symbol = load.release.resolve(entry.path);
    if (symbol?.fromConfig) return kerasPlan(symbol, false, undefined).wrapsConstructor;
    if (!symbol && !isPlainBase(entry.path)) return false;
  }
  return false;
}

/** `own`: the name of the class, where it is one of Keras itself. */
function kerasPlan(symbol: BuiltinSymbol, revivable: boolean, own: string | undefined): FromConfigPlan {
  const definer = symbol.fromConfig ?? "";
  const name = definer.slice(definer.lastIndexOf(".") + 1);
  if (name === "Sequential") return { by: "sequential", wrapsConstructor: false };
  if (name === "Model")
    return { by: "model", revivable: revivable && isFunctionalOrModel(symbol), wrapsConstructor: false };
  if (name === "Lambda") return { by: "lambda", wrapsConstructor: false };
  const isKeras2 = definer.startsWith("tf_keras.");
  const endsInLayer = definer === LAYER || (definer === MEAN_METRIC_WRAPPER && own !== "MeanMetricWrapper");
  return {
    by: "keras",
    wrapsConstructor: isKeras2 ? endsInLayer : endInOperation.has(name),
    definer: isKeras2 ? definer : name,
  };
}

function isFunctionalOrModel(symbol: BuiltinSymbol): boolean {
  return symbol.qualname === "Functional" || symbol.qualname === "Model";
}

/** `Model.from_config`: the constructor takes `(inputs, outputs, name)`, or exactly `*args, **kwargs` under these names. */
function functionalLike(load: Load, cls: WorkspaceClass): boolean {
  for (const entry of cls.mro) {
    if (entry.kind === "workspace") {
      const init = entry.class.init;
      if (!entry.class.members.has("__init__")) continue;
      if (!init) return false;
      const names = init.parameters.slice(1).map((parameter) => parameter.name);
      return (
        names.join() === load.behaviour.functionalArguments || (init.varargs === "args" && init.kwargs === "kwargs")
      );
    }
    const symbol = load.release.resolve(entry.path);
    if (symbol) return isFunctionalOrModel(symbol);
  }
  return false;
}

/** The slots of a class of the workspace, through its constructors and its own `from_config`. */
export function constructorSlots(
  load: Load,
  object: Extract<FoundObject, { from: "workspace" }>,
  plan: FromConfigPlan,
): WorkspaceSlots {
  const cls = load.registry.classOf(object.module, object.qualname, object.location);
  const doubts = new Map<string, Unknown>();
  if (!cls || plan.by === "unread") {
    const name = object.qualname;
    const reason = `what \`${name}\` deserializes is not known, since not all of its bases could be read`;
    return { slots: [], doubts, doubtOfOthers: { reason, location: object.location, names: [name] } };
  }
  const doubt = (argument: string): void => {
    const reason = `whether \`${cls.name}\` deserializes its \`${argument}\` is decided by its own code`;
    doubts.set(argument, { reason, location: cls.location, names: [cls.name] });
  };
  const init = initSlots(load, cls.mro, 0, doubt);
  const inherited = cls.mro.map((entry) => externalSymbol(load, entry)).find((symbol) => symbol !== undefined);
  const beforeInit = (inherited?.slots ?? []).filter((slot) => slot.phase === "from_config");
  if (plan.by !== "workspace") return { slots: [...beforeInit, ...init], doubts };
  const own = ownFromConfigSlots(plan.flow, doubt);
  const rest = own.callsSuper ? [...beforeInit, ...init] : [...beforeInit.flatMap(dtypeInConstructor), ...init];
  const passing = own.callsSuper ?? own.callsClass;
  if (passing) return { slots: [...own.slots, ...asPassed(rest, passing)], doubts };
  const reason = `\`${cls.name}.from_config\` decides what it deserializes`;
  return { slots: own.slots, doubts, doubtOfOthers: { reason, location: cls.location, names: [cls.name] } };
}

/**
 * What of the config reaches the constructor when this `from_config` runs: all of it but what the code `changed`, what of that
 * it has `written`, and whether nothing is added beside. Undefined where the code decides.
 */
export function handedToConstructor(
  plan: FromConfigPlan,
): { readonly changed: readonly string[]; readonly written: readonly string[]; readonly isWhole: boolean } | undefined {
  if (plan.by !== "workspace") return plan.by === "unread" ? undefined : { changed: [], written: [], isWhole: true };
  const { callsSuper, callsClass } = ownFromConfigSlots(plan.flow, () => {});
  const passing = callsSuper ?? callsClass;
  const uses = (plan.flow?.uses ?? []).filter((use) => use.parameter === passing?.parameter && use.key === undefined);
  // Another call that gets the whole config may change it, or be the one that makes the object.
  if (plan.flow?.isDecorated || uses.some((use) => use !== passing && !isHarmless(use.callee))) return undefined;
  if (!passing || passing.conditional || passing.changed?.includes("*")) return undefined;
  const { changed = [], written = [] } = passing;
  return { changed, written, isWhole: passing === callsSuper || passing.alone === true };
}

/** Where `Operation.from_config` is passed by, a dtype dict reaches the constructor of Layer, which gets it itself. */
function dtypeInConstructor(slot: Slot): WorkspaceSlot[] {
  return slot.by === "dtype_policies.deserialize"
    ? [{ argument: slot.argument, by: "dtype_policies.get", phase: "init" }]
    : [];
}

function externalSymbol(load: Load, entry: MroEntry): BuiltinSymbol | undefined {
  return entry.kind === "external" ? load.release.resolve(entry.path) : undefined;
}

/** What the constructor that runs at `start` of the mro does with each argument of the config. */
function initSlots(
  load: Load,
  mro: readonly MroEntry[],
  start: number,
  doubt: (argument: string) => void,
): readonly WorkspaceSlot[] {
  for (let index = start; index < mro.length; index++) {
    const entry = mro[index] as MroEntry;
    const symbol = externalSymbol(load, entry);
    if (symbol) return symbol.slots.filter((slot) => slot.phase === "init");
    if (entry.kind !== "workspace" || !entry.class.members.has("__init__")) continue;
    return entry.class.init ? flowSlots(load, entry.class.init, mro, index, doubt) : [];
  }
  return [];
}

/** The class of Keras that a class of the workspace derives from; undefined where there is none, or a base was not read. */
export function builtinBase(
  load: Load,
  object: Extract<FoundObject, { from: "workspace" }>,
): BuiltinSymbol | undefined {
  const cls = load.registry.classOf(object.module, object.qualname, object.location);
  for (const entry of cls?.mro ?? []) {
    const symbol = externalSymbol(load, entry);
    if (symbol || (entry.kind === "external" && !isPlainBase(entry.path))) return symbol;
  }
  return undefined;
}

/** Whether what the config holds as this argument reaches the constructor of the class of Keras as it is, and under the same name. */
export function reachesBase(
  load: Load,
  object: Extract<FoundObject, { from: "workspace" }>,
  plan: FromConfigPlan,
  argument: string,
): boolean {
  if (plan.by === "workspace" || plan.by === "unread") return false;
  const cls = load.registry.classOf(object.module, object.qualname, object.location);
  for (const [index, entry] of (cls?.mro ?? []).entries()) {
    if (externalSymbol(load, entry)) return true;
    if (entry.kind !== "workspace" || !entry.class.members.has("__init__")) continue;
    const flow = entry.class.init;
    const isOwn = flow?.parameters.some((parameter) => parameter.name === argument);
    const hands = flow?.uses.some((use) => {
      if (!isSuperInit(use.callee) || use.key !== undefined || use.conditional || use.each) return false;
      if (use.argument === "**")
        return !isOwn && !use.changed?.some((changed) => changed === argument || changed === "*");
      const given =
        typeof use.argument === "string" ? use.argument : parameterAt(load, cls?.mro ?? [], index + 1, use.argument);
      return use.parameter === argument && given === argument;
    });
    if (!hands) return false;
  }
  return false;
}

function flowSlots(
  load: Load,
  flow: FunctionFlow,
  mro: readonly MroEntry[],
  index: number,
  doubt: (argument: string) => void,
): readonly WorkspaceSlot[] {
  const own = new Set(flow.parameters.map((parameter) => parameter.name));
  const slots: WorkspaceSlot[] = [];
  let inherited: readonly WorkspaceSlot[] | undefined;
  for (const use of flow.uses) {
    if (use.key !== undefined) continue;
    const conditional = circumstances(use);
    if (isSuperInit(use.callee)) {
      // Constructors are called along the mro, so this ends: each step starts later.
      inherited ??= initSlots(load, mro, index + 1, doubt);
      const base = inherited;
      if (use.argument === "**") {
        const passed = base.filter((slot) => !own.has(slot.argument));
        slots.push(...asPassed(passed, use).map((slot) => ({ ...slot, ...conditional })));
      } else {
        const name = typeof use.argument === "string" ? use.argument : parameterAt(load, mro, index + 1, use.argument);
        for (const slot of base)
          if (slot.argument === name) slots.push({ ...slot, ...conditional, argument: use.parameter });
      }
      continue;
    }
    if (!own.has(use.parameter)) continue;
    const by = slotFunction(use.callee);
    if (by) {
      slots.push({ argument: use.parameter, by, phase: "init", ...conditional });
      continue;
    }
    const built = load.release.resolve(use.callee);
    if (built?.kind === "class") {
      const name = typeof use.argument === "string" ? use.argument : built.parameters[use.argument]?.name;
      for (const slot of built.slots) {
        if (slot.phase === "init" && slot.argument === name)
          slots.push({ ...slot, ...conditional, argument: use.parameter });
      }
      continue;
    }
    if (!isHarmless(use.callee)) doubt(use.parameter);
  }
  return slots;
}

/** Slots behind a dict that is passed on: what was taken out of it or written into it before is not decided. */
function asPassed(slots: readonly WorkspaceSlot[], use: ArgumentUse): readonly WorkspaceSlot[] {
  const { changed } = use;
  if (!changed) return slots;
  const isChanged = (argument: string) => changed.includes(argument) || changed.includes("*");
  return slots.map((slot) => (isChanged(slot.argument) ? { ...slot, conditional: true } : slot));
}

/** Tests of the value itself ("is it a dict?") hold for a dict to revive; of strings and under other conditions nothing is decided. */
function circumstances(use: ArgumentUse): Pick<WorkspaceSlot, "conditional" | "each" | "dictsOnly" | "isLooped"> {
  return {
    ...(use.conditional && !use.ownCondition ? { conditional: true } : {}),
    ...(use.ownCondition ? { dictsOnly: true } : {}),
    ...(use.isLooped ? { isLooped: true } : {}),
    ...(use.each ? { each: true } : {}),
  };
}

/** The name of a positional parameter, `self` not counted, of the constructor that runs at `start`. */
function parameterAt(load: Load, mro: readonly MroEntry[], start: number, position: number): string | undefined {
  for (let index = start; index < mro.length; index++) {
    const entry = mro[index] as MroEntry;
    if (entry.kind === "workspace" && entry.class.init) return entry.class.init.parameters[position + 1]?.name;
    const symbol = externalSymbol(load, entry);
    if (symbol) return symbol.parameters[position]?.name;
  }
  return undefined;
}

/** The slot function behind a dotted callee of user code: `keras.initializers.get`, `keras.saving.deserialize_keras_object`. */
export function slotFunction(callee: string): SlotFunction | undefined {
  if (!/^(keras|tensorflow\.keras|tf_keras)\./.test(callee)) return undefined;
  if (callee.endsWith(".deserialize_keras_object"))
    return callee.includes(".legacy.") ? undefined : "deserialize_keras_object";
  const match =
    /\.(activations|constraints|dtype_policies|initializers|layers|losses|metrics|optimizers|quantizers|regularizers|schedules)\.(get|deserialize)$/.exec(
      callee,
    );
  return match ? (`${match[1]}.${match[2]}` as SlotFunction) : undefined;
}

/** Calls that look at a value without reviving it. */
export function isHarmless(callee: string): boolean {
  return /^(copy\.copy|copy\.deepcopy|len|int|float|str|bool|tuple|list|set|dict|isinstance|type|repr|print|sorted|range|min|max|sum|abs|round|enumerate|zip|hasattr|callable|any|all|id|ValueError|TypeError)$/.test(
    callee,
  );
}

function ownFromConfigSlots(
  flow: FunctionFlow | undefined,
  doubt: (argument: string) => void,
): { slots: readonly WorkspaceSlot[]; callsClass: ArgumentUse | undefined; callsSuper: ArgumentUse | undefined } {
  const slots: WorkspaceSlot[] = [];
  let callsClass: ArgumentUse | undefined;
  let callsSuper: ArgumentUse | undefined;
  for (const use of flow?.uses ?? []) {
    if (use.key === undefined) {
      if (use.callee === "cls" && use.argument === "**") callsClass = use;
      else if (isSuperFromConfig(use.callee) && isConfig(use)) callsSuper = use;
      continue;
    }
    const by = slotFunction(use.callee);
    if (by) slots.push({ argument: use.key, by, phase: "from_config", ...circumstances(use) });
    else if (!isHarmless(use.callee)) doubt(use.key);
  }
  return { slots, callsClass, callsSuper };
}

/** Whether a call is that of the next `from_config` in the method resolution order. */
export function isSuperFromConfig(callee: string): boolean {
  return /^super\(.*\)\.from_config$/.test(callee);
}

/** Whether a `from_config` is handed the value as its config, and not as `custom_objects`. */
function isConfig({ argument }: ArgumentUse): boolean {
  return argument === 0 || argument === "config";
}
