import type { PythonTree } from "../../src/python/tree.ts";
import type { Machine } from "./interpreter/machine.ts";
import type { ReleaseSource } from "./releaseSource.ts";

interface Entry<T> {
  readonly answer: T;
  /** The modules that the answer rests on, with their trees; releases share trees of the same text. */
  readonly rests: readonly (readonly [module: string, tree: PythonTree | undefined])[];
}

/**
 * Keeps what is read of a class from one release to the next where nothing that they were read from has changed: the modules of every
 * class and function that was gone through, and the modules that those import.
 */
export class ClassCache<T> {
  private readonly entries = new Map<string, Entry<T>>();

  /** What is said of a class, read by `read` where it is not known from an earlier release. */
  answer(key: string, source: ReleaseSource, machine: Machine, read: () => T): T {
    const known = this.entries.get(key);
    if (known?.rests.every(([module, tree]) => source.treeOf(module) === tree)) return known.answer;
    machine.touched.clear();
    machine.touched.add(key.slice(0, key.indexOf(":")));
    const answer = read();
    const modules = new Set(machine.touched);
    for (const module of machine.touched)
      for (const imported of machine.imports.get(module) ?? []) modules.add(imported);
    this.entries.set(key, { answer, rests: [...modules].map((module) => [module, source.treeOf(module)] as const) });
    return answer;
  }
}
