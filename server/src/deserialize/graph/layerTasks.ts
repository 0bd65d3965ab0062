import { NO_NODE, type Node } from "../../json/index.ts";
import { truthy } from "../dict.ts";
import type { Task } from "../load.ts";
import * as messages from "../messages.ts";
import * as graphMessages from "./graphMessages.ts";
import type { LayerGraph } from "./layerGraph.ts";

/** `for layer_data in config["layers"]`: a task for each; undefined where Python does not go through them, which is told. */
export function layerTasks(
  { load, config, frame }: LayerGraph,
  processLayer: (layer: Node) => void,
): Task[] | undefined {
  const { tree } = load;
  const layers = tree.member(config, "layers");
  // The characters of a text and the keys of a dict are texts, which have no name.
  const holdsTexts = tree.kind(layers) !== "array" && truthy(tree, { node: layers });
  const error = graphMessages.notIterated(tree, layers) ?? (holdsTexts ? messages.textIndexed() : undefined);
  if (error) {
    load.fail(config, { rule: "malformed-reference", node: layers, error, graph: { model: config } }, frame);
    return undefined;
  }
  const tasks: Task[] = [];
  for (let child = tree.firstChild(layers); child !== NO_NODE; child = tree.nextSibling(child)) {
    const layer = child;
    tasks.push(() => processLayer(layer));
  }
  return tasks;
}
