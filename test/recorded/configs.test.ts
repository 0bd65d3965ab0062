import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { plainText } from "../../server/src/features/snippet.ts";
import { wholeObject } from "../../server/src/features/wholeObject.ts";
import { loadConfigs } from "../../server/src/host/catalogue.ts";
import { catalogue } from "./shippedCatalogue.ts";

declare const __ROOT__: string;
const folder = join(__ROOT__, "test/recorded/configs");
const configs = loadConfigs(pathToFileURL(join(__ROOT__, "server/data/")));

interface Recording {
  readonly version: string;
  /** What real Keras wrote, by the path of the class. */
  readonly objects: Readonly<Record<string, { readonly config: Readonly<Record<string, unknown>> }>>;
  /** The arguments that were given since the class requires them. */
  readonly required: Readonly<Record<string, readonly string[]>>;
}

/** Keys that hang on what must be given, or that reading the source does not decide. They are left out: Keras has defaults. */
const leftOut: ReadonlySet<string> = new Set([
  "keras.distillation.FeatureDistillation: loss",
  "keras.distillation.LogitsDistillation: loss",
  "keras.layers.Activation: name trainable dtype",
  "keras.layers.AveragePooling1D: strides",
  "keras.layers.AveragePooling2D: strides",
  "keras.layers.AveragePooling3D: strides",
  "keras.layers.Bidirectional: backward_layer",
  "keras.layers.Lambda: name trainable dtype arguments",
  "keras.layers.MultiHeadAttention: value_dim",
  "keras.layers.Normalization: mean variance",
  "keras.layers.RandomCrop: seed",
  "keras.layers.Resizing: antialias",
  "keras.layers.IntegerLookup: vocabulary_dtype idf_weights vocabulary",
  "keras.layers.StringLookup: idf_weights vocabulary",
  "keras.layers.TextVectorization: vocabulary idf_weights vocabulary_size",
  "keras.optimizers.LossScaleOptimizer: initial_scale",
]);

/** Objects that are offered otherwise than real Keras wrote them: what is wrong, and what is left out. */
function differences(recording: Recording): { wrong: string[]; missing: string[] } {
  const release = catalogue.release(recording.version);
  const result: { wrong: string[]; missing: string[] } = { wrong: [], missing: [] };
  for (const [path, real] of Object.entries(recording.objects)) {
    const symbol = release.exported(path);
    assert.ok(symbol, path);
    const dot = path.lastIndexOf(".");
    const identity = { module: path.slice(0, dot), className: path.slice(dot + 1), registeredName: null };
    const text = plainText(wholeObject(release, configs, { from: "keras", symbol }, identity, (name) => name));
    const { config, ...beside } = JSON.parse(text);
    const { config: realConfig, ...realBeside } = real;
    const given = recording.required[path] ?? [];
    const isOther = (key: string) => JSON.stringify(config[key]) !== JSON.stringify(realConfig[key]);
    const wrong = Object.keys(config).filter((key) => !given.includes(key) && isOther(key));
    const missing = Object.keys(realConfig).filter((key) => !(key in config));
    const order = Object.keys(realConfig).filter((key) => key in config);
    if (wrong.length > 0) result.wrong.push(`${path}: ${wrong.join(" ")}`);
    else if (Object.keys(config).join() !== order.join()) result.wrong.push(`${path}: order`);
    if (JSON.stringify(beside) !== JSON.stringify(realBeside)) result.wrong.push(`${path}: beside the config`);
    if (missing.length > 0) result.missing.push(`${path}: ${missing.join(" ")}`);
  }
  return result;
}

describe("an object with its defaults is what real Keras writes", () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".json.gz"))) {
    const recording: Recording = JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString("utf8"));
    test(`in ${recording.version}`, () => {
      const { wrong, missing } = differences(recording);
      assert.deepEqual(wrong, []);
      assert.deepEqual(
        missing.filter((keys) => !leftOut.has(keys)),
        [],
      );
    });
  }
});
