import type { FoundObject } from "../deserialize/load.ts";
import type { Node } from "../json/index.ts";
import type { RegistryView, SourceLocation } from "../registry/view.ts";
import { cellOf, displayName } from "../workspace/notebook.ts";
import type { CheckedDocument } from "../workspace/session.ts";
import { type DocumentationSources, documentationOf } from "./documentation.ts";
import { loaderOf, namedAt, type ObjectEvent } from "./identity.ts";

/** What is said of an object. */
export interface HoverText {
  /** The value under the pointer. */
  readonly start: number;
  readonly end: number;
  /** Paragraphs of Markdown. */
  readonly paragraphs: readonly string[];
}

/** What the object at an offset is, where it comes from, and what Keras makes of it; undefined where nothing is named. */
export async function hoverAt(
  { report, indexed, isComplete }: CheckedDocument,
  offset: number,
  sources: DocumentationSources,
): Promise<HoverText | undefined> {
  const named = namedAt(report, offset);
  if (!named) return undefined;
  const { analysis, place, event } = named;
  const { tree } = analysis.document;
  const paragraphs = await sayWhat(event, indexed?.registry, sources, () => hintOf(report, place.object));
  if (event.kind === "unknown" && !isComplete) paragraphs.splice(0, 1, "The workspace's Python is still being read.");
  const [target] = report.keras;
  const loader = loaderOf(analysis, place.object);
  if (target && loader) paragraphs.push(`\`${loader}\` of Keras ${target.version} (${target.from})`);
  return { start: tree.start(place.value), end: tree.end(place.value), paragraphs };
}

async function sayWhat(
  event: ObjectEvent,
  registry: RegistryView | undefined,
  sources: DocumentationSources,
  hint: () => string | undefined,
): Promise<string[]> {
  if (event.kind === "unknown") return [`Cannot be known: ${event.unknown.reason}.`];
  if (event.kind === "failed") {
    const { exception, message } = event.outcome;
    return [`Keras raises ${exception}:`, codeBlock(message), hint() ?? ""].filter((paragraph) => paragraph !== "");
  }
  const { object } = event;
  const documentation = await documentationOf(object, sources);
  return [...describe(object, registry), ...(documentation === undefined ? [] : [documentation])];
}

function hintOf(report: CheckedDocument["report"], object: Node): string | undefined {
  return report.problems.find((problem) => problem.object === object)?.hint;
}

function describe(object: FoundObject, registry: RegistryView | undefined): string[] {
  if (object.from === "other") return ["An object of Python itself."];
  if (object.from === "keras") {
    const { canonical, kind, module, qualname } = object.symbol;
    const path = canonical ?? `${module}.${qualname}`;
    return [`**\`${path}\`** (${kind} of Keras)`, `Defined in \`${module}\``];
  }
  const name = object.key ?? `${object.module}.${object.qualname}`;
  const lines = [`**\`${name}\`** (${object.kind === "other" ? "object" : object.kind})`];
  lines.push(`\`${object.module}.${object.qualname}\` in ${link(object.location)}`);
  const declarations = object.key === undefined ? [] : (registry?.declarations(object.key) ?? []);
  const own = declarations.find(({ location }) => isSame(location, object.location));
  if (own) lines.push(`Registered by \`${own.via.text}\` in ${link(own.via.location)}`);
  for (const other of declarations) {
    if (!isSame(other.location, object.location))
      lines.push(`\`${other.key}\` is registered in ${link(other.location)}, too; the last one counts`);
  }
  return lines;
}

function isSame(a: SourceLocation, b: SourceLocation): boolean {
  return a.uri === b.uri && a.start === b.start;
}

/** A link to a line of a file; of a notebook's cell to the notebook, since no link leads into a cell. */
function link({ uri, range }: SourceLocation): string {
  const line = range.start.line + 1;
  const target = cellOf(uri)?.notebook ?? (uri.includes("#") ? uri : `${uri}#L${line}`);
  return `[${displayName(uri).replace(/[[\]\\]/g, "\\$&")}:${line}](${target})`;
}

/** Text of others as a block in which nothing is Markdown. */
function codeBlock(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
