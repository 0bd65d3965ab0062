import type { WrittenKey, WrittenObject } from "../../src/catalogue/configs.ts";
import { keyOfClass } from "./describe.ts";
import { findInClass, getAttribute } from "./interpreter/attributes.ts";
import { call, instantiate, NO_ARGUMENTS } from "./interpreter/calls.ts";
import { BudgetExceeded, type CallArguments, type Intercept, type Machine } from "./interpreter/machine.ts";
import {
  type ClassValue,
  constant,
  dict,
  FALSE,
  type FunctionValue,
  type InstanceValue,
  list,
  NONE,
  now,
  PythonError,
  type SequenceValue,
  shownAs,
  UNKNOWN,
  type Value,
} from "./interpreter/values.ts";
import { jsonOf } from "./json.ts";
import type { ReleaseSource } from "./releaseSource.ts";
import { environments, importKeras } from "./session.ts";

/** Steps that making and serializing one object may take. */
const STEPS = 200_000;

/**
 * Reads what `serialize_keras_object(cls())` returns in a fresh process, and with what must be given not known. What
 * reading does not decide is left out. The machine is the reader's own: it stands for a process that set nothing.
 */
export class ConfigReader {
  private readonly machine: Machine;
  private readonly names = new Map<Value, string>();

  constructor(source: ReleaseSource) {
    // No file configures Keras.
    this.machine = importKeras(source, environments.fresh, new Map([["os.path:exists", () => FALSE]]));
    const { machine } = this;
    machine.followsExplicitSelf = true;
    const { intercepts } = machine;
    for (const { paths, value } of machine.exports) if (paths[0] !== undefined) this.names.set(value, paths[0]);
    const first = ({ positional, keywords }: CallArguments, keyword: string) =>
      positional[0] ?? keywords.get(keyword) ?? UNKNOWN;
    intercepts.set("keras.src.saving.serialization_lib:serialize_keras_object", (_, given) =>
      this.serialize(first(given, "obj")),
    );
    intercepts.set("keras.src.saving.serialization_lib:deserialize_keras_object", (_, given) =>
      this.deserialize(first(given, "config"), given.keywords.get("module_objects") ?? UNKNOWN),
    );
    // Nothing is set in a fresh process, and no name is taken.
    intercepts.set("keras.src.backend.common.global_state:get_global_attribute", (_, { positional, keywords }) => {
      return positional[1] ?? keywords.get("default") ?? NONE;
    });
    intercepts.set("keras.src.utils.naming:uniquify", (_, given) => first(given, "name"));
    // Variables are float32, and give back what they were made of.
    intercepts.set("keras.src.ops.core:convert_to_tensor", (_, given) => asFloat32(first(given, "x")));
    for (const module of ["keras.src.backend", "keras.src.backend.tensorflow.core"])
      intercepts.set(`${module}:Variable`, (_, given, cls) => variable(cls, first(given, "initializer")));
    const numpy: Intercept = (_, _given, self) => (self?.t === "instance" ? self.attributes.get(HELD) : undefined);
    intercepts.set("keras.src.backend.tensorflow.core:Variable.numpy", numpy);
    intercepts.set("keras.src.backend.common.variables:KerasVariable.numpy", numpy);
    // A model that was just made has no layers.
    intercepts.set("keras.src.layers.layer:Layer._flatten_layers", () => list([]));
  }

  /** What is written of the exported classes, by "module:qualname". */
  written(): Map<string, WrittenObject> {
    const result = new Map<string, WrittenObject>();
    for (const { value } of this.machine.exports) {
      const object = value.t === "class" ? this.writtenBy(value) : undefined;
      if (value.t === "class" && object) result.set(keyOfClass(value), object);
    }
    return result;
  }

  /** What is written of a class with its defaults; undefined where it cannot be made, or where its config cannot be read. */
  writtenBy(cls: ClassValue): WrittenObject | undefined {
    const { machine } = this;
    const given = requiredOf(cls);
    try {
      return machine.within(STEPS, () => {
        const object = instantiate(machine, cls, { ...NO_ARGUMENTS, keywords: given });
        if (object.t === "instance") this.keepArguments(object, given);
        const config = call(machine, getAttribute(machine, object, "get_config"), NO_ARGUMENTS);
        if (config.t !== "dict" || config.open) return undefined;
        const entries = [...config.entries].flatMap(([key, value]) => {
          if (given.has(String(key))) return [{ key: String(key) }];
          const json = jsonOf(this.serialize(value));
          return json === undefined ? [] : [{ key: String(key), json }];
        });
        return { config: entries, beside: this.beside(object) };
      });
    } catch (error) {
      if (!(error instanceof PythonError || error instanceof BudgetExceeded)) throw error;
      return undefined;
    } finally {
      machine.branches.length = 0;
      machine.place.length = 0;
    }
  }

