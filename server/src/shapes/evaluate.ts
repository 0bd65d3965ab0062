import { NO_NODE, type Node, type ValueTree } from "../json/index.ts";
import { Call } from "./call.ts";
import { callError } from "./callError.ts";
import type { ModelContext, ShapeDialect, Tensors } from "./dialect.ts";
import { assertInputCompatibility } from "./inputSpec.ts";
import { LayerConfig, shapesAt } from "./layerConfig.ts";
import type { LayerObject } from "./layerObject.ts";
import { constructModel, modelOutputs } from "./models.ts";
import type { Built, LayerRule, Weights } from "./rule.ts";
import { NO_WEIGHTS } from "./rule.ts";
import type { Step } from "./steps.ts";
import {
  bounded,
  KerasRaises,
  known,
  NotKnown,
  type Shape,
  shown,
  type Tensor,
  tensorsOf,
  UndefinedWeight,
  type Value,
  valueError,
} from "./values.ts";

/** Where Keras refuses shapes: at which layer, and what it raises. */
export interface ShapeConflict {
  readonly node: Node;
  readonly exception: string;
  readonly message: string;
  /** The message without what calls put around it. */
  readonly sentence: string;
}

/** What a class is to shapes. */
export type LayerClass = { readonly rule: LayerRule } | { readonly model: "functional" | "sequential" } | undefined;

/** How much may be computed anew for models that are called with other shapes than they were built with. */
const MOST_CALLS_PER_VALUE = 4;

/** The making of one root object, with all layers in it. */
export class Evaluation implements ModelContext {
  readonly tree: ValueTree;
  readonly objects = new Map<Node, LayerObject>();
  readonly conflicts: ShapeConflict[] = [];
  readonly #classOf: (node: Node) => LayerClass;
  /** The name scopes that are open. */
  readonly #scopes: string[] = [];
  #calls = 0;

  /** Whether conflicts alone are asked for: what cannot lead to one is not worked out. */
  readonly conflictsOnly: boolean;

  readonly dialect: ShapeDialect;

  constructor(tree: ValueTree, classOf: (node: Node) => LayerClass, conflictsOnly: boolean, dialect: ShapeDialect) {
    this.tree = tree;
    this.#classOf = classOf;
    this.conflictsOnly = conflictsOnly;
    this.dialect = dialect;
  }

  /** Makes the object of a serialized layer as `deserialize_keras_object` does, with all in it. */
  *construct(node: Node): Step<LayerObject> {
    const object = this.#objectOf(node);
    this.objects.set(node, object);
    const { keras2 } = this.dialect;
    if (object.model) yield (keras2?.constructModel ?? constructModel)(this, object);
    for (const argument of object.rule?.holds ?? []) {
      const held = object.config.value(argument);
      if (held !== NO_NODE && this.tree.kind(held) === "object") yield this.construct(held);
    }
    // In Keras 2 nothing of Keras's own is built from it: `deserialize` of tf_keras/src/layers/serialization.py reads the config alone.
    const buildConfig = keras2 ? NO_NODE : this.tree.member(node, "build_config");
    if (object.rule && !object.built && !object.isLost && buildConfig !== NO_NODE)
      yield this.#attempt(object, this.#buildFromConfig(object, buildConfig), undefined);
    return object;
  }

