import type { ModuleTable } from "./moduleTable.ts";
import type { UnreadPackage } from "./openness.ts";
import { isKnownSilent, type PackageStatus, rootOf } from "./packages.ts";

export interface OutsideImports {
  /** All packages that the workspace's own modules import from outside, but for those known to be silent. */
  readonly imported: Set<string>;
  /** Those of them that were not read. */
  readonly unread: UnreadPackage[];
  /** Modules of the workspace's own packages that are imported and are not there: built, or left out of the index. */
  readonly lost: UnreadPackage[];
}

/** What the workspace imports from outside. Yields between modules. */
export function* importsOutside(
  table: ModuleTable,
  statusOf: (root: string) => PackageStatus,
): Generator<undefined, OutsideImports> {
  const imported = new Set<string>();
  const unread: UnreadPackage[] = [];
  const lost: UnreadPackage[] = [];
  for (const module of table.modules) {
    yield;
    if (module.installed) continue;
    for (const fact of module.summary.imports) {
      const name = rootOf(fact.module);
      const outside = fact.level === 0;
      if (fact.run?.never || (outside && (fact.module === "" || imported.has(name) || isKnownSilent(name)))) continue;
      const target = table.resolve(fact.module, fact.level, module);
      if (typeof target !== "string") {
        if (target.installed) imported.add(name);
      } else if (!outside || table.isOwn(target)) {
        // In a `try`, an import that fails is one that may fail.
        const optional = fact.run?.after !== undefined || module.inFunction(fact.scope);
        if (!optional && !table.isNamespace(target) && !HARMLESS_MODULE.test(target)) {
          lost.push({ name: target, location: module.location(fact.at) });
        }
      } else {
        imported.add(name);
        if (statusOf(name) === "missing") unread.push({ name, location: module.location(fact.at) });
      }
    }
  }
  return { imported, unread, lost };
}

/** Modules that a build writes and that hold no classes of Keras: versions, and messages of protocol buffers. */
const HARMLESS_MODULE = /(?:^|\.)_*(?:version|about|version_info)_*$|_pb2(?:_grpc)?$/;
