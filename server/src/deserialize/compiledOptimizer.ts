import type { Node } from "../json/index.ts";
import { derivesFrom, isCertainlyNo } from "./graph/lineage.ts";
import type { Frame, Load } from "./load.ts";
import * as messages from "./messages.ts";
import { foundSince, objectMade } from "./objectRepr.ts";

/** How Python prints the object that a value has become, where that is certainly no optimizer. */
export function printedNoOptimizer(load: Load, node: Node, frame: Frame): string | undefined {
  // All events are searched: a model has one optimizer.
  const made = objectMade(load, node, frame, foundSince(load, 0));
  if (!made?.lineage) return made?.printed;
  if (load.behaviour.package === "keras") return isCertainlyNo("Optimizer", made.lineage) ? made.printed : undefined;
  const { lineage, type } = made;
  if (ofKeras2.some((base) => !isCertainlyNo(base, lineage)) || ["__repr__", "__str__"].some(lineage.defines))
    return undefined;
  // Keras 2 leaves it to Python how objects are printed, but metrics.
  return derivesFrom(lineage, "Metric") ? undefined : type.replace(/^<class '(.*)'>$/, "<$1 object at 0x…>");
}

/** The bases of optimizers in tf_keras. */
const ofKeras2 = ["_BaseOptimizer", "OptimizerV2", "Optimizer", "BaseLossScaleOptimizer"];

/** `optimizers.get`, which `compile` calls, of what is no optimizer. */
export function failAsNoOptimizer(load: Load, node: Node, printed: string, frame: Frame): void {
  const error = messages.uninterpretable("optimizer", printed);
  load.fail(node, { rule: "unknown-identifier", node, error }, frame);
}
