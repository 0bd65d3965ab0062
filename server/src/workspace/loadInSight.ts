import type { CustomObject, LoadQuestion } from "../deserialize/load.ts";
import type { RegistryView } from "../registry/index.ts";
import type { HandedObject } from "../registry/view.ts";

/**
 * What a load of this file is asked against: where one place of the workspace loads it and all that it hands in is known,
 * that load, else the workspace alone.
 */
export function questionOf(
  uri: string,
  view: RegistryView,
): Pick<LoadQuestion, "registry" | "scope" | "customObjects"> {
  const load = view.loadOf(uri);
  if (!load) return { registry: view };
  return { registry: withinLoad(view), scope: objects(load.scope), customObjects: objects(load.customObjects) };
}

function objects(handed: ReadonlyMap<string, HandedObject | undefined>): ReadonlyMap<string, CustomObject> {
  const result = new Map<string, CustomObject>();
  for (const [key, object] of handed) {
    result.set(key, object ? { from: "workspace", ...object } : { from: "other", kind: "other" });
  }
  return result;
}

/** The view for a load of which it is known what it is handed: what others are handed leaves nothing open. */
function withinLoad(view: RegistryView): RegistryView {
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
    whyOpen: (key, name, module) => view.whyOpen(key, name, module, true),
    loadOf: (uri) => view.loadOf(uri),
  };
}
