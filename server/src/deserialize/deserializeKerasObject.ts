import type { BuiltinSymbol, TableName } from "../catalogue/keras.ts";
import { elementsOf, NO_NODE, type Node } from "../json/index.ts";
import type { Unknown } from "../registry/view.ts";
import { buildFromConfig } from "./building/layers.ts";
import { childTasks } from "./childTasks.ts";
import { warnOfCompileArguments } from "./compileArguments.ts";
import { failAsNoOptimizer, printedNoOptimizer } from "./compiledOptimizer.ts";
import { refusalOfString } from "./constructor/values.ts";
import { type Dict, field, hashable, isNull, pythonType, text, truthy, type Value } from "./dict.ts";
import { buildFromConfig as keras2BuildFromConfig } from "./keras2/buildConfig.ts";
import { isPlainDict, optimizerLeaves } from "./keras2/compileArguments.ts";
import {
  type Failure,
  type FoundObject,
  type Frame,
  inner,
  kindOf,
  type Load,
  type Result,
  type Task,
} from "./load.ts";
import * as messages from "./messages.ts";
import { resolveInTable } from "./moduleObjects.ts";
import { failsOnOptimizer } from "./optimizerName.ts";
import { pythonBuiltins } from "./pythonBuiltins.ts";
import { pythonRepr, reprDict } from "./pythonRepr.ts";
import { fieldNode, lookUpKey, retrieve } from "./retrieve.ts";

const failed: Result = { is: "failed" };
const plain: Result = { is: "plain" };

/** Objects that are values, not classes: nothing is retrieved for them. */
const specialValues = new Set(["__tensor__", "__numpy__", "__bytes__"]);
/** Those that Keras 3 adds. */
const graphValues = new Set(["__keras_tensor__", "__ellipsis__", "__slice__"]);

/**
 * `deserialize_keras_object(config, module_objects=…)` of keras/src/saving/serialization_lib.py, in its order. Emits the
 * events of this value and puts the work on what it contains before everything still to do.
 */
export function deserializeKerasObject(load: Load, value: Value, frame: Frame, table?: TableName): Result {
  const { tree } = load;
  if (load.isTooDeep(value.node, frame)) return failed;
  const type = pythonType(tree, value);
  if (type === "NoneType") return plain;
  if (type === "str") {
    const custom = customString(load, value, frame);
    if (custom) return custom;
  }
  if (type === "list") {
    load.next(
      childTasks(load, value.node, (child) =>
        deserializeKerasObject(load, { node: child }, inner(frame, { calls: 2 })),
      ),
    );
    return plain;
  }
  if (table !== undefined) return deserializeByTable(load, value, frame, table);
  if (type !== "dict") return type === "str" ? { is: "plain", text: text(tree, value) as string } : plain;
  return deserializeDict(load, { node: value.node }, frame);
}

/** A plain string that is the key of a custom object is that object. */
function customString(load: Load, value: Value, frame: Frame): Result | undefined {
  const registered = lookUpKey(load, text(load.tree, value) as string, frame);
  if (!registered || "unknown" in registered) return undefined;
  return { is: "object", object: registered.found };
}

/** The way through `module_objects`: the class or function is sought by name in the table, `module` is not asked. */
function deserializeByTable(load: Load, value: Value, frame: Frame, table: TableName): Result {
  const resolution = resolveInTable(load, value, frame, table);
  switch (resolution.is) {
    case "custom":
      return deserializeDict(load, { node: value.node }, frame);
    case "dict":
      if (resolution.warning) load.warn(value.node, resolution.warning, frame);
      return deserializeDict(load, resolution.dict, inner(frame, { calls: 1 }));
    case "found": {
      const object: FoundObject = { from: "keras", symbol: resolution.symbol };
      load.found(value.node, object);
      return { is: "object", object };
    }
    case "string":
      return { is: "plain", text: resolution.text };
    case "failure":
      load.fail(value.node, resolution.failure, frame);
      return failed;
    case "unknown":
      load.unknown(value.node, resolution.at, resolution.unknown);
      return failed;
    case "plain":
      return resolution.returned === undefined ? plain : { is: "plain", returned: resolution.returned };
  }
}

