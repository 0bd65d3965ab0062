import type { BuiltinSymbol } from "../catalogue/keras.ts";
import type { SourceLocation } from "../registry/view.ts";
import { type Host, readText } from "./host.ts";
import { joinUri } from "./uri.ts";

const SOURCE_BYTES = 10_000_000;

/**
 * Where a class or function of Keras is defined in the first of the folders of installed packages that holds its module;
 * undefined where none does.
 */
export async function builtinSource(
  host: Host,
  sitePackages: readonly string[],
  { module, qualname }: BuiltinSymbol,
): Promise<Pick<SourceLocation, "uri" | "range"> | undefined> {
  const path = module.replaceAll(".", "/");
  for (const folder of sitePackages) {
    for (const file of [`${path}.py`, `${path}/__init__.py`]) {
      const uri = joinUri(folder, file);
      const read = await readText(host, uri, "python", SOURCE_BYTES);
      if (read.ok) return { uri, range: definitionIn(read.value.text, qualname) };
    }
  }
  return undefined;
}

/** The name in `class Name` or `def name`; the beginning of the file where it is made in another way. */
function definitionIn(text: string, qualname: string): SourceLocation["range"] {
  const name = qualname.slice(qualname.lastIndexOf(".") + 1);
  const lines = text.split(/\r\n?|\n/);
  let indented: SourceLocation["range"] | undefined;
  for (const [line, content] of lines.entries()) {
    const match = /^([ \t]*)(?:async[ \t]+)?(?:class|def)[ \t]+(\w+)/.exec(content);
    if (match?.[2] !== name) continue;
    const character = match[0].length - name.length;
    const range = { start: { line, character }, end: { line, character: character + name.length } };
    if (match[1] === "") return range;
    indented ??= range;
  }
  return indented ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
}
