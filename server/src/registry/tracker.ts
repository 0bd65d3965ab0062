import type { LinkedModule } from "./moduleTable.ts";

export type Modules = ReadonlySet<LinkedModule>;

/** A value with the modules that it was computed from. */
export interface Traced<T> {
  readonly value: T;
  readonly from: Modules;
}

/**
 * Notes which modules are looked into while something is computed, so that a change of one of them tells what has to be
 * computed again. What is kept between computations brings the modules along that it came from.
 */
export class Tracker {
  private current: Set<LinkedModule> | undefined;

  /** Notes that a module is looked into. */
  touch(module: LinkedModule): void {
    this.current?.add(module);
  }

  /** Notes what a kept value came from. */
  use<T>({ value, from }: Traced<T>): T {
    if (this.current) for (const module of from) this.current.add(module);
    return value;
  }

  /** The value that is kept for a key; it is computed where none is. `meanwhile` stands for it while it is computed. */
  remember<K, T>(kept: Map<K, Traced<T>>, key: K, compute: () => T, meanwhile?: Traced<T>): T {
    const known = kept.get(key);
    if (known) return this.use(known);
    if (meanwhile) kept.set(key, meanwhile);
    const traced = this.trace(compute);
    kept.set(key, traced);
    return traced.value;
  }

  /** Computes a value, with the modules that were looked into. They count for what is being computed around it, too. */
  trace<T>(compute: () => T): Traced<T> {
    const outer = this.current;
    const own = new Set<LinkedModule>();
    this.current = own;
    try {
      return { value: compute(), from: own };
    } finally {
      this.current = outer;
      if (outer) for (const module of own) outer.add(module);
    }
  }
}
