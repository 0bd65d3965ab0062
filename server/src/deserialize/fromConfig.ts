import type { Slot } from "../catalogue/keras.ts";
import { elementsOf, NO_NODE, type Node } from "../json/index.ts";
import { keepForAlike, tellAlike } from "./alikeArguments.ts";
import { ownInitFailure } from "./building/ownMethods.ts";
import { nameRefusal, type PolicyAttribute, typeWithout } from "./building/policy.ts";
import { childTasks } from "./childTasks.ts";
import { failOnEmptyConfig, failWithoutDict } from "./configWithoutDict.ts";
import { hasDirections, judgeDirections } from "./constructor/bidirectional.ts";
import { elementsDemanded, judgeDeserialized } from "./constructor/deserialized.ts";
import { constructorTask } from "./constructor/index.ts";
import { constructorSlots, type FromConfigPlan, fromConfigOf, type WorkspaceSlots } from "./constructorSlots.ts";
import { truthy } from "./dict.ts";
import { notIterated } from "./graph/graphMessages.ts";
import { failWithoutGraph, failWithoutLayers } from "./graph/incompleteModel.ts";
import { derivesFrom, lineageOf } from "./graph/lineage.ts";
import { failOnConfig } from "./keras2/configShape.ts";
import { lambdaTasks } from "./keras2/lambda.ts";
import { makesCellFirst } from "./keras2/layersDemanded.ts";
import { judgeInPlace } from "./keras2/leftInPlace.ts";
import { refusalOfLambda } from "./lambdaCode.ts";
import { isLegacyFunction } from "./legacyFunctions.ts";
import {
  type FoundObject,
  type Frame,
  inner,
  type Load,
  type PythonError,
  type Result,
  type Revival,
  type SlotArgument,
  type Task,
} from "./load.ts";
import * as messages from "./messages.ts";
import { dictRefusal, warnOfSlot } from "./missingConfig.ts";
import { objectOfConfig } from "./places.ts";
import { lookUpKey } from "./retrieve.ts";
import { refusesDanger, unguardedBy } from "./safety.ts";

/** Plans what `from_config` of the object's class deserializes, in Keras's order. */
export function reviveFromConfig(load: Load, revival: Revival): void {
  const { object, config } = revival;
  if (object.from === "other") return;
  const plan = fromConfigOf(load, object);
  if (load.behaviour.package === "tf_keras" && failOnConfig(load, revival, plan)) return;
  if (config.literal !== undefined) {
    if (plan.by === "sequential" || plan.by === "model") {
      failWithoutLayers(load, revival, plan);
      return;
    }
    const frame = constructorFrame(revival, plan);
    // To 3.14 Keras puts another empty dict in the place of one that is written.
    if (load.tree.kind(config.node) === "object") load.next([constructorTask(load, revival, plan, frame)]);
    else failOnEmptyConfig(load, revival, plan, frame);
    return;
  }
  const isDict = load.tree.kind(config.node) === "object";
  if (plan.by === "sequential") {
    load.keras.sequentialFromConfig(load, revival);
    return;
  }
  if (!isDict) {
    failWithoutDict(load, revival, plan);
    return;
  }
  if (plan.by === "model" && plan.revivable && isFunctional(load, config.node)) {
    load.keras.functionalFromConfig(load, revival);
    return;
  }
  if (failWithoutGraph(load, revival, plan)) return;
  const slots =
    object.from === "keras" ? { slots: object.symbol.slots, doubts: new Map() } : constructorSlots(load, object, plan);
  const frame = argumentsFrame(revival);
  const inConstructor = constructorFrame(revival, plan);
  if (plan.by === "lambda" && load.behaviour.package === "tf_keras") {
    const rest = slots.slots.filter((slot) => slot.phase === "init");
    load.next([...lambdaTasks(load, revival), ...slotTasks(load, revival, { ...slots, slots: rest }, inConstructor)]);
    return;
  }
  if (refusesDanger(load, revival, plan, inConstructor)) return;
  const inScope = { ...revival, frame };
  const lambdas = plan.by === "lambda" ? pythonLambdas(load, revival) : undefined;
  const ofFunction = () => {
    const only = slots.slots.filter((slot) => slot.argument === "function");
    return slotTasks(load, inScope, { ...slots, slots: only }, inConstructor);
  };
  if (lambdas && refusesLambda(load, revival, lambdas, ofFunction)) return;
  const construct = constructorTask(load, inScope, plan, inConstructor);
  const tasks = slotTasks(load, inScope, lambdas ? withoutArguments(slots, lambdas) : slots, inConstructor, construct);
  if (object.from === "workspace") tasks.push(() => judgeBody(load, revival, inConstructor));
  load.next(tasks);
}

