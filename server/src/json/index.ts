export type { Node, ValueKind, ValueTree } from "./valueTree.ts";
export { NO_NODE } from "./valueTree.ts";
