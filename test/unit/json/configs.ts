/** Configs as Keras writes them, made from a seed: for tests of the JSON reader and for the benchmarks. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function serialized(module: string | null, className: string, config: Json, registeredName: string | null = null) {
  return { module, class_name: className, config, registered_name: registeredName };
}

const policy = (): Json => serialized("keras", "DTypePolicy", { name: "float32" });
const swish = (): Json => serialized("builtins", "function", "my_pkg>swishy", "function");

function tensor(name: string, shape: Json[]): Json {
  return { class_name: "__keras_tensor__", config: { shape, dtype: "float32", keras_history: [name, 0, 0] } };
}

interface Layer {
  [key: string]: Json;
}

function dense(name: string, units: number, width: number, next: () => number): Layer {
  return {
    ...serialized("keras.layers", "Dense", {
      name,
      trainable: true,
      dtype: policy(),
      units,
      activation: next() < 0.3 ? swish() : "relu",
      use_bias: true,
      kernel_initializer: serialized("keras.initializers", "GlorotUniform", { seed: null }),
      bias_initializer: serialized("keras.initializers", "Zeros", {}),
      kernel_regularizer: next() < 0.3 ? serialized("keras.regularizers", "L2", { l2: 0.01 }) : null,
      bias_regularizer: null,
      kernel_constraint: null,
      bias_constraint: null,
    }),
    build_config: { input_shape: [null, width] },
  };
}

function custom(name: string, width: number, next: () => number): Layer {
  return {
    ...serialized(
      next() < 0.5 ? "my_package.layers" : null,
      "Scale",
      {
        name,
        trainable: true,
        dtype: policy(),
        factor: Math.floor(next() * 1e6) / 1e4,
        note: 'a "quoted" note: {x, y}, é',
        inner: { rates: [0.1, 1e-7, -3], units: [] },
      },
      "my_pkg>Scale",
    ),
    build_config: { input_shape: [null, width] },
  };
}

function normalization(name: string, width: number): Layer {
  return {
    ...serialized("keras.layers", "BatchNormalization", {
      name,
      trainable: true,
      dtype: policy(),
      axis: -1,
      momentum: 0.99,
      epsilon: 0.001,
      gamma_initializer: serialized("keras.initializers", "Ones", {}),
      moving_mean_initializer: serialized("keras.initializers", "Zeros", {}),
      synchronized: false,
    }),
    build_config: { input_shape: [null, width] },
  };
}

/** A layer for inputs of a width, and the width of what it makes. */
function layer(index: number, width: number, next: () => number): { made: Layer; width: number } {
  const choice = next();
  if (choice < 0.5) {
    const units = 1 + Math.floor(next() * 512);
    return { made: dense(`dense_${index}`, units, width, next), width: units };
  }
  const made =
    choice < 0.75 ? custom(`scale_${index}`, width, next) : normalization(`batch_normalization_${index}`, width);
  return { made, width };
}

const compileConfig = (): Json => ({
  optimizer: serialized("keras.optimizers", "Adam", {
    name: "adam",
    learning_rate: serialized("keras.optimizers.schedules", "ExponentialDecay", {
      initial_learning_rate: 0.1,
      decay_steps: 10,
      decay_rate: 0.9,
      staircase: false,
    }),
    clipnorm: null,
  }),
  loss: serialized("builtins", "function", "my_pkg>my_loss", "function"),
  metrics: ["mae", serialized("keras.metrics", "MeanSquaredError", { name: "mse", dtype: "float32" })],
  jit_compile: true,
});

/** Python's recursion ends a chain of more layers than some 900. */
const LONGEST_CHAIN = 500;

/** A compiled Functional model with that many layers, which real Keras loads: chains from one input to an output each. */
export function functionalConfig(layers: number, seed = 1): Json {
  const next = random(seed);
  const input = serialized("keras.layers", "InputLayer", { batch_shape: [null, 8], dtype: "float32", name: "input" });
  const list: Json[] = [{ ...input, name: "input", inbound_nodes: [] }];
  let [before, width] = ["input", 8];
  const outputs: Json[] = [];
  for (let i = 0; i < layers; i++) {
    const { made, width: after } = layer(i, width, next);
    const name = String((made.config as { name: string }).name);
    list.push({ ...made, name, inbound_nodes: [{ args: [tensor(before, [null, width])], kwargs: {} }] });
    [before, width] = [name, after];
    if ((i + 1) % LONGEST_CHAIN !== 0 && i + 1 < layers) continue;
    outputs.push([before, 0, 0]);
    [before, width] = ["input", 8];
  }
  const config = {
    name: "functional",
    trainable: true,
    layers: list,
    input_layers: [["input", 0, 0]],
    output_layers: outputs,
  };
  return {
    ...serialized("keras.src.models.functional", "Functional", config, "Functional"),
    build_config: { input_shape: null },
    compile_config: compileConfig(),
  };
}

/** A Sequential model with that many layers. */
export function sequentialConfig(layers: number, seed = 1): Json {
  const next = random(seed);
  const list: Json[] = [];
  let width = 8;
  for (let i = 0; i < layers; i++) {
    const { made, width: after } = layer(i, width, next);
    list.push(made);
    width = after;
  }
  const config = { name: "sequential", trainable: true, dtype: policy(), layers: list, build_input_shape: [null, 8] };
  return { ...serialized("keras", "Sequential", config), compile_config: compileConfig() };
}

/** As Keras 2 wrote it: no `module`, no `registered_name`, nodes as lists. */
export function kerasTwoConfig(layers: number, seed = 1): Json {
  const next = random(seed);
  const list: Json[] = [];
  for (let i = 0; i < layers; i++) {
    list.push({
      class_name: next() < 0.3 ? "Addons>Scale" : "Dense",
      config: {
        name: `dense_${i}`,
        units: Math.floor(next() * 100),
        kernel_initializer: { class_name: "VarianceScaling", config: { scale: 1, mode: "fan_avg", seed: null } },
        bias_initializer: { class_name: "Zeros", config: {} },
        use_bias: true,
      },
      name: `dense_${i}`,
      inbound_nodes: i === 0 ? [] : [[[`dense_${i - 1}`, 0, 0, {}]]],
    });
  }
  const config = {
    name: "model_1",
    layers: list,
    input_layers: [["dense_0", 0, 0]],
    output_layers: [["dense_1", 0, 0]],
  };
  return { class_name: "Model", config, keras_version: "2.2.4", backend: "tensorflow" };
}

/** The text as Python's `json.dumps` writes it: `", "` and `": "` between values, or indented. */
export function pythonDumps(value: Json, indent?: number): string {
  if (indent !== undefined) return JSON.stringify(value, null, indent);
  const parts: string[] = [];
  const write = (value: Json): void => {
    if (Array.isArray(value)) {
      parts.push("[");
      value.forEach((element, i) => {
        if (i > 0) parts.push(", ");
        write(element);
      });
      parts.push("]");
    } else if (value !== null && typeof value === "object") {
      parts.push("{");
      Object.entries(value).forEach(([key, member], i) => {
        parts.push(i > 0 ? ", " : "", JSON.stringify(key), ": ");
        write(member);
      });
      parts.push("}");
    } else parts.push(JSON.stringify(value));
  };
  write(value);
  return parts.join("");
}
