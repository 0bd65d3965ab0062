export { elementsOf } from "./elements.ts";
export { formatJson } from "./format.ts";
export { type JsonDocument, type JsonSyntaxError, parseJson } from "./parse.ts";
export { jsonPointer, nodeAtOffset, nodeAtPointer } from "./pointer.ts";
export { PYTHON_DEPTH, type PythonError, pythonDecodeError } from "./python.ts";
export type { JsonTree } from "./tree.ts";
export type { Node, ValueKind, ValueTree } from "./valueTree.ts";
export { NO_NODE } from "./valueTree.ts";
