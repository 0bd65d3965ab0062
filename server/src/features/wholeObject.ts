import type { KerasConfigs, WrittenObject } from "../catalogue/configs.ts";
import type { KerasRelease } from "../catalogue/keras.ts";
import { type ConfigClass, type ConfigKey, configKeys, snakeCase, unwritten } from "./configKeys.ts";
import { type Snippet, spaced } from "./snippet.ts";

/** What an object is written by: `module`, `class_name`, `registered_name`. */
export interface ObjectIdentity {
  readonly module: string;
  readonly className: string;
  readonly registeredName: string | null;
}

/**
 * An object of the class with its defaults, as `serialize_keras_object` of the release writes it; places for what must
 * be given. `nameOf` makes the name of a layer, which Keras numbers through.
 */
export function wholeObject(
  release: KerasRelease,
  configs: KerasConfigs,
  cls: ConfigClass,
  { module, className, registeredName }: ObjectIdentity,
  nameOf: (name: string) => string,
): Snippet {
  const written = cls.from === "keras" ? configs.written(release.version, cls.symbol) : undefined;
  const config = writtenKeys(configKeys(release, configs, cls), cls, written);
  const parts: (string | { placeholder: string })[] = [
    `{"module": ${JSON.stringify(module)}, "class_name": ${JSON.stringify(className)}, "config": {`,
  ];
  for (const [index, key] of config.entries()) {
    parts.push(`${index > 0 ? ", " : ""}${JSON.stringify(key.key)}: `, writtenValue(key, nameOf, className));
  }
  parts.push(`}, "registered_name": ${JSON.stringify(registeredName)}`);
  for (const { key, json } of written?.beside ?? []) parts.push(`, ${JSON.stringify(key)}: ${spaced(json ?? "null")}`);
  parts.push("}");
  return parts;
}

/** What `get_config` writes: not what the constructor merely names. */
function writtenKeys(
  keys: readonly ConfigKey[],
  cls: ConfigClass,
  written: WrittenObject | undefined,
): readonly ConfigKey[] {
  if (cls.from === "workspace") return keys.filter((key) => key.required || isWritten(key));
  const names = new Set(written?.config.map(({ key }) => key));
  return keys.filter(({ key, required }) => (written ? names.has(key) : required));
}

function isWritten({ key, json, isUnwritten }: ConfigKey): boolean {
  return json !== undefined && !isUnwritten && !unwritten.has(key);
}

/** What stands behind a key: its default, or a place to fill in. */
export function writtenValue(
  { key, json, required }: ConfigKey,
  nameOf: (name: string) => string,
  className: string,
): string | { placeholder: string } {
  if (required || json === undefined) return { placeholder: "null" };
  if (key === "name" && json === JSON.stringify(snakeCase(className)))
    return JSON.stringify(nameOf(snakeCase(className)));
  return spaced(json);
}
