import type { TableName } from "../catalogue/keras.ts";
import { NO_NODE, type Node } from "../json/index.ts";
import { buildFromConfig } from "./building/layers.ts";
import { childTasks } from "./childTasks.ts";
import { compileFromConfig } from "./compileFromConfig.ts";
import { type Dict, dictKey, field, hashable, isNull, pythonType, text, truthy, type Value } from "./dict.ts";
import { buildFromConfig as keras2BuildFromConfig } from "./keras2/buildConfig.ts";
import { refusalOfDump } from "./lambdaCode.ts";
import { type FoundObject, type Frame, inner, kindOf, type Load, type Result, type Task } from "./load.ts";
import * as messages from "./messages.ts";
import { resolveInTable } from "./moduleObjects.ts";
import { pythonBuiltins } from "./pythonBuiltins.ts";
import { pythonRepr, reprDict } from "./pythonRepr.ts";
import { fieldNode } from "./retrievalFailures.ts";
import { lookUpKey, retrieve } from "./retrieve.ts";
import { specialValue } from "./specialValues.ts";

const failed: Result = { is: "failed" };
const plain: Result = { is: "plain" };

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
  const value =
    special === undefined ? undefined : specialValue(load, dict, special, config, frame, isSafe(load, frame));
  if (value) return value;
  if (special === "__lambda__") {
    const node = fieldNode(load, dict, "class_name");
    if (!isSafe(load, frame)) {
      load.warn(dict.node, { rule: "unsafe-lambda", at: node, unguarded: "safe mode off" }, frame);
      const dump = field(tree, config, "value")?.node ?? NO_NODE;
      const error = refusalOfDump(tree, dump);
      if (error) load.fail(dict.node, { rule: "wrong-field-type", node: dump, error }, frame);
      return { is: "object", object: { from: "other", kind: "function" } };
    }
    load.fail(dict.node, { rule: "unsafe-lambda", node, error: messages.lambdaRefused(behaviour) }, frame);
    return failed;
  }
  const module = field(tree, dict, "module");
  const registeredName = field(tree, dict, "registered_name") ?? className;
  const emptied: Value = { node: config.node, literal: { emptyDict: true } };
  const innerConfig = isNull(tree, config) || (!behaviour.checksConfigType && !truthy(tree, config)) ? emptied : config;
  if (special === "__typespec__") return typeSpec(load, dict, innerConfig, frame);
  if (special === "function") {
    if (behaviour.checksConfigType && pythonType(tree, innerConfig) !== "str") {
      // The missing space is Keras's.
      const opening = "Expected 'config' to be a non-null str fora function classname";
      return wrongConfigType(load, dict, opening, innerConfig, frame);
    }
    const retrieval = retrieve(load, { kind: "function", dict, name: innerConfig, registeredName, module }, frame);
    const result = retrieved(load, dict, frame, retrieval);
    // A class that is found so is returned as it is, and no instance of it.
    const isClass = result.is === "object" && kindOf(result.object) === "class";
    return isClass ? { is: "object", object: { from: "other", kind: "class" } } : result;
  }
  if (behaviour.checksConfigType && pythonType(tree, innerConfig) !== "dict") {
    const opening = `Expected 'config' to be a dict for ${special ?? pythonRepr(tree, className)}`;
    return wrongConfigType(load, dict, opening, innerConfig, frame);
  }
  const sharedId = load.shared && field(tree, dict, "shared_object_id");
  if (sharedId && !hashable(tree, sharedId)) {
    const error = messages.unhashable(pythonType(tree, sharedId));
    load.fail(dict.node, { rule: "wrong-field-type", node: sharedId.node, error }, frame);
    return failed;
  }
  const sharedKey = sharedId && dictKey(tree, sharedId);
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

/** A type of TensorFlow's: its class is sought by `spec_name`, and none of the keys may be missing. */
function typeSpec(load: Load, dict: Dict, config: Value, frame: Frame): Result {
  const { tree } = load;
  if (load.behaviour.checksConfigType && pythonType(tree, config) !== "list") {
    // The missing space is Keras's.
    return wrongConfigType(
      load,
      dict,
      "Expected 'config' to be a list or a tuplefor a __typespec__ class name",
      config,
      frame,
    );
  }
  const [name, registeredName, module] = ["spec_name", "registered_name", "module"].map((key) =>
    field(tree, dict, key),
  );
  if (name && registeredName && module)
    return retrieved(load, dict, frame, retrieve(load, { kind: "class", dict, name, registeredName, module }, frame));
  const error = messages.keyError(!name ? "spec_name" : registeredName ? "module" : "registered_name");
  load.fail(dict.node, { rule: "wrong-field-type", node: fieldNode(load, dict, "class_name"), error }, frame);
  return failed;
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
  const nameValue = field(tree, dict, "class_name");
  const className = nameValue ? (text(tree, nameValue) ?? pythonRepr(tree, nameValue)) : "";
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
  if (compileConfig !== undefined && truthy(tree, compileConfig))
    tasks.push(() => compileFromConfig(load, dict.node, object, compileConfig, inScope));
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
