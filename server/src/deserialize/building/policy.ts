import { NO_NODE, type Node } from "../../json/index.ts";
import type { StringRefusal } from "../constructor/values.ts";
import { refusalOfPolicy } from "../dtypePolicy.ts";
import { derivesFrom, lineageOf } from "../graph/lineage.ts";
import { isInstance } from "../instances.ts";
import { type Failure, kindOf, type Load, type Result } from "../load.ts";
import { attributeError, nameOf } from "../messages.ts";

/** What a layer asks its dtype policy for: when it adds a weight, and when it is called. */
export type PolicyAttribute = "quantization_mode" | "variable_dtype" | "convert_input" | "compute_dtype";

/** What a layer of this config says where its dtype has become something that is no policy, and lacks an attribute. */
export function policyLacks(load: Load, config: Node, attribute: PolicyAttribute): Failure | undefined {
  const node = load.tree.member(config, "dtype");
  const result = node === NO_NODE ? undefined : load.results.get(node);
  const type = result && typeWithout(load, result, attribute);
  if (type === undefined) return undefined;
  return { rule: "invalid-argument", node, error: attributeError(type, attribute), name: "dtype" };
}

/** The name of the type that a dtype has become, where instances of it lack the attribute for certain. */
export function typeWithout(load: Load, result: Result, attribute: PolicyAttribute): string | undefined {
  if (result.is === "plain") return result.text === undefined ? result.returned : "str";
  if (result.is !== "object" || result.object.from !== "workspace") return undefined;
  const { object } = result;
  if (kindOf(object) === "function") return "function";
  const lineage = lineageOf(load, object);
  if (!isInstance(load, object) || ["__getattr__", "__getattribute__", attribute].some(lineage.defines))
    return undefined;
  // A layer has a dtype policy of its own, and answers for it; what it lacks is the method of a policy.
  const answers = ["DTypePolicy", "Operation", "Layer"].some((name) => derivesFrom(lineage, name));
  const isLayer = derivesFrom(lineage, "Layer") && attribute === "convert_input";
  return answers && !isLayer ? undefined : nameOf(object);
}

/**
 * What `Operation.from_config` makes of a layer that stands for a policy: since it says that it quantizes nothing, its name, of which
 * the constructor makes a policy. Undefined where that is one.
 */
export function nameRefusal(load: Load, value: Node, result: Result): StringRefusal | undefined {
  if (result.is !== "object" || result.object.from !== "workspace" || !isInstance(load, result.object))
    return undefined;
  if (!derivesFrom(lineageOf(load, result.object), "Layer")) return undefined;
  const name = load.tree.member(load.tree.member(value, "config"), "name");
  if (name === NO_NODE || load.tree.kind(name) !== "string") return undefined;
  return refusalOfPolicy(load, load.tree.string(name));
}
