import type { LoadEvent, Loader } from "../deserialize/load.ts";
import { NO_NODE, type Node, nodeAtOffset, type ValueTree } from "../json/index.ts";
import type { CheckResult, DocumentAnalysis } from "../workspace/checkDocument.ts";

/** The fields of a serialized object that say what it is; `config` is one of a function only. */
export type IdentityField = "module" | "class_name" | "registered_name" | "config";

const fields: ReadonlySet<string> = new Set(["module", "class_name", "registered_name"]);

/** A place that names an object: a field of a serialized object, or a string that stands for one. */
export interface IdentityPlace {
  /** The serialized object, or the string itself. */
  readonly object: Node;
  /** Absent for a string that stands for an object by itself. */
  readonly field?: IdentityField;
  /** The value of the field. */
  readonly value: Node;
}

/** The place at a UTF-16 offset, on a field's key or value; undefined where nothing is named. */
function identityAt(tree: ValueTree, offset: number): IdentityPlace | undefined {
  const value = nodeAtOffset(tree, offset, true);
  if (value === NO_NODE) return undefined;
  const object = tree.parent(value);
  const key = tree.key(value);
  if (object !== NO_NODE && tree.member(object, "class_name") !== NO_NODE) {
    if (fields.has(key)) return { object, field: key as IdentityField, value };
    if (key === "config" && isFunction(tree, object)) return { object, field: "config", value };
  }
  return tree.kind(value) === "string" && offset >= tree.start(value) ? { object: value, value } : undefined;
}

/** Whether an object is a serialized function: then `config` is its name. */
export function isFunction(tree: ValueTree, object: Node): boolean {
  return textOf(tree, object, "class_name") === "function";
}

/** The string that a member holds; undefined where it is absent or no string. */
export function textOf(tree: ValueTree, object: Node, key: string): string | undefined {
  const member = tree.member(object, key);
  return member !== NO_NODE && tree.kind(member) === "string" ? tree.string(member) : undefined;
}

/** What becomes of one object. */
export type ObjectEvent = Exclude<LoadEvent, { kind: "warned" }>;

/** What becomes of an object in the loads of some releases, in the order of the load; never empty. */
export interface EventsInVersions {
  readonly events: readonly ObjectEvent[];
  readonly versions: readonly string[];
}

/** What becomes of an object, in the order of the releases that the document is checked for; empty where nothing does. */
function eventsOf(analysis: DocumentAnalysis, object: Node): EventsInVersions[] {
  // Releases that make the same load share its events.
  const byLoad = new Map<readonly LoadEvent[], EventsInVersions & { versions: string[] }>();
  const without = new Set<readonly LoadEvent[]>();
  for (const { events, version } of analysis.loads) {
    const known = byLoad.get(events);
    if (known) known.versions.push(version);
    if (known || without.has(events)) continue;
    const own = events.filter((one): one is ObjectEvent => one.kind !== "warned" && one.node === object);
    if (own.length > 0) byLoad.set(events, { events: own, versions: [version] });
    else without.add(events);
  }
  return [...byLoad.values()];
}

/** What an offset of a document names, and what becomes of it. */
export interface Named {
  readonly analysis: DocumentAnalysis;
  readonly place: IdentityPlace;
  /** The first one of the first release that finds it, else of the first. */
  readonly event: ObjectEvent;
  readonly loads: readonly EventsInVersions[];
}

/** What an offset of a checked document names, and what becomes of it in the loads; undefined where nothing is named. */
export function namedAt({ analysis }: CheckResult, offset: number): Named | undefined {
  const place = analysis && identityAt(analysis.document.tree, offset);
  const loads = place ? eventsOf(analysis, place.object) : [];
  const firsts = loads.map(({ events }) => events[0]!);
  const event = firsts.find(({ kind }) => kind === "found") ?? firsts[0];
  return place && event && { analysis, place, event, loads };
}

/** The load that an object is part of. */
export function loaderOf(analysis: DocumentAnalysis, object: Node): Loader | undefined {
  const { tree } = analysis.document;
  const root = analysis.roots.findLast(
    ({ node }) => tree.start(node) <= tree.start(object) && tree.end(object) <= tree.end(node),
  );
  return root?.loader;
}

/** The names under which users know an object: its registered name and class name, a function's name, or the string itself. */
export function namesOf(tree: ValueTree, object: Node): string[] {
  if (tree.kind(object) === "string") return [tree.string(object)];
  const names = isFunction(tree, object)
    ? [textOf(tree, object, "config")]
    : [textOf(tree, object, "registered_name"), textOf(tree, object, "class_name")];
  return [...new Set(names.filter((name) => name !== undefined && name !== ""))] as string[];
}

/** The value by which an object is found: the string that holds the key, else the name. */
export function namingValue(tree: ValueTree, object: Node, key: string | undefined): Node {
  if (tree.kind(object) !== "object") return object;
  if (isFunction(tree, object)) return tree.member(object, "config");
  const registered = tree.member(object, "registered_name");
  if (key !== undefined && registered !== NO_NODE && tree.string(registered) === key) return registered;
  return tree.member(object, "class_name");
}
