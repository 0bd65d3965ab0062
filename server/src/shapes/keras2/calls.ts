import type { Call } from "../call.ts";
import type { Keras2Calls, ModelContext, Tensors } from "../dialect.ts";
import { assertInputCompatibility } from "../inputSpec.ts";
import type { LayerObject } from "../layerObject.ts";
import type { Step } from "../steps.ts";
import { bounded, KerasRaises, NotKnown, type Shape, tensorsOf, valueError } from "../values.ts";
import { callError, operationError } from "./callError.ts";
import { constructModel, hasOwnNode, modelOutputs } from "./models.ts";

export const keras2Calls: Keras2Calls = { constructModel, call, hasOwnNode };

/**
 * `Layer.__call__` of tf_keras/src/engine/base_layer.py. While a functional model is constructed, `input_spec` is asked of layers
 * that are not built yet alone (`_maybe_build`); within the call of another layer it is asked of all.
 */
function* call(context: ModelContext, object: LayerObject, given: Call, isWithin: boolean): Step<Tensors> {
  const { rule, config, model } = object;
  if (model) {
    try {
      return (yield modelOutputs(context, object, given, isWithin)) as Tensors;
    } catch (error) {
      throw inCall(error, object.name, model.kind === "sequential" ? "Sequential" : "Functional", isWithin);
    }
  }
  if (!rule || object.isLost) throw new NotKnown();
  checkSpec(object, given, isWithin);
  if (!object.built) yield context.build(object.node, given);
  try {
    const made = rule.output(config, given, context);
    const shapes = ("next" in made ? yield made : made) as readonly Shape[];
    return bounded(shapes).map((shape) => ({ shape, certain: given.isCertain }));
  } catch (error) {
    throw inCall(error, object.name, object.className, isWithin);
  }
}

function inCall(error: unknown, name: string, className: string, isWithin: boolean): unknown {
  return error instanceof KerasRaises ? callError(name, className, isWithin, error) : error;
}

function checkSpec({ spec, built, name, rule, config, className }: LayerObject, given: Call, isWithin: boolean): void {
  if (!spec) return;
  try {
    assertInputCompatibility(spec, tensorsOf(given.first()), name);
  } catch (error) {
    if (!(error instanceof KerasRaises)) throw error;
    if (!built || isWithin)
      throw valueError(error.message.replace(` with name 'None' of layer '${name}'`, () => ` of layer "${name}"`));
    const refused = rule?.unfit?.(config, spec, given.input());
    if (refused === undefined) throw new NotKnown();
    throw callError(name, className, isWithin, operationError(refused));
  }
}
