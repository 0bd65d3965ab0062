/** A notebook of these code cells, behind a text. */
export function notebook(...cells: string[]): string {
  const code = cells.map((source) => ({ cell_type: "code", source: source.split(/(?<=\n)/) }));
  return `${JSON.stringify({ cells: [{ cell_type: "markdown", source: "# Layers" }, ...code], nbformat: 4 }, null, 1)}\n`;
}
