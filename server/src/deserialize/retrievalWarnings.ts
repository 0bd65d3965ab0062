import type { BuiltinSymbol } from "../catalogue/keras.ts";
import type { Node } from "../json/index.ts";
import type { MroEntry } from "../registry/view.ts";
import { deniedNames } from "./behaviour.ts";
import { field, text, type Value } from "./dict.ts";
import type { FoundObject, Frame, Load } from "./load.ts";
import type { Retrieval, Wanted } from "./retrieval.ts";
import type { Warning, WorkspaceObject } from "./warning.ts";

/** What is found by `_retrieve_class_or_fn` without an error, and is hardly what the config means. */

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

function placeOf(load: Load, wanted: Wanted, key: string): Node {
  return (field(load.tree, wanted.dict, key) ?? field(load.tree, wanted.dict, "class_name"))?.node ?? wanted.dict.node;
}

/** A registered name of somebody's beside what resolves to a built-in: the custom object is not what is loaded. */
export function replacesCustomObject(
  load: Load,
  dict: Wanted["dict"],
  explicit: Value | undefined,
  name: string,
  resolved: string,
  isRefusedLater: boolean,
): Warning | undefined {
  const { tree } = load;
  const registeredName = text(tree, explicit);
  if (!explicit || !registeredName || registeredName === name) return undefined;
  if (registeredName === text(tree, field(tree, dict, "class_name"))) return undefined;
  return replaced(load, dict, explicit, lastPart(resolved), resolved, isRefusedLater);
}

/** The same of what answers whatever stands there: what is no key is a name of the source's own, or a spelling of the built-in's. */
export function replacesKey(
  load: Load,
  dict: Wanted["dict"],
  name: string,
  resolved: () => string,
): Warning | undefined {
  const explicit = field(load.tree, dict, "registered_name");
  if (!explicit || !text(load.tree, explicit)?.includes(">")) return undefined;
  return replaced(load, dict, explicit, name, resolved(), false);
}

function replaced(
  load: Load,
  dict: Wanted["dict"],
  explicit: Value,
  name: string,
  resolved: string,
  isRefusedLater: boolean,
): Warning | undefined {
  const registeredName = text(load.tree, explicit) ?? "";
  const module = text(load.tree, field(load.tree, dict, "module")) ?? null;
  if (!isUnregistered(load, registeredName, name, module)) return undefined;
  return { rule: "registered-name-on-builtin", at: explicit.node, registeredName, resolved, isRefusedLater };
}

/** Whether nothing registers a key for certain, and nothing hands it to the load. */
export function isUnregistered(load: Load, key: string, name: string, module: string | null): boolean {
  const { registry, question, asked } = load;
  asked.add(key);
  if (question.scope?.has(key) || question.customObjects?.has(key) || registry.declarations(key).length > 0)
    return false;
  return registry.whyOpen(key, name, module) === undefined;
}

/** What is wrong with a class or function that is found by its key. */
export function warningsOfRegistered(
  load: Load,
  wanted: Wanted,
  key: string,
  found: FoundObject,
  frame: Frame,
): readonly Warning[] {
  if (found.from !== "workspace") return [];
  const ignored = ignoredObject(load, wanted, key, found, frame);
  const unrelated = ignored ? undefined : unrelatedObject(load, wanted, key, found);
  return [ignored, unrelated].filter((warning) => warning !== undefined);
}

/** What `custom_objects` or a scope hands in under the key, where that is another object than the one found. */
function ignoredObject(
  load: Load,
  wanted: Wanted,
  key: string,
  found: WorkspaceObject,
  frame: Frame,
): Warning | undefined {
  const { scope, customObjects } = load.question;
  const at = placeOf(load, wanted, wanted.kind === "function" ? "config" : "registered_name");
  const rule = "custom-object-ignored";
  const inScope = frame.nested ? scope?.get(key) : undefined;
  if (inScope?.from === "workspace" && !isSame(inScope, found))
    return { rule, at, key, handed: inScope, by: "scope", found };
  const handed = frame.handed ? customObjects?.get(key) : undefined;
  // Who opens a scope and hands in an argument besides has decided which one counts.
  if (handed?.from !== "workspace" || scope?.has(key) || isSame(handed, found)) return undefined;
  return { rule, at, key, handed, by: "argument", found };
}

function isSame(a: WorkspaceObject, b: WorkspaceObject): boolean {
  return a.location.uri === b.location.uri && a.location.start === b.location.start;
}

