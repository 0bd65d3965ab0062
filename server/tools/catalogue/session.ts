import { importModule } from "./interpreter/imports.ts";
import { type Environment, type Intercept, Machine } from "./interpreter/machine.ts";
import { constant, PythonError, UNKNOWN, type Value } from "./interpreter/values.ts";
import { prepareKeras2 } from "./keras2.ts";
import { keras2 } from "./kerasPackage.ts";
import type { ReleaseSource } from "./releaseSource.ts";

/** What Keras itself depends on, and what the wheels' own tests use of it. */
const always = ["numpy", "scipy", "h5py", "optree", "rich", "absl", "namex", "ml_dtypes", "packaging"];

/** What TensorFlow depends on, and tf_keras with it. */
const withTensorFlow = (
  "tensorflow absl astunparse flatbuffers gast google grpc h5py ml_dtypes numpy opt_einsum packaging six tensorboard " +
  "requests termcolor typing_extensions wrapt"
).split(" ");

/**
 * The environments in which Keras is read. The first one is what the recordings were made in; a module is importable
 * where the others, which are what users have, can import it too.
 */
export const environments: Readonly<
  Record<"recorded" | "tensorflow" | "torch" | "jax" | "keras2" | "complete" | "fresh", Environment>
> = {
  recorded: { backend: "numpy", installed: new Set([...always, "jax", "jaxlib"]) },
  tensorflow: { backend: "tensorflow", installed: new Set([...always, "tensorflow"]) },
  torch: { backend: "torch", installed: new Set([...always, "torch"]) },
  jax: { backend: "jax", installed: new Set([...always, "jax", "jaxlib"]) },
  keras2: { backend: "tensorflow", installed: new Set(withTensorFlow) },
  /** Every package is there: nothing raises for want of one. */
  complete: { backend: "numpy", installed: { has: () => true } },
  /** The same with the backend that Keras chooses by itself. */
  fresh: { backend: "tensorflow", installed: { has: () => true } },
};

/** `keras_export(path)`: what it registers is collected by the machine. */
const keepExport: Intercept = (_machine, { positional, keywords }) => {
  const path = positional[0] ?? keywords.get("path");
  const paths = path?.t === "sequence" ? path.items : path ? [path] : [];
  return {
    t: "exporter",
    paths: paths.flatMap((item) => (item.t === "constant" && typeof item.value === "string" ? [item.value] : [])),
  };
};

/** A machine that has run `import keras`, or `import tf_keras`. */
export function importKeras(
  source: ReleaseSource,
  environment: Environment,
  intercepts: ReadonlyMap<string, Intercept> = new Map(),
): Machine {
  // dm-tree was required before optree was.
  const tree = source.requires("dm-tree");
  const { backend, installed } = environment;
  const has = (name: string): boolean => installed.has(name) || (tree && name === "tree");
  const machine = new Machine(source, { backend, installed: { has } });
  for (const [key, intercept] of intercepts) machine.intercepts.set(key, intercept);
  if (source.package === keras2) {
    prepareKeras2(machine);
    importModule(machine, source.package.name);
    return machine;
  }
  machine.intercepts.set("keras.src.backend.config:backend", () => constant(environment.backend));
  machine.intercepts.set("keras.src.api_export:keras_export", keepExport);
  // Serializing gives a dict of strings that nothing deserializes by an argument's name.
  machine.intercepts.set("keras.src.saving.serialization_lib:serialize_keras_object", () => UNKNOWN);
  importModule(machine, "keras");
  return machine;
}

/** `importlib.import_module(name)`: the module, or the package that is missing. */
export function tryImport(machine: Machine, name: string): { value: Value } | { missing: string } {
  try {
    return { value: importModule(machine, name) };
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    return { missing: error.missing ?? error.type };
  }
}
