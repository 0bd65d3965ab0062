import type { BuiltinSymbol } from "../catalogue/keras.ts";
import type { ShapeRelease } from "../catalogue/shapeRelease.ts";
import type { LayerRule } from "./rule.ts";
import { keras3Rules } from "./rules/earlierKeras3.ts";
import { ruleOf } from "./rules/table.ts";

/** What a release does with the shapes of layers. */
export interface ShapeDialect {
  /** The rule of a class; undefined where there is none. */
  ruleOf(symbol: BuiltinSymbol): LayerRule | undefined;
  /** Whether the weights of a frozen layer count as trainable in the model that holds it: in 3.0 and 3.1 they are made after it is frozen. */
  readonly countsFrozen: boolean;
}

const latest: ShapeDialect = { ruleOf, countsFrozen: false };
const made = new Map<ShapeRelease, ShapeDialect>([["3.15", latest]]);

/** The dialect of a release. */
export function dialectOf(release: ShapeRelease): ShapeDialect {
  const known = made.get(release);
  if (known) return known;
  const rules = keras3Rules(release);
  const dialect: ShapeDialect = {
    ruleOf: (symbol) => ruleOf(symbol, rules),
    countsFrozen: release === "3.0" || release === "3.1",
  };
  made.set(release, dialect);
  return dialect;
}
