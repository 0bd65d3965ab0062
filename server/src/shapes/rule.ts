import type { Node } from "../json/index.ts";
import type { Call } from "./call.ts";
import type { LayerConfig } from "./layerConfig.ts";
import type { Step } from "./steps.ts";
import type { Dim, Shape } from "./values.ts";

/** How many numbers the weights of a layer hold. */
export interface Weights {
  readonly trainable: number;
  readonly nonTrainable: number;
}

export const NO_WEIGHTS: Weights = { trainable: 0, nonTrainable: 0 };

/** `InputSpec` of keras/src/layers/input_spec.py: what the first argument must be. */
export interface InputSpec {
  readonly ndim?: number;
  readonly minNdim?: number;
  /** The size of axes, by their number; negative ones are counted from the end. */
  readonly axes?: ReadonlyMap<number, Dim>;
  /** The size of every axis; `ndim` says how many there are. */
  readonly shape?: Shape;
}

/** What `build` makes. */
export interface Built extends Weights {
  /** The `input_spec` that it sets; absent where it leaves the constructor's. */
  readonly spec?: InputSpec;
}

/** What a wrapper may ask of the layers that it holds. */
export interface HeldLayers {
  /** `layer.build(shape)` where it is not built; the weights, undefined where they are not known. `prefix` is set before its name. */
  build(layer: Node, call: Call, prefix?: string): Step<Weights | undefined>;
  /** `layer.compute_output_shape(shape)`. */
  output(layer: Node, call: Call): Step<readonly Shape[]>;
}

/** What one class of layers does with shapes. All of it throws KerasRaises where Keras raises, NotKnown where that is not known. */
export interface LayerRule {
  /** The `input_spec` that the constructor sets. */
  spec?(config: LayerConfig): InputSpec;
  /** The arguments that hold layers. */
  readonly holds?: readonly string[];
  /** `build`: the weights, undefined where their number is not known; a layer without has none. */
  build?(config: LayerConfig, call: Call, held: HeldLayers): Built | undefined | Step<Built | undefined>;
  /**
   * In Keras 2 a layer that is built does not ask its `input_spec` while a functional model is constructed: the sentence in which
   * TensorFlow refuses a shape that it does not accept, undefined where that is not known.
   */
  unfit?(config: LayerConfig, spec: InputSpec, shape: Shape): string | undefined;
  /** The shapes of the tensors that the call returns, flattened. */
  output(config: LayerConfig, call: Call, held: HeldLayers): readonly Shape[] | Step<readonly Shape[]>;
}

/** Weights that are all trainable. */
export function trainable(count: number): Built {
  return { trainable: count, nonTrainable: 0 };
}

/** The rule of a layer whose output has the shape of its input. */
export const sameShape: LayerRule = { output: (_, call) => [call.input()] };
