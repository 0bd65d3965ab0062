import type { BuiltinSymbol } from "../../catalogue/keras.ts";
import { NO_NODE, type ValueTree } from "../../json/index.ts";
import type { WorkspaceClass } from "../../registry/view.ts";
import {
  builtinBase,
  constructorSlots,
  type FromConfigPlan,
  handedToConstructor,
  isSuperFromConfig,
  type WorkspaceSlots,
} from "../constructorSlots.ts";
import type { Value } from "../dict.ts";
import { lineageOf } from "../graph/lineage.ts";
import { isLegacyFunction } from "../legacyFunctions.ts";
import { type FoundObject, type Frame, kindOf, type Load, type Revival, type Task } from "../load.ts";
import * as messages from "../messages.ts";
import { objectOfConfig, placeOfObject } from "../places.ts";
import { lookUpKey } from "../retrieve.ts";
import { builtinProblems, isPlainlyAccepted } from "./builtin.ts";
import type { ConstructorProblem, Given } from "./call.ts";
import { rulesOf } from "./rulesByHand.ts";
import { workspaceProblems } from "./workspace.ts";

/**
 * Judges the call `cls(**config)` that `from_config` makes: arguments that the constructor does not know, that it cannot do
 * without, and values that it refuses. `frame` is that of `from_config`, `inConstructor` that of the constructor.
 */
export function constructorTask(load: Load, revival: Revival, plan: FromConfigPlan, inConstructor: Frame): Task {
  return () => {
    for (const problem of constructorProblems(load, revival, plan)) report(load, revival, problem, inConstructor);
  };
}

/** The same, as it is raised; what it shows of the frames is left to the caller. */
export function constructorProblems(load: Load, revival: Revival, plan: FromConfigPlan): ConstructorProblem[] {
  const { object } = revival;
  if (object.from === "other") return [];
  return [...demandProblems(load, revival, plan), ...callProblems(load, revival, plan)];
}

/** The first key that the `from_config` of a class of the workspace takes out of the config, and that is not there. */
function demandProblems(load: Load, { object, config }: Revival, plan: FromConfigPlan): ConstructorProblem[] {
  const { tree } = load;
  if (object.from !== "workspace") return [];
  const isEmpty = config.literal !== undefined;
  if (!isEmpty && tree.kind(config.node) !== "object") return [];
  const keys = plan.by === "workspace" ? ownDemands(plan) : plan.by === "keras" ? inheritedDemands(load, object) : [];
  const argument = keys.find((key) => isEmpty || tree.member(config.node, key) === NO_NODE);
  if (argument === undefined) return [];
  const initial = initialOf(load, object, argument);
  const error = messages.keyError(argument);
  return [
    { rule: "missing-argument", argument, error, ...(initial !== undefined && { initial }), beforeConstructor: true },
  ];
}

/** The default of an argument in the constructor that runs, as its source text has it. */
function initialOf(
  load: Load,
  object: Extract<FoundObject, { from: "workspace" }>,
  argument: string,
): string | undefined {
  const cls = load.registry.classOf(object.module, object.qualname, object.location);
  const own = cls?.mro.find((entry) => entry.kind === "external" || entry.class.members.has("__init__"));
  if (own?.kind !== "workspace") return undefined;
  return own.class.init?.parameters.find(({ name }) => name === argument)?.default;
}

function ownDemands({ flow }: Extract<FromConfigPlan, { by: "workspace" }>): readonly string[] {
  return flow?.isDecorated ? [] : (flow?.demands ?? []);
}

/** What Keras's own `from_config` takes out. */
function inheritedDemands(load: Load, object: Extract<FoundObject, { from: "workspace" }>): readonly string[] {
  const [base] = lineageOf(load, object).keras;
  const missing = (base && rulesOf(base)?.missing) ?? {};
  for (const name in missing) {
    // Few classes of Keras take something out.
    if (missing[name]?.exception === "KeyError") return demandsOf(builtinBase(load, object));
  }
  return [];
}

function demandsOf(symbol: BuiltinSymbol | undefined): readonly string[] {
  return Object.entries((symbol && rulesOf(symbol)?.missing) ?? {}).flatMap(([name, { exception, unless }]) =>
    exception === "KeyError" && !unless ? [name] : [],
  );
}

