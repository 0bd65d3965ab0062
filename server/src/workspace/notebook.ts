/** The code cells of a notebook, in order; undefined where the text is no notebook. */
export function codeCells(text: string): readonly string[] | undefined {
  let notebook: unknown;
  try {
    notebook = JSON.parse(text);
  } catch {
    return undefined;
  }
  const cells = member(notebook, "cells");
  if (!Array.isArray(cells)) return undefined;
  return cells.filter((cell) => member(cell, "cell_type") === "code").map((cell) => sourceOf(member(cell, "source")));
}

/** nbformat: a string, or a list of lines with their line ends. */
function sourceOf(source: unknown): string {
  const text = Array.isArray(source) ? source.filter((line) => typeof line === "string").join("") : source;
  return typeof text === "string" ? text : "";
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
