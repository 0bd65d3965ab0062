import { field, pythonType, type Value } from "./dict.ts";
import type { Frame, Load } from "./load.ts";
import * as messages from "./messages.ts";

/**
 * `optimizers.deserialize` of keras/src/optimizers/__init__.py asks a dict for its `class_name`, and that for its lower case,
 * before all else. Whether one of them is not there, which an event then says.
 */
export function failsOnOptimizer(load: Load, value: Value, frame: Frame): boolean {
  const { tree, behaviour } = load;
  if (behaviour.package !== "keras") return false;
  const type = pythonType(tree, value);
  const className = type === "dict" ? field(tree, { node: value.node }, "class_name") : undefined;
  const nameType = className && pythonType(tree, className);
  if (nameType === "str") return false;
  const error = nameType
    ? { exception: "AttributeError", message: `'${nameType}' object has no attribute 'lower'` }
    : messages.subscriptFails(type, "class_name");
  load.fail(value.node, { rule: "wrong-field-type", node: className?.node ?? value.node, error }, frame);
  return true;
}