/** What the call of the constructor raises. */
function callProblems(load: Load, revival: Revival, plan: FromConfigPlan): ConstructorProblem[] {
  const { tree } = load;
  const { object, config, frame } = revival;
  if (object.from === "other") return [];
  if (object.from === "keras" && !revival.legacy && isWritten(tree, config)) {
    if (isPlainlyAccepted(tree, object.symbol, config.node)) return [];
  }
  const given = argumentsOf(load, revival);
  const isKey = (text: string): boolean => lookUpKey(load, text, frame) !== undefined;
  const isKeras2 = load.behaviour.package === "tf_keras";
  if (object.from === "keras") {
    const { symbol } = object;
    // What nobody deserializes stays the string that it is.
    // The legacy loader of Keras 3 puts functions in the place of their keys, and no classes.
    const isReplaced = (name: string, text: string): boolean =>
      ((revival.legacy && isLegacyFunction(load, text, frame)) ||
        symbol.slots.some(
          // `get_policy` of Keras 2 makes a dtype of every string.
          ({ argument, by, only }) =>
            argument === name && only !== "objects" && !(isKeras2 && by === "dtype_policies.get"),
        )) &&
      isKey(text);
    return builtinProblems({ tree, symbol, className: messages.nameOf(object), given, isWhole: true, isReplaced });
  }
  let slots: WorkspaceSlots | undefined;
  const isReplaced = (name: string, text: string): boolean => {
    if (!isKey(text)) return false;
    slots ??= constructorSlots(load, object, plan);
    const isTaken = slots.slots.some(
      ({ argument, by, only }) => argument === name && only !== "objects" && !(isKeras2 && by === "dtype_policies.get"),
    );
    const isLegacy = revival.legacy && (!isKeras2 || isLegacyFunction(load, text, frame));
    return isTaken || slots.doubtOfOthers !== undefined || slots.doubts.has(name) || isLegacy;
  };
  const cls = load.registry.classOf(object.module, object.qualname, object.location);
  // A name that is bound twice may stand for either class.
  if (!cls || load.registry.definitionsNamed(cls.name).length > 1) return [];
  const handed = handedToConstructor(plan);
  if (!handed || callsAnother(plan, cls)) return [];
  const rest = given.filter(({ name }) => !handed.changed.includes(name));
  return workspaceProblems({ load, cls, given: rest, ...handed, isReplaced });
}

/** What the call `cls()` of a class raises, which nothing is handed to. */
export function problemsWithoutArguments(load: Load, object: FoundObject): ConstructorProblem[] {
  if (object.from === "other" || kindOf(object) !== "class") return [];
  const call = { given: [], isWhole: true, isReplaced: () => false };
  if (object.from === "keras")
    return builtinProblems({
      ...call,
      tree: load.tree,
      symbol: object.symbol,
      className: messages.nameOf(object),
    }).filter(({ beforeConstructor }) => !beforeConstructor);
  const cls = load.registry.classOf(object.module, object.qualname, object.location);
  if (!cls || load.registry.definitionsNamed(cls.name).length > 1) return [];
  return workspaceProblems({ ...call, load, cls, changed: [], written: [] });
}

/** Whether `super().from_config` may be another one of the workspace, which may change the config, too. */
function callsAnother(plan: FromConfigPlan, { mro }: WorkspaceClass): boolean {
  if (plan.by !== "workspace" || !plan.flow?.uses.some(({ callee }) => isSuperFromConfig(callee))) return false;
  return mro
    .slice(plan.index + 1)
    .some((entry) => entry.kind === "workspace" && entry.class.members.has("from_config"));
}

function isWritten(tree: ValueTree, config: Value): boolean {
  return config.literal === undefined && tree.kind(config.node) === "object";
}

/** The members of the config; of a key that stands twice, the last. */
function argumentsOf(load: Load, { object, config, legacy }: Revival): Given[] {
  const { tree } = load;
  if (config.literal !== undefined || tree.kind(config.node) !== "object") return [];
  const given: Given[] = [];
  for (let child = tree.firstChild(config.node); child !== NO_NODE; child = tree.nextSibling(child)) {
    const name = tree.key(child);
    if (tree.member(config.node, name) === child) given.push({ name, node: child });
  }
  return legacy && load.behaviour.package === "keras" ? given.flatMap((one) => asLegacy(load, object, one)) : given;
}

/** What `model_from_config` of keras/src/legacy/saving/saving_utils.py makes of an argument (3.0 to 3.15). */
function asLegacy({ tree }: Load, object: FoundObject, given: Given): Given[] {
  const { name, node } = given;
  const kind = tree.kind(node);
  if (name === "batch_input_shape") {
    if (kind === "null") return [];
    return [{ name: messages.nameOf(object) === "InputLayer" ? "batch_shape" : "input_shape", node }];
  }
  if (name === "axis") {
    // An int is made of it.
    const isKept = kind === "number" || kind === "boolean" || (kind === "array" && tree.childCount(node) === 1);
    return isKept ? [{ ...given, judgesValue: false }] : [];
  }
  return messages.nameOf(object) === "Lambda" && lambdaLeftovers.has(name) ? [] : [given];
}

const lambdaLeftovers = new Set(["module", "function_type", "output_shape_type", "output_shape_module"]);

/** Reports one of these; `inConstructor` is the frame of the constructor. */
export function report(load: Load, revival: Revival, problem: ConstructorProblem, inConstructor: Frame): void {
  const { rule, argument, error, allowed, initial } = problem;
  const object = objectOfConfig(load, revival.config.node);
  const node = problem.node ?? placeOfObject(load, object);
  const frame = problem.beforeConstructor ? revival.frame : inConstructor;
  const more = { ...(allowed && { allowed }), ...(initial !== undefined && { initial }) };
  load.fail(object, { rule, node, error, name: argument, ...more }, frame);
}
