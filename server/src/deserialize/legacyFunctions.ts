import type { Frame, Load } from "./load.ts";
import { handedIn } from "./retrieve.ts";

/** The legacy loader turns a string that names a registered function (since 3.14 also one of keras.layers) into it. */
export function isLegacyFunction(load: Load, text: string, frame: Frame): boolean {
  if (load.registry.declarations(text).some((declaration) => declaration.kind !== "class")) return true;
  if (handedIn(load, frame).some((objects) => objects.has(text))) return true;
  if (!load.behaviour.legacyStringsFromLayers) return false;
  const layers = load.release.importModule("keras.src.layers");
  return layers.status === "importable" && layers.member(text)?.kind === "function";
}
