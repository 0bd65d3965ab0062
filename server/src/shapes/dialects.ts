import type { ShapeRelease } from "../catalogue/shapeRelease.ts";
import type { ShapeDialect } from "./dialect.ts";
import { keras2Calls } from "./keras2/calls.ts";
import { keras2Rules } from "./keras2/rules/table.ts";
import { keras3Rules } from "./rules/earlierKeras3.ts";
import { ruleOf } from "./rules/table.ts";

const latest: ShapeDialect = { ruleOf, countsFrozen: false, keras2: undefined };
const made = new Map<ShapeRelease, ShapeDialect>([["3.15", latest]]);

/** The dialect of a release. */
export function dialectOf(release: ShapeRelease): ShapeDialect {
  const known = made.get(release);
  if (known) return known;
  const isKeras2 = release.startsWith("2.");
  const rules = isKeras2 ? keras2Rules() : keras3Rules(release);
  const dialect: ShapeDialect = {
    ruleOf: (symbol) => ruleOf(symbol, rules),
    countsFrozen: release.startsWith("3.0") || release === "3.1",
    keras2: isKeras2 ? keras2Calls : undefined,
  };
  made.set(release, dialect);
  return dialect;
}
