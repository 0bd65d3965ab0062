import { NO_NODE, type Node, type ValueTree } from "../../json/index.ts";
import { truthy } from "../dict.ts";

/** One call of `add_weight` in the `build` of a layer of Keras: the arguments of the layer that it is handed. */
export interface Weight {
  readonly initializer: string;
  readonly regularizer?: string;
  readonly constraint?: string;
  /** The initializer is made anew of its config, by the `from_config` of its class. */
  readonly clonesInitializer?: true;
  /** Whether the layer has it; absent where it always has. */
  readonly when?: (config: Arguments) => boolean;
  /** The first dimension of its shape; undefined where that is not known. */
  readonly first?: (config: Arguments, input: Shape) => number | undefined;
}

/** The shape that a layer is built for; undefined where it is not known. */
export type Shape = readonly (number | null)[] | undefined;

/** What the `build` of a layer of Keras makes: its own weights, and after or instead of them the layers that it holds. */
export interface BuildPlan {
  readonly weights: readonly Weight[];
  /** Its weights are those of layers that it makes, which get the name of its dtype policy. */
  readonly isMade?: true;
  /** Arguments that hold layers or cells which are built with it, each with the shape that these get. */
  readonly layers: readonly {
    readonly argument: string;
    readonly shape: (input: Shape) => Shape;
    /** A copy is built, made of the layer's config. */
    readonly isCopy?: true;
  }[];
}

/** The config of a layer as its constructor reads it: the default where an argument is absent. */
export class Arguments {
  readonly tree: ValueTree;
  readonly config: Node;

  constructor(tree: ValueTree, config: Node) {
    this.tree = tree;
    this.config = config;
  }

  isTrue(argument: string, initial: boolean): boolean {
    const node = this.tree.member(this.config, argument);
    return node === NO_NODE ? initial : truthy(this.tree, { node });
  }

  /** Whether it is neither absent nor None. */
  has(argument: string): boolean {
    const node = this.tree.member(this.config, argument);
    return node !== NO_NODE && this.tree.kind(node) !== "null";
  }

  /** An integer, or the first of a list of them. */
  integer(argument: string): number | undefined {
    const { tree } = this;
    let node = tree.member(this.config, argument);
    if (node !== NO_NODE && tree.kind(node) === "array") node = tree.firstChild(node);
    return node !== NO_NODE && tree.kind(node) === "number" ? tree.number(node) : undefined;
  }
}

const last = (_: Arguments, input: Shape): number | undefined => input?.at(-1) ?? undefined;
const integer =
  (argument: string, times = 1) =>
  (config: Arguments): number | undefined => {
    const value = config.integer(argument);
    return value === undefined ? undefined : value * times;
  };

/** A weight whose arguments are `<name>_initializer` and so on. */
function weight(name: string, more: Pick<Weight, "when" | "first"> = {}): Weight {
  const named = {
    initializer: `${name}_initializer`,
    regularizer: `${name}_regularizer`,
    constraint: `${name}_constraint`,
  };
  return { ...named, ...more };
}

const usesBias = (config: Arguments) => config.isTrue("use_bias", true);
const bias = (first?: Weight["first"]) => weight("bias", { when: usesBias, ...(first && { first }) });
const own = (...weights: Weight[]): BuildPlan => ({ weights, layers: [] });
const same = (input: Shape): Shape => input;
const holds = (argument: string, shape = same): BuildPlan => ({ weights: [], layers: [{ argument, shape }] });
const withoutTime = (input: Shape): Shape => input && [...input.slice(0, 1), ...input.slice(2)];

const dense = own(weight("kernel", { first: last }), bias(integer("units")));
const convolution = own(weight("kernel", { first: integer("kernel_size") }), bias(integer("filters")));
const depthwise = own(weight("depthwise", { first: integer("kernel_size") }), bias());
const separable = own(
  weight("depthwise", { first: integer("kernel_size") }),
  weight("pointwise", { first: () => 1 }),
  bias(integer("filters")),
);
const onLastAxis = (config: Arguments, input: Shape) =>
  (config.integer("axis") ?? -1) === -1 ? last(config, input) : undefined;
const gamma = weight("gamma", {
  when: (config) => config.isTrue("scale", true) || config.isTrue("rms_scaling", false),
  first: onLastAxis,
});
const beta = weight("beta", {
  when: (config) => config.isTrue("center", true) && !config.isTrue("rms_scaling", false),
  first: onLastAxis,
});
const moving = (name: string): Weight => ({ initializer: `moving_${name}_initializer`, first: onLastAxis });
const recurrent = (...biases: Weight[]) =>
  own(weight("kernel", { first: last }), weight("recurrent", { first: integer("units") }), ...biases);
// The bias of the forget gate begins with ones, and the rest as the initializer says, which is asked for one gate.
const forgets = (config: Arguments) => (config.isTrue("unit_forget_bias", true) ? 1 : 4);
const convLstm = own(
  weight("kernel", { first: integer("kernel_size") }),
  weight("recurrent", { first: integer("kernel_size") }),
  bias((config) => integer("filters", forgets(config))(config)),
);
const simpleRnn = recurrent(bias(integer("units")));
const gru = recurrent(bias((config) => (config.isTrue("reset_after", true) ? 2 : integer("units", 3)(config))));
const lstm = recurrent(bias((config) => integer("units", forgets(config))(config)));
// Its projections get clones of both initializers, whether they have a bias or not.
const attention: BuildPlan = {
  isMade: true,
  layers: [],
  weights: [
    { initializer: "kernel_initializer", clonesInitializer: true },
    { initializer: "bias_initializer", clonesInitializer: true },
    weight("kernel"),
    bias(),
  ],
};

/** By the names of classes; from keras/src/layers, the same in all releases of Keras 3. */
const plans: Readonly<Record<string, BuildPlan>> = {
  Dense: dense,
  EinsumDense: own(weight("kernel"), weight("bias", { when: (config) => config.has("bias_axes") })),
  Embedding: own(weight("embeddings", { first: integer("input_dim") })),
  PReLU: own(weight("alpha")),
  Conv1D: convolution,
  Conv2D: convolution,
  Conv3D: convolution,
  Conv1DTranspose: convolution,
  Conv2DTranspose: convolution,
  Conv3DTranspose: convolution,
  DepthwiseConv1D: depthwise,
  DepthwiseConv2D: depthwise,
  SeparableConv1D: separable,
  SeparableConv2D: separable,
  BatchNormalization: own(gamma, beta, moving("mean"), moving("variance")),
  LayerNormalization: own(gamma, beta),
  GroupNormalization: own(gamma, beta),
  SimpleRNN: simpleRnn,
  SimpleRNNCell: simpleRnn,
  GRU: gru,
  GRUCell: gru,
  LSTM: lstm,
  LSTMCell: lstm,
  ConvLSTM1D: convLstm,
  ConvLSTM2D: convLstm,
  ConvLSTM3D: convLstm,
  MultiHeadAttention: attention,
  GroupedQueryAttention: attention,
  RNN: holds("cell", withoutTime),
  StackedRNNCells: holds("cells"),
  TimeDistributed: holds("layer", withoutTime),
  Wrapper: holds("layer"),
  SpectralNormalization: holds("layer"),
  Bidirectional: {
    weights: [],
    layers: ["layer", "backward_layer"].map((argument) => ({ argument, shape: same, isCopy: true })),
  },
};

/** What `build` of a class of Keras makes; undefined where that is not known here. */
export function buildPlanOf(className: string): BuildPlan | undefined {
  return Object.hasOwn(plans, className) ? plans[className] : undefined;
}