/** What a constructor of the workspace raises in its own body. */
function judgeBody(load: Load, { object, config }: Revival, inConstructor: Frame): void {
  const failure = ownInitFailure(load, config.node, object);
  if (failure) load.fail(objectOfConfig(load, config.node), failure, inConstructor);
}

/** What deserializes arguments gets no `custom_objects`: these reach it only in a scope. */
function argumentsFrame({ frame }: Revival): Frame {
  return frame.nested ? frame : inner(frame, { calls: 0, handed: false });
}

/** Inside the constructor, whose errors some `from_config` wrap. */
function constructorFrame(revival: Revival, plan: FromConfigPlan): Frame {
  const repr = messages.classRepr(revival.object);
  const name = messages.nameOf(revival.object);
  const wrap =
    plan.by === "model"
      ? (error: PythonError) => (error.exception === "TypeError" ? messages.unableToRevive(repr, name, error) : error)
      : plan.wrapsConstructor
        ? (error: PythonError) => messages.errorWhenDeserializing(name, error)
        : undefined;
  return inner(argumentsFrame(revival), { calls: 2, wrap });
}

/** One task per slot whose argument the config has; what is already deserialized is not deserialized again. */
function slotTasks(
  load: Load,
  revival: Revival,
  { slots, doubts, doubtOfOthers }: WorkspaceSlots,
  inConstructor: Frame,
  construct?: Task,
): Task[] {
  const { tree } = load;
  const isKeras2 = load.behaviour.package === "tf_keras";
  const config = revival.config.node;
  const done = new Set<string>();
  const tasks: Task[] = [];
  const refusals: Task[] = [];
  const refuse: Refuse = (refusal) => {
    if (refusal) refusals.push(() => refusal(inConstructor));
    return refusal !== undefined;
  };
  let called = construct;
  const isLate = isKeras2 && makesCellFirst(revival.object);
  let mayRefuse = false;
  for (const slot of slots) {
    // Arguments are bound before the body deserializes any of them, but by `Layer.__init__` before it refuses what is left.
    if (called && slot.phase === "init" && !isLate && !isOfLayer(load, revival.object, slot)) {
      tasks.push(called);
      called = undefined;
    }
    const node = tree.member(config, slot.argument);
    if (node === NO_NODE) continue;
    const kind = tree.kind(node);
    const isScalar = kind === "null" || ((kind === "boolean" || kind === "number") && !slot.by.endsWith(".get"));
    // What becomes a layer must be written as one, unless it is asked for before.
    const mustBeLayer =
      (slot.by.startsWith("layers.deserialize") || (slot.by === "optimizers.deserialize" && isKeras2)) &&
      !slot.conditional &&
      !slot.dictsOnly &&
      !(kind === "null" && slot.argument === "backward_layer");
    if (isScalar && !mustBeLayer) {
      refuse(judgeDeserialized(load, slot, node, { is: "plain" }, revival.object));
      continue;
    }
    const frame = slot.phase === "init" ? inConstructor : revival.frame;
    const isObject = kind === "object" || kind === "array";
    if (slot.only !== undefined && (slot.only === "objects") !== isObject) continue;
    // `isinstance(config["learning_rate"], dict)`
    if (kind === "array" && isKeras2 && slot.by === "schedules.deserialize") continue;
    // `Operation.from_config` deserializes a dtype that is a dict; of a list its constructor makes none.
    if (kind === "array" && slot.by === "dtype_policies.deserialize") {
      const isGot = slots.some(
        ({ argument, by, conditional }) => argument === slot.argument && by === "dtype_policies.get" && !conditional,
      );
      if (isGot) tasks.push(() => load.keras.deserializeSlot(load, "dtype_policies.get", { node }, inConstructor));
      continue;
    }
    // Losses and metrics take the default for a dtype that is falsy.
    if (slot.by === "dtype_policies.get" && !truthy(tree, { node }) && isLossOrMetric(load, revival.object)) continue;
    if (isObject) {
      if (done.has(slot.argument)) continue;
      done.add(slot.argument);
    }
    // Whoever asks what the value is may ask whether it is empty, too.
    const doubtful = slot.conditional || (slot.dictsOnly && (!isObject || tree.firstChild(node) === NO_NODE));
    const doubt = doubtful ? conditional(revival.object, slot) : undefined;
    const within = doubt ? inner(frame, { calls: 0, doubt }) : frame;
    mayRefuse = true;
    tasks.push(() => runSlot(load, { slot, node, frame: within, revival }, refuse));
    const refusal = dictRefusal(load, slot, node, within, revival.object);
    if (refusal) refusals.push(refusal);
  }
  if (called) tasks.push(called);
  for (const [argument, doubt] of doubts) {
    const node = tree.member(config, argument);
    if (node === NO_NODE || done.has(argument)) continue;
    done.add(argument);
    tasks.push(() => load.keras.deserializeKerasObject(load, { node }, inner(revival.frame, { calls: 1, doubt })));
  }
  if (doubtOfOthers) {
    const rest = childTasks(load, config, (node) => {
      if (done.has(tree.key(node))) return;
      load.keras.deserializeKerasObject(load, { node }, inner(revival.frame, { calls: 1, doubt: doubtOfOthers }));
    });
    for (const task of rest) tasks.push(task);
  }
  // Most objects have nothing but plain arguments.
  if (mayRefuse || refusals.length > 0) tasks.push(() => load.next(refusals));
  if (hasDirections(revival)) tasks.push(() => judgeDirections(load, revival, inConstructor));
  return tasks;
}

