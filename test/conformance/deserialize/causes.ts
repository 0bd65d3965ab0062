/** Why kinds of damage are missed, or cannot be known, more often than the targets allow. Looked up for the open half alone. */
import type { Counts, Measure } from "./measure.ts";
import { sum } from "./measure.ts";
import { type Generation, generationOf, targetFamilies } from "./targets.ts";

const callOfWorkspace =
  "A layer of the workspace (`Rack`, `Gain`) calls, in its `call`, what it was handed. What `build` and `call` of a class of the workspace do is not read.";
const stateOfWorkspace =
  "A cell of the workspace keeps its `units` as they are; what is made of them, its state, is not worked out from its code.";
const bareName =
  "Keras 2 leaves the bare name in the place of the object. What a class of the workspace does with it is up to its own code.";

/** By kind of damage. */
export const causes: Readonly<Record<Generation, Readonly<Record<string, string>>>> = {
  "Keras 3": {
    "argument retyped": stateOfWorkspace,
    "build_config a string": callOfWorkspace,
    "built-in function of another module": callOfWorkspace,
    "config a list": callOfWorkspace,
    "config missing": callOfWorkspace,
    "custom class instead": callOfWorkspace,
    "custom function instead":
      "A Bidirectional makes a layer again of what it writes of it. That such a copy names a function otherwise than the config is not followed.",
    "damage ten levels deep": callOfWorkspace,
    "Lambda layer without module instead":
      "With safe mode off Python is handed the code of the lambda. Whether it can be unmarshalled is not looked into.",
    "list instead": callOfWorkspace,
    "module of the standard library": "Which modules can be imported depends on the packages installed.",
    "object without module for a string": callOfWorkspace,
    "registered_name of another class":
      "A layer of the workspace stands where a dtype policy is due. Only the first attribute that a layer asks of it is looked up.",
    "tensor index out of range":
      "How many tensors a layer makes is not known of classes of the workspace, nor of layers whose outputs follow their inputs.",
    "unregistered class instead":
      "A class of the workspace without `mask` in its `call` is called with one. What its `call` takes is not held against the node.",
  },
  "Keras 2": {},
};
void bareName;

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
