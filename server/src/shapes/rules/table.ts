import type { BuiltinSymbol } from "../../catalogue/keras.ts";
import type { LayerRule } from "../rule.ts";
import { attentionRules } from "./attention.ts";
import { convolutionRules } from "./convolution.ts";
import { coreRules } from "./core.ts";
import { mergingRules } from "./merging.ts";
import { normalizationRules } from "./normalization.ts";
import { operationRules } from "./operations.ts";
import { poolingRules } from "./pooling.ts";
import { recurrentRules } from "./recurrent.ts";
import { regularizationRules } from "./regularization.ts";
import { reshapingRules } from "./reshaping.ts";
import { wrapperRules } from "./wrappers.ts";

/** Every class of Keras whose shapes are known, by its canonical path, or by `module.qualname` where it is not exported. */
export const layerRules: ReadonlyMap<string, LayerRule> = new Map([
  ...attentionRules,
  ...convolutionRules,
  ...coreRules,
  ...mergingRules,
  ...normalizationRules,
  ...operationRules,
  ...poolingRules,
  ...recurrentRules,
  ...regularizationRules,
  ...reshapingRules,
  ...wrapperRules,
]);

/** Rules by the same keys. */
export type LayerRules = ReadonlyMap<string, LayerRule>;

/** The rule of a class; undefined where there is none. */
export function ruleOf(symbol: BuiltinSymbol, rules: LayerRules = layerRules): LayerRule | undefined {
  const exported = symbol.canonical === undefined ? undefined : rules.get(symbol.canonical);
  return exported ?? rules.get(`${symbol.module}.${symbol.qualname}`);
}
