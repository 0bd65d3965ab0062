import type { LayerRules } from "../../rules/table.ts";
import { attentionRules } from "./attention.ts";
import { convolutionRules } from "./convolution.ts";
import { coreRules } from "./core.ts";
import { mergingRules } from "./merging.ts";
import { normalizationRules } from "./normalization.ts";
import { operationRules } from "./operations.ts";
import { poolingRules } from "./pooling.ts";
import { recurrentRules } from "./recurrent.ts";
import { regularizationRules, reshapingRules } from "./reshaping.ts";

/** The rules of tf-keras, by the same keys as those of Keras 3. */
export function keras2Rules(): LayerRules {
  return new Map([
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
  ]);
}
