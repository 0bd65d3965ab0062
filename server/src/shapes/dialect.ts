import type { BuiltinSymbol } from "../catalogue/keras.ts";
import type { Node, ValueTree } from "../json/index.ts";
import type { Call } from "./call.ts";
import type { LayerObject } from "./layerObject.ts";
import type { HeldLayers, LayerRule } from "./rule.ts";
import type { Step } from "./steps.ts";
import type { KerasRaises, Shape, Tensor } from "./values.ts";

export type Tensors = readonly (Tensor | undefined)[];

/** What a release does with the shapes of layers. */
export interface ShapeDialect {
  /** The rule of a class; undefined where there is none. */
  ruleOf(symbol: BuiltinSymbol): LayerRule | undefined;
  /** Whether the weights of a frozen layer count as trainable in the model that holds it: in 3.0 and 3.1 they are made after it is frozen. */
  countsFrozen(): boolean;
  /** How Keras 2 makes models and calls layers; undefined for Keras 3. */
  readonly keras2: Keras2Calls | undefined;
}

/** What Keras 2 does otherwise with all layers. */
export interface Keras2Calls {
  /** `from_config` of a model. */
  constructModel(context: ModelContext, object: LayerObject): Step<void>;
  /** `layer(*args, **kwargs)`, in the call of another layer where `isWithin`. */
  call(context: ModelContext, object: LayerObject, call: Call, isWithin: boolean): Step<Tensors>;
  /** Whether a layer has a node before it is called: `_should_skip_first_node` of tf_keras/src/engine/functional.py. */
  hasOwnNode(layer: LayerObject): boolean;
}

/** What models ask of the evaluation that they are part of. */
export interface ModelContext extends HeldLayers {
  readonly tree: ValueTree;
  readonly conflictsOnly: boolean;
  readonly dialect: ShapeDialect;
  construct(node: Node): Step<LayerObject>;
  call(object: LayerObject, call: Call, stated: Tensors): Step<Tensors>;
  /** Notes what the model that holds a layer refuses of it. */
  refuse(object: LayerObject, error: KerasRaises): void;
  statedInput(object: LayerObject): Shape | undefined;
  count(): void;
  inScope<T>(name: string, step: Step<T>): Step<T>;
}
