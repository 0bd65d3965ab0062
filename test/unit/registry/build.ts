import { summarise, summariseFully } from "../../../server/src/python/index.ts";
import { buildRegistry, type ModuleInput, type Registry, type World } from "../../../server/src/registry/index.ts";
import { moduleNames, pythonFiles } from "../python/files.ts";

/** The registry of a fixture's files, read again for as long as linking asks for it. */
export function registryOf(fixture: string, world: Partial<World> = {}, installed = ""): Registry {
  const files = [...pythonFiles(fixture), ...pythonFiles(installed)];
  const own = pythonFiles(fixture).length;
  const modules: ModuleInput[] = files.map((source, index) => ({
    summary: summarise(source),
    names: moduleNames(source.uri),
    ...(index >= own ? { installed: true } : {}),
  }));
  for (let round = 0; ; round++) {
    const registry = buildRegistry(modules, { complete: true, ...world });
    if (registry.wanted.size === 0) return registry;
    if (round === 10) throw new Error(`linking never ends: ${[...registry.wanted.keys()]}`);
    for (const [index, source] of files.entries()) {
      const names = registry.wanted.get(source.uri);
      if (names) modules[index] = { ...modules[index]!, summary: summariseFully(source, names) };
    }
  }
}
