import { functionalConfig, pythonDumps } from "../unit/json/configs.ts";

export interface BenchText {
  readonly name: string;
  readonly text: string;
}

/**
 * Functional configs of about 100 KB, 1 MB and 10 MB, each on one line as Keras writes them and indented. Made one by
 * one, so that a small one is not measured in the heap of a large one.
 */
export function* benchTexts(): Generator<BenchText> {
  for (const [size, bytes] of [
    ["100 KB", 1e5],
    ["1 MB", 1e6],
    ["10 MB", 1e7],
  ] as const) {
    for (const indent of [undefined, 2]) {
      const name = `${size}, ${indent === undefined ? "one line" : "indented"}`;
      yield { name, text: configOfSize(bytes, indent) };
    }
  }
}

function configOfSize(bytes: number, indent: number | undefined): string {
  const sample = pythonDumps(functionalConfig(100), indent).length;
  return pythonDumps(functionalConfig(Math.round((100 * bytes) / sample)), indent);
}
