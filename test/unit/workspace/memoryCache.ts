import type { CacheDoor } from "../../../server/src/workspace/host.ts";

/** Texts that are kept in memory. */
export interface MemoryCache extends CacheDoor {
  generation: string;
  write: CacheDoor["write"];
  readonly texts: Map<string, string>;
  time: number;
}

/** A cache in memory, long after every file was written. */
export function cacheInMemory(): MemoryCache {
  const kept: MemoryCache = {
    generation: "one",
    texts: new Map(),
    time: 1_000_000,
    read: async (name) => kept.texts.get(name),
    write: async (name, pieces) => {
      kept.texts.set(name, pieces.join(""));
    },
    clock: () => kept.time,
  };
  return kept;
}