  /** `get_build_and_compile_config` of serialization_lib. */
  private beside(object: Value): WrittenKey[] {
    if (object.t !== "instance") return [];
    return ["build_config", "compile_config"].flatMap((key) => {
      if (!findInClass(object.class.mro, `get_${key}`)) return [];
      const value = call(this.machine, getAttribute(this.machine, object, `get_${key}`), NO_ARGUMENTS);
      const json = jsonOf(this.serialize(value));
      return json === undefined || json === "null" ? [] : [{ key, json }];
    });
  }

  /** What a name of `module_objects`, alone or as a class without a config, is deserialized to. */
  private deserialize(value: Value, objects: Value): Value {
    const name = value.t === "dict" ? value.entries.get("class_name") : value;
    if (name?.t !== "constant" || objects.t !== "dict") return UNKNOWN;
    const found = objects.entries.get(String(name.value)) ?? UNKNOWN;
    return found.t === "class" ? instantiate(this.machine, found, NO_ARGUMENTS) : found;
  }

  /**
   * What `Operation.__new__` keeps for classes without a `get_config` of their own: the arguments of the constructor but
   * `name`; in earlier releases only those that were given.
   */
  private keepArguments(instance: InstanceValue, given: ReadonlyMap<string, Value>): void {
    const init = constructorOf(instance.class);
    const operation = instance.class.mro.find((cls) => cls.t === "class" && cls.name === "Operation");
    const made = operation?.t === "class" ? operation.namespace.get("__new__") : undefined;
    if (!init || made?.t !== "function") return;
    const { statement, tree } = made;
    const withDefaults = tree.text.slice(statement?.start, statement?.bodyEnd).includes(".apply_defaults()");
    const kept = dict();
    for (const { name, kind } of init.parameters.slice(1)) {
      if (kind === "kwargs" || kind === "varargs" || name === "name") continue;
      const value = given.get(name) ?? (withDefaults ? init.defaults.get(name) : undefined);
      if (value) kept.entries.set(name, value);
    }
    instance.attributes.set("_auto_config", { ...instance, attributes: new Map([["config", kept]]) });
  }

  /** `serialize_keras_object(value)`, as dicts of what is known. */
  private serialize(value: Value): Value {
    switch (value.t) {
      case "sequence":
        return { ...value, items: value.items.map((item) => this.serialize(item)) } satisfies SequenceValue;
      case "dict":
        return dict(
          [...value.entries].map(([key, entry]) => [key, this.serialize(entry)] as const),
          value.open,
        );
      case "function":
        return this.serializeFunction(value);
      case "instance": {
        const { class: cls } = value;
        this.keepArguments(value, new Map());
        const config = this.serialize(
          call(this.machine, getAttribute(this.machine, value, "get_config"), NO_ARGUMENTS),
        );
        return config.t === "dict" ? this.named(value.class, cls.name, cls.module, config) : UNKNOWN;
      }
      default:
        return value;
    }
  }

  private serializeFunction(value: FunctionValue): Value {
    const { name, module } = shownAs(value);
    return this.named(value, "function", module, constant(name));
  }

  /** An object of an exported class or function is written by its public name. */
  private named(symbol: Value, className: string, module: string, config: Value): Value {
    const path = this.names.get(symbol);
    const dot = path?.lastIndexOf(".") ?? -1;
    const isFunction = symbol.t === "function";
    const ownName = isFunction || path === undefined ? className : path.slice(dot + 1);
    return dict([
      ["module", constant(isFunction ? "builtins" : path === undefined ? module : path.slice(0, dot))],
      ["class_name", constant(ownName)],
      ["config", config],
      ["registered_name", isFunction ? config : path === undefined ? constant(ownName) : NONE],
    ]);
  }
}

function constructorOf(cls: ClassValue): FunctionValue | undefined {
  const init = findInClass(cls.mro, "__init__");
  return init && init !== "external" && init.value.t === "function" ? shownAs(init.value) : undefined;
}

/** What the constructor cannot do without, none of it known. */
function requiredOf(cls: ClassValue): Map<string, Value> {
  const init = constructorOf(cls);
  if (!init) return new Map();
  const { parameters, defaults } = init;
  return new Map(
    parameters
      .slice(1)
      .filter(({ name, kind }) => kind !== "kwargs" && kind !== "varargs" && !defaults.has(name))
      .map(({ name }) => [name, UNKNOWN]),
  );
}

/** The attribute of a variable that holds its value. */
const HELD = "_value";

function variable(cls: Value | undefined, initial: Value): Value {
  if (cls?.t !== "class") return UNKNOWN;
  return { t: "instance", class: cls, attributes: new Map([[HELD, asFloat32(initial)]]), birth: now() };
}

function asFloat32(value: Value): Value {
  if (value.t !== "constant" || typeof value.value !== "number") return UNKNOWN;
  return { t: "constant", value: Math.fround(value.value), float: true };
}
