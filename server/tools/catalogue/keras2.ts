import type { TableName } from "../../src/catalogue/keras.ts";
import { call, NO_ARGUMENTS } from "./interpreter/calls.ts";
import { importModule } from "./interpreter/imports.ts";
import type { CallArguments, Intercept, Machine } from "./interpreter/machine.ts";
import { constant, dict, FALSE, NONE, TRUE, UNKNOWN, type Value } from "./interpreter/values.ts";

/** What reading tf_keras leans on by name, where it is another thing than in Keras 3. */

const answer =
  (value: Value): Intercept =>
  () =>
    value;

/** `keras_export(*paths, v1=[…])` of TensorFlow; of the paths of version 1, only the legacy ones are ever looked up. */
const keepExport: Intercept = (_machine, { positional, keywords }) => {
  const texts = (values: readonly Value[]) =>
    values.flatMap((item) => (item.t === "constant" && typeof item.value === "string" ? [item.value] : []));
  const v1 = keywords.get("v1");
  const legacy = texts(v1?.t === "sequence" ? v1.items : positional).filter((path) =>
    path.includes("__internal__.legacy"),
  );
  return { t: "exporter", paths: [...texts(positional), ...legacy.map((path) => `compat.v1.${path}`)] };
};

/** Prepares a machine in which `import tf_keras` is to run: TensorFlow 2 as it is by default. */
export function prepareKeras2(machine: Machine): void {
  const { intercepts } = machine;
  intercepts.set("tensorflow.python.util.tf_export:keras_export", keepExport);
  for (const path of ["tensorflow.compat.v2.__internal__.tf2:enabled", "tensorflow.python.tf2:enabled"])
    intercepts.set(path, answer(TRUE));
  for (const path of ["tensorflow.compat.v2:executing_eagerly", "tensorflow.compat.v1:executing_eagerly"])
    intercepts.set(path, answer(TRUE));
  // What wraps a function is no more than that function.
  const wrapped: Intercept = (_machine, { positional, keywords }) =>
    positional[0] ?? keywords.get("target") ?? keywords.get("fn") ?? UNKNOWN;
  for (const key of [
    "tensorflow.compat.v2.__internal__.decorator:make_decorator",
    "tf_keras.src.utils.traceback_utils:filter_traceback",
    "tf_keras.src.utils.traceback_utils:inject_argument_info_in_traceback",
  ]) {
    intercepts.set(key, wrapped);
  }
  intercepts.set("tf_keras.src.utils.tf_inspect:isclass", (_machine, { positional: [first] }) =>
    first === undefined || first.t === "unknown" || first.t === "union" ? UNKNOWN : first.t === "class" ? TRUE : FALSE,
  );
  // How layers keep track of what they hold decides nothing here, and takes most of the steps.
  for (const module of ["base_layer", "base_layer_v1"]) {
    for (const method of ["_maybe_create_attribute", "__setattr__", "__delattr__"])
      intercepts.set(`tf_keras.src.engine.${module}:Layer.${method}`, answer(NONE));
  }
  for (const method of ["getargspec", "_getfullargspec"])
    intercepts.set(`tf_keras.src.utils.tf_inspect:${method}`, answer(UNKNOWN));
  for (const key of ["engine.node:Node", "backend:placeholder", "engine.keras_tensor:keras_tensor_from_type_spec"])
    intercepts.set(`tf_keras.src.${key}`, answer(UNKNOWN));
  intercepts.set("tf_keras.src.optimizers:is_arm_mac", answer(FALSE));
  intercepts.set("tf_keras.src.saving.serialization_lib:serialize_keras_object", answer(UNKNOWN));
  intercepts.set("tf_keras.src.saving.legacy.serialization:serialize_keras_object", answer(UNKNOWN));
}

/** Where each table's functions are defined. */
export const tableModules: Readonly<Partial<Record<TableName, string>>> = {
  activations: "tf_keras.src.activations",
  constraints: "tf_keras.src.constraints",
  dtype_policies: "tf_keras.src.mixed_precision.policy",
  initializers: "tf_keras.src.initializers",
  layers: "tf_keras.src.layers.serialization",
  losses: "tf_keras.src.losses",
  metrics: "tf_keras.src.metrics",
  optimizers: "tf_keras.src.optimizers",
  regularizers: "tf_keras.src.regularizers",
  schedules: "tf_keras.src.optimizers.schedules.learning_rate_schedule",
};

const loaders = [
  "tf_keras.src.saving.serialization_lib:deserialize_keras_object",
  "tf_keras.src.saving.legacy.serialization:deserialize_keras_object",
];

/**
 * The names that each table answers: the `module_objects` that its `deserialize` hands on, and under "registered" the
 * keys of what tf_keras registers itself.
 */
export function tablesOfKeras2(machine: Machine): Map<TableName, ReadonlyMap<string, Value>> {
  const tables = new Map<TableName, ReadonlyMap<string, Value>>();
  for (const [table, moduleName] of Object.entries(tableModules) as [TableName, string][]) {
    const module = importModule(machine, moduleName);
    if (module.t !== "module") continue;
    const handed = moduleObjects(machine, module.namespace.get("deserialize") ?? UNKNOWN);
    // `globals()`, where it is not a dict that was made for it.
    tables.set(table, handed?.t === "dict" && !handed.open ? stringKeys(handed.entries) : new Map(module.namespace));
  }
  const registration = machine.modules.get("tf_keras.src.saving.object_registration");
  const registered = registration?.namespace.get("_GLOBAL_CUSTOM_OBJECTS");
  if (registered?.t === "dict") tables.set("registered", stringKeys(registered.entries));
  return tables;
}

function stringKeys(entries: ReadonlyMap<unknown, Value>): Map<string, Value> {
  return new Map([...entries].map(([key, value]) => [String(key), value]));
}

/** What a table's `deserialize` hands to `deserialize_keras_object` as `module_objects`. */
function moduleObjects(machine: Machine, deserialize: Value): Value | undefined {
  let handed: Value | undefined;
  const before = loaders.map((key) => machine.intercepts.get(key));
  for (const key of loaders) {
    machine.intercepts.set(key, (_machine: Machine, { keywords }: CallArguments) => {
      handed = keywords.get("module_objects");
      return UNKNOWN;
    });
  }
  try {
    const config = dict([
      ["class_name", constant("?")],
      ["config", dict()],
    ]);
    call(machine, deserialize, { ...NO_ARGUMENTS, positional: [config] });
  } finally {
    for (const [index, key] of loaders.entries()) {
      const intercept = before[index];
      if (intercept) machine.intercepts.set(key, intercept);
      else machine.intercepts.delete(key);
    }
  }
  return handed;
}
