import { elementsOf, NO_NODE, type ValueTree } from "../json/index.ts";
import { Call } from "./call.ts";
import { callError } from "./callError.ts";
import type { ModelContext, Tensors } from "./dialect.ts";
import { shapeAt } from "./layerConfig.ts";
import type { LayerObject, ModelState } from "./layerObject.ts";
import { type FunctionalPlan, functionalPlan, type PlannedValue, type TensorRef } from "./modelPlan.ts";
import { placesOf } from "./processingOrder.ts";
import { NO_WEIGHTS } from "./rule.ts";
import type { Step } from "./steps.ts";
import { known, NotKnown, type Shape, shown, type Tensor, tensorsOf, type Value, valueError } from "./values.ts";

/** Whether a layer is Keras's `InputLayer`. */
export const inputLayer = (object: LayerObject) => object.className === "InputLayer" && object.rule !== undefined;

/** `from_config` of a model: its layers, and then its calls. */
export function* constructModel(context: ModelContext, object: LayerObject): Step<void> {
  const model = object.model as ModelState;
  const { tree } = context;
  for (const layer of elementsOf(tree, tree.member(object.config.node, "layers"))) {
    const made = (yield context.construct(layer)) as LayerObject;
    model.layers.push(made);
    if (inputLayer(made)) makeInput(context, made);
  }
  if (model.kind === "sequential") yield constructSequential(context, object, model);
  else yield constructFunctional(context, object, model);
}

/** An input layer begins with its own output. */
export function makeInput(context: ModelContext, layer: LayerObject): void {
  layer.built = true;
  layer.weights = NO_WEIGHTS;
  const shape = context.statedInput(layer);
  layer.calls.push([shape && { shape, certain: true }]);
}

/** `functional_from_config`: the calls of the layers, which are made already. */
export function* constructFunctional(context: ModelContext, object: LayerObject, model: ModelState): Step<void> {
  const { keras2 } = context.dialect;
  const functional = new Set(model.layers.filter(keras2 ? keras2.hasOwnNode : isFunctional).map((layer) => layer.node));
  const plan = functionalPlan(context.tree, object.config.node, (node) => functional.has(node), keras2 !== undefined);
  model.plan = plan;
  if (!plan) return;
  const stated = context.conflictsOnly ? noOutputs : statedOutputs(context.tree, plan);
  const tensorAt = (ref: TensorRef) => model.layers[ref.layer]?.calls[ref.node]?.[ref.tensor];
  for (const planned of plan.calls) {
    const layer = model.layers[planned.layer] as LayerObject;
    if (inputLayer(layer)) continue;
    yield context.call(
      layer,
      resolvedCall(context.tree, planned, tensorAt),
      stated.get(`${planned.layer} ${planned.node}`) ?? [],
    );
  }
  model.used = usedLayers(plan);
  const inputs = plan.inputs.map(tensorAt);
  if (inputs.every((tensor) => tensor !== undefined)) model.inputs = inputs.map((tensor) => tensor.shape);
  model.outputs = plan.outputs.map(tensorAt);
}

const isFunctional = ({ model }: LayerObject) => model?.kind === "functional";

const noOutputs: ReadonlyMap<string, Tensors> = new Map();

/** The shapes that the keras tensors of Keras 3 say of the outputs of each call. */
function statedOutputs(tree: ValueTree, plan: FunctionalPlan): Map<string, (Tensor | undefined)[]> {
  const stated = new Map<string, (Tensor | undefined)[]>();
  const note = (value: PlannedValue) => {
    if (value.is === "list") for (const item of value.items) note(item);
    if (value.is !== "ref" || value.stated < 0 || tree.kind(value.stated) !== "array") return;
    const key = `${value.ref.layer} ${value.ref.node}`;
    const outputs = stated.get(key) ?? [];
    if (value.ref.tensor < 0 || value.ref.tensor > 1000) return;
    const shape = known(() => shapeAt(tree, value.stated));
    if (!shape) return;
    outputs[value.ref.tensor] = { shape, certain: false };
    stated.set(key, outputs);
  };
  for (const call of plan.calls) for (const value of [...call.args, ...call.kwargs.values()]) note(value);
  return stated;
}

/** A planned call with the tensors in the places of the references. */
function resolvedCall(
  tree: ValueTree,
  planned: { readonly args: readonly PlannedValue[]; readonly kwargs: ReadonlyMap<string, PlannedValue> },
  resolve: (ref: TensorRef) => Tensor | undefined,
): Call {
  const one = (value: PlannedValue): Value => {
    if (value.is === "ref") return { is: "tensor", tensor: resolve(value.ref) };
    return value.is === "list" ? { is: "list", items: value.items.map(one) } : value;
  };
  if (planned.kwargs.size === 0) return new Call(tree, planned.args.map(one));
  return new Call(tree, planned.args.map(one), new Map([...planned.kwargs].map(([name, value]) => [name, one(value)])));
}

/** Which layers lie between the inputs and the outputs: only these are part of the model. */
function usedLayers({ calls, inputs, outputs, layers }: FunctionalPlan): boolean[] {
  const placeOf = placesOf(calls);
  const used = layers.map(() => false);
  for (const { layer } of inputs) used[layer] = true;
  const isInput = new Set(inputs.map(({ layer, node }) => placeOf(layer, node)));
  const seen = calls.map(() => false);
  const open: { readonly layer: number; readonly node: number }[] = [...outputs];
  for (let at = open.pop(); at; at = open.pop()) {
    used[at.layer] = true;
    const place = placeOf(at.layer, at.node);
    if (place === undefined || seen[place] || isInput.has(place)) continue;
    seen[place] = true;
    for (const needed of calls[place]?.needs ?? []) open.push(needed);
  }
  return used;
}

