import { elementsOf, type Node } from "../../json/index.ts";
import { isNotCallable } from "../instances.ts";
import type { PythonError } from "../load.ts";
import * as messages from "../messages.ts";
import type { Call, GraphLayer, LayerGraph, Refused } from "./layerGraph.ts";
import { derivesFrom, lineageOf } from "./lineage.ts";

/**
 * What comes of calling with one tensor what stands among the layers of a model and is no operation, as far as that is said before a
 * backend is asked: instances that nobody can call, losses, and the initializers that ask the tensor as a shape for its length
 * (initializers/random_initializers.py and constant_initializers.py of Keras 3.0 to 3.8; from 3.9 it is refused before).
 */
export function callOfOther(graph: LayerGraph, { object }: GraphLayer, call: Call): Refused | undefined {
  const { load } = graph;
  if (object?.from !== "keras" || !isOneTensor(graph, call)) return undefined;
  const refused = (error: PythonError): Refused => ({ rule: "not-a-layer", error, at: call.entry });
  if (isNotCallable(load, object))
    return refused(messages.typeError(`'${object.symbol.qualname}' object is not callable`));
  const lineage = lineageOf(load, object);
  if (derivesFrom(lineage, "Loss"))
    return refused(messages.typeError("Loss.__call__() missing 1 required positional argument: 'y_pred'"));
  if (derivesFrom(lineage, "VarianceScaling"))
    return refused({
      exception: "NotImplementedError",
      message: "Iterating over a symbolic KerasTensor is not supported.",
    });
  const asksLength = ["OrthogonalInitializer", "Orthogonal", "Identity"].some((name) => derivesFrom(lineage, name));
  return asksLength ? refused(messages.typeError("object of type 'KerasTensor' has no len()")) : undefined;
}

/** Whether a call hands over one tensor of the model, and nothing else. */
function isOneTensor({ load: { tree } }: LayerGraph, { entry, single, leaves, form }: Call): boolean {
  const isEmpty = (node: Node) => tree.kind(node) === "object" && tree.childCount(node) === 0;
  const args = tree.member(entry, "args");
  const isOne = form === "arguments" && single && leaves.length === 0 && elementsOf(tree, args).length === 1;
  return isOne && isEmpty(tree.member(entry, "kwargs"));
}
