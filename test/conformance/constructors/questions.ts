import type { KerasRelease } from "../../../server/src/catalogue/keras.ts";
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

/** Read once, when the first release is asked. */
let bases: SerializedObject[] | undefined;

/** One config for each class of Keras that holds nothing of a workspace. */
function readBases(): SerializedObject[] {
  const found = new Map<string, SerializedObject>();
  for (const one of readCases()) {
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
  bases ??= readBases();
  for (const base of bases) {
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
