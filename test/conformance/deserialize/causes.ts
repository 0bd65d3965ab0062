/**
 * Why kinds of damage are missed, or cannot be known, more often than the targets allow, and why anything is missed of what nobody
 * damaged. Looked up for the open half alone.
 */
import type { Counts, Measure, Shortfall } from "./measure.ts";
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
      "A layer of the workspace makes a weight in its `build`, of an initializer of another shape, which is not worked out.",
    "dtype is a Policy": "A cell of the workspace computes with two dtypes in its `call`, which is not worked out.",
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

/** Configs as a release or a hand wrote them of which something is missed, or cannot be known. */
export interface Subject {
  readonly generation: Generation;
  readonly subject: string;
  /** What the configs are called. */
  readonly names: RegExp;
  readonly cause: string;
}

const files = "Whether a file is there, and what it holds, is not looked at: it is sought where the model is loaded.";
const backends = "What raises is the backend, each in its own words and by an exception of its own.";

/** Of each config the first subject that has its name. */
export const subjects: readonly Subject[] = [
  {
    generation: "Keras 3",
    subject: "vocabularies in files",
    names: /\b(?:StringLookup|IntegerLookup|TextVectorization)\b/,
    cause: files,
  },
  { generation: "Keras 3", subject: "TFSMLayer", names: /\bTFSMLayer\b/, cause: files },
  {
    generation: "Keras 3",
    subject: "TorchModuleWrapper",
    names: /\bTorchModuleWrapper\b/,
    cause: "What `torch.load` makes of a pickle is not looked into; a warning tells of it.",
  },
  {
    generation: "Keras 3",
    subject: "classes of the standard library",
    names: /^a class of the standard library$/,
    cause: packages,
  },
  {
    generation: "Keras 3",
    subject: "a layer of the workspace without a call",
    names: /^a scope and a registration under one key, inside$/,
    cause: "That a class of the workspace has no `call` is not looked for where a model calls it.",
  },
  {
    generation: "Keras 3",
    subject: "Normalization without an axis, in HDF5",
    names: /^a model of layers\.Normalization\(axis=None/,
    cause: `The legacy loader takes the empty \`axis\` out, and the default demands more numbers than there are. ${backends}`,
  },
  { generation: "Keras 3", subject: "Nonzero of 3.0", names: /^ops\.nonzero$/, cause: backends },
  {
    generation: "Keras 3",
    subject: "Linspace and Logspace",
    names: /^ops\.(?:lin|log)space$/,
    cause:
      "To 3.10 their `dtype` is a class of Python by default, of which reading does not tell whether `from_config` deserializes it: what their constructors refuse is not known.",
  },
  {
    generation: "Keras 3",
    subject: "FullLike and OnesLike",
    names: /^ops\.(?:full|ones)_like$/,
    cause:
      "Older releases call them with a `dtype`, which newer ones hand to their constructor. What an operation takes when it is called is not read.",
  },
  {
    generation: "Keras 3",
    subject: "a Sequential in a TimeDistributed",
    names: /^a model of layers\.TimeDistributed\(sequential\(/,
    cause:
      "To 3.3 a Sequential computes no shape of its own, which a TimeDistributed asks for where the model is not built before. That is not worked out.",
  },
  {
    generation: "Keras 2",
    subject: "classes by a path in tensorflow",
    names: /^built-in class by the path in tensorflow$/,
    cause: packages,
  },
];

/** What is missed, or cannot be known, of a subject; undefined is what no subject has the name of. */
export interface Remaining {
  readonly generation: Generation;
  readonly family: string;
  readonly subject: Subject | undefined;
  readonly shortfalls: readonly Shortfall[];
}

/** What remains of the open half in the families of which no share is demanded, since nobody damaged their configs. */
export function remaining(measured: Measure): Remaining[] {
  const found = new Map<string, Remaining & { readonly shortfalls: Shortfall[] }>();
  for (const shortfall of measured.shortfalls) {
    const { what, half, family, name, version } = shortfall;
    if (half !== "open" || targetFamilies.has(family) || (what !== "missed" && what !== "open")) continue;
    const generation = generationOf(version);
    const subject = subjects.find((one) => one.generation === generation && one.names.test(name));
    const key = [generation, family, subject?.subject ?? ""].join("\n");
    const known = found.get(key);
    if (known) known.shortfalls.push(shortfall);
    else found.set(key, { generation, family, subject, shortfalls: [shortfall] });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
