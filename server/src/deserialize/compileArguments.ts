import { NO_NODE, type Node } from "../json/index.ts";
import type { Frame, Load } from "./load.ts";
import { warnOfMissingConfig } from "./missingConfig.ts";
import { isUnregistered } from "./retrievalWarnings.ts";

type Table = "losses" | "metrics";

/** The arguments of `Trainer.compile` that hold losses and metrics. */
const tables: readonly (readonly [argument: string, table: Table])[] = [
  ["loss", "losses"],
  ["metrics", "metrics"],
  ["weighted_metrics", "metrics"],
];

/** Names that `get_loss` and `get_metric` of keras/src/trainers/compile_utils.py choose by the data, in any case. */
const chosenByData: Readonly<Record<Table, ReadonlySet<string>>> = {
  losses: new Set(["crossentropy", "ce"]),
  metrics: new Set(["accuracy", "acc"]),
};

/** What tells a serialized object, whole or damaged, from a dict of outputs. */
const objectFields = ["class_name", "module", "registered_name"];

/**
 * What `compile(**config)` takes without a look: strings that name no loss or metric, and dicts that are no objects. Both
 * are read where the model is trained or evaluated first (`CompileLoss.build`, `CompileMetrics.build`).
 */
export function warnOfCompileArguments(load: Load, compileConfig: Node, frame: Frame): void {
  const { tree } = load;
  for (const [argument, table] of tables) {
    const stack: Node[] = [tree.member(compileConfig, argument)];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (node === NO_NODE) continue;
      const kind = tree.kind(node);
      if (kind === "string") warnOfString(load, node, table, frame);
      if (kind !== "object" && kind !== "array") continue;
      const isObject = kind === "object" && objectFields.some((key) => tree.member(node, key) !== NO_NODE);
      if (isObject) warnOfMissingConfig(load, node, frame);
      else pushChildren(load, node, stack);
    }
  }
}

/** Puts the elements or members of a container onto a stack, the first on top; of a key that is there twice the last. */
function pushChildren({ tree }: Load, node: Node, stack: Node[]): void {
  const children: Node[] = [];
  for (let child = tree.firstChild(node); child !== NO_NODE; child = tree.nextSibling(child)) {
    if (tree.kind(node) === "array" || tree.member(node, tree.key(child)) === child) children.push(child);
  }
  for (const child of children.reverse()) stack.push(child);
}

/** A string that stays one until the model is used, where it names nothing. */
export function warnOfString(load: Load, node: Node, table: Table, frame: Frame): void {
  const { tree, release } = load;
  if (tree.kind(node) !== "string") return;
  const name = tree.string(node);
  if (name === "" || chosenByData[table].has(name.toLowerCase()) || release.tableEntry(table, name)) return;
  if (!isUnregistered(load, name, name, null)) return;
  const kind = table === "losses" ? "loss" : "metric";
  load.warn(node, { rule: "unknown-loss-or-metric", at: node, kind, name }, frame);
}
