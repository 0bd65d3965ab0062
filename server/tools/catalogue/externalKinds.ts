import type { SymbolKind } from "../../src/catalogue/keras.ts";

/**
 * What Keras's modules import from other packages is a class where it is written in CapWords, else a function. These
 * are the exceptions, which only the other packages' source could tell: classes in lower case, and modules that
 * `from … import …` brings in. The recordings hold this list against real Keras.
 */
const exceptions: Readonly<Record<string, SymbolKind>> = {
  "absl.logging": "other",
  "absl.testing.absltest": "other",
  "absl.testing.parameterized": "other",
  "contextlib.closing": "class",
  "functools.partial": "class",
  "jax.experimental.sparse": "other",
  "jax.export": "other",
  "jax.lax": "other",
  "jax.nn": "other",
  "jax.numpy": "other",
  "jax.random": "other",
  "numpy.lib.format": "other",
  "unittest.mock": "other",
};

/** The kind of `from package import name`, by its path. */
export function externalKind(path: string): SymbolKind {
  const known = exceptions[path];
  if (known) return known;
  const name = path.slice(path.lastIndexOf(".") + 1);
  if (/^jax\.experimental\.pallas\..*_(?:attention|kernel|mask)$/.test(path)) return "other";
  return /^_?[A-Z][A-Za-z0-9]*[a-z]/.test(name) ? "class" : "function";
}