  #objectOf(node: Node): LayerObject {
    const { tree } = this;
    const inner = tree.member(node, "config");
    const config = new LayerConfig(tree, inner);
    const found = this.#classOf(node);
    const rule = found && "rule" in found ? found.rule : undefined;
    const kind = found && "model" in found ? found.model : undefined;
    // Where the constructor is not followed, or refuses its arguments, nothing is known of what comes after.
    const spec = known(() => ({ made: rule?.spec?.(config) }));
    return {
      node,
      config,
      name: tree.string(tree.member(inner, "name")),
      className: tree.string(tree.member(node, "class_name")),
      rule,
      model: kind && { kind, plan: undefined, layers: [], inputs: undefined, outputs: [], used: [], others: new Map() },
      // What has nothing to build is built from the beginning.
      built: rule !== undefined && rule.build === undefined,
      isLost: spec === undefined,
      weights: rule && rule.build === undefined ? NO_WEIGHTS : undefined,
      spec: spec?.made,
      calls: [],
    };
  }

  /** `Layer.build_from_config`: the shapes that the layer was built with when it was saved. */
  *#buildFromConfig(object: LayerObject, buildConfig: Node): Step<void> {
    const { tree } = this;
    const shape = tree.member(buildConfig, "input_shape");
    if (shape !== NO_NODE) {
      if (tree.kind(shape) !== "null")
        yield this.#build(object, new Call(tree, [shapesAt(tree, shape)], new Map(), true));
      return;
    }
    const shapes = tree.member(buildConfig, "shapes_dict");
    if (shapes === NO_NODE) return;
    const kwargs = new Map<string, Value>();
    for (let one = tree.firstChild(shapes); one !== NO_NODE; one = tree.nextSibling(one)) {
      if (tree.kind(one) !== "null") kwargs.set(tree.key(one).replace(/_shape$/, ""), shapesAt(tree, one));
    }
    yield this.#build(object, new Call(tree, [], kwargs, true));
  }

  *#build(object: LayerObject, call: Call, prefix = ""): Step<void> {
    object.built = true;
    const built = (yield this.inScope(`${prefix}${object.name}`, this.#made(object, call))) as Built | undefined;
    object.weights = built && { trainable: built.trainable, nonTrainable: built.nonTrainable };
    object.spec = built?.spec ?? object.spec;
  }

  *#made({ rule, config }: LayerObject, call: Call): Step<Built | undefined> {
    if (!rule?.build) throw new NotKnown();
    try {
      const made = rule.build(config, call, this);
      return (made && "next" in made ? yield made : made) as Built | undefined;
    } catch (error) {
      if (!(error instanceof UndefinedWeight)) throw error;
      throw valueError(
        "Shapes used to initialize variables must be fully-defined (no `None` dimensions). Received: " +
          `shape=${shown(error.shape)} for variable path='${[...this.#scopes, error.path].join("/")}'`,
      );
    }
  }

  /** Runs a step within a name scope, by which Keras names the weights that are made there. */
  *inScope<T>(name: string, step: Step<T>): Step<T> {
    this.#scopes.push(name);
    try {
      return (yield step) as T;
    } finally {
      this.#scopes.pop();
    }
  }

  /** `layer(*args, **kwargs)`; the outputs, undefined where they are not known. */
  *call(
    object: LayerObject,
    call: Call,
    stated: readonly (Tensor | undefined)[],
  ): Step<readonly (Tensor | undefined)[]> {
    // Of a layer of somebody else nothing is known but what the config says; and a conflict comes of certain shapes alone.
    const isOther = (!object.rule && !object.model) || (this.conflictsOnly && !call.isCertain);
    const outputs = isOther
      ? undefined
      : ((yield this.#attempt(object, this.#call(object, call), call)) as readonly Tensor[] | undefined);
    if (isOther && !object.built) object.isLost = true;
    const known = outputs ?? (object.rule || object.model ? [] : stated);
    object.calls.push(known);
    return known;
  }

  *#call(object: LayerObject, call: Call): Step<readonly (Tensor | undefined)[]> {
    if (this.dialect.keras2) return (yield this.dialect.keras2.call(this, object, call, false)) as Tensors;
    if (object.model) return (yield modelOutputs(this, object, call)) as readonly (Tensor | undefined)[];
    const { rule, config } = object;
    if (!rule || object.isLost) throw new NotKnown();
    if (object.spec) assertInputCompatibility(object.spec, tensorsOf(call.first()), object.name);
    if (!object.built) {
      yield this.#build(object, call);
      if (object.spec) assertInputCompatibility(object.spec, tensorsOf(call.first()), object.name);
    }
    const certain = call.isCertain;
    const shapes = (yield inCall(object.className, () => rule.output(config, call, this))) as readonly Shape[];
    return bounded(shapes).map((shape) => ({ shape, certain }));
  }

  /** Runs a step of a layer; a conflict is noted where all that led to it is certain, and undefined is returned. */
  *#attempt<T>(object: LayerObject, step: Step<T>, call: Call | undefined): Step<T | undefined> {
    try {
      return (yield step) as T;
    } catch (error) {
      if (error instanceof KerasRaises) {
        if (!call || call.isCertain) this.refuse(object, error);
      } else if (!(error instanceof NotKnown)) throw error;
      object.isLost = true;
      return undefined;
    }
  }

  refuse({ node }: LayerObject, { exception, message, sentence }: KerasRaises): void {
    this.conflicts.push({ node, exception, message, sentence });
  }

  *build(layer: Node, call: Call, prefix?: string): Step<Weights | undefined> {
    const object = this.objects.get(layer);
    if (!object) throw new NotKnown();
    if (object.model) {
      if (!object.model.inputs) yield modelOutputs(this, object, call);
      return weightsOf(object, this.dialect);
    }
    if (!object.built) yield this.#build(object, call, prefix);
    return weightsWithin(object, this.dialect);
  }

  *output(layer: Node, call: Call): Step<readonly Shape[]> {
    const object = this.objects.get(layer);
    if (!object) throw new NotKnown();
    if (this.dialect.keras2)
      return ((yield this.dialect.keras2.call(this, object, call, true)) as Tensors).map(shapeOf);
    if (object.model) {
      const outputs = (yield modelOutputs(this, object, call)) as readonly (Tensor | undefined)[];
      return outputs.map(shapeOf);
    }
    if (!object.rule || object.isLost) throw new NotKnown();
    const made = object.rule.output(object.config, call, this);
    return bounded(("next" in made ? yield made : made) as readonly Shape[]);
  }

  /** Counts a call; throws NotKnown where models within models have been computed anew too often. */
  count(): void {
    if (++this.#calls > 1000 + this.tree.size * MOST_CALLS_PER_VALUE) throw new NotKnown();
  }

  /** The shape that a model of this config begins with, where it says so itself. */
  statedInput(object: LayerObject): Shape | undefined {
    return known(() => object.config.shape("batch_shape") ?? object.config.shape("batch_input_shape"));
  }
}

