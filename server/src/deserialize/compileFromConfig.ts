import type { BuiltinSymbol } from "../catalogue/keras.ts";
import { elementsOf, type Node } from "../json/index.ts";
import type { Unknown } from "../registry/view.ts";
import { warnOfCompileArguments } from "./compileArguments.ts";
import { bindCompile, buildOptimizer, judgeCompileArguments } from "./compileCall.ts";
import { failAsNoOptimizer, printedNoOptimizer } from "./compiledOptimizer.ts";
import { field, pythonType, text, type Value } from "./dict.ts";
import { lineageOf } from "./graph/lineage.ts";
import { isInstance } from "./instances.ts";
import { isPlainDict, optimizerLeaves } from "./keras2/compileArguments.ts";
import { type FoundObject, type Frame, inner, type Load } from "./load.ts";
import * as messages from "./messages.ts";
import { failsOnOptimizer } from "./optimizerName.ts";
import { pythonRepr } from "./pythonRepr.ts";

/**
 * `instance.compile_from_config(compile_config)`, which `deserialize_keras_object` calls of whatever it has made. `node` is the object
 * in the config. Nothing where a class of the workspace has a `compile` of its own: Keras leaves it to the caller then.
 */
export function compileFromConfig(
  load: Load,
  node: Node,
  object: FoundObject,
  compileConfig: Value,
  frame: Frame,
): void {
  const compiles = compilesItself(load, object);
  if (compiles) {
    const doubt = compiles === true ? undefined : compiles;
    compile(load, node, object, compileConfig, inner(frame, { calls: 1, doubt }));
  } else if (lacksMethod(load, object)) {
    const error = messages.attributeError(messages.nameOf(object), "compile_from_config");
    load.fail(compileConfig.node, { rule: "wrong-field-type", node: compileConfig.node, error }, frame);
  }
}

/** Whether `compile_from_config` is Keras's own, of a model whose `compile` nobody overrides; why not known where it is not. */
function compilesItself(load: Load, object: FoundObject): boolean | Unknown {
  if (object.from === "keras") return object.symbol.mro.some(isTrainer);
  if (object.from !== "workspace") return false;
  const cls = load.registry.classOf(object.module, object.qualname, object.location);
  const names = [object.qualname];
  for (const entry of cls?.mro ?? []) {
    if (entry.kind === "workspace") {
      if (entry.class.members.has("compile_from_config")) {
        const reason = `what \`${object.qualname}\` deserializes of its compile config is decided by its own code`;
        return { reason, location: object.location, names };
      }
      if (entry.class.members.has("compile")) return false;
    } else if (load.release.resolve(entry.path)?.mro.some(isTrainer)) return true;
  }
  if (cls?.mroComplete) return false;
  const reason = `whether \`${object.qualname}\` is a model is not known, since not all of its bases could be read`;
  return { reason, location: object.location, names };
}

/** Whether a class is the one that brings `compile`. */
function isTrainer({ module, qualname }: BuiltinSymbol): boolean {
  return qualname === "Trainer" || (qualname === "Model" && module === "tf_keras.src.engine.training");
}

/** Whether what is made of the class has no `compile_from_config` for certain. */
function lacksMethod(load: Load, object: FoundObject): boolean {
  if (object.from === "other") return false;
  if (object.from === "keras") return object.symbol.kind === "class";
  const lineage = lineageOf(load, object);
  if (["compile_from_config", "__getattr__", "__getattribute__"].some(lineage.defines)) return false;
  return isInstance(load, object) && !lineage.keras.some(isTrainer);
}

/** `Trainer.compile_from_config`: the dict is deserialized whole; `compile` then gets its optimizer, losses and metrics. */
function compile(load: Load, node: Node, object: FoundObject, compileConfig: Value, frame: Frame): void {
  const { tree } = load;
  const optimizer = field(tree, { node: compileConfig.node }, "optimizer");
  const inCompile = inner(frame, { calls: 1 });
  const isKeras3 = load.behaviour.package === "keras" && !frame.doubt;
  load.next([
    () => load.keras.deserializeKerasObject(load, compileConfig, frame),
    ...(isKeras3 ? [() => bindCompile(load, compileConfig, frame)] : []),
    () => warnOfCompileArguments(load, compileConfig.node, frame),
    ...(optimizer ? [() => getOptimizer(load, optimizer, inCompile)] : []),
    ...(isKeras3 ? [() => judgeCompileArguments(load, compileConfig, inCompile)] : []),
    ...(isKeras3 ? [() => buildOptimizer(load, node, object, compileConfig, frame)] : []),
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
