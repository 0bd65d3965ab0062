import { listRegistrations, type Registry } from "../registry/index.ts";
import type { SourceLocation } from "../registry/view.ts";

/** A registered object, as it is found by name. */
export interface RegisteredSymbol {
  /** The key under which Keras finds it. */
  readonly key: string;
  readonly kind: "class" | "function" | "other";
  /** Python's `__module__` of it. */
  readonly module: string;
  readonly location: SourceLocation;
}

/**
 * The registered objects of a workspace whose key, or whose path in Python, has the letters of a query in their order, whatever
 * their case; sorted by key. An empty query finds all.
 */
export function registeredSymbols(registry: Registry, query: string): RegisteredSymbol[] {
  const letters = [...query.toLowerCase()].filter((letter) => letter.trim() !== "");
  return listRegistrations(registry)
    .registrations.filter(({ key, module, qualname }) =>
      [key, `${module}.${qualname}`].some((name) => hasInOrder(name.toLowerCase(), letters)),
    )
    .map(({ key, kind, module, location }) => ({ key, kind, module, location }));
}

function hasInOrder(name: string, letters: readonly string[]): boolean {
  let from = 0;
  for (const letter of letters) {
    const at = name.indexOf(letter, from);
    if (at < 0) return false;
    from = at + letter.length;
  }
  return true;
}