/** Steps 6 to 11: a dict that is not looked up in a table. */
function deserializeDict(load: Load, dict: Dict, frame: Frame): Result {
  const { tree, behaviour } = load;
  const className = field(tree, dict, "class_name");
  const config = field(tree, dict, "config");
  if (className === undefined || config === undefined) {
    load.next(
      childTasks(load, dict.node, (child) => deserializeKerasObject(load, { node: child }, inner(frame, { calls: 2 }))),
    );
    return plain;
  }
  const special = text(tree, className);
  if (special !== undefined && specialValues.has(special)) return plain;
  const isGraphValue = special !== undefined && behaviour.readsGraphValues && graphValues.has(special);
  if (special === "__keras_tensor__" && isGraphValue) return kerasTensor(load, dict, config, frame);
  if (isGraphValue && special !== "__slice__") return plain;
  if (isGraphValue) {
    load.next(
      ["start", "stop", "step"].map((key) => () => {
        const part = field(tree, { node: config.node }, key);
        if (part) deserializeKerasObject(load, part, inner(frame, { calls: 1 }));
      }),
    );
    return plain;
  }
  if (special === "__lambda__") {
    const node = fieldNode(load, dict, "class_name");
    if (!isSafe(load, frame)) {
      // What `func_load` makes of the code is not about finding.
      load.warn(dict.node, { rule: "unsafe-lambda", at: node, unguarded: "safe mode off" }, frame);
      return { is: "object", object: { from: "other", kind: "function" } };
    }
    load.fail(dict.node, { rule: "unsafe-lambda", node, error: messages.lambdaRefused(behaviour) }, frame);
    return failed;
  }
  const module = field(tree, dict, "module");
  const registeredName = field(tree, dict, "registered_name") ?? className;
  if (special === "__typespec__") {
    const name = field(tree, dict, "spec_name");
    if (name === undefined) return plain;
    return retrieved(load, dict, frame, retrieve(load, { kind: "class", dict, name, registeredName, module }, frame));
  }
  const emptied: Value = { node: config.node, literal: { emptyDict: true } };
  const innerConfig = isNull(tree, config) || (!behaviour.checksConfigType && !truthy(tree, config)) ? emptied : config;
  if (special === "function") {
    if (behaviour.checksConfigType && pythonType(tree, innerConfig) !== "str") {
      // The missing space is Keras's.
      const opening = "Expected 'config' to be a non-null str fora function classname";
      return wrongConfigType(load, dict, opening, innerConfig, frame);
    }
    return retrieved(
      load,
      dict,
      frame,
      retrieve(load, { kind: "function", dict, name: innerConfig, registeredName, module }, frame),
    );
  }
  if (behaviour.checksConfigType && pythonType(tree, innerConfig) !== "dict") {
    const opening = `Expected 'config' to be a dict for ${special ?? "None"}`;
    return wrongConfigType(load, dict, opening, innerConfig, frame);
  }
  const sharedId = load.shared && field(tree, dict, "shared_object_id");
  const sharedKey = sharedId && tree.raw(sharedId.node);
  const sharedObject = sharedKey === undefined ? undefined : load.shared?.get(sharedKey);
  if (sharedObject) return { is: "object", object: sharedObject };
  const retrieval = retrieve(load, { kind: "class", dict, name: className, registeredName, module }, frame);
  const result = retrieved(load, dict, frame, retrieval);
  if (result.is !== "object") {
    // Those who mend the root want to know what comes next: a model's layers are looked at as if it had been found.
    reviveUnfoundModel(load, dict, innerConfig, frame);
    return result;
  }
  revive(load, dict, result.object, innerConfig, frame, sharedKey);
  return result;
}

/**
 * `KerasTensor(shape, dtype)` of keras/src/backend/common/keras_tensor.py knows the same dtypes as an InputLayer. A dtype is looked
 * up in a dict, and the key of the history is asked for behind.
 */
function kerasTensor(load: Load, dict: Dict, config: Value, frame: Frame): Result {
  const { tree } = load;
  if (pythonType(tree, config) !== "dict") return plain;
  const part = (key: string) => field(tree, { node: config.node }, key);
  const fail = (failure: Failure): Result => {
    load.fail(dict.node, failure, frame);
    return failed;
  };
  const dtype = part("dtype");
  const name = text(tree, dtype);
  const missing = ["shape", "dtype", "keras_history"].find((key) => part(key) === undefined);
  if (missing !== undefined && missing !== "keras_history")
    return fail({ rule: "wrong-field-type", node: config.node, error: messages.keyError(missing) });
  if (dtype && !hashable(tree, dtype)) {
    const error = messages.unhashable(pythonType(tree, dtype));
    return fail({ rule: "invalid-argument", node: dtype.node, error, name: "dtype" });
  }
  const inputLayer = load.release.resolve("keras.layers.InputLayer");
  const refusal = name === undefined ? undefined : refusalOfString(inputLayer, "dtype", name);
  if (dtype && refusal) {
    const allowed = refusal.accepted.filter((one) => !one.includes("*"));
    return fail({ rule: "invalid-argument", node: dtype.node, error: refusal.error, name: "dtype", allowed });
  }
  if (missing === undefined) return plain;
  return fail({ rule: "wrong-field-type", node: config.node, error: messages.keyError(missing) });
}

