import type { FoundObject, Loader, PythonError } from "../deserialize/load.ts";
import type { Node } from "../json/index.ts";
import type { RegistryView, SourceLocation } from "../registry/view.ts";
import { cellOf, displayName } from "../workspace/notebook.ts";
import type { FileReport } from "../workspace/report.ts";
import type { CheckedDocument } from "../workspace/session.ts";
import type { StatedCall } from "../workspace/statedCall.ts";
import { exceptionalVersions, versionRanges } from "../workspace/versionRanges.ts";
import { signatureOf } from "./argumentHover.ts";
import { classOfFound } from "./configClass.ts";
import { pathOf } from "./configKeys.ts";
import { type DocumentationSources, documentationOf } from "./documentation.ts";
import { loaderOf, namedAt, type ObjectEvent } from "./identity.ts";
import { type DocumentShapes, shapeParagraph } from "./shapes.ts";

/** The marks by which Keras sets a sentence off in a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ANSI = /\u001b\[\d+m/g;

/** What happens to one object in one load, as far as it is told one by one. */
const MOST_EVENTS = 10;

/** What is said of an object. */
export interface HoverText {
  /** The value under the pointer. */
  readonly start: number;
  readonly end: number;
  /** Paragraphs of Markdown. */
  readonly paragraphs: readonly string[];
}

/**
 * What the object at an offset is, where it comes from, and what Keras makes of it; undefined where nothing is named. The
 * shapes are asked for only on the name of a class.
 */
export async function hoverAt(
  { report, indexed, isComplete, settings }: CheckedDocument,
  offset: number,
  sources: DocumentationSources,
  shapes?: () => Promise<DocumentShapes>,
): Promise<HoverText | undefined> {
  const named = namedAt(report, offset);
  if (!named) return undefined;
  const { analysis, place } = named;
  const { tree } = analysis.document;
  const layer = place.field === "class_name" ? (await shapes?.())?.get(place.object) : undefined;
  const shape = layer && shapeParagraph(layer);
  const said = new Map<string, { paragraphs: string[]; versions: string[] }>();
  for (const { events, versions } of named.loads) {
    const all = new Map<string, string[]>();
    for (const event of events.slice(0, MOST_EVENTS)) {
      const what =
        event.kind === "unknown" && !isComplete
          ? ["The workspace's Python is still being read."]
          : await sayWhat(event, indexed?.registry, sources, () => hintOf(report, place.object, event));
      if (event.kind === "found" && shape !== undefined) what.splice(1, 0, shape);
      // One sentence of Keras may be about several arguments.
      all.set(what.join("\n\n"), what);
    }
    const paragraphs = [...all.values()].flat();
    if (events.length > MOST_EVENTS) paragraphs.push(`And ${events.length - MOST_EVENTS} more.`);
    const known = said.get(paragraphs.join("\n\n"));
    if (known) known.versions.push(...versions);
    else said.set(paragraphs.join("\n\n"), { paragraphs, versions: [...versions] });
  }
  const paragraphs = [...said.values()].flatMap((one) => {
    const only = exceptionalVersions(one, report);
    return only === undefined ? one.paragraphs : [`**${only}**`, ...one.paragraphs];
  });
  const call = callOf(report, loaderOf(analysis, place.object), settings.call);
  if (call !== undefined) paragraphs.push(call);
  return { start: tree.start(place.value), end: tree.end(place.value), paragraphs };
}

/** By which call of which Keras the object is loaded, and who says so. */
function callOf({ keras }: FileReport, loader: Loader | undefined, stated: StatedCall | undefined): string | undefined {
  const [target] = keras;
  if (!target || !loader) return undefined;
  const versions = keras.map(({ version }) => version);
  const safeMode = stated?.safeMode === false ? " with `safe_mode=False`" : "";
  const isStated = stated?.loader === loader || safeMode !== "" ? ", as the settings say," : "";
  // Only the settings name several.
  const from = keras.length > 1 ? "the settings" : target.from;
  return `\`${loader}\`${safeMode}${isStated} of Keras ${versionRanges(versions, versions)} (${from})`;
}

async function sayWhat(
  event: ObjectEvent,
  registry: RegistryView | undefined,
  sources: DocumentationSources,
  hint: () => string | undefined,
): Promise<string[]> {
  if (event.kind === "unknown") return [`Cannot be known: ${event.unknown.reason}.`];
  if (event.kind === "failed") {
    const found = hint();
    return found ? [...whatKerasSays(event.outcome), found] : whatKerasSays(event.outcome);
  }
  const { object } = event;
  const documentation = await documentationOf(object, sources);
  const said = [...describe(object, registry), ...(documentation === undefined ? [] : [documentation])];
  const cls = classOfFound(object, registry);
  return cls ? [...said, `\`${signatureOf(sources.release, cls)}\``] : said;
}

/** What comes of a load that fails, and Keras's own text. */
function whatKerasSays({ exception, message }: PythonError): string[] {
  return [
    exception === "" ? "Keras never returns:" : `Keras raises ${exception}:`,
    codeBlock(message.replace(ANSI, "")),
  ];
}

/** What helps against one of the failures of an object. */
function hintOf(report: CheckedDocument["report"], object: Node, event: ObjectEvent): string | undefined {
  if (event.kind !== "failed") return undefined;
  const { failure, outcome } = event;
  const own = report.problems.filter((problem) => problem.object === object && problem.rule === failure.rule);
  return (own.find((problem) => problem.outcome?.message === outcome.message) ?? own[0])?.hint;
}

function describe(object: FoundObject, registry: RegistryView | undefined): string[] {
  if (object.from === "other") return ["An object of Python itself."];
  if (object.from === "keras") {
    const { kind, module } = object.symbol;
    return [`**\`${pathOf(object)}\`** (${kind} of Keras)`, `Defined in \`${module}\``];
  }
  const name = object.key ?? `${object.module}.${object.qualname}`;
  const lines = [`**\`${name}\`** (${object.kind === "other" ? "object" : object.kind})`];
  lines.push(`\`${object.module}.${object.qualname}\` in ${link(object.location)}`);
  if (object.handed) lines.push(`Handed in as \`${object.handed.key}\` by ${object.handed.by}`);
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
