/** What the tool says of a case: one simulated load in one release. */
import type { KerasRelease } from "../../../server/src/catalogue/keras.ts";
import { findRoots } from "../../../server/src/config/recognise.ts";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import { keras2Functions } from "../../../server/src/deserialize/keras2/index.ts";
import {
  type CustomObject,
  type Frame,
  Load,
  type LoadEvent,
  type LoadQuestion,
} from "../../../server/src/deserialize/load.ts";
import { keras3Functions, simulateLoad } from "../../../server/src/deserialize/simulateLoad.ts";
import type { Node, ValueTree } from "../../../server/src/json/index.ts";
import type { RegistryView } from "../../../server/src/registry/view.ts";
import { runThrough } from "../../../server/src/workspace/slices.ts";
import { catalogueWithKeras2 as catalogue } from "../../recorded/shippedCatalogue.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";
import type { Case } from "./caseFile.ts";

/** Doors that are no loads of a config: what importing registers and what serializing says is held elsewhere. */
const notLoads = new Set<Case["door"]>(["import", "serialize_keras_object"]);

/** Whether the case is a question that the tool can be asked. */
export function isAskable(one: Case): boolean {
  return !notLoads.has(one.door);
}

/** The events of the load, in Keras's order. `tree` is the config as the case has it. */
export function simulateCase(one: Case, tree: ValueTree, version: string): readonly LoadEvent[] {
  const registry = workspaceRegistry(one.workspace);
  const release = catalogue.release(version);
  const question = {
    tree,
    behaviour: behaviourOf(version),
    release,
    registry,
    packageInstalled: (name: string) =>
      (name === "tensorflow" && one.backend === "tensorflow") || (name === "torch" && one.call.torch === true),
    ...(one.call.safe_mode === undefined ? {} : { safeMode: one.call.safe_mode }),
    ...(one.call.safe_mode_scope === undefined ? {} : { safeModeScope: one.call.safe_mode_scope }),
    ...(one.call.custom_objects ? { customObjects: handedIn(one.call.custom_objects, release, registry) } : {}),
    ...(one.call.scope ? { scope: handedIn(one.call.scope, release, registry) } : {}),
  };
  switch (one.door) {
    case "deserialize_keras_object":
    case "model_from_json":
    case "layers.deserialize":
      return simulateLoad({ ...question, root: tree.root, loader: one.door }).events;
    case "tfjs": {
      const root = findRoots(tree, () => false).find(({ dialect }) => dialect === "tfjs");
      return root ? simulateLoad({ ...question, root: root.node, loader: root.loader }).events : [];
    }
    case "load_model":
      return withoutCompiling(one, tree, simulateLoad({ ...question, root: tree.root, loader: "load_model" }).events);
    case "load_model_h5": {
      const trainingConfig = one.call.compile === false ? -1 : tree.member(tree.root, "training_config");
      return simulateLoad({
        ...question,
        root: tree.member(tree.root, "model_config"),
        loader: "load_model_from_hdf5",
        ...(trainingConfig >= 0 ? { trainingConfig } : {}),
      }).events;
    }
    case "from_config":
      // Without a class it is that of the class which the config names.
      if (one.call.class === undefined)
        return simulateLoad({ ...question, root: tree.root, loader: "from_config" }).events;
      return simulatePart(one, { ...question, root: tree.root, loader: "deserialize_keras_object" });
    default:
      return simulatePart(one, { ...question, root: tree.root, loader: "deserialize_keras_object" });
  }
}

/** What `custom_objects` or a scope hands in: a class or function of the case's Python, or of Keras. */
function handedIn(
  paths: Readonly<Record<string, string>>,
  release: KerasRelease,
  registry: RegistryView,
): ReadonlyMap<string, CustomObject> {
  const entries = Object.entries(paths).map(([key, path]): [string, CustomObject] => {
    const dot = path.lastIndexOf(".");
    const member = registry.moduleMember(path.slice(0, dot), path.slice(dot + 1));
    if (member) return [key, { from: "workspace", ...member }];
    const symbol = release.resolve(path);
    return [key, symbol ? { from: "keras", symbol } : { from: "other", kind: "other" }];
  });
  return new Map(entries);
}

/** With `compile=False` Keras empties the root's `compile_config` before it deserializes: nothing of it is an event. */
function withoutCompiling(one: Case, tree: ValueTree, events: readonly LoadEvent[]): readonly LoadEvent[] {
  if (one.call.compile !== false) return events;
  const compileConfig = tree.member(tree.root, "compile_config");
  const lies = (node: Node): boolean => node >= compileConfig && tree.start(node) < tree.end(compileConfig);
  return compileConfig < 0 ? events : events.filter((event) => !lies(event.node));
}

/** A question to one function of Keras, without the loader around it. */
function simulatePart(one: Case, question: LoadQuestion): readonly LoadEvent[] {
  const { tree, release } = question;
  const keras = question.behaviour.package === "tf_keras" ? keras2Functions : keras3Functions;
  const load = new Load(question, keras);
  const value = { node: tree.root };
  const frame: Frame = {
    parent: undefined,
    wrap: undefined,
    nested: false,
    safeMode: undefined,
    handed: true,
    depth: 0,
    doubt: undefined,
  };
  const steps = load.run(() => {
    if (one.door === "optimizers.get") keras.deserializeSlot(load, "optimizers.get", value, frame);
    else if (one.door === "optimizers.deserialize") keras.deserializeKerasObject(load, value, frame, "optimizers");
    else {
      const symbol = release.resolve(one.call.class ?? "");
      if (!symbol) throw new Error(`no class for the door ${one.door}: ${one.call.class}`);
      keras.reviveFromConfig(load, { object: { from: "keras", symbol }, config: value, frame, legacy: false });
    }
  });
  runThrough(steps);
  return load.events;
}
