/** Small releases of an imaginary Keras, written as one string: `#- path` opens a file below the package. */

import type { Slot } from "../../../server/src/catalogue/keras.ts";
import { keras3 } from "../../../server/tools/catalogue/kerasPackage.ts";
import { type ReleaseFacts, readRelease } from "../../../server/tools/catalogue/readRelease.ts";
import { ReleaseSource } from "../../../server/tools/catalogue/releaseSource.ts";
import { SlotReader } from "../../../server/tools/catalogue/slots.ts";

/** What every release has, and what reading leans on by name. */
const base = `
#- __init__.py
#- src/__init__.py
#- src/api_export.py
class keras_export:
    def __init__(self, path):
        self.path = path
def get_symbol_from_name(name):
    return REGISTERED_NAMES_TO_OBJS.get(name, None)
#- src/backend/__init__.py
from keras.src.backend.config import backend
#- src/backend/config.py
_BACKEND = "tensorflow"
def backend():
    return _BACKEND
#- src/saving/__init__.py
#- src/saving/keras_saveable.py
class KerasSaveable:
    pass
#- src/saving/serialization_lib.py
def deserialize_keras_object(config, custom_objects=None):
    return config
#- src/initializers/__init__.py
from keras.src.saving import serialization_lib
def get(identifier):
    return serialization_lib.deserialize_keras_object(identifier)
#- src/layers/__init__.py
#- src/layers/layer.py
from keras.src import initializers
from keras.src.saving.keras_saveable import KerasSaveable
class Layer(KerasSaveable):
    def __init__(self, *, initializer=None, **kwargs):
        self.name = kwargs.pop("name", None)
        if kwargs:
            raise ValueError("Unrecognized keyword arguments")
        self.initializer = initializers.get(initializer)
    @classmethod
    def from_config(cls, config):
        return cls(**config)
`;

/** The source of a release; later files of the same path win. */
export function release(files: string, version = "3.99.0"): ReleaseSource {
  const texts = new Map<string, string>();
  for (const part of (base + files).split(/^#- /m).slice(1)) {
    const line = part.indexOf("\n");
    texts.set(`keras/${part.slice(0, line).trim()}`, part.slice(line + 1));
  }
  return new ReleaseSource(keras3, version, texts.keys(), (path) => texts.get(path) ?? "", "");
}

export function read(files: string, version?: string): ReleaseFacts {
  return readRelease(release(files, version));
}

/** What a name of a module is bound to: "class keras.src.a:B", "function keras.src.a:f", "other", or undefined. */
export function member(facts: ReleaseFacts, module: string, name: string): string | undefined {
  const reference = facts.modules.get(module)?.members.get(name);
  return reference && (reference.key === undefined ? "other" : `${reference.kind} ${reference.key}`);
}

/** The slots of a class, one a line: "argument: function, phase, …". */
export function slots(facts: ReleaseFacts, key: string): string[] {
  const cls = facts.complete.classes.get(key);
  if (!cls) throw new Error(`no class ${key}`);
  return new SlotReader(facts.complete.machine).slotsOf(cls).map(slotText);
}

export function slotText({ argument, by, phase, conditional, each, only }: Slot): string {
  const flags = [phase, conditional ? "conditional" : "", each ? "each" : "", only ? `only ${only}` : ""];
  return `${argument}: ${by}, ${flags.filter((flag) => flag !== "").join(", ")}`;
}
