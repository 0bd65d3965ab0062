import { NO_NODE, type Node } from "../../json/index.ts";
import type { FromConfigPlan } from "../constructorSlots.ts";
import { type FoundObject, inner, type Load, type PythonError, type Revival } from "../load.ts";
import * as messages from "../messages.ts";
import { objectOfConfig, placeOfObject } from "../places.ts";
import { reprString } from "../pythonRepr.ts";
import * as graphMessages from "./graphMessages.ts";
import { lineageOf } from "./lineage.ts";

/**
 * What `Model.from_config` (keras/src/models/model.py) makes of a Functional's config that lacks one of the keys of a graph: the
 * constructor gets it, and misses its tensors. Whether that is so of this config, which an event then says.
 */
export function failWithoutGraph(load: Load, { object, config, frame }: Revival, plan: FromConfigPlan): boolean {
  const { tree, behaviour } = load;
  if (plan.by !== "model") return false;
  const has = (key: string) => tree.member(config.node, key) !== NO_NODE;
  const missing = ["inputs", "outputs"].filter((key) => !has(key));
  const key = ["layers", "name", "input_layers", "output_layers"].find((name) => !has(name));
  if (missing.length === 0 || key === undefined) return false;
  const isFunctional = object.from === "keras" && object.symbol.qualname === "Functional";
  const refused = isFunctional
    ? messages.missingArguments("Functional", missing)
    : behaviour.package === "tf_keras"
      ? refusedByModel(load, object, config.node)
      : undefined;
  if (!refused) return false;
  const error = messages.unableToRevive(messages.classRepr(object), messages.nameOf(object), refused);
  const node = objectOfConfig(load, config.node);
  load.fail(
    node,
    { rule: "missing-key", node: placeOfObject(load, node), error, graph: { model: config.node, key } },
    inner(frame, { calls: 1 }),
  );
  return true;
}

/** What `Model.__init__` of tf_keras/src/engine/training.py says of the first key that it does not know, where it is what is called. */
function refusedByModel(load: Load, object: FoundObject, config: Node): PythonError | undefined {
  const lineage = lineageOf(load, object);
  const [own] = lineage.keras;
  if (own?.qualname !== "Model" || !lineage.complete || constructors.some(lineage.defines)) return undefined;
  const { tree } = load;
  const keys = new Set<string>();
  for (let child = tree.firstChild(config); child !== NO_NODE; child = tree.nextSibling(child))
    keys.add(tree.key(child));
  // Both of its ends make it a graph, and one of them is refused behind all that it does not know.
  const unknown =
    [...keys].find((key) => !argumentsOfModel.has(key)) ?? ["inputs", "outputs"].find((key) => keys.has(key));
  return unknown === undefined
    ? undefined
    : messages.typeError(`('Keyword argument not understood:', ${reprString(unknown)})`);
}

const constructors = ["__init__", "__new__", "from_config"];
const argumentsOfModel = new Set(["autocast", "dtype", "dynamic", "inputs", "name", "outputs", "trainable"]);

/** The same of a config that is null or empty, to which a Sequential has words of its own. */
export function failWithoutLayers(load: Load, revival: Revival, plan: FromConfigPlan): void {
  const { behaviour } = load;
  if (failWithoutGraph(load, revival, plan) || plan.by !== "sequential") return;
  const object = objectOfConfig(load, revival.config.node);
  const fail = (error: PythonError) =>
    load.fail(
      object,
      {
        rule: "missing-key",
        node: placeOfObject(load, object),
        error,
        graph: { model: revival.config.node, key: "name" },
      },
      revival.frame,
    );
  if (behaviour.checksConfigType) fail(graphMessages.sequentialKeys());
  else if (behaviour.readsUnboundShape) fail(graphMessages.unboundShape());
}
