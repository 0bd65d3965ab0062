import { NO_NODE, type Node } from "../../../json/index.ts";
import { pythonType, truthy } from "../../dict.ts";
import { derivesFrom, lineageOf } from "../../graph/lineage.ts";
import type { Failure, FoundObject, Load } from "../../load.ts";
import * as graphMessages from "./graphMessages.ts";

/** What TensorFlow takes for the name of a scope that has no other around it (`Graph.name_scope`). */
const rootScope = /^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$/;

/**
 * A layer that is called on the tensor of a model opens a scope of its name (`_infer_output_signature` of
 * tf_keras/src/engine/base_layer.py): what TensorFlow says of a name that can be none. Undefined where it can, or is not known.
 */
export function nameFailure(load: Load, layer: Node, object: FoundObject): Failure | undefined {
  const { tree } = load;
  const node = tree.member(tree.member(layer, "config"), "name");
  if (node === NO_NODE) return undefined;
  const type = pythonType(tree, { node });
  const lineage = lineageOf(load, object);
  const own = ["__init__", "__new__", "__call__", "name", "from_config"];
  if (!lineage.complete || own.some(lineage.defines)) return undefined;
  const error =
    type === "str"
      ? tree.string(node) === "" || rootScope.test(tree.string(node))
        ? undefined
        : graphMessages.noScope(tree.string(node))
      : // Layers refuse what is no text themselves; models keep what is not empty.
        derivesFrom(lineage, "Model") && truthy(tree, { node })
        ? graphMessages.noScopeOfType(type)
        : undefined;
  return error && { rule: "invalid-argument", node, error, name: "name" };
}