/** The weights of a layer, or of all layers of a model; undefined where one of them is not known. */
export function weightsOf(root: LayerObject, dialect: ShapeDialect): Weights | undefined {
  let trainable = 0;
  let nonTrainable = 0;
  const open = [root];
  for (let object = open.pop(); object; object = open.pop()) {
    const { model } = object;
    if (model && !object.weights) {
      if (!model.inputs) return undefined;
      for (const [index, layer] of model.layers.entries()) if (model.used[index]) open.push(layer);
      continue;
    }
    // A model that is frozen has layers that may not be.
    const weights = model ? object.weights : weightsWithin(object, dialect);
    if (!weights) return undefined;
    trainable += weights.trainable;
    nonTrainable += weights.nonTrainable;
  }
  return { trainable, nonTrainable };
}

/**
 * The weights of one layer by its own account: all are fixed where it is frozen. A Sequential does not keep whether it is, and
 * what a functional model says of itself holds for none of its layers.
 */
export function ownWeights({ weights, config, model }: LayerObject): Weights | undefined {
  if (!weights || model?.kind === "sequential") return weights;
  const { tree, node } = config;
  const trainable = tree.member(node, "trainable");
  const isFrozen = trainable !== NO_NODE && tree.kind(trainable) === "boolean" && !tree.boolean(trainable);
  return isFrozen ? { trainable: 0, nonTrainable: weights.trainable + weights.nonTrainable } : weights;
}

/** The weights of a layer as what holds it counts them. */
function weightsWithin(object: LayerObject, dialect: ShapeDialect): Weights | undefined {
  const own = ownWeights(object);
  return own === object.weights || !dialect.countsFrozen() ? own : object.weights;
}

function shapeOf(tensor: Tensor | undefined): Shape {
  if (!tensor) throw new NotKnown();
  return tensor.shape;
}

/** Makes the outputs of a call, with errors as they leave it. */
function* inCall(className: string, make: () => readonly Shape[] | Step<readonly Shape[]>): Step<readonly Shape[]> {
  try {
    const made = make();
    return ("next" in made ? yield made : made) as readonly Shape[];
  } catch (error) {
    if (!(error instanceof KerasRaises)) throw error;
    throw callError(className, error);
  }
}