/** What `Layer.__init__` of keras/src/layers/layer.py deserializes before it says which keywords nobody takes; the dtype from 3.1 on. */
function isOfLayer({ behaviour }: Load, object: FoundObject, { argument }: Slot): boolean {
  if (object.from !== "keras" || !object.symbol.module.startsWith("keras.src.layers.")) return false;
  return argument === "activity_regularizer" || (argument === "dtype" && behaviour.dtypesBeforeKeywords);
}

function conditional(object: FoundObject, slot: Slot) {
  const name = messages.nameOf(object);
  return {
    reason: `whether \`${name}\` deserializes its \`${slot.argument}\` depends on its other arguments`,
    names: [name],
  };
}

/** Keeps a refusal until all arguments are deserialized; whether there is one. */
type Refuse = (refusal: ((frame: Frame) => void) | undefined) => boolean;

function runSlot(load: Load, argument: SlotArgument, refuse: Refuse): void {
  const { tree } = load;
  const { slot, node, frame, revival } = argument;
  if (slot.each && load.behaviour.package === "tf_keras" && failsAsList(load, slot, node, frame)) return;
  const ofLayers = slot.each && slot.by === "layers.deserialize" && load.behaviour.package === "keras";
  // What is no list has other elements: the keys of a dict, the characters of a text.
  if (ofLayers && (tree.kind(node) !== "array" || tree.firstChild(node) === NO_NODE)) return;
  if (slot.each && tree.kind(node) !== "string" && tree.firstChild(node) !== NO_NODE) {
    const visit = (child: Node) => {
      warnOfSlot(load, slot, child, frame);
      const result = load.keras.deserializeSlot(load, slot.by, { node: child }, frame);
      if (revival.object.from === "workspace") load.ofWorkspace.set(child, result);
      if (load.behaviour.package === "tf_keras") refuse(judgeInPlace(load, { ...argument, node: child }, result));
      refuse(judgeDeserialized(load, slot, child, result, revival.object));
    };
    const demanded = ofLayers ? elementsOf(tree, node) : elementsDemanded(load, slot, node, revival.object);
    load.next(demanded?.map((child) => () => visit(child)) ?? childTasks(load, node, visit));
    return;
  }
  const alike = tellAlike(load, argument);
  if (alike) noteResult(load, argument, alike);
  else runWhole(load, argument, refuse);
}

