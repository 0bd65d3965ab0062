import { ReleaseFacts } from "./catalogueText.ts";
import type { BuiltinSymbol } from "./keras.ts";

/** One key of a config as Keras writes it. */
export interface WrittenKey {
  readonly key: string;
  /** JSON on one line, in Python's spelling of numbers; absent where the argument must be given. */
  readonly json?: string;
}

/** What `serialize_keras_object` writes of an object that was made with its class's defaults. */
export interface WrittenObject {
  /** In the order of `get_config`. What reading Keras's source did not decide is left out. */
  readonly config: readonly WrittenKey[];
  /** Keys beside the config: `build_config`, `compile_config`. */
  readonly beside: readonly WrittenKey[];
}

/** What Keras writes of its own classes. Apart from the catalogue, since most runs never ask. */
export interface KerasConfigs {
  /** Of an object with its class's defaults; undefined where the class has none that could be read. */
  written(version: string, symbol: BuiltinSymbol): WrittenObject | undefined;
}

/**
 * Decodes the text of the configs (the unpacked `server/data/configs.txt.gz`). Throws Error where the text is of another
 * format.
 *
 * Sections stand apart by an empty line: the format's name, the versions and the ranges; a line per class,
 * "module:qualname TAB facts", facts as in `catalogueText.ts`. A fact is the keys, apart by \u0002: "key\u0003json", or
 * "key" alone where the argument must be given; "+key\u0003json" stands beside the config.
 */
export function decodeConfigs(text: string): KerasConfigs {
  const [header, lines, ...rest] = text.split("\n\n");
  const [format, versions, ranges] = (header ?? "").split("\n");
  if (format !== "keras-configs 1" || lines === undefined || rest.length > 0) {
    throw new Error("not configs of this format");
  }
  const releases = (versions ?? "").split(" ");
  const classes = new Map(lines.split("\n").map((line) => [line.slice(0, line.indexOf("\t")), line] as const));
  const facts = new Map<string, ReleaseFacts>();
  return {
    written(version, symbol) {
      const line = classes.get(`${symbol.module}:${symbol.qualname}`);
      const release = releases.indexOf(version);
      if (line === undefined || release < 0) return undefined;
      const known = facts.get(version) ?? new ReleaseFacts((ranges ?? "").split(" "), release);
      facts.set(version, known);
      const [fact] = known.of(line.slice(line.indexOf("\t") + 1));
      return fact === undefined ? undefined : decodeObject(fact);
    },
  };
}

function decodeObject(fact: string): WrittenObject {
  const config: WrittenKey[] = [];
  const beside: WrittenKey[] = [];
  for (const item of fact === "" ? [] : fact.split("\u0002")) {
    const [key, json] = item.split("\u0003") as [string, string | undefined];
    if (key.startsWith("+")) beside.push({ key: key.slice(1), ...(json === undefined ? {} : { json }) });
    else config.push({ key, ...(json === undefined ? {} : { json }) });
  }
  return { config, beside };
}
