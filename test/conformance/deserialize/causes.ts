/** Why kinds of damage are missed, or cannot be known, more often than the targets allow. Looked up for the open half alone. */
import type { Counts, Measure } from "./measure.ts";
import { sum } from "./measure.ts";
import { type Generation, generationOf, targetFamilies } from "./targets.ts";

const packages = "Which modules can be imported depends on the packages installed.";

/** By kind of damage. */
export const causes: Readonly<Record<Generation, Readonly<Record<string, string>>>> = {
  "Keras 3": {
    "argument retyped":
      "A cell of the workspace keeps its `units` as they are. That a state of such a size cannot be made is not worked out.",
    "build_config a string":
      "A text for `build_config` marks a layer as built that has no weights. Who calls it in a `call` of the workspace, which computes, misses them.",
    "built-in function of another module":
      "A layer of the workspace calls a function of Keras with one tensor, and that takes two. The headers of Keras's functions are not held.",
    "class_name missing":
      "To 3.2 a dtype without `class_name` stays a dict. Only layers of Keras are asked what they do with it.",
    "custom class instead":
      "A layer of the workspace calls an initializer, which takes the numbers of the tensor for dimensions of a shape.",
    "custom function instead":
      "A Bidirectional makes its second layer of what the first one writes of itself. What an initializer that is a function is written as is not followed.",
    "Lambda layer without module instead":
      "Where nothing forbids it Keras unmarshals the code of the lambda. Whether those bytes are code is not looked into; a warning tells of them.",
    "module of the standard library": packages,
    "registered_name of another class":
      "A layer of the workspace stands where a dtype policy is due. Of what a layer asks of it only the first is looked at.",
    "tensor index out of range":
      "How many tensors a layer makes is not known of classes of the workspace, nor of layers whose outputs follow their inputs.",
  },
  "Keras 2": {
    "argument retyped": "A recurrent layer refuses its input by its own `time_major`, which is not worked out.",
    "config false":
      "Which shape TextVectorization makes of no arguments is not worked out, and the next layer needs it.",
    "damage ten levels deep":
      "A layer of the workspace makes a weight in its `build`, of an initializer of another shape. `build` is not read.",
    "dtype is a Policy": "A cell of the workspace computes with two dtypes in its `call`, which is not read.",
    "module of tensorflow": packages,
  },
};

/** One kind of damage of the open half that misses more than the targets allow. */
export interface LargeMiss {
  readonly generation: Generation;
  readonly family: string;
  readonly kind: string;
  readonly counts: Counts;
  readonly cause: string | undefined;
}

/** The share of failures that may be missed or not known, of each kind as of all. */
const MOST_MISSED = 0.03;

/** The kinds of damage of the open half that miss more than the targets allow, by generation, family and kind. */
export function largeMisses(measured: Measure): LargeMiss[] {
  const kinds = new Map<string, { generation: Generation; family: string; kind: string; counts: Counts[] }>();
  for (const { half, family, kind, version, counts } of measured.rows) {
    if (half !== "open" || !targetFamilies.has(family)) continue;
    const generation = generationOf(version);
    const key = [generation, family, kind].join("\n");
    const known = kinds.get(key);
    if (known) known.counts.push(counts);
    else kinds.set(key, { generation, family, kind, counts: [counts] });
  }
  return [...kinds]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { generation, family, kind, counts }]) => {
      return { generation, family, kind, counts: sum(counts), cause: causes[generation][kind] };
    })
    .filter(({ counts }) => counts.missed + counts.open > MOST_MISSED * counts.fails);
}
