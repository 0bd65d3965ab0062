import type { BuiltinSymbol } from "../catalogue/keras.ts";

const functional = new Set([
  "keras.src.models.functional.Functional",
  "keras.src.engine.functional.Functional",
  "tf_keras.src.engine.functional.Functional",
]);

/** Which kind of model a class is; undefined for what is none. */
export function modelKind(symbol: BuiltinSymbol): "functional" | "sequential" | undefined {
  if (symbol.canonical === "keras.Sequential") return "sequential";
  const isFunctional = symbol.canonical === "keras.Model" || functional.has(`${symbol.module}.${symbol.qualname}`);
  return isFunctional ? "functional" : undefined;
}
