import type { ShapeRelease } from "../catalogue/shapeRelease.ts";
import type { ShapeDialect } from "./dialect.ts";
import { keras2Calls } from "./keras2/calls.ts";
import { keras2Rules } from "./keras2/rules/table.ts";
import { keras3RuleOf } from "./rules/earlierKeras3.ts";
import { type LayerRules, ruleOf } from "./rules/table.ts";

let ofKeras2: LayerRules | undefined;

/** The dialect of a release. */
export function dialectOf({ package: name, shapes }: ShapeRelease): ShapeDialect {
  if (name === "tf_keras") {
    ofKeras2 ??= keras2Rules();
    const rules = ofKeras2;
    return { ruleOf: (symbol) => ruleOf(symbol, rules), countsFrozen: () => false, keras2: keras2Calls };
  }
  return {
    ruleOf: (symbol) => keras3RuleOf(symbol, shapes),
    countsFrozen: () => !shapes["3.2.0"],
    keras2: undefined,
  };
}