/** An argument that is deserialized as one. */
function runWhole(load: Load, argument: SlotArgument, refuse: Refuse): void {
  const { tree } = load;
  const { slot, node, frame, revival } = argument;
  if (!dictRefusal(load, slot, node, frame, revival.object)) warnOfSlot(load, slot, node, frame);
  if (revival.legacy && tree.kind(node) === "string" && isLegacyFunction(load, tree.string(node), frame)) {
    const custom = lookUpKey(load, tree.string(node), frame);
    if (!custom || !("found" in custom)) return;
    const result = { is: "object", object: custom.found } as const;
    if (load.behaviour.package === "tf_keras") refuse(judgeInPlace(load, argument, result));
    else noteResult(load, argument, result);
    return;
  }
  const behind = load.pending;
  const before = load.events.length;
  const result = load.keras.deserializeSlot(load, slot.by, { node }, frame);
  if (revival.object.from === "workspace") load.ofWorkspace.set(node, result);
  noteResult(load, argument, result);
  if (load.behaviour.package === "tf_keras") {
    refuse(judgeInPlace(load, argument, result));
    return;
  }
  const isRefused = refuse(judgeDeserialized(load, slot, node, result, revival.object));
  if (tree.kind(node) !== "object" || judgePolicy(load, argument, result, behind, refuse) || isRefused) return;
  keepForAlike(load, argument, result, before, behind);
}

/** What a class asks of its dtype policy; whether it fails, now or behind the tasks `behind` which there were before it. */
function judgePolicy(load: Load, argument: SlotArgument, result: Result, behind: number, refuse: Refuse): boolean {
  const { tree } = load;
  const { slot, node, frame, revival } = argument;
  const attribute = attributeAskedOfPolicy(load, slot, revival.object);
  if (attribute === undefined) return false;
  const type = typeWithout(load, result, attribute);
  if (type === undefined) {
    const refusal = attribute === "quantization_mode" ? nameRefusal(load, node, result) : undefined;
    const failure = refusal && ({ rule: "invalid-argument", node, error: refusal.error, name: slot.argument } as const);
    return refuse(failure && ((inConstructor) => load.fail(node, failure, inConstructor)));
  }
  const error = messages.attributeError(type, attribute);
  if (result.is === "object") {
    const failure = { rule: "invalid-argument", node, error, name: slot.argument } as const;
    load.nextAfter(behind, () => load.fail(node, failure, frame));
    return true;
  }
  const name = result.is === "plain" && result.text !== undefined ? { lookedUp: result.text, name: result.text } : {};
  load.fail(node, { rule: "unknown-identifier", error, node: tree.member(node, "class_name"), ...name }, frame);
  return true;
}

/** Keras 2 goes through what is due to be a list of layers, whatever it is. Says whether nothing comes after. */
function failsAsList(load: Load, slot: Slot, node: Node, frame: Frame): boolean {
  if (!slot.by.startsWith("layers.")) return false;
  const error = notIterated(load.tree, node);
  if (error) load.fail(node, { rule: "invalid-argument", node, error, name: slot.argument }, frame);
  return error !== undefined || !truthy(load.tree, { node });
}

/** Keeps what an argument has become where a class of the workspace, a function or a bare name may not be what is due. */
function noteResult(load: Load, { slot, node, frame }: SlotArgument, result: Result): void {
  // `Operation.from_config` takes the name of what is no policy in the place of it.
  if (slot.by === "dtype_policies.deserialize" && slot.phase === "from_config") return;
  const isBare =
    result.is === "plain" && (result.text ?? result.returned) !== undefined && load.tree.kind(node) === "object";
  const isForeign = result.is === "object" && result.object.from === "workspace";
  if ((isBare || isForeign) && load.behaviour.package === "keras" && !frame.doubt) load.keepResult(node, result);
}

