import type { KerasRelease } from "../../../server/src/catalogue/keras.ts";
import { keras2Versions } from "../../../server/src/catalogue/keras2.ts";
import { readCases } from "../deserialize/caseFile.ts";

interface SerializedObject {
  readonly module: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Values of every kind; `@0.0` stands for the float, which JavaScript does not write. */
const values: readonly unknown[] = [
  ...[null, true, false, 0, 1, 2, 50, -1, -9, "@0.0", 0.3, "@1.0", 1.7, -0.4],
  ...["nonsense", "VALID", [], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4], { a: 1 }],
];

/** Read once for each of the two. */
const bases = new Map<"keras" | "tf_keras", SerializedObject[]>();

/** One config for each class that holds nothing of a workspace, as Keras 3 or as tf_keras writes it. */
function readBases(written: "keras" | "tf_keras"): SerializedObject[] {
  const found = new Map<string, SerializedObject>();
  for (const one of readCases()) {
    if (one.writtenBy.some((version) => keras2Versions.includes(version)) !== (written === "tf_keras")) continue;
    if (one.door !== "deserialize_keras_object" || one.edited.length > 0 || Object.keys(one.workspace ?? {}).length > 0)
      continue;
    const config = JSON.parse(one.config()) as Partial<SerializedObject> | null;
    if (typeof config?.module !== "string" || typeof config.config !== "object" || !config.config) continue;
    const path = `${config.module}.${config.class_name}`;
    if (!found.has(path)) found.set(path, config as SerializedObject);
  }
  return [...found.values()];
}

/** Each config with one argument that is another one, as texts. */
export function* questions(release: KerasRelease): Generator<string> {
  const written = keras2Versions.includes(release.version) ? "tf_keras" : "keras";
  const own = bases.get(written) ?? readBases(written);
  bases.set(written, own);
  for (const base of own) {
    const symbol = release.resolve(`${base.module}.${base.class_name}`);
    if (!symbol?.constructorRules) continue;
    const { config } = base;
    const ask = (changed: object) => JSON.stringify({ ...base, config: changed }).replace(/"@([\d.]+)"/g, "$1");
    yield ask(config);
    yield ask({ ...config, strange_keyword: 1 });
    for (const name of Object.keys(config)) {
      const { [name]: _, ...rest } = config;
      yield ask(rest);
    }
    for (const name of new Set([...Object.keys(config), ...symbol.parameters.map((parameter) => parameter.name)])) {
      for (const value of values) yield ask({ ...config, [name]: value });
    }
  }
}
