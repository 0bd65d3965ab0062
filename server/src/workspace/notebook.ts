import { elementsOf, type JsonTree, NO_NODE, type Node, parseJson } from "../json/index.ts";
import { LineIndex } from "./lineIndex.ts";
import { baseName } from "./uri.ts";

/** A code cell of a notebook. */
export interface CodeCell {
  /** Its index among all cells of the notebook, those of text included. */
  readonly index: number;
  readonly text: string;
}

interface Position {
  readonly line: number;
  readonly character: number;
}

/** The URI of a notebook's cell, by its index among all cells: `file:///w/explore.ipynb#cell=2`. */
export function cellUri(notebook: string, index: number): string {
  return `${notebook}#cell=${index}`;
}

/** The notebook and the index that a URI of `cellUri` names; undefined for any other URI. */
export function cellOf(uri: string): { readonly notebook: string; readonly index: number } | undefined {
  const match = /^([^#]*)#cell=(\d+)$/.exec(uri);
  return match ? { notebook: match[1]!, index: Number(match[2]) } : undefined;
}

/** A file's name for people; of a cell, with its number, counted from one. */
export function displayName(uri: string): string {
  const cell = cellOf(uri);
  return cell ? `${baseName(cell.notebook)}, cell ${cell.index + 1}` : baseName(uri.replace(/#.*$/, ""));
}

export function isNotebook(uri: string): boolean {
  return /\.ipynb$/i.test(uri);
}

/**
 * The code cells of a notebook that hold Python, in order; undefined where the text is no notebook. Takes nbformat 4 and
 * those before it, and any JSON; never throws.
 */
export function codeCells(text: string): readonly CodeCell[] | undefined {
  const { tree } = parseJson(text);
  const cells = cellNodes(tree);
  if (!cells) return undefined;
  const language = kernelLanguage(tree);
  const found: CodeCell[] = [];
  for (const [index, cell] of cells.entries()) {
    if (stringOf(tree, tree.member(cell, "cell_type")) !== "code") continue;
    if (!isPython(cellLanguage(tree, cell) ?? language ?? "python")) continue;
    found.push({
      index,
      text: sourceOf(tree, cell)
        .map((piece) => tree.string(piece))
        .join(""),
    });
  }
  return found;
}

/**
 * Where a range of a cell stands in the text of the `.ipynb` file: positions of the characters that spell it in JSON.
 * Undefined where the file holds no such cell.
 */
export function rangeInFile(
  text: string,
  index: number,
  { start, end }: { readonly start: Position; readonly end: Position },
): { start: Position; end: Position } | undefined {
  const { tree } = parseJson(text);
  const cell = cellNodes(tree)?.[index];
  if (cell === undefined) return undefined;
  const pieces = sourceOf(tree, cell);
  if (pieces.length === 0) return undefined;
  const lines = new LineIndex(pieces.map((piece) => tree.string(piece)).join(""));
  const offsetOf = ({ line, character }: Position) => {
    const { start: from, end: to } = lines.rangeOf(line);
    return Math.min(from + character, to);
  };
  const first = offsetOf(start);
  const file = new LineIndex(text);
  const at = (offset: number, isEnd: boolean) => file.positionAt(offsetInFile(tree, pieces, offset, isEnd));
  const last = Math.max(first, offsetOf(end));
  return { start: at(first, false), end: at(last, last > first) };
}

/** The offset in the file of a UTF-16 offset of a source. Between two strings, an end belongs to the first of them. */
function offsetInFile(tree: JsonTree, pieces: readonly Node[], offset: number, isEnd: boolean): number {
  let rest = offset;
  for (const piece of pieces) {
    const { length } = tree.string(piece);
    if (rest < length || (rest === length && (isEnd || piece === pieces.at(-1)))) {
      const written = tree.raw(piece);
      let at = 1;
      for (; rest > 0; rest--) at += written.charAt(at) !== "\\" ? 1 : written.charAt(at + 1) === "u" ? 6 : 2;
      return tree.start(piece) + Math.min(at, written.length - 1);
    }
    rest -= length;
  }
  return tree.start(pieces[0]!);
}

/** All cells: nbformat 4 has them at the top, the formats before it in worksheets. Undefined where there are none. */
function cellNodes(tree: JsonTree): readonly Node[] | undefined {
  const cells = tree.member(tree.root, "cells");
  if (isArray(tree, cells)) return elementsOf(tree, cells);
  const worksheets = tree.member(tree.root, "worksheets");
  if (!isArray(tree, worksheets)) return undefined;
  return elementsOf(tree, worksheets).flatMap((sheet) => elementsOf(tree, tree.member(sheet, "cells")));
}

/** The strings of a cell's source: one, or one for each line with its line end. Before nbformat 4 it is called `input`. */
function sourceOf(tree: JsonTree, cell: Node): Node[] {
  const own = tree.member(cell, "source");
  const source = own === NO_NODE ? tree.member(cell, "input") : own;
  if (source === NO_NODE) return [];
  const pieces = tree.kind(source) === "array" ? elementsOf(tree, source) : [source];
  return pieces.filter((piece) => tree.kind(piece) === "string");
}

/** What the notebook's kernel runs, as far as the notebook says so. */
function kernelLanguage(tree: JsonTree): string | undefined {
  const metadata = tree.member(tree.root, "metadata");
  const info = tree.member(metadata, "language_info");
  const kernel = tree.member(metadata, "kernelspec");
  const named = stringOf(tree, tree.member(info, "name")) ?? stringOf(tree, tree.member(kernel, "language"));
  if (named !== undefined) return named;
  // Colab names only the kernel.
  const name = stringOf(tree, tree.member(kernel, "name"));
  return name !== undefined && /^(?:ir$|julia|xr$|scala|sbt|gophernotes|rust|deno|bash|octave|\.net)/i.test(name)
    ? name
    : undefined;
}

/** The language of one cell, where it is not the kernel's: as VS Code notes it, and as nbformat 3 does. */
function cellLanguage(tree: JsonTree, cell: Node): string | undefined {
  const noted = tree.member(tree.member(tree.member(cell, "metadata"), "vscode"), "languageId");
  return stringOf(tree, noted) ?? stringOf(tree, tree.member(cell, "language"));
}

function isPython(language: string): boolean {
  return /^(?:i?python[\d.]*|pyspark|sage|sagemath)$/i.test(language);
}

function stringOf(tree: JsonTree, node: Node): string | undefined {
  return node !== NO_NODE && tree.kind(node) === "string" && tree.string(node) !== "" ? tree.string(node) : undefined;
}

function isArray(tree: JsonTree, node: Node): boolean {
  return node !== NO_NODE && tree.kind(node) === "array";
}
