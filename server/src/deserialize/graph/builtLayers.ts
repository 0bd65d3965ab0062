import { NO_NODE, type Node } from "../../json/index.ts";
import type { Behaviour } from "../behaviour.ts";
import { truthy } from "../dict.ts";
import type { FoundObject, Load } from "../load.ts";
import { derivesFrom, lineageOf } from "./lineage.ts";

/** Layers that are built once they are made, as far as they do not override `build`: in all releases, or from 3.6 on. */
const always = ["InputLayer", "Softmax", "Functional"];
const dropouts = ["Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"];
const from36 = [
  ...["Activation", "ActivityRegularization", "AlphaDropout", "ELU", "GaussianDropout", "GaussianNoise", "Identity"],
  ...["LeakyReLU", "Masking", "ReLU", "UnitNormalization"],
  ...["AveragePooling", "GlobalAveragePooling", "GlobalMaxPooling", "MaxPooling"].flatMap((name) =>
    ["1D", "2D", "3D"].map((dimensions) => `${name}${dimensions}`),
  ),
];

const builtLayers: Readonly<Record<Behaviour["builtInConstructor"], ReadonlySet<string>>> = {
  "with dropout": new Set([...always, ...dropouts]),
  "with all dropouts": new Set([...always, ...dropouts, "AlphaDropout"]),
  few: new Set(always),
  "without weights": new Set([...always, ...dropouts, ...from36]),
  "without weights, with Reshape": new Set([...always, ...dropouts, ...from36, "Reshape"]),
};

/** Whether a layer that was not called yet prints itself as built: its config says so, or its constructor did it. */
export function isBuilt(load: Load, node: Node, object: FoundObject): boolean {
  const { tree } = load;
  const buildConfig = tree.member(node, "build_config");
  if (buildConfig !== NO_NODE && truthy(tree, { node: buildConfig }) && tree.member(node, "module") !== NO_NODE)
    return true;
  const lineage = lineageOf(load, object);
  if (derivesFrom(lineage, "Sequential")) return isBuiltSequential(load, node);
  const built = builtLayers[load.behaviour.builtInConstructor];
  const [own] = lineage.keras;
  return own !== undefined && built.has(own.qualname) && !lineage.defines("build");
}

/** A Sequential is built with its second layer where the first is an InputLayer, else by its `build_input_shape`. */
function isBuiltSequential({ tree }: Load, node: Node): boolean {
  const config = tree.member(node, "config");
  const shape = tree.member(config, "build_input_shape");
  if (shape !== NO_NODE && tree.kind(shape) === "array" && tree.childCount(shape) > 0) return true;
  const layers = tree.member(config, "layers");
  if (layers === NO_NODE || tree.kind(layers) !== "array" || tree.childCount(layers) < 2) return false;
  const className = tree.member(tree.firstChild(layers), "class_name");
  return className !== NO_NODE && tree.string(className) === "InputLayer";
}
