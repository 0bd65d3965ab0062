import { NO_NODE, type Node, nodeAtOffset, type ValueTree } from "../json/index.ts";
import type { DocumentShape } from "../workspace/documentShape.ts";

/** UTF-16 offsets. */
export interface SelectionStep {
  readonly start: number;
  readonly end: number;
}

/** How many steps are given of one place: clients walk them recursively. */
const MOST_STEPS = 400;

/**
 * What a selection at an offset grows to, each step within the next: a string's content, the value or key, the member, what
 * stands between the brackets around it, and so on. Empty outside of the document's value.
 */
export function selectionStepsAt(shape: DocumentShape, offset: number): SelectionStep[] {
  const { tree } = shape.document;
  const steps: SelectionStep[] = [];
  const add = (start: number, end: number): void => {
    const inner = steps.at(-1);
    const grows = !inner || (start <= inner.start && end >= inner.end && end - start > inner.end - inner.start);
    if (start <= offset && offset <= end && grows) steps.push({ start, end });
  };
  for (let node = nodeAtOffset(tree, offset, true); node !== NO_NODE && steps.length < MOST_STEPS; ) {
    addStepsOf(tree, node, add);
    node = tree.parent(node);
  }
  return steps;
}

function addStepsOf(tree: ValueTree, node: Node, add: (start: number, end: number) => void): void {
  const keyStart = tree.keyStart(node);
  const keyEnd = tree.keyEnd(node);
  if (keyStart >= 0) {
    add(keyStart + 1, keyEnd - 1);
    add(keyStart, keyEnd);
  }
  const start = tree.start(node);
  const end = tree.end(node);
  const kind = tree.kind(node);
  // Within the quotes, or within the brackets.
  if (kind === "string" || kind === "object" || kind === "array") add(start + 1, end - 1);
  add(start, end);
  if (keyStart >= 0) add(keyStart, end);
}
