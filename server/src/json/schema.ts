/**
 * The keys that Keras's `serialize_keras_object` and model configs write. They let the tolerant reader see where a lost
 * bracket belongs: `registered_name` never stands inside the `config` it follows.
 */
export const MODULE = 1;
export const CLASS_NAME = 2;
export const CONFIG = 4;
export const REGISTERED_NAME = 8;
export const BUILD_CONFIG = 16;
export const COMPILE_CONFIG = 32;
export const SHARED_OBJECT_ID = 64;
export const NAME = 128;
export const INBOUND_NODES = 256;

const CODES = new Map([
  ["module", MODULE],
  ["class_name", CLASS_NAME],
  ["config", CONFIG],
  ["registered_name", REGISTERED_NAME],
  ["build_config", BUILD_CONFIG],
  ["compile_config", COMPILE_CONFIG],
  ["shared_object_id", SHARED_OBJECT_ID],
  ["name", NAME],
  ["inbound_nodes", INBOUND_NODES],
]);

/** The bit of one of Keras's own keys of a serialized object, 0 for every other key. */
export function schemaCode(text: string, keyStart: number, keyEnd: number): number {
  const width = keyEnd - keyStart;
  if (width < 6 || width > 18) return 0;
  return CODES.get(text.slice(keyStart + 1, keyEnd - 1)) ?? 0;
}

/** Keys that come after an object's `config`, on its own level. */
export const AFTER_CONFIG = REGISTERED_NAME | BUILD_CONFIG | COMPILE_CONFIG | SHARED_OBJECT_ID | INBOUND_NODES;
