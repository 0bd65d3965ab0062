import { NO_NODE, type Node } from "../json/index.ts";
import { warnOfString } from "./compileArguments.ts";
import { failAsNoOptimizer, printedNoOptimizer } from "./compiledOptimizer.ts";
import { type Dict, field, hashable, pythonType, text } from "./dict.ts";
import { getIdentifier } from "./getters.ts";
import { lineageOf } from "./graph/lineage.ts";
import { type FoundObject, type Frame, inner, kindOf, type Load, type Result } from "./load.ts";
import * as messages from "./messages.ts";
import { failWithoutConfig } from "./missingConfig.ts";
import { failsOnOptimizer } from "./optimizerName.ts";
import { whyPut } from "./patched.ts";
import { pythonRepr } from "./pythonRepr.ts";
import { fieldNode } from "./retrievalFailures.ts";
import { lookUpKey } from "./retrieve.ts";
import { planCompileArguments } from "./trainingConfig.ts";

const failed: Result = { is: "failed" };

/**
 * `model_from_config` of keras/src/legacy/saving/saving_utils.py with `deserialize_keras_object` of
 * legacy/saving/serialization.py behind it: the class is sought by `class_name` alone, among custom objects and then in
 * the namespace of keras.src.layers.
 */
export function modelFromConfig(load: Load, node: Node, frame: Frame): Result {
  const { tree } = load;
  const dict: Dict = { node };
  const className = field(tree, dict, "class_name");
  const config = field(tree, dict, "config");
  if (pythonType(tree, dict) !== "dict") return failed;
  if (config === undefined) {
    const error = load.behaviour.legacyChecksConfig ? messages.noValidConfiguration() : messages.keyError("config");
    failWithoutConfig(load, node, error, frame);
    return failed;
  }
  if (load.isTooDeep(node, frame)) return failed;
  const type = pythonType(tree, config);
  if (type !== "dict") {
    load.fail(node, { rule: "wrong-field-type", node: config.node, error: messages.noPopWithDefault(type) }, frame);
    return failed;
  }
  if (className === undefined) {
    load.fail(node, { rule: "missing-key", node, error: messages.keyError("class_name"), name: "class_name" }, frame);
    return failed;
  }
  const name = text(tree, className) ?? pythonRepr(tree, className);
  const at = fieldNode(load, dict, "class_name");
  if (!hashable(tree, className)) {
    const error = messages.unhashable(pythonType(tree, className));
    load.fail(node, { rule: "wrong-field-type", node: at, error }, frame);
    return failed;
  }
  const custom = lookUpKey(load, name, frame);
  if (custom && "unknown" in custom) {
    load.unknown(node, at, custom.unknown);
    return failed;
  }
  const object = custom?.found ?? layerNamed(load, name);
  if (!object) {
    const unknown = load.registry.whyOpen(name, name, null) ?? whyPut(load.registry, name, "keras.layers");
    if (unknown) {
      load.unknown(node, at, unknown);
      return failed;
    }
    load.fail(
      node,
      {
        rule: "unknown-layer",
        node: at,
        error: messages.unknownLegacy(load.behaviour, "layer", name),
        lookedUp: name,
        name,
      },
      frame,
    );
    return failed;
  }
  load.found(node, object);
  if (object.from === "other" || kindOf(object) === "function") return { is: "object", object };
  if (load.behaviour.legacyCopiesConfigs) failOnFunction(load, object, config.node, frame);
  const revival = { object, config, frame: inner(frame, { calls: 3, nested: true }), legacy: true };
  load.next([() => load.keras.reviveFromConfig(load, revival)]);
  return { is: "object", object };
}

