import type { FoundObject } from "../deserialize/load.ts";
import type { Registry } from "../registry/index.ts";
import type { SourceLocation } from "../registry/view.ts";
import type { CheckResult } from "../workspace/checkDocument.ts";
import type { CheckedDocument } from "../workspace/session.ts";
import { namedAt, namingValue } from "./identity.ts";

/** A class or function of the workspace that is looked for in configs. */
export interface Wanted {
  readonly location: SourceLocation;
  /** Words one of which stands in every text that names it: the cheap test before anything is read. */
  readonly words: ReadonlySet<string>;
}

/** The registered objects at an offset of a Python file: on the name in `class` or `def`, or on what registers it. */
export function registeredAt(registry: Registry, uri: string, offset: number): Wanted[] {
  const found = new Map<string, { location: SourceLocation; words: Set<string> }>();
  for (const { key, qualname, location, via } of registry.registrations) {
    const isHere = [location, via.location].some((at) => at.uri === uri && at.start <= offset && offset <= at.end);
    if (!isHere) continue;
    const id = `${location.uri}\0${location.start}`;
    const entry = found.get(id) ?? { location, words: new Set<string>() };
    found.set(id, entry);
    entry.words.add(key.slice(key.lastIndexOf(">") + 1)).add(qualname.slice(qualname.lastIndexOf(".") + 1));
  }
  return [...found.values()];
}

/** The object of the workspace that a config names at an offset. */
export function objectAt({ report }: CheckedDocument, offset: number): Wanted | undefined {
  const event = namedAt(report, offset)?.event;
  if (event?.kind !== "found" || event.object.from !== "workspace") return undefined;
  const { location, qualname, key = qualname } = event.object;
  const words = [key.slice(key.lastIndexOf(">") + 1), qualname.slice(qualname.lastIndexOf(".") + 1)];
  return { location, words: new Set(words) };
}

/** Where a config names one of the objects: UTF-16 offsets of the value by which Keras finds it, in order. */
export function referencesIn({ analysis }: CheckResult, wanted: readonly Wanted[]): { start: number; end: number }[] {
  if (!analysis) return [];
  const { tree } = analysis.document;
  const found = new Map<number, { start: number; end: number }>();
  for (const { events } of analysis.loads) {
    for (const event of events) {
      if (event.kind !== "found" || !isWanted(event.object, wanted)) continue;
      const node = namingValue(tree, event.node, event.object.from === "workspace" ? event.object.key : undefined);
      if (node >= 0) found.set(node, { start: tree.start(node), end: tree.end(node) });
    }
  }
  return [...found.values()].sort((a, b) => a.start - b.start);
}

function isWanted(object: FoundObject, wanted: readonly Wanted[]): boolean {
  if (object.from !== "workspace") return false;
  const { uri, start } = object.location;
  return wanted.some(({ location }) => location.uri === uri && location.start === start);
}
