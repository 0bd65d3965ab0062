import { emptyRegistry } from "../../../recorded/emptyRegistry.ts";
import { catalogueWithKeras2 } from "../../../recorded/shippedCatalogue.ts";
import { failuresIn, type RecordedLoad, reasonsIn, simulateRecord } from "../../../recorded/simulateRecord.ts";
import { workspaceRegistry } from "../../../recorded/workspaceRegistry.ts";

/** What a constructor of Keras 2 raises of a config, without what is wrapped around it; "open", or "loads". */
export function said(
  config: object,
  { version = "2.15.1", ...more }: Partial<RecordedLoad> & { readonly version?: string } = {},
  registry = emptyRegistry,
): string {
  const asked: RecordedLoad = { loader: "deserialize_keras_object", config: JSON.stringify(config), ...more };
  const { events } = simulateRecord(asked, catalogueWithKeras2.release(version), registry);
  const [first] = failuresIn(events);
  if (first === undefined) return reasonsIn(events).length > 0 ? "open" : "loads";
  const [, inner] = first.split("Exception encountered: ");
  return inner ?? first;
}

export const object = (class_name: string, config: object = {}, module = "keras.layers") => ({
  module,
  class_name,
  config,
  registered_name: null,
});
export const old = (class_name: string, config: object = {}) => ({ class_name, config });
export const optimizer = (config: object, class_name = "Adam") => object(class_name, config, "keras.optimizers");
export const registry = workspaceRegistry({
  "audio.py": `import tf_keras

@tf_keras.utils.register_keras_serializable("audio")
def clip(x):
    return x

@tf_keras.utils.register_keras_serializable("audio")
class Ramp(tf_keras.initializers.Initializer):
    def __init__(self, slope):
        self.slope = slope

    def __call__(self, shape, dtype=None):
        return shape
`,
});
