import type { KerasRelease } from "../catalogue/keras.ts";
import { type FoundObject, kindOf } from "../deserialize/load.ts";
import { NO_NODE, type Node, type ValueTree } from "../json/index.ts";
import type { RegistryView } from "../registry/view.ts";
import type { DocumentAnalysis } from "../workspace/checkDocument.ts";
import type { ConfigClass } from "./configKeys.ts";
import { textOf } from "./identity.ts";

/** What a class is looked up in. */
interface ClassSources {
  readonly release: KerasRelease;
  readonly registry: RegistryView;
}

/**
 * The class of a serialized object: what its load found, and where the document is half written and no load comes to it,
 * what its names say. Undefined where it is no class that is known.
 */
export function configClassAt(
  analysis: DocumentAnalysis,
  object: Node,
  sources: ClassSources,
): ConfigClass | undefined {
  const { tree } = analysis.document;
  if (object === NO_NODE) return undefined;
  for (const { events, version } of analysis.loads) {
    if (version !== sources.release.version) continue;
    const event = events.find((one) => one.kind === "found" && one.node === object);
    if (event?.kind !== "found") continue;
    const { object: found } = event;
    // Where a load found a class, its names are not asked.
    if (found.from !== "other" && kindOf(found) === "class") return classOfFound(found, sources.registry);
  }
  return byName(tree, object, sources);
}

/** The class that a load found; undefined where it is none that is known. */
export function classOfFound(found: FoundObject, registry: RegistryView | undefined): ConfigClass | undefined {
  if (found.from === "keras")
    return found.symbol.kind === "class" ? { from: "keras", symbol: found.symbol } : undefined;
  if (found.from !== "workspace") return undefined;
  return registry && ofWorkspace(registry, found.module, found.qualname, found.location);
}

function byName(tree: ValueTree, object: Node, { release, registry }: ClassSources): ConfigClass | undefined {
  const className = textOf(tree, object, "class_name");
  if (className === undefined) return undefined;
  const module = textOf(tree, object, "module");
  const symbol = release.exported(`${module ?? "keras.layers"}.${className}`);
  if (symbol?.kind === "class") return { from: "keras", symbol };
  const key = textOf(tree, object, "registered_name");
  const declaration = key === undefined ? undefined : registry.declarations(key).at(-1);
  if (declaration) return ofWorkspace(registry, declaration.module, declaration.qualname, declaration.location);
  return module === undefined ? undefined : ofWorkspace(registry, module, className);
}

function ofWorkspace(registry: RegistryView, ...of: Parameters<RegistryView["classOf"]>): ConfigClass | undefined {
  const cls = registry.classOf(...of);
  return cls && { from: "workspace", cls };
}
