import fc from "fast-check";

/** Names that Keras, the fixture's Python or nobody knows, and some that mean something of their own. */
const names = [
  ...["Dense", "Sequential", "Functional", "Bidirectional", "LSTM", "Lambda", "RNN", "TextVectorization", "Add"],
  ...["Zeros", "GlorotUniform", "L2", "Adam", "MeanSquaredError", "Accuracy", "DTypePolicy", "ExponentialDecay"],
  ...["function", "__lambda__", "__slice__", "__tensor__", "__keras_tensor__", "__typespec__", "__bytes__"],
  ...["Scale", "my>Scale", "my>Gone", "relu", "mse", "", "\ud800", "__proto__", "constructor"],
];
const modules = [
  "keras",
  "keras.layers",
  "keras.initializers",
  "keras.src.layers.core.dense",
  "builtins",
  "layers",
  "os",
];
const argumentNames = [
  ...[
    "units",
    "layer",
    "layers",
    "cell",
    "kernel_initializer",
    "activation",
    "function",
    "dtype",
    "name",
    "output_shape",
  ],
  ...[
    "input_layers",
    "output_layers",
    "inbound_nodes",
    "args",
    "kwargs",
    "learning_rate",
    "start",
    "stop",
    "vocabulary",
  ],
  ...["value", "code", "optimizer", "loss", "metrics", "batch_shape", "toString"],
];

const scalar = fc.oneof(
  fc.constantFrom(null, true, false, 0, 1, -1.5, 1e300),
  fc.constantFrom(...names),
  fc.string({ maxLength: 5, unit: "binary" }),
);

/** JSON that looks like a config more often than not. `shared` decides whether objects may claim to be one another. */
export function anyConfig({ shared = true } = {}): fc.Arbitrary<unknown> {
  const { value } = fc.letrec<{ value: unknown; object: unknown; plain: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "medium", withCrossShrink: true },
      { arbitrary: scalar, weight: 3 },
      { arbitrary: tie("object"), weight: 5 },
      { arbitrary: fc.array(tie("value"), { maxLength: 4 }), weight: 2 },
      { arbitrary: tie("plain"), weight: 2 },
    ),
    plain: fc.dictionary(fc.constantFrom(...argumentNames), tie("value"), { maxKeys: 4, noNullPrototype: true }),
    object: fc.record(
      {
        module: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(null, ...modules) }, tie("value")),
        class_name: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, tie("value")),
        config: fc.oneof({ weight: 6, arbitrary: tie("plain") }, tie("value")),
        registered_name: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(null, ...names) }, tie("value")),
        build_config: tie("value"),
        compile_config: tie("value"),
        name: fc.constantFrom("a", "b"),
        inbound_nodes: tie("value"),
        ...(shared && { shared_object_id: fc.constantFrom(1, 2) }),
      },
      { requiredKeys: ["class_name", "config"], noNullPrototype: true },
    ),
  }));
  return value;
}

/** The same value with the keys of every object in another order, as `order` says. */
export function reordered(value: unknown, order: (keys: readonly string[]) => readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => reordered(item, order));
  if (typeof value !== "object" || value === null) return value;
  const dict = value as Record<string, unknown>;
  return Object.fromEntries(order(Object.keys(dict)).map((key) => [key, reordered(dict[key], order)]));
}
