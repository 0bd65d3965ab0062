/** Layers of keras/src/layers/regularization, and those of preprocessing and of applications that are in common use. */
import { type LayerRule, sameShape, trainable } from "../rule.ts";
import { NotKnown } from "../values.ts";

/** Layers that change no shape, those of images among them; in Keras 2 too. */
export const keepingShape = [
  "ActivityRegularization",
  "AlphaDropout",
  "Dropout",
  "GaussianDropout",
  "GaussianNoise",
  "Rescaling",
  "RandomBrightness",
  "RandomContrast",
  "RandomFlip",
  "RandomRotation",
  "RandomTranslation",
  "RandomZoom",
];

function spatialDropout(rank: number): LayerRule {
  return { ...sameShape, spec: () => ({ ndim: rank + 2 }) };
}

/** `Resizing` and `CenterCrop` of keras/src/layers/preprocessing/image_preprocessing. */
const toSize: LayerRule = {
  output(config, call) {
    const shape = [...call.input()];
    const at = (config.channelsLast() ? 0 : 1) + (shape.length === 4 ? 1 : 0);
    if (shape.length !== 3 && shape.length !== 4) throw new NotKnown();
    shape[at] = config.int("height");
    shape[at + 1] = config.int("width");
    return [shape];
  },
};

const layerScale: LayerRule = { ...sameShape, build: (config) => trainable(config.int("projection_dim")) };

const customScale: LayerRule = {
  output(_, call) {
    const [first] = call.inputs();
    if (!first) throw new NotKnown();
    return [first];
  },
};

export const regularizationRules: ReadonlyMap<string, LayerRule> = new Map<string, LayerRule>([
  ...keepingShape.map((name): [string, LayerRule] => [`keras.layers.${name}`, sameShape]),
  ...[1, 2, 3].map((rank): [string, LayerRule] => [`keras.layers.SpatialDropout${rank}D`, spatialDropout(rank)]),
  ["keras.layers.Resizing", toSize],
  ["keras.layers.CenterCrop", toSize],
  ["keras.src.applications.convnext.LayerScale", layerScale],
  ["keras.src.applications.inception_resnet_v2.CustomScaleLayer", customScale],
]);
