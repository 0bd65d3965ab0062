import { elementsOf } from "../../json/index.ts";
import { Call } from "../call.ts";
import type { ModelContext, Tensors } from "../dialect.ts";
import type { LayerObject, ModelState } from "../layerObject.ts";
import { argumentOf, constructFunctional, inputLayer, makeInput, runThrough } from "../models.ts";
import type { Step } from "../steps.ts";
import { NotKnown, type Shape, shown, type Tensor, tensorsOf, valueError } from "../values.ts";

/** Whether a layer has a node of its own before it is called: a model that has inputs has, and one that is built as its config says. */
export function hasOwnNode({ model, config }: LayerObject): boolean {
  return (
    model !== undefined &&
    (model.kind === "functional" || model.inputs !== undefined || config.has("build_input_shape"))
  );
}

/** `from_config` of `Functional` and of `Sequential`, of tf_keras/src/engine. */
export function* constructModel(context: ModelContext, object: LayerObject): Step<void> {
  const model = object.model as ModelState;
  if (model.kind === "sequential") {
    yield constructSequential(context, object, model);
    return;
  }
  for (const node of elementsOf(context.tree, context.tree.member(object.config.node, "layers"))) {
    const made = (yield context.construct(node)) as LayerObject;
    model.layers.push(made);
    if (inputLayer(made)) makeDenseInput(context, made);
  }
  yield constructFunctional(context, object, model);
  // `connect_ancillary_layers`: those that no output needs are part of the model, too.
  model.used = model.layers.map(() => true);
}

/** `SINGLE_LAYER_OUTPUT_ERROR_MSG` of tf_keras/src/engine/sequential.py. */
const SEVERAL =
  "All layers in a Sequential model should have a single output tensor. For multi-output layers, use the functional API.";

/** `Sequential.add`, layer by layer: each is called as soon as it is made, where the model has an input. */
function* constructSequential(context: ModelContext, object: LayerObject, model: ModelState): Step<void> {
  const { tree } = context;
  const config = object.config.node;
  const isBare = tree.kind(config) === "array";
  let outputs: Tensors | undefined;
  for (const node of elementsOf(tree, isBare ? config : tree.member(config, "layers"))) {
    const made = (yield context.construct(node)) as LayerObject;
    model.layers.push(made);
    if (inputLayer(made)) makeDenseInput(context, made);
    if (model.layers.length === 1) {
      const input = inputLayer(made) ? made.calls[0]?.[0] : inputOf(context, made);
      if (input) {
        model.inputs = [input.shape];
        outputs = [input];
      }
    }
    if (outputs && !inputLayer(made)) {
      outputs = (yield context.call(made, new Call(tree, [argumentOf(outputs)]), [])) as Tensors;
      if (outputs.length > 1 && outputs.every((tensor) => tensor?.certain)) context.refuse(made, valueError(SEVERAL));
      if (outputs.length !== 1) outputs = [undefined];
    }
  }
  model.used = model.layers.map(() => true);
  if (outputs) model.outputs = outputs;
}

/** An input of ragged or sparse tensors is nothing that these rules are for. */
function makeDenseInput(context: ModelContext, layer: LayerObject): void {
  makeInput(context, layer);
  const { config } = layer;
  if (config.tree.boolean(config.value("ragged")) || config.tree.boolean(config.value("sparse")))
    layer.calls.splice(0, 1, [undefined]);
}

/** `get_input_shape_and_dtype` of tf_keras/src/engine/training_utils.py: the shape that a first layer, or the first within it, begins with. */
function inputOf(context: ModelContext, first: LayerObject): Tensor | undefined {
  let layer: LayerObject | undefined = first;
  while (layer?.model) layer = layer.model.layers[0];
  const shape = layer && context.statedInput(layer);
  return shape && { shape, certain: true };
}

/** What a model returns when it is called: `Functional.call`, or `Sequential.call`. */
export function* modelOutputs(
  context: ModelContext,
  object: LayerObject,
  call: Call,
  isWithin: boolean,
): Step<Tensors> {
  const model = object.model as ModelState;
  const tensors = tensorsOf(call.first());
  if (tensors.some((tensor) => tensor === undefined)) throw new NotKnown();
  const inputs = tensors as readonly Tensor[];
  if (model.kind === "sequential" && !model.inputs) return yield* builtOnCall(context, model, inputs);
  if (!model.inputs || model.inputs.length !== inputs.length) throw new NotKnown();
  if (isWithin) checkInputs(object, model, inputs);
  const given = inputs.map((tensor, i) => conformed(tensor.shape, model.inputs?.[i] ?? []));
  const key = JSON.stringify(given);
  const certain = inputs.every((tensor) => tensor.certain);
  const others = given.map((shape): Tensor => ({ shape, certain: true }));
  const outputs =
    key === JSON.stringify(model.inputs)
      ? model.outputs
      : (model.others.get(key) ?? ((yield runThrough(context, model, others)) as Tensors));
  model.others.set(key, outputs);
  return outputs.map((tensor) => tensor && { shape: tensor.shape, certain: tensor.certain && certain });
}

/** `_conform_to_reference_input`: a last axis of one is put in or taken away. */
function conformed(shape: Shape, reference: Shape): Shape {
  if (shape.length === reference.length + 1 && shape.at(-1) === 1) return shape.slice(0, -1);
  if (shape.length === reference.length - 1 && reference.at(-1) === 1) return [...shape, 1];
  return shape;
}

/** The `input_spec` of a model that has inputs. */
function checkInputs(object: LayerObject, model: ModelState, inputs: readonly Tensor[]): void {
  const squeezed = (one: Shape) => (one.at(-1) === 1 ? one.slice(0, -1) : one);
  for (const [index, { shape }] of inputs.entries()) {
    const spec: Shape = [null, ...(model.inputs?.[index] ?? []).slice(1)];
    const [a, b] = [squeezed(spec), squeezed(shape)];
    if (!a.slice(0, b.length).some((dim, i) => dim !== null && b[i] !== null && dim !== b[i])) continue;
    throw valueError(
      `Input ${index} of layer "${object.name}" is incompatible with the layer: expected shape=${shown(spec)}, found shape=${shown(shape)}`,
    );
  }
}

/** A Sequential without an input is built by its first call; what fails then fails again in the call of the layer itself. */
function* builtOnCall(context: ModelContext, model: ModelState, inputs: readonly Tensor[]): Step<Tensors> {
  const [input] = inputs;
  if (!input || inputs.length !== 1 || model.layers.length === 0) throw new NotKnown();
  let outputs: Tensors = [input];
  for (const layer of model.layers) {
    context.count();
    const shapes = (yield context.output(
      layer.node,
      new Call(context.tree, [argumentOf(outputs)]),
    )) as readonly Shape[];
    outputs = shapes.map((shape) => ({ shape, certain: input.certain }));
    layer.calls.push(outputs);
  }
  model.inputs = [input.shape];
  model.outputs = outputs;
  return outputs;
}
