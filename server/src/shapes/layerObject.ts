import type { Node } from "../json/index.ts";
import type { LayerConfig } from "./layerConfig.ts";
import type { FunctionalPlan } from "./modelPlan.ts";
import type { InputSpec, LayerRule, Weights } from "./rule.ts";
import type { Shape, Tensor } from "./values.ts";

/** A layer or model of the config, as Keras makes one object of it, with what has become of it so far. */
export interface LayerObject {
  readonly node: Node;
  readonly config: LayerConfig;
  readonly name: string;
  readonly className: string;
  /** What is known of its class; undefined for a class that is no model and has no rule. */
  readonly rule: LayerRule | undefined;
  readonly model: ModelState | undefined;
  built: boolean;
  /** Whether it is not known what became of it: Keras has raised, or may have. */
  isLost: boolean;
  /** Undefined where they are not known. */
  weights: Weights | undefined;
  spec: InputSpec | undefined;
  /** The outputs of each call, in the order of the calls. */
  readonly calls: (readonly (Tensor | undefined)[])[];
}

/** What a model has beside a layer. */
export interface ModelState {
  readonly kind: "functional" | "sequential";
  /** Of a functional model whose graph is whole. */
  plan: FunctionalPlan | undefined;
  layers: LayerObject[];
  /** The shapes on which it was built, and what came of them. */
  inputs: readonly Shape[] | undefined;
  outputs: readonly (Tensor | undefined)[];
  /** Of a functional model, whether each layer is needed for its outputs. */
  used: readonly boolean[];
  /** What came of other shapes, by the shapes. */
  readonly others: Map<string, readonly (Tensor | undefined)[]>;
}