function retrieved(load: Load, dict: Dict, frame: Frame, retrieval: ReturnType<typeof retrieve>): Result {
  if (!("failure" in retrieval)) for (const warning of retrieval.warnings ?? []) load.warn(dict.node, warning, frame);
  if ("found" in retrieval) {
    load.found(dict.node, retrieval.found);
    return { is: "object", object: retrieval.found };
  }
  if ("failure" in retrieval) load.fail(dict.node, retrieval.failure, frame);
  else load.unknown(dict.node, retrieval.at, retrieval.unknown);
  return failed;
}

/** `cls.from_config(config)` inside its scopes, then `compile_from_config`; a function is returned as it is. */
function revive(
  load: Load,
  dict: Dict,
  object: FoundObject,
  config: Value,
  frame: Frame,
  sharedKey: string | undefined,
): void {
  const { tree } = load;
  if (object.from === "other" || kindOf(object) === "function") return;
  const className = text(tree, field(tree, dict, "class_name")) ?? "";
  const lack = lacksFromConfig(load, object);
  if (lack === true) {
    // A class of another name stands there for all that its module held once.
    const isStandIn = object.from === "keras" && object.symbol.qualname !== className;
    const node = fieldNode(load, dict, isStandIn ? "module" : "class_name");
    const failure = { rule: "missing-from-config", node, error: messages.missingFromConfig(className) } as const;
    const found =
      object.from === "workspace" && object.key !== undefined
        ? { found: { key: object.key, location: object.location } }
        : {};
    load.fail(dict.node, { ...failure, ...found, name: className }, frame);
    return;
  }
  const inScope = inner(frame, { calls: 1, nested: true, safeMode: isSafe(load, frame) });
  const inFromConfig = fromConfigFrame(load, object, inScope);
  const tasks: Task[] = [
    () => load.keras.reviveFromConfig(load, { object, config, frame: inFromConfig, legacy: false }),
  ];
  const buildConfig = field(tree, dict, "build_config");
  if (buildConfig !== undefined) {
    const build = load.behaviour.package === "tf_keras" ? keras2BuildFromConfig : buildFromConfig;
    tasks.push(() => build(load, dict.node, object, buildConfig.node, inScope));
  }
  const compileConfig = field(tree, dict, "compile_config");
  const compiles = compileConfig !== undefined && truthy(tree, compileConfig) && compilesItself(load, object);
  if (compiles) {
    const doubt = compiles === true ? undefined : compiles;
    tasks.push(() => compileFromConfig(load, compileConfig, inner(inScope, { calls: 1, doubt })));
  }
  if (sharedKey !== undefined) tasks.push(() => load.shared?.set(sharedKey, object));
  load.next(tasks);
}

/** `{"class_name": key, "config": {}}`, which the `get` of initializers and optimizers makes of a string. */
export function reviveKey(load: Load, node: Node, object: FoundObject, frame: Frame): void {
  if (object.from === "other" || kindOf(object) !== "class" || lacksFromConfig(load, object) === true) return;
  const inScope = inner(frame, { calls: 1, nested: true, safeMode: isSafe(load, frame) });
  const inFromConfig = fromConfigFrame(load, object, inScope);
  const config: Value = { node, literal: { emptyDict: true } };
  load.next([() => load.keras.reviveFromConfig(load, { object, config, frame: inFromConfig, legacy: false })]);
}

/** `in_safe_mode()` where a scope is open, else the `safe_mode` argument. */
function isSafe(load: Load, frame: Frame): boolean {
  return frame.safeMode ?? load.safeMode;
}

/** `Trainer.compile_from_config`: the dict is deserialized whole; `compile` then gets its optimizer. */
function compileFromConfig(load: Load, compileConfig: Value, frame: Frame): void {
  const { tree } = load;
  const optimizer = field(tree, { node: compileConfig.node }, "optimizer");
  const inCompile = inner(frame, { calls: 1 });
  load.next([
    () => deserializeKerasObject(load, compileConfig, frame),
    () => warnOfCompileArguments(load, compileConfig.node, frame),
    ...(optimizer ? [() => getOptimizer(load, optimizer, inCompile)] : []),
  ]);
}

/** `optimizers.get` of what the compile config's optimizer has become: a class, function or bytes are none. */
function getOptimizer(load: Load, optimizer: Value, frame: Frame): void {
  const { tree } = load;
  const key = text(tree, optimizer);
  const isObject = pythonType(tree, optimizer) === "dict" && !isPlainDict(load, optimizer);
  if (load.behaviour.package === "tf_keras" && key === undefined && !isObject) {
    load.next(optimizerLeaves(load, optimizer.node, frame));
    return;
  }
  const none = printedNoOptimizer(load, optimizer.node, frame);
  if (key !== undefined && none === undefined) {
    load.keras.deserializeSlot(load, "optimizers.get", optimizer, frame);
    return;
  }
  const shown = none ?? (load.behaviour.package === "keras" ? shownValue(load, optimizer) : undefined);
  if (shown !== undefined) failAsNoOptimizer(load, optimizer.node, shown, frame);
  else if (isPlainDict(load, optimizer)) failsOnOptimizer(load, optimizer, frame);
}