/**
 * An unknown dtype policy comes back as its bare name. `Operation.from_config` asks that string for its quantization
 * mode, losses and metrics for their dtype; other constructors keep it (recorded in 3.3, 3.6 and 3.15).
 */
function attributeAskedOfPolicy(load: Load, slot: Slot, object: FoundObject): PolicyAttribute | undefined {
  if (slot.by === "dtype_policies.deserialize" && slot.phase === "from_config") return "quantization_mode";
  if (slot.by !== "dtype_policies.get") return undefined;
  return isLossOrMetric(load, object) ? "compute_dtype" : undefined;
}

function isLossOrMetric(load: Load, object: FoundObject): boolean {
  const lineage = lineageOf(load, object);
  return derivesFrom(lineage, "Loss") || derivesFrom(lineage, "Metric");
}

/** A layer of a Sequential or Functional model. */
export function layerFromConfig(load: Load, layer: Node, frame: Frame): Result {
  const { tree } = load;
  const isLegacy = tree.kind(layer) === "object" && tree.member(layer, "module") === NO_NODE;
  if (isLegacy) return load.keras.modelFromConfig(load, layer, inner(frame, { calls: 1 }));
  return load.keras.deserializeKerasObject(load, { node: layer }, inner(frame, { calls: 1 }));
}

/** `Model.from_config`'s own test for a Functional config. */
function isFunctional(load: Load, config: Node): boolean {
  return ["name", "layers", "input_layers", "output_layers"].every((key) => load.tree.member(config, key) !== NO_NODE);
}

/** The arguments of a Lambda layer that hold a Python lambda, each with the value that says so. */
function pythonLambdas(load: Load, revival: Revival): ReadonlyMap<string, { node: Node; at: Node }> {
  const { tree } = load;
  const found = new Map<string, { node: Node; at: Node }>();
  for (const key of ["function", "output_shape"]) {
    const node = tree.member(revival.config.node, key);
    const className = tree.member(node, "class_name");
    const legacyList = revival.legacy && key === "function" && node !== NO_NODE && tree.kind(node) === "array";
    if (className !== NO_NODE && tree.string(className) === "__lambda__") found.set(key, { node, at: className });
    else if (legacyList) found.set(key, { node, at: node });
  }
  return found;
}

/**
 * `Lambda.from_config` of keras/src/layers/core/lambda_layer.py refuses Python lambdas in safe mode. `ofFunction` is what it
 * does with a `function` that is none, before it comes to the others.
 */
function refusesLambda(
  load: Load,
  revival: Revival,
  lambdas: ReturnType<typeof pythonLambdas>,
  ofFunction: () => readonly Task[],
): boolean {
  const { behaviour, tree } = load;
  const [first] = lambdas.values();
  if (!first) return false;
  const { safeMode } = revival.frame;
  // What is no lambda is deserialized before one that comes after it.
  const stop = (refuse: Task): true => {
    load.next(lambdas.has("function") ? [refuse] : [...ofFunction(), refuse]);
    return true;
  };
  if (!(behaviour.lambdaFailsClosed ? safeMode !== false : safeMode === true)) {
    const isH5 = safeMode === undefined && load.question.loader === "load_model_from_hdf5";
    const unguarded = isH5 ? {} : unguardedBy(revival.frame);
    for (const [argument, { at }] of lambdas)
      load.warn(revival.config.node, { rule: "unsafe-lambda", at, argument, ...unguarded }, revival.frame);
    const cut = refusalOfLambda(tree, first.node);
    if (!cut) return false;
    const { at: node, error } = cut;
    return stop(() => load.fail(first.node, { rule: "wrong-field-type", node, error }, revival.frame));
  }
  const error = messages.lambdaLayerRefused(behaviour);
  return stop(() => load.fail(first.node, { rule: "unsafe-lambda", node: first.at, error }, revival.frame));
}

/** The slots without those arguments: a lambda that is not refused is unmarshalled, not deserialized. */
function withoutArguments(slots: WorkspaceSlots, lambdas: ReadonlyMap<string, unknown>): WorkspaceSlots {
  return { ...slots, slots: slots.slots.filter((slot) => !lambdas.has(slot.argument)) };
}
