import type { KerasDocumentation } from "../catalogue/documentation.ts";
import type { KerasRelease } from "../catalogue/keras.ts";
import type { FoundObject } from "../deserialize/load.ts";
import { docstring, parsePython, stringValue, walkStatements } from "../python/index.ts";
import type { SourceLocation } from "../registry/view.ts";

/** Where the words about an object come from. */
export interface DocumentationSources {
  readonly keras: () => Promise<KerasDocumentation>;
  readonly release: KerasRelease;
  /** The text of a Python file as it is now; undefined where it cannot be read. */
  readonly readText: (uri: string) => Promise<string | undefined>;
}

/** The first paragraph that is written of an object, on one line; undefined where nothing is. */
export async function documentationOf(object: FoundObject, sources: DocumentationSources): Promise<string | undefined> {
  if (object.from === "keras") return (await sources.keras()).summary(sources.release.version, object.symbol);
  return object.from === "workspace" ? documentationAt(object.location, sources) : undefined;
}

/** The first paragraph of the docstring of a class or function of the workspace. */
export async function documentationAt(
  location: SourceLocation,
  sources: Pick<DocumentationSources, "readText">,
): Promise<string | undefined> {
  const text = await sources.readText(location.uri);
  const written = text === undefined ? undefined : docstringAt(text, location.start);
  const paragraph = (written?.trimStart().split(/\n[ \t]*\r?\n/, 1)[0] ?? "").replace(/\s+/g, " ").trim();
  return paragraph === "" ? undefined : paragraph;
}

/** The docstring of the class or function whose header holds an offset. */
function docstringAt(text: string, offset: number): string | undefined {
  const tree = parsePython(text);
  for (const statement of walkStatements(tree.body)) {
    if (statement.start > offset) return undefined;
    const isIt = (statement.kind === "class" || statement.kind === "def") && offset <= statement.end;
    const literal = isIt ? docstring(tree, statement.body) : undefined;
    if (isIt) return literal && stringValue(text, literal);
  }
  return undefined;
}
