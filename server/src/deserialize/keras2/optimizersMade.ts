import type { BuiltinSymbol, Slot } from "../../catalogue/keras.ts";
import { callError } from "../building/callError.ts";
import { derivesFrom, isCertainlyNo, lineageOf } from "../graph/lineage.ts";
import { kindOf, type Load, type PythonError, type Result } from "../load.ts";
import * as messages from "../messages.ts";

/** What optimizers of tf_keras/src/optimizers raise over an argument that has become an object. */
export function noOptimizerMade(
  load: Load,
  symbol: BuiltinSymbol,
  slot: Slot,
  result: Result,
): PythonError | undefined {
  if (result.is !== "object") return undefined;
  if (slot.argument === "learning_rate") return noLearningRate(load, symbol, result.object);
  return slot.argument === "inner_optimizer" ? wrongKindWithin(load, symbol, result.object) : undefined;
}

type Found = Extract<Result, { is: "object" }>["object"];

/** `tf.Variable(learning_rate)` in `_build_learning_rate` of optimizer.py calls what can be called; legacy/nadam.py takes no schedule. */
function noLearningRate(load: Load, { qualname, module, mro }: BuiltinSymbol, object: Found): PythonError | undefined {
  const lineage = lineageOf(load, object);
  if (qualname === "Nadam" && module.includes(".legacy.") && derivesFrom(lineage, "LearningRateSchedule")) {
    return messages.valueError(
      "The Nadam optimizer does not support tf.keras.optimizers.LearningRateSchedules as the learning rate.",
    );
  }
  if (!mro.some((cls) => cls.qualname === "_BaseOptimizer")) return undefined;
  if (kindOf(object) === "class" && !isCertainlyNo("LearningRateSchedule", lineage)) return undefined;
  return callError(load, object, { positional: 0, keywords: [] });
}

/** Each of the two kinds of optimizers has a LossScaleOptimizer of its own, which takes none of the other kind. */
function wrongKindWithin(load: Load, { qualname }: BuiltinSymbol, object: Found): PythonError | undefined {
  const lineage = lineageOf(load, object);
  if (object.from !== "keras") return undefined;
  const printed = messages.instanceRepr(object);
  const isOld = derivesFrom(lineage, "OptimizerV2");
  if (qualname === "LossScaleOptimizerV3" && isOld) {
    return messages.typeError(
      "You passed a `tf.keras.optimizers.Optimizer` instance to LossScaleOptimizerV3, but only the new experimental " +
        "optimizer defined in tf_keras/optimizer_expeirmental/optimizer.py can be passed. Please use " +
        "`tf.keras.mixed_precision.LossScaleOptimizer` instead of LossScaleOptimizerV3, as the former supports " +
        `\`tf.keras.optimizers.Optimizer\`s. Got optimizer: ${printed}`,
    );
  }
  if (qualname === "LossScaleOptimizer" && !isOld && derivesFrom(lineage, "_BaseOptimizer")) {
    return messages.typeError(
      "You passed an instance of the new experimental optimizer, `optimizer.Optimizer`, to LossScaleOptimizer, but only " +
        "the classic optimizers subclassing from `tf.keras.optimizers.Optimizer` can be passed. Please use " +
        "`loss_scale_optimizer.LossScaleOptimizerV3` instead of `tf.keras.mixed_precision.LossScaleOptimizer`, as the " +
        `former supports wrapping instances of the new experimental optimizer. Got optimizer: ${printed}`,
    );
  }
  const isSame = qualname === object.symbol.qualname && qualname.startsWith("LossScaleOptimizer");
  return isSame
    ? messages.typeError(`LossScaleOptimizer cannot wrap another LossScaleOptimizer, but got: ${printed}`)
    : undefined;
}
