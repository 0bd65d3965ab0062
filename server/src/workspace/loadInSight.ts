import type { KerasRelease } from "../catalogue/keras.ts";
import type { CustomObject, LoadQuestion } from "../deserialize/load.ts";
import type { RegistryView } from "../registry/index.ts";
import type { HandedObject, SourceLocation, Unknown } from "../registry/view.ts";
import { displayName } from "./notebook.ts";
import { pathOf, resolveObjects, type StatedCall, type StatedObject } from "./statedCall.ts";

/** What a load is asked against, and which stated objects are not defined. */
export interface AskedAgainst {
  readonly question: Pick<LoadQuestion, "registry" | "scope" | "customObjects">;
  readonly undefined: readonly StatedObject[];
}

/**
 * What a load of this file is asked against: the `custom_objects` that the user states; else, where one place of the
 * workspace loads it and all that it hands in is known, that load; else the workspace alone.
 */
export function questionOf(
  uri: string,
  view: RegistryView,
  release: KerasRelease,
  call: StatedCall | undefined,
): AskedAgainst {
  if (call?.customObjects !== undefined) {
    const { found, undefined: missing } = resolveObjects(call, view, release);
    const open = new Map(missing.map((stated): [string, Unknown] => [stated.key, notDefined(stated, call)]));
    return { question: { registry: withinLoad(view, open), customObjects: found }, undefined: missing };
  }
  const load = view.loadOf(uri);
  if (!load) return { question: { registry: view }, undefined: [] };
  const { location } = load;
  const scope = objects(load.scope, "a `custom_object_scope`", location);
  const customObjects = objects(load.customObjects, "`custom_objects`", location);
  return { question: { registry: withinLoad(view), scope, customObjects }, undefined: [] };
}

function notDefined({ key, module, name }: StatedObject, { from }: StatedCall): Unknown {
  const path = pathOf({ key, module, name });
  return { reason: `${from} hand \`${path}\` in as \`${key}\`, which the workspace does not define`, names: [module] };
}

function objects(
  handed: ReadonlyMap<string, HandedObject | undefined>,
  by: string,
  { uri, range }: SourceLocation,
): ReadonlyMap<string, CustomObject> {
  const result = new Map<string, CustomObject>();
  const place = `${by} in ${displayName(uri)}:${range.start.line + 1}`;
  for (const [key, object] of handed) {
    result.set(
      key,
      object ? { from: "workspace", ...object, handed: { key, by: place } } : { from: "other", kind: "other" },
    );
  }
  return result;
}

/**
 * The view for a load of which it is known what it is handed: what others are handed leaves nothing open; `open` says
 * which keys are open for another reason.
 */
function withinLoad(view: RegistryView, open: ReadonlyMap<string, Unknown> = new Map()): RegistryView {
  return {
    declarations: (key) => view.declarations(key),
    declarationsEndingWith: (suffix) => view.declarationsEndingWith(suffix),
    keys: () => view.keys(),
    declarationsNamed: (name) => view.declarationsNamed(name),
    providedNamed: (name) => view.providedNamed(name),
    moduleMember: (module, name) => view.moduleMember(module, name),
    definitionsNamed: (name) => view.definitionsNamed(name),
    hasModule: (module) => view.hasModule(module),
    classOf: (...asked) => view.classOf(...asked),
    signatureOf: (...asked) => view.signatureOf(...asked),
    kerasPatches: () => view.kerasPatches(),
    whyOpen: (key, name, module) => open.get(key) ?? view.whyOpen(key, name, module, true),
    loadOf: (uri) => view.loadOf(uri),
  };
}