/** A string that is the key of a function has become it by the time `from_config` is handed a copy of the config. */
function failOnFunction(load: Load, object: FoundObject, config: Node, frame: Frame): void {
  const { tree } = load;
  const lineage = lineageOf(load, object);
  if (!lineage.defines("from_config") && !lineage.keras.some(({ fromConfig }) => fromConfig !== undefined)) return;
  for (let node = tree.firstChild(config); node !== NO_NODE; node = tree.nextSibling(node)) {
    const name = tree.key(node);
    if (tree.kind(node) !== "string" || name === "name" || tree.member(config, name) !== node) continue;
    const registered = lookUpKey(load, tree.string(node), frame);
    if (!registered || !("found" in registered) || kindOf(registered.found) !== "function") continue;
    const error = messages.typeError("Object of type function is not JSON serializable");
    load.fail(node, { rule: "invalid-argument", node, error, name }, frame);
    return;
  }
}

/** `MODULE_OBJECTS.ALL_OBJECTS`: what keras.src.layers holds, and the model classes. */
function layerNamed(load: Load, name: string): FoundObject | undefined {
  const { release } = load;
  const models: Readonly<Record<string, string>> = {
    Functional: "keras.src.models.functional.Functional",
    Model: "keras.Model",
    Sequential: "keras.Sequential",
  };
  const model = Object.hasOwn(models, name) ? models[name] : undefined;
  const layers = release.importModule("keras.src.layers");
  const symbol = model ? release.resolve(model) : layers.status === "importable" ? layers.member(name) : undefined;
  return symbol && { from: "keras", symbol };
}

/** The `training_config` of a file in HDF5, and `compile` with what comes of it. */
export function compileArguments(load: Load, trainingConfig: Node, frame: Frame): void {
  const behind = load.pending;
  planCompileArguments(load, trainingConfig, frame, {
    optimizer(node, inScope) {
      compatible(load, node, "optimizers", inScope);
      // `compile` gets it when all of them are there.
      if (load.tree.kind(node) === "object") load.nextAfter(behind, () => refuseOptimizer(load, node, frame));
    },
    lossOrMetric({ node, table, argument, isWhole }, inScope) {
      if (isWhole && argument !== "weighted_metrics") compatible(load, node, table, inScope);
      else deserializeCompiled(load, node, table, inScope);
    },
  });
}

function refuseOptimizer(load: Load, node: Node, frame: Frame): void {
  const printed = printedNoOptimizer(load, node, frame);
  if (printed !== undefined) failAsNoOptimizer(load, node, printed, frame);
}

/** `deserialize` of a loss or metric: a bare name that it returns is left to `compile`. */
function deserializeCompiled(load: Load, node: Node, table: "losses" | "metrics", frame: Frame): void {
  load.keras.deserializeKerasObject(load, { node }, inner(frame, { calls: 2 }), table);
  warnOfString(load, node, table, frame);
}

/**
 * `deserialize`, and where it returns a bare name that is no built-in, `get(config["config"]["name"])`
 * (`_resolve_compile_arguments_compat` of keras/src/legacy/saving/saving_utils.py).
 */
function compatible(load: Load, node: Node, table: "optimizers" | "losses" | "metrics", frame: Frame): void {
  const { tree } = load;
  if (table === "optimizers" && failsOnOptimizer(load, { node }, inner(frame, { calls: 1 }))) return;
  const result = load.keras.deserializeKerasObject(load, { node }, inner(frame, { calls: 2 }), table);
  if (result.is !== "plain" || result.text === undefined || load.release.tableEntry(table, result.text)) return;
  if (tree.kind(node) === "string") {
    const error = messages.textIndexed();
    load.fail(node, { rule: "unknown-identifier", node, error, lookedUp: result.text, name: result.text }, frame);
    return;
  }
  const config = tree.member(node, "config");
  const name = tree.member(config, "name");
  if (name !== NO_NODE) {
    getIdentifier(load, table, { node: name }, frame);
    return;
  }
  const type = config === NO_NODE ? undefined : pythonType(tree, { node: config });
  if (type !== "str" && type !== "dict") return;
  const error = type === "str" ? messages.textIndexed() : messages.keyError("name");
  const at = fieldNode(load, { node }, type === "str" ? "config" : "class_name");
  load.fail(node, { rule: "unknown-identifier", node: at, error, lookedUp: result.text, name: result.text }, frame);
}
