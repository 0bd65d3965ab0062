/** Models of Keras 2 written as short as they are thought of, and what a load of one comes to. */
import type { RegistryView } from "../../../../server/src/registry/view.ts";
import { firstFailure, type Outcome, outcomeOf, problemsOf, wordsOf } from "../graph/outcomes.ts";

type Json = Record<string, unknown>;

/** A tensor: `x`, `x:1` of its second call, `x:0:2` of the third tensor. */
export function tensor(text: string): unknown[] {
  const [name, call = "0", index = "0"] = text.split(":");
  return [name, Number(call), Number(index)];
}

/** A layer of Keras, called once for each of `calls`, on one tensor or on several: `x y`. */
export function layer(className: string, name: string, ...calls: string[]): Json {
  const ofClass: Record<string, Json> = {
    InputLayer: { batch_input_shape: [null, 4], dtype: "float32" },
    Dense: { units: 4 },
    LSTM: { units: 4 },
  };
  return {
    ...{
      module: "keras.layers",
      class_name: className,
      config: { ...ofClass[className], name },
      registered_name: null,
    },
    name,
    inbound_nodes: calls.map((call) => call.split(" ").map((one) => [...tensor(one), {}])),
  };
}

export const input = (name: string) => layer("InputLayer", name);
export const dense = (name: string, ...calls: string[]) => layer("Dense", name, ...calls);

/** The layer with other entries for its calls, as they are written. */
export const calledOn = (one: Json, ...entries: unknown[]): Json => ({ ...one, inbound_nodes: entries });

/** A Functional model `m` of these layers, from `inputs` to `outputs`: `x y`. */
export function functional(layers: unknown, inputs: unknown = "x", outputs: unknown = "y", name: unknown = "m"): Json {
  const ends = (tensors: unknown) => (typeof tensors === "string" ? tensors.split(" ").map(tensor) : tensors);
  return {
    ...{ module: "tf_keras.src.engine.functional", class_name: "Functional", registered_name: "Functional" },
    config: { name, trainable: true, layers, input_layers: ends(inputs), output_layers: ends(outputs) },
  };
}

/** The same as a layer of another model. */
export const asLayer = (model: Json, name: string, ...calls: string[]): Json => ({
  ...layer("", name, ...calls),
  ...model,
  config: { ...(model.config as Json), name },
});

/** A Sequential of these layers. */
export function sequential(...layers: unknown[]): Json {
  return { module: "keras", class_name: "Sequential", config: { name: "s", layers }, registered_name: null };
}

/** The load of a config, or of its text, in a workspace without Python unless one is given. */
export const loadOf = (config: object | string, version = "2.15.1", registry?: RegistryView): Outcome =>
  outcomeOf(config, version, registry);

/** What is reported, one failure a line: `rule at POINTER`, below the model's config. */
export const problems = (config: object, version?: string, registry?: RegistryView): string[] =>
  problemsOf(loadOf(config, version, registry));

/** What leaves the loader first: the exception and the text. */
export function raised(config: object, version?: string): string | undefined {
  const failed = firstFailure(loadOf(config, version));
  return failed && `${failed.outcome.exception}: ${failed.outcome.message}`;
}

/** What the problem says, before Keras is quoted. */
export const words = (config: object, version?: string): string | undefined => wordsOf(loadOf(config, version));
