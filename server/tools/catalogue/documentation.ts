/** What a docstring says in brief. */
export interface Documentation {
  /** The first paragraph, in one line; empty where there is none. */
  readonly summary: string;
  /** The first paragraph on each argument, in one line, by its name. */
  readonly arguments: ReadonlyMap<string, string>;
}

/** Reads a docstring in Keras's style: a paragraph, and a section "Args:" with an entry per argument. */
export function readDocstring(docstring: string): Documentation {
  const lines = dedented(docstring);
  const first = lines.findIndex((line) => line !== "");
  return { summary: first < 0 ? "" : paragraph(lines, first, 0), arguments: readArguments(lines) };
}

/** `inspect.cleandoc`: the first line's indentation apart from the others'. */
function dedented(docstring: string): string[] {
  const [first = "", ...rest] = docstring.replaceAll("\t", "        ").split("\n");
  const indents = rest.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const margin = indents.length > 0 ? Math.min(...indents) : 0;
  return [first.trim(), ...rest.map((line) => line.slice(margin).trimEnd())];
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The lines from `at` up to an empty one or one that stands further to the left, as one line. */
function paragraph(lines: readonly string[], at: number, indent: number): string {
  const words: string[] = [];
  for (let i = at; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line === "" || (i > at && indentOf(line) < indent)) break;
    words.push(line.trim());
  }
  return words.join(" ").replace(/\s+/g, " ").trim();
}

const section = /^(?:Args|Arguments|Call arguments|Keyword arguments|Parameters):$/;

function readArguments(lines: readonly string[]): Map<string, string> {
  const result = new Map<string, string>();
  for (let at = 0; at < lines.length; at++) {
    if (!section.test((lines[at] as string).trim())) continue;
    // What the call takes is no argument of the constructor.
    const keep = !(lines[at] as string).startsWith("Call");
    const outer = indentOf(lines[at] as string);
    let indent = -1;
    for (let i = at + 1; i < lines.length; i++) {
      const line = lines[i] as string;
      if (line === "") continue;
      const column = indentOf(line);
      if (column <= outer) break;
      if (indent < 0) indent = column;
      if (column !== indent) continue;
      const entry = /^(\*{0,2}\w+(?:, \*{0,2}\w+)*)(?:\s*\([^)]*\))?:(?:\s+(.*))?$/.exec(line.trim());
      if (!entry || !keep) continue;
      const rest = entryText(lines, i, indent, entry[2] ?? "");
      for (const name of (entry[1] as string).split(", ")) if (rest !== "" && !result.has(name)) result.set(name, rest);
    }
  }
  return result;
}

/** The first paragraph of an entry: what stands behind its name, and the lines below that are indented further. */
function entryText(lines: readonly string[], at: number, indent: number, first: string): string {
  const words = [first];
  for (let i = at + 1; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line === "" || indentOf(line) <= indent) break;
    words.push(line.trim());
  }
  return words.join(" ").replace(/\s+/g, " ").trim();
}
