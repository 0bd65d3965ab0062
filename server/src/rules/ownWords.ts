import type { Failure, OwnUse } from "../deserialize/load.ts";
import { NO_NODE, type ValueTree } from "../json/index.ts";

/** What a class of the workspace cannot do with what the config holds, naming the method and the argument, and what Python says of it. */
export function ownWords({ node, name, rule }: Failure, { className, method, error }: OwnUse, tree: ValueTree): string {
  const parent = tree.parent(node);
  const isElement = parent !== NO_NODE && tree.kind(parent) === "array";
  const what = name === undefined ? "a value" : isElement ? `an element of \`${name}\`` : `\`${name}\``;
  const still = rule === "not-deserialized" ? "which is a dict still" : "as the config has it";
  return `\`${className}.${method}\` cannot use ${what}, ${still}. Python says: ${error.message}`;
}
