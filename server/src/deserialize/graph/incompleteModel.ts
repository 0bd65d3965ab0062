import { NO_NODE } from "../../json/index.ts";
import type { FromConfigPlan } from "../constructorSlots.ts";
import { inner, type Load, type PythonError, type Revival } from "../load.ts";
import * as messages from "../messages.ts";
import { objectOfConfig, placeOfObject } from "../places.ts";
import * as graphMessages from "./graphMessages.ts";

/**
 * What `Model.from_config` (keras/src/models/model.py) makes of a Functional's config that lacks one of the keys of a graph: the
 * constructor gets it, and misses its tensors. Whether that is so of this config, which an event then says.
 */
export function failWithoutGraph(load: Load, { object, config, frame }: Revival, plan: FromConfigPlan): boolean {
  const { tree, behaviour } = load;
  if (plan.by !== "model" || behaviour.package !== "keras" || object.from !== "keras") return false;
  if (object.symbol.qualname !== "Functional") return false;
  const has = (key: string) => tree.member(config.node, key) !== NO_NODE;
  const missing = ["inputs", "outputs"].filter((key) => !has(key));
  const key = ["layers", "name", "input_layers", "output_layers"].find((name) => !has(name));
  if (missing.length === 0 || key === undefined) return false;
  const error = messages.unableToRevive(
    messages.classRepr(object),
    messages.nameOf(object),
    messages.missingArguments("Functional", missing),
  );
  const node = objectOfConfig(load, config.node);
  load.fail(
    node,
    { rule: "missing-key", node: placeOfObject(load, node), error, graph: { model: config.node, key } },
    inner(frame, { calls: 1 }),
  );
  return true;
}

/** The same of a config that is null or empty, to which a Sequential has words of its own. */
export function failWithoutLayers(load: Load, revival: Revival, plan: FromConfigPlan): void {
  const { behaviour } = load;
  if (failWithoutGraph(load, revival, plan) || plan.by !== "sequential" || behaviour.package !== "keras") return;
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
