import { NO_NODE, type ValueTree } from "../json/index.ts";
import type { DocumentShape } from "../workspace/documentShape.ts";
import type { LineIndex } from "../workspace/lineIndex.ts";
import { keptBreadthFirst } from "./breadthFirst.ts";

/** Zero-based lines: the one with the opening bracket, and the last before the closing one, which stays in sight. */
export interface FoldingLines {
  readonly startLine: number;
  readonly endLine: number;
}

/** As many as VS Code folds by default. */
const MOST_RANGES = 5_000;

/**
 * The lists and dicts of a document that take more than two lines, in document order, at most one for each line; where there are
 * more than `limit`, the outer before the inner.
 */
export function foldingOf(shape: DocumentShape, lines: LineIndex, limit = MOST_RANGES): FoldingLines[] {
  const { tree } = shape.document;
  if (lines.count < 3) return [];
  const ranges: FoldingLines[] = [];
  const depths: number[] = [];
  // The ends of the ranges around, the innermost last.
  const open: number[] = [];
  for (let node = 0; node < tree.size; node++) {
    if (!isContainer(tree, node)) continue;
    const start = tree.start(node);
    while (open.length > 0 && open.at(-1)! <= start) open.pop();
    const startLine = lines.positionAt(start).line;
    const endLine = lines.positionAt(tree.end(node)).line - 1;
    if (endLine <= startLine || ranges.at(-1)?.startLine === startLine) continue;
    ranges.push({ startLine, endLine });
    depths.push(open.length);
    open.push(tree.end(node));
  }
  const kept = keptBreadthFirst(depths, limit);
  return ranges.filter((_, index) => kept[index] === 1);
}

function isContainer(tree: ValueTree, node: number): boolean {
  const kind = tree.kind(node);
  return (kind === "object" || kind === "array") && tree.firstChild(node) !== NO_NODE;
}