function* constructSequential(context: ModelContext, object: LayerObject, model: ModelState): Step<void> {
  const [first] = model.layers;
  model.used = model.layers.map(() => true);
  // Keras builds none that has nothing but an input.
  if (!first || model.layers.every(inputLayer)) return;
  const stated = context.tree.member(object.config.node, "build_input_shape");
  const isStated = stated !== NO_NODE && context.tree.kind(stated) === "array";
  const shape = context.statedInput(first) ?? (isStated ? known(() => shapeAt(context.tree, stated)) : undefined);
  if (shape) yield context.inScope(object.name, buildSequential(context, model, { shape, certain: true }));
}

/** `Sequential.build`: every layer is called with what the one before returns. */
function* buildSequential(context: ModelContext, model: ModelState, input: Tensor): Step<void> {
  model.inputs = [input.shape];
  let outputs: Tensors = [input];
  for (const layer of model.layers) {
    if (inputLayer(layer)) continue;
    outputs = (yield context.call(layer, new Call(context.tree, [argumentOf(outputs)]), [])) as Tensors;
  }
  model.outputs = outputs;
}

/** What a layer behind these outputs is called with. */
export function argumentOf(outputs: Tensors): Value {
  const items = outputs.map((tensor): Value => ({ is: "tensor", tensor }));
  return items.length === 1
    ? (items[0] as Value)
    : items.length === 0
      ? { is: "tensor", tensor: undefined }
      : { is: "list", items };
}

/** What a model returns when it is called: `compute_output_spec` of keras/src/ops/function.py. */
export function* modelOutputs(context: ModelContext, object: LayerObject, call: Call): Step<Tensors> {
  const model = object.model as ModelState;
  const tensors = tensorsOf(call.first());
  if (tensors.some((tensor) => tensor === undefined)) throw new NotKnown();
  const inputs = tensors as readonly Tensor[];
  if (model.kind === "sequential" && !model.inputs) {
    const [input] = inputs;
    if (!input || inputs.length !== 1 || model.layers.length === 0) throw new NotKnown();
    yield context.inScope(object.name, buildSequential(context, model, input));
    return model.outputs;
  }
  if (!model.inputs || model.inputs.length !== inputs.length) throw new NotKnown();
  checkInputs(object, model, inputs);
  const key = JSON.stringify(inputs.map(({ shape }) => shape));
  const certain = inputs.every((tensor) => tensor.certain);
  const outputs =
    key === JSON.stringify(model.inputs)
      ? model.outputs
      : (model.others.get(key) ?? ((yield runThrough(context, model, inputs)) as Tensors));
  model.others.set(key, outputs);
  return outputs.map((tensor) => tensor && { shape: tensor.shape, certain: tensor.certain && certain });
}

/** The `input_spec` of a functional model: the shapes it was built with, of any batch. */
function checkInputs(object: LayerObject, model: ModelState, inputs: readonly Tensor[]): void {
  const expected = model.inputs ?? [];
  for (const [index, { shape }] of inputs.entries()) {
    const spec: Shape = [null, ...(expected[index] ?? []).slice(1)];
    const squeezed = (one: Shape) => (one.at(-1) === 1 ? one.slice(0, -1) : one);
    const [a, b] = [squeezed(spec), squeezed(shape)];
    const differs = a.slice(0, b.length).some((dim, i) => dim !== null && b[i] !== null && dim !== b[i]);
    if (!differs) continue;
    const rest = `is incompatible with the layer: expected shape=${shown(spec)}, found shape=${shown(b)}`;
    if (model.kind === "functional") {
      const input = model.layers[model.plan?.inputs[index]?.layer ?? -1];
      throw valueError(`Input ${index} with name '${input?.name ?? "None"}' of layer '${object.name}' ${rest}`);
    }
    // A Sequential holds a functional model, whose name counts up over the whole program, and calls it itself.
    const input = model.layers.find(inputLayer);
    if (!input) throw new NotKnown();
    throw callError(
      object.className,
      valueError(`Input ${index} with name '${input.name}' of layer 'functional_…' ${rest}`),
    );
  }
}

/** The way through the layers of a model that is built, with other shapes than it was built with. */
export function* runThrough(context: ModelContext, model: ModelState, inputs: readonly Tensor[]): Step<Tensors> {
  if (model.kind === "sequential") {
    let outputs: Tensors = inputs;
    for (const layer of model.layers) {
      if (inputLayer(layer)) continue;
      context.count();
      const shapes = (yield context.output(
        layer.node,
        new Call(context.tree, [argumentOf(outputs)]),
      )) as readonly Shape[];
      outputs = shapes.map((shape) => ({ shape, certain: true }));
    }
    return outputs;
  }
  const { plan, used } = model;
  if (!plan) throw new NotKnown();
  const made = new Map<string, Tensors>();
  for (const [index, ref] of plan.inputs.entries()) made.set(`${ref.layer} ${ref.node}`, [inputs[index]]);
  const resolve = (ref: TensorRef) => made.get(`${ref.layer} ${ref.node}`)?.[ref.tensor];
  for (const planned of plan.calls) {
    const key = `${planned.layer} ${planned.node}`;
    if (made.has(key) || !used[planned.layer]) continue;
    context.count();
    const layer = model.layers[planned.layer] as LayerObject;
    const shapes = (yield context.output(layer.node, resolvedCall(context.tree, planned, resolve))) as readonly Shape[];
    made.set(
      key,
      shapes.map((shape) => ({ shape, certain: true })),
    );
  }
  return plan.outputs.map(resolve);
}
