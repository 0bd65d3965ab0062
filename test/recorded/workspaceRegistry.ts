import { summarise, summariseFully } from "../../server/src/python/index.ts";
import { buildRegistry, type ModuleInput, type Registry } from "../../server/src/registry/index.ts";
import type { WorkspaceFiles } from "../conformance/deserialize/caseFile.ts";

const known = new Map<string, Registry>();

/** The registry of a few Python files, every one of which is imported; nothing else is installed. */
export function workspaceRegistry(files: WorkspaceFiles): Registry {
  const key = JSON.stringify(files);
  let registry = known.get(key);
  if (!registry) {
    registry = link(files, new Map());
    if (registry.wanted.size > 0) registry = link(files, registry.wanted);
    known.set(key, registry);
  }
  return registry;
}

function link(files: WorkspaceFiles, wanted: Registry["wanted"]): Registry {
  const modules: ModuleInput[] = Object.entries(files).map(([path, text]) => {
    const uri = `file:///workspace/${path}`;
    const source = { uri, segments: [{ uri, text }] };
    const names = wanted.get(uri);
    const name = path
      .replace(/\.py$/, "")
      .replace(/\/__init__$/, "")
      .replaceAll("/", ".");
    return { summary: names ? summariseFully(source, names) : summarise(source), names: [name] };
  });
  return buildRegistry(modules, { complete: true });
}
