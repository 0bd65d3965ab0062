import { NO_NODE, type Node } from "../json/index.ts";
import { deserializeKerasObject } from "./deserializeKerasObject.ts";
import { type Dict, field, pythonType, text, type Value } from "./dict.ts";
import { layerFromConfig, reviveFromConfig } from "./fromConfig.ts";
import { deserializeSlot } from "./getters.ts";
import { functionalFromConfig } from "./graph/functionalGraph.ts";
import { listForLayer, textForLayer } from "./graph/graphMessages.ts";
import { sequentialFromConfig } from "./graph/sequentialLayers.ts";
import { decodeAttribute } from "./hdf5Attributes.ts";
import { keras2Functions } from "./keras2/index.ts";
import { modelFromJson } from "./keras2/layers.ts";
import { deserializeLayer } from "./layersDeserialize.ts";
import { compileArguments, modelFromConfig } from "./legacy.ts";
import {
  type FoundObject,
  type Frame,
  type KerasFunctions,
  Load,
  type LoadEvent,
  type LoadQuestion,
  type PythonError,
} from "./load.ts";
import * as messages from "./messages.ts";
import { whyPatched } from "./patched.ts";
import { pythonRepr } from "./pythonRepr.ts";
import { retrieve } from "./retrieve.ts";

/** The functions of Keras 3. */
export const keras3Functions: KerasFunctions = {
  whyPatched,
  compileArguments,
  deserializeKerasObject,
  deserializeSlot,
  functionalFromConfig,
  layerFromConfig,
  modelFromConfig,
  reviveFromConfig,
  sequentialFromConfig,
};

/** What one load would go through. */
export interface LoadAnswer {
  readonly events: readonly LoadEvent[];
  /** Every key and module that was looked up. */
  readonly asked: ReadonlySet<string>;
}

/**
 * Simulates one load as far as finding objects goes: its events in the order of Keras. It goes on after a failure as if
 * the object had been there, so that all of them are told at once. Pure, total, linear in the document.
 */
export function simulateLoad(question: LoadQuestion): LoadAnswer {
  const steps = simulateSteps(question);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** `simulateLoad` in steps of well below a millisecond, for callers whom somebody waits for. */
export function* simulateSteps(question: LoadQuestion): Generator<undefined, LoadAnswer> {
  const isKeras2 = question.behaviour.package === "tf_keras";
  const load = new Load(question, isKeras2 ? keras2Functions : keras3Functions);
  const frame: Frame = {
    parent: undefined,
    wrap: undefined,
    nested: false,
    safeMode: question.safeModeScope,
    handed: true,
    depth: 0,
    doubt: undefined,
  };
  yield* load.run(() => {
    if (question.loader === "load_model_from_hdf5") loadModelFromHdf5(load, frame);
    else if (question.loader === "from_config") callFromConfig(load, frame);
    else if (isKeras2 && readsLayer.has(question.loader)) modelFromJson(load, question.root, frame);
    else if (question.loader === "layers.deserialize") deserializeLayer(load, { node: question.root }, frame, true);
    else load.keras.deserializeKerasObject(load, { node: question.root }, frame);
  });
  const isOpen = (event: LoadEvent) => event.kind !== "unknown" || !load.settled.has(event.node);
  return { events: load.settled.size === 0 ? load.events : load.events.filter(isOpen), asked: load.asked };
}

/** Loaders that are `layers.deserialize` in Keras 2. */
const readsLayer: ReadonlySet<LoadQuestion["loader"]> = new Set(["layers.deserialize", "model_from_json"]);

/** `load_model_from_hdf5` of keras/src/legacy/saving/legacy_h5_format.py. */
function loadModelFromHdf5(load: Load, frame: Frame): void {
  const { root, trainingConfig, safeMode = true } = load.question;
  const { legacySafeMode, legacyCustomObjects } = load.behaviour;
  // Before it opened a scope, `load_model` did not hand its `safe_mode` on either.
  const inScope: Frame = legacySafeMode ? { ...frame, safeMode } : frame;
  // Keras 2 opens a scope of all custom objects around it.
  const nested = load.behaviour.package === "tf_keras";
  const legacyFrame: Frame = { ...inScope, handed: legacyCustomObjects, nested };
  const error = notAModel(load, root);
  const loadModel = error
    ? () => load.fail(root, { rule: "wrong-field-type", node: root, error }, legacyFrame)
    : () => void load.keras.modelFromConfig(load, root, legacyFrame);
  const compile = (node: Node) => [
    () => decodeAttribute(load, node, frame),
    () => load.keras.compileArguments(load, node, legacyFrame),
  ];
  load.next([
    () => decodeAttribute(load, root, frame),
    loadModel,
    ...(trainingConfig === undefined ? [] : compile(trainingConfig)),
  ]);
}

/** What is raised over a `model_config` that is no dict. A text is what the attribute of the file holds, and was decoded before. */
function notAModel({ tree, behaviour }: Load, root: Node): PythonError | undefined {
  const type = pythonType(tree, { node: root });
  if (type === "dict" || type === "str" || behaviour.package !== "keras") return undefined;
  const printed = pythonRepr(tree, { node: root });
  if (type === "list") return listForLayer(printed);
  return behaviour.legacyChecksConfig ? textForLayer(printed) : messages.subscriptFails(type, "config");
}

/**
 * `from_config` of the class that a root names, which the caller has imported: it is not looked up. A bare config, as
 * `get_config` returns it, is a Functional's or a Sequential's.
 */
function callFromConfig(load: Load, frame: Frame): void {
  const { tree, release } = load;
  const { root } = load.question;
  const dict: Dict = { node: root };
  const name = field(tree, dict, "class_name");
  const config = field(tree, dict, "config");
  const isBare = name === undefined || config === undefined;
  const object = isBare ? undefined : importedClass(load, dict, name, frame);
  const inner = isBare ? dict : config;
  const symbol = release.resolve(
    tree.member(inner.node, "input_layers") === NO_NODE ? "keras.Sequential" : "keras.Model",
  );
  const model: FoundObject | undefined = symbol && { from: "keras", symbol };
  const revived = object ?? (tree.member(inner.node, "layers") === NO_NODE ? undefined : model);
  if (revived) {
    if (!isBare) load.found(root, revived);
    load.keras.reviveFromConfig(load, { object: revived, config: inner, frame, legacy: false });
  } else {
    const shown = name === undefined ? "the class" : `\`${text(tree, name) ?? ""}\``;
    const reason = `what \`from_config\` of ${shown} does is not known, since the class was not found`;
    load.unknown(root, name?.node ?? root, { reason, names: [] });
  }
}

/** The class that a caller would have imported for an object: where Keras would find it too, or a definition of that name. */
function importedClass(load: Load, dict: Dict, name: Value, frame: Frame): FoundObject | undefined {
  const { tree, registry, release } = load;
  const module = field(tree, dict, "module");
  const registeredName = field(tree, dict, "registered_name") ?? name;
  const retrieval = retrieve(load, { kind: "class", dict, name, registeredName, module }, frame);
  if ("found" in retrieval) return retrieval.found;
  const className = text(tree, name) ?? "";
  const member = registry.moduleMember(text(tree, module) ?? "", className);
  if (member) {
    const { kind, module: from, qualname, location } = member;
    return { from: "workspace", kind, module: from, qualname, location };
  }
  const symbol = release.resolve(`keras.${className}`) ?? release.resolve(`keras.layers.${className}`);
  return symbol && { from: "keras", symbol };
}
