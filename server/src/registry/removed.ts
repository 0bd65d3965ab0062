import type { Registration, Removal } from "./findings.ts";
import type { LinkedModule } from "./moduleTable.ts";

/** What is left of the registrations when those that are taken out again on import are gone. */
export function withoutRemoved(
  declared: readonly Registration[],
  removed: readonly Removal[],
  placeOf: (at: { by: LinkedModule; offset: number }) => readonly [number, number],
): readonly Registration[] {
  const onImport = removed.filter(({ when }) => when !== "call");
  if (onImport.length === 0) return declared;
  return declared.flatMap((entry) => {
    const [module, offset] = placeOf(entry);
    const later = onImport.filter((removal) => {
      const [by, at] = placeOf(removal);
      return (
        (removal.key === undefined || removal.key === entry.key) && (by > module || (by === module && at > offset))
      );
    });
    if (later.length === 0 || entry.when === "call") return [entry];
    return later.some(({ when }) => when === "import") ? [] : [{ ...entry, when: "maybe" as const }];
  });
}
