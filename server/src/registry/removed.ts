import type { Registration, Removal } from "./findings.ts";
import type { LinkedModule } from "./moduleTable.ts";

/**
 * What is left of the registrations when those that are taken out again on import are gone. A module takes out for certain
 * what it registered itself; what it takes out of another one's by name may be gone, if both are imported. That it clears the
 * whole dict says nothing about programs that do not import it, such as a test's.
 */
export function withoutRemoved(
  declared: readonly Registration[],
  removed: readonly Removal[],
  placeOf: (by: LinkedModule) => number,
): readonly Registration[] {
  const onImport = removed.filter(({ when }) => when !== "call");
  if (onImport.length === 0) return declared;
  return declared.flatMap((entry) => {
    if (entry.when === "call") return [entry];
    const own = onImport.filter(({ by, offset, key }) => {
      return by === entry.by && offset > entry.offset && (key === undefined || key === entry.key);
    });
    if (own.some(({ when }) => when === "import")) return [];
    const others = onImport.some(({ by, key }) => key === entry.key && placeOf(by) > placeOf(entry.by));
    return own.length > 0 || others ? [{ ...entry, when: "maybe" as const }] : [entry];
  });
}
