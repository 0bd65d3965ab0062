import type { Node } from "../json/index.ts";
import { isCertainlyNo } from "./graph/lineage.ts";
import type { Frame, Load } from "./load.ts";
import * as messages from "./messages.ts";
import { foundSince, objectMade } from "./objectRepr.ts";

/** How Python prints the object that a value has become, where that is certainly no optimizer. */
export function printedNoOptimizer(load: Load, node: Node, frame: Frame): string | undefined {
  // All events are searched: a model has one optimizer.
  const made = objectMade(load, node, frame, foundSince(load, 0));
  if (!made?.lineage) return made?.printed;
  return load.behaviour.package === "keras" && isCertainlyNo("Optimizer", made.lineage) ? made.printed : undefined;
}

/** `optimizers.get`, which `compile` calls, of what is no optimizer. */
export function failAsNoOptimizer(load: Load, node: Node, printed: string, frame: Frame): void {
  const error = messages.uninterpretable("optimizer", printed);
  load.fail(node, { rule: "unknown-identifier", node, error }, frame);
}
