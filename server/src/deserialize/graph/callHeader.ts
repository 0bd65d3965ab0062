import { NO_NODE, type Node } from "../../json/index.ts";
import { signatureError } from "../building/binding.ts";
import { methodOf } from "../building/callError.ts";
import type { GraphLayer, LayerGraph, Refused } from "./layerGraph.ts";
import { lineageOf } from "./lineage.ts";

/**
 * What `CallSpec` of keras/src/layers/layer.py says where an entry of `inbound_nodes` does not fit the header of the `call` of a class
 * of the workspace; undefined where it fits, and of Keras's own.
 */
export function refusedByHeader({ load }: LayerGraph, { object }: GraphLayer, entry: Node): Refused | undefined {
  if (object?.from !== "workspace") return undefined;
  const header = methodOf(load, object, "call");
  if (!header || header === "inherited") return undefined;
  const { tree } = load;
  const args = tree.member(entry, "args");
  const kwargs = tree.member(entry, "kwargs");
  const positional = args === NO_NODE ? 0 : tree.childCount(args);
  const keywords = new Map<string, Node>();
  const first = kwargs === NO_NODE ? NO_NODE : tree.firstChild(kwargs);
  for (let member = first; member !== NO_NODE; member = tree.nextSibling(member))
    keywords.set(tree.key(member), member);
  // Whether it trains, a layer is told where it wants to know.
  if (!header.parameters.some(({ name }) => name === "training")) keywords.delete("training");
  // A layer that registers arguments for those within it may do without them itself.
  if (lineageOf(load, object).defines("_register_call_context_args")) keywords.clear();
  const error = signatureError(header, { positional, keywords: [...keywords.keys()] });
  if (!error) return undefined;
  const isAdditional = error.message.startsWith("got an unexpected keyword");
  const named = [...keywords].find(([keyword]) => isAdditional && error.message.endsWith(` '${keyword}'`));
  return { rule: "malformed-reference", error, at: named?.[1] ?? entry, unbound: true };
}