/** How Python prints what no object is made of, and is none. */
function shownValue({ tree }: Load, value: Value): string | undefined {
  const kind = tree.kind(value.node);
  if (kind === "null" || kind === "object") return undefined;
  const holdsObjects = elementsOf(tree, value.node).some((node) => tree.kind(node) !== "number");
  return kind === "array" && holdsObjects ? "[…]" : pythonRepr(tree, value);
}

/** Inside `cls.from_config(config)`, whose TypeErrors `deserialize_keras_object` wraps. */
function fromConfigFrame(load: Load, object: FoundObject, inScope: Frame): Frame {
  if (!load.behaviour.wrapsTypeErrors) return inner(inScope, { calls: 1 });
  const repr = messages.classRepr(object);
  return inner(inScope, { calls: 1, wrap: (error) => messages.notDeserializedProperly(repr, error) });
}

/** Whether `hasattr(cls, "from_config")` is false for certain. */
function lacksFromConfig(load: Load, object: FoundObject): boolean {
  if (object.from === "keras") return object.symbol.kind === "class" && object.symbol.fromConfig === undefined;
  if (object.from !== "workspace" || object.kind !== "class") return false;
  const cls = load.registry.classOf(object.module, object.qualname, object.location);
  // A name that is bound twice may stand for either class.
  if (!cls?.mroComplete || load.registry.definitionsNamed(cls.name).length > 1) return false;
  return cls.mro.every((entry) => {
    if (entry.kind === "workspace") return !entry.class.members.has("from_config");
    if (pythonBuiltins.has(entry.path.replace(/^builtins\./, ""))) return true;
    const symbol = load.release.resolve(entry.path);
    return symbol !== undefined && symbol.fromConfig === undefined;
  });
}

/** Whether `compile_from_config` is Keras's own, of a model whose `compile` nobody overrides; why not known where it is not. */
function compilesItself(load: Load, object: FoundObject): boolean | Unknown {
  if (object.from === "keras") return object.symbol.mro.some(isTrainer);
  if (object.from !== "workspace") return false;
  const cls = load.registry.classOf(object.module, object.qualname, object.location);
  for (const entry of cls?.mro ?? []) {
    if (entry.kind === "workspace") {
      if (entry.class.members.has("compile") || entry.class.members.has("compile_from_config")) return false;
    } else if (load.release.resolve(entry.path)?.mro.some(isTrainer)) return true;
  }
  if (cls?.mroComplete) return false;
  const reason = `whether \`${object.qualname}\` is a model is not known, since not all of its bases could be read`;
  return { reason, location: object.location, names: [object.qualname] };
}

/** Whether a class is the one that brings `compile`. */
function isTrainer({ module, qualname }: BuiltinSymbol): boolean {
  return qualname === "Trainer" || (qualname === "Model" && module === "tf_keras.src.engine.training");
}

const modelNames = new Set(["Sequential", "Functional", "Model"]);

function reviveUnfoundModel(load: Load, dict: Dict, config: Value, frame: Frame): void {
  const { tree, release } = load;
  const className = text(tree, field(tree, dict, "class_name"));
  if (className === undefined || !modelNames.has(className) || config.literal !== undefined) return;
  const layers = tree.member(config.node, "layers");
  if (layers === NO_NODE && tree.kind(config.node) !== "array") return;
  const symbol = release.exported(className === "Sequential" ? "keras.Sequential" : "keras.Model");
  if (!symbol) return;
  const object: FoundObject = { from: "keras", symbol };
  const inFromConfig = fromConfigFrame(
    load,
    object,
    inner(frame, { calls: 1, nested: true, safeMode: isSafe(load, frame) }),
  );
  load.next([() => load.keras.reviveFromConfig(load, { object, config, frame: inFromConfig, legacy: false })]);
}

/** A `config` of a type that is refused since 3.15; `opening` is how the sentence begins. */
function wrongConfigType(load: Load, dict: Dict, opening: string, config: Value, frame: Frame): Result {
  const { tree } = load;
  const message = `${opening},\ninstead got <class '${pythonType(tree, config)}'>\nFull config: ${reprDict(tree, dict)}`;
  const node = fieldNode(load, dict, "config");
  load.fail(dict.node, { rule: "wrong-field-type", node, error: messages.typeError(message) }, frame);
  return failed;
}
