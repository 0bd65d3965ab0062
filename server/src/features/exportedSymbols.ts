import type { BuiltinSymbol, KerasRelease } from "../catalogue/keras.ts";

/** What a release exports under a path. */
export interface ExportedSymbol {
  readonly path: string;
  readonly symbol: BuiltinSymbol;
}

const kept = new WeakMap<KerasRelease, readonly ExportedSymbol[]>();

/** What a release exports, canonical paths only; made once per release. */
export function exportedSymbols(release: KerasRelease): readonly ExportedSymbol[] {
  let list = kept.get(release);
  if (!list) {
    list = release.exportedPaths().flatMap((path) => {
      const symbol = release.exported(path);
      return symbol ? { path, symbol } : [];
    });
    kept.set(release, list);
  }
  return list;
}
