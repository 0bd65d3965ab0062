import type { BuiltinSymbol } from "../../catalogue/keras.ts";
import type { WorkspaceClass } from "../../registry/view.ts";
import type { FoundObject, Load } from "../load.ts";

/** The classes that an object is an instance of, as far as they can be told. */
export interface Lineage {
  /** Keras's own classes among its bases, itself included. */
  readonly keras: readonly BuiltinSymbol[];
  /** Whether there may be others of Keras's. */
  readonly complete: boolean;
  /** The names that the workspace's classes among them define, in the body or, of Keras's own attributes, in the constructor. */
  readonly defines: (name: string) => boolean;
}

const ofKeras = new WeakMap<BuiltinSymbol, Lineage>();

/** The bases of what an object is found as. */
export function lineageOf(load: Load, object: FoundObject): Lineage {
  // One object is asked for its bases time and again.
  const known = object.from === "keras" ? ofKeras.get(object.symbol) : load.lineages.get(object);
  if (known) return known;
  const lineage = readLineage(load, object);
  if (object.from === "keras") ofKeras.set(object.symbol, lineage);
  else load.lineages.set(object, lineage);
  return lineage;
}

function readLineage(load: Load, object: FoundObject): Lineage {
  if (object.from === "keras") return { keras: object.symbol.mro, complete: true, defines: () => false };
  const unknown: Lineage = { keras: [], complete: false, defines: () => false };
  if (object.from !== "workspace" || object.kind !== "class") return unknown;
  const cls = load.registry.classOf(object.module, object.qualname, object.location);
  return cls ? (load.lineages.get(cls) ?? lineageOfClass(load, cls)) : unknown;
}

function lineageOfClass(load: Load, cls: WorkspaceClass): Lineage {
  const symbols = cls.mro.flatMap((entry) => {
    const symbol = entry.kind === "external" ? load.release.resolve(entry.path) : undefined;
    return symbol ? symbol.mro : [];
  });
  const own = cls.mro.flatMap((entry) => (entry.kind === "workspace" ? [entry.class] : []));
  const lineage: Lineage = {
    keras: symbols,
    complete: cls.mroComplete,
    defines: (name) => own.some(({ members, init }) => members.has(name) || init?.sets?.includes(name)),
  };
  load.lineages.set(cls, lineage);
  return lineage;
}

/** Whether the class of this name is among Keras's own bases of the object. */
export function derivesFrom({ keras }: Lineage, name: string): boolean {
  return keras.some(({ qualname }) => qualname === name);
}

/**
 * Whether it is certain that what is revived is an instance of the class and of no `base`: a `from_config` of its own may return
 * anything, and a class without one fails before.
 */
export function isCertainlyNo(base: string, lineage: Lineage): boolean {
  if (!lineage.complete || lineage.defines("from_config")) return false;
  return lineage.keras.some(({ fromConfig }) => fromConfig !== undefined) && !derivesFrom(lineage, base);
}

/** Whether a class may have a method `call`. */
export function hasCall(lineage: Lineage): boolean {
  return !lineage.complete || lineage.defines("call") || derivesFrom(lineage, "Layer") || derivesFrom(lineage, "Loss");
}
