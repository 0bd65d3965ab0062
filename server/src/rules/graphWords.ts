import type { GraphFacts } from "../deserialize/graph/graphFacts.ts";
import type { Failure } from "../deserialize/load.ts";
import { NO_NODE, type Node, type ValueTree } from "../json/index.ts";

/** A circle may be as long as the model. */
const MOST_NAMED = 8;
/** Keras prints all nodes that are left. */
const MOST_QUOTED = 200;

/** What is wrong with the graph of a model, naming the layer and the model, and what Keras says of it. */
export function graphWords(failure: Failure, facts: GraphFacts, tree: ValueTree): string {
  const said = whatIsWrong(failure, facts, tree);
  const { exception, message } = failure.error;
  if (exception === "") return `${said} ${message}`;
  if (message === "") return `${said} Keras raises ${exception} without a word.`;
  const [line = ""] = message.split("\n");
  const quoted = line.length > MOST_QUOTED ? `${line.slice(0, MOST_QUOTED)}…` : line;
  return `${said} Keras says: ${quoted}`;
}

function whatIsWrong({ rule }: Failure, facts: GraphFacts, tree: ValueTree): string {
  const { layer, ends, index, count, key, circle } = facts;
  const model = modelName(tree, facts.model);
  const who = layer === undefined ? (ends === undefined ? model : `\`${ends}\` of ${model}`) : layerName(tree, layer);
  const within = layer === undefined ? "" : ` of ${model}`;
  const named = facts.named === undefined ? "what it names" : shown(tree, facts.named);
  switch (rule) {
    case "unknown-layer-reference":
      return `${who}${within} refers to ${named}, and the model has no layer of that name.`;
    case "node-index-out-of-range":
      return `${who}${within} refers to node ${index} of ${named}, which has ${counted(count, "node")}.`;
    case "tensor-index-out-of-range":
      return `${who}${within} refers to tensor ${index} of ${named}, which makes ${counted(count, "tensor")}.`;
    case "cyclic-graph":
      return circle && circle.length > 1
        ? `${who}${within} takes what it makes itself: ${circleNames(tree, circle)}.`
        : `${who}${within} takes its own tensor.`;
    case "layer-order":
      return `${who}${within} stands before ${named}, whose tensor it takes.`;
    case "duplicate-layer-name":
      return `${capital(model)} has two layers of the name ${named}.`;
    case "second-input-layer":
      return `${capital(model)} has an InputLayer already.`;
    case "missing-key":
      return `${layer === undefined ? capital(model) : `${who}${within}`} has no \`${key}\`.`;
    case "not-a-layer":
      return `${capital(model)} has something among its layers that is none.`;
    case "disconnected-graph":
      if (ends === undefined)
        return `${who}${within} takes the tensor of ${named}, which is none of the model's inputs.`;
      return facts.named === undefined
        ? `${capital(model)} has nothing in its \`${ends}\`.`
        : ends === "input_layers"
          ? `The input ${named} of ${model} is taken by no layer.`
          : `The output ${named} of ${model} does not come of its inputs alone.`;
    default:
      if (facts.unbound) return `${who}${within} is called with other arguments than its \`call\` takes.`;
      if (ends !== undefined && facts.named !== undefined) return `${who} names ${named} more than once.`;
      if (facts.takesMore) return `${who}${within} takes more than the one tensor that a Sequential hands it.`;
      return `${who}${within} refers to a tensor in a way that Keras does not read.`;
  }
}

function counted(count: number | undefined, word: string): string {
  if (count === undefined) return `no such ${word}`;
  return count === 0 ? `no ${word}` : `${count} ${word}${count === 1 ? "" : "s"}`;
}

function circleNames(tree: ValueTree, circle: readonly Node[]): string {
  const names = circle.slice(0, MOST_NAMED).map((node) => layerName(tree, node));
  return [...names, ...(circle.length > MOST_NAMED ? ["…"] : []), names[0] ?? ""].join(" takes of ");
}

function modelName(tree: ValueTree, config: Node): string {
  const name = tree.member(config, "name");
  return name === NO_NODE ? "the model" : `the model ${shown(tree, name)}`;
}

function layerName(tree: ValueTree, layer: Node): string {
  const name = tree.member(layer, "name");
  const own = name === NO_NODE ? tree.member(tree.member(layer, "config"), "name") : name;
  return own === NO_NODE ? "A layer" : shown(tree, own);
}

function shown(tree: ValueTree, node: Node): string {
  const text = tree.kind(node) === "string" ? tree.string(node) : tree.raw(node);
  return `\`${text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}…` : text}\``;
}

function capital(sentence: string): string {
  return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}`;
}
