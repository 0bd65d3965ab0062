import { NO_NODE, type Node } from "../json/index.ts";
import { pythonType, text, truthy, type Value } from "./dict.ts";
import { isBuilt } from "./graph/builtLayers.ts";
import type { FoundObject, Frame, Load, PythonError } from "./load.ts";
import * as messages from "./messages.ts";
import { objectMade } from "./objectRepr.ts";
import { pythonRepr } from "./pythonRepr.ts";

/** The parameters of `Trainer.compile` of keras/src/trainers/trainer.py, in every release of Keras 3. */
const parameters = [
  ...["optimizer", "loss", "loss_weights", "metrics", "weighted_metrics", "run_eagerly", "steps_per_execution"],
  ...["jit_compile", "auto_scale_loss"],
];

/** `self.compile(**config)`: what is no dict cannot be handed on so, nor a key that `compile` does not know. */
export function bindCompile(load: Load, compileConfig: Value, frame: Frame): void {
  const { tree } = load;
  const { node } = compileConfig;
  if (tree.kind(node) !== "object") {
    const type = typeOfPlain(load, compileConfig, frame);
    if (type === undefined) return;
    load.fail(node, { rule: "wrong-field-type", node, error: messages.compileTakesMapping(type) }, frame);
    return;
  }
  // A serialized object is one by then, and no dict.
  if (["class_name", "config"].every((key) => tree.member(node, key) !== NO_NODE)) return;
  let unknown = tree.firstChild(node);
  while (unknown !== NO_NODE && parameters.includes(tree.key(unknown))) unknown = tree.nextSibling(unknown);
  if (unknown === NO_NODE) return;
  const name = tree.key(unknown);
  const error = messages.typeError(`Trainer.compile() got an unexpected keyword argument '${name}'`);
  load.fail(node, { rule: "unknown-argument", node: unknown, error, name, allowed: parameters }, frame);
}

/** The type of what stays as it is; the key of a custom object does not. */
function typeOfPlain(load: Load, value: Value, frame: Frame): string | undefined {
  if (text(load.tree, value) === undefined) return pythonType(load.tree, value);
  return objectMade(load, value.node, frame, () => undefined) ? undefined : "str";
}

/** What the constructors of `CompileLoss` and `CompileMetrics` (trainers/compile_utils.py) ask of their arguments. */
export function judgeCompileArguments(load: Load, compileConfig: Value, frame: Frame): void {
  const { tree, behaviour } = load;
  const given = (name: string) => tree.member(compileConfig.node, name);
  const found = (node: Node) => load.foundAt(node);
  const judge = (name: string, words: string, takesFloats: boolean) => {
    const node = given(name);
    if (node === NO_NODE || !truthy(tree, { node })) return;
    const received = receivedInstead(load, node, takesFloats, frame, found);
    if (received === undefined) return;
    const [printed, type] = received;
    const error = messages.valueError(
      `Expected \`${name}\` argument to be a ${words}. Received instead: ${name}=${printed} of type ${type}`,
    );
    fail(load, node, error, frame, name);
  };
  const loss = given("loss");
  if (loss !== NO_NODE && tree.kind(loss) !== "null") {
    if (behaviour.weighsLossByFloat)
      judge("loss_weights", "float (single output case) or a list, tuple, or dict (multiple output case)", true);
    else judge("loss_weights", "list, tuple, or dict", false);
  }
  judge("metrics", "list, tuple, or dict", false);
  judge("weighted_metrics", "list, tuple, or dict", false);
}

/** How Python prints a value that is no list and no dict, and its type; undefined where it is one, or that is not known. */
function receivedInstead(
  load: Load,
  node: Node,
  takesFloats: boolean,
  frame: Frame,
  found: (node: Node) => FoundObject | undefined,
): readonly [printed: string, type: string] | undefined {
  const { tree } = load;
  const kind = tree.kind(node);
  if (kind === "array") return undefined;
  const made = objectMade(load, node, frame, found);
  if (made) return [made.printed, made.type];
  if (kind === "object") return undefined;
  const type = pythonType(tree, { node });
  if (takesFloats && type === "float") return undefined;
  return [kind === "string" ? tree.string(node) : pythonRepr(tree, { node }), `<class '${type}'>`];
}

/** A model that is built has its optimizer make its variables; `compile` takes none for one, too. */
export function buildOptimizer(load: Load, model: Node, object: FoundObject, compileConfig: Value, frame: Frame): void {
  const optimizer = load.tree.member(compileConfig.node, "optimizer");
  if (optimizer === NO_NODE || load.tree.kind(optimizer) !== "null" || !isBuilt(load, model, object)) return;
  fail(load, optimizer, messages.attributeError("NoneType", "build"), frame, "optimizer");
}

function fail(load: Load, node: Node, error: PythonError, frame: Frame, name: string): void {
  load.fail(node, { rule: "invalid-argument", node, error, name }, frame);
}
