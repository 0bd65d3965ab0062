import type { KerasRelease } from "../catalogue/keras.ts";
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
    if (found.from === "keras" && found.symbol.kind === "class") return { from: "keras", symbol: found.symbol };
    if (found.from === "workspace" && found.kind === "class")
      return ofWorkspace(sources.registry, found.module, found.qualname, found.location);
  }
  return byName(tree, object, sources);
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