/**
 * A class that the config names, and that is there, beside a registered name of another class that neither derives from it
 * nor the other way round. A key that still bears the name of the class in the config may have been given to its successor.
 */
function unrelatedObject(load: Load, wanted: Wanted, key: string, found: WorkspaceObject): Warning | undefined {
  const { tree, registry, release } = load;
  if (wanted.kind !== "class" || found.kind !== "class" || load.question.customObjects?.has(key)) return undefined;
  const name = text(tree, wanted.name);
  const module = text(tree, wanted.module);
  if (!name || !module || lastPart(found.qualname) === name || key.slice(key.lastIndexOf(">") + 1) === name)
    return undefined;
  const cls = registry.classOf(found.module, found.qualname, found.location);
  if (!cls?.mroComplete) return undefined;
  const builtin = module.startsWith("keras.") || module === "keras" ? release.resolve(`${module}.${name}`) : undefined;
  const own = builtin ? undefined : registry.moduleMember(module, name);
  if (builtin?.kind !== "class" && own?.kind !== "class") return undefined;
  const isRelated = builtin
    ? cls.mro.some((entry) => builtinOf(load, entry)?.mro.some((base) => isSameSymbol(base, builtin)))
    : own && areRelated(load, cls.mro, own);
  if (isRelated) return undefined;
  const named = `${module}.${name}`;
  return { rule: "unrelated-object", at: placeOf(load, wanted, "registered_name"), key, named, found };
}

function builtinOf(load: Load, entry: MroEntry): BuiltinSymbol | undefined {
  return entry.kind === "external" ? load.release.resolve(entry.path) : undefined;
}

function isSameSymbol(a: BuiltinSymbol, b: BuiltinSymbol): boolean {
  return a.module === b.module && a.qualname === b.qualname;
}

function areRelated(
  load: Load,
  mro: readonly MroEntry[],
  own: Pick<WorkspaceObject, "module" | "qualname" | "location">,
): boolean {
  const other = load.registry.classOf(own.module, own.qualname, own.location);
  if (!other?.mroComplete) return true;
  const holds = (entries: readonly MroEntry[], location: WorkspaceObject["location"]) =>
    entries.some(
      (entry) =>
        entry.kind === "workspace" &&
        entry.class.location.uri === location.uri &&
        entry.class.location.start === location.start,
    );
  const [first] = mro;
  return holds(mro, other.location) || (first?.kind === "workspace" && holds(other.mro, first.class.location));
}

/** Where functions of Keras live that load, write or switch, and that no config that Keras writes names. */
const toolModules =
  /^keras\.src\.(?:saving|utils|export|legacy\.saving|backend\.common\.global_state|backend\.config)\b/;

/** What was found, with a warning where it is a function that later releases refuse. `apiName` where it is an export. */
export function warnOfGadget(
  load: Load,
  wanted: Wanted,
  symbol: BuiltinSymbol,
  retrieval: Retrieval,
  apiName?: string,
): Retrieval {
  if (!("found" in retrieval) || symbol.kind !== "function") return retrieval;
  const refused = deniedNames["non-modeling functions"];
  const path = apiName ?? symbol.canonical ?? `${symbol.module}.${symbol.qualname}`;
  const isTool = apiName === undefined && symbol.canonical === undefined && toolModules.test(symbol.module);
  if (!refused.has(path) && !isTool) return retrieval;
  const refusedFrom = apiName === undefined || deniedNames["loading functions"].has(path) ? "3.11" : "3.15";
  const at = placeOf(load, wanted, wanted.kind === "function" ? "config" : "class_name");
  const warning: Warning = { rule: "not-a-modeling-function", at, path, refusedFrom };
  return { ...retrieval, warnings: [...(retrieval.warnings ?? []), warning] };
}

/** Python's own functions that run what they are given, or reach what a config must not reach. */
export const runsCode: ReadonlySet<string> = new Set(
  "__import__ breakpoint compile delattr eval exec exit getattr globals input locals open quit setattr vars".split(" "),
);

/** A module that no model needs, and that is imported for what it holds. */
export function unsafeModule(load: Load, wanted: Wanted, module: string, name: string): Warning {
  return { rule: "unsafe-module", at: placeOf(load, wanted, "module"), module, name };
}

/** A class with a package in its registered name is somebody's own, whatever its module is called. */
export function isNamedByPackage(load: Load, wanted: Wanted): boolean {
  return (
    wanted.kind === "class" && text(load.tree, field(load.tree, wanted.dict, "registered_name"))?.includes(">") === true
  );
}
