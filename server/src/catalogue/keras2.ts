import type { KerasDocumentation } from "./documentation.ts";
import type { KerasCatalogue } from "./keras.ts";

/** The releases of tf-keras whose data are shipped, ascending: known without unpacking them. */
export const keras2Versions: readonly string[] = ["2.15.1", "2.21.0"];

/** The catalogue of Keras 3 with the releases of Keras 2 before it, whose data are decoded when one is asked for. */
export function withKeras2(keras3: KerasCatalogue, loadKeras2: () => KerasCatalogue): KerasCatalogue {
  let keras2: KerasCatalogue | undefined;
  return {
    versions: [...keras2Versions, ...keras3.versions],
    release(version) {
      if (!keras2Versions.includes(version)) return keras3.release(version);
      keras2 ??= loadKeras2();
      return keras2.release(version);
    },
  };
}

/** The documentation of Keras 3 with that of Keras 2, read when it is asked for. */
export function documentationWithKeras2(
  keras3: KerasDocumentation,
  loadKeras2: () => KerasDocumentation,
): KerasDocumentation {
  let keras2: KerasDocumentation | undefined;
  const of = (version: string): KerasDocumentation => {
    if (!keras2Versions.includes(version)) return keras3;
    keras2 ??= loadKeras2();
    return keras2;
  };
  return {
    summary: (version, symbol) => of(version).summary(version, symbol),
    argument: (version, symbol, name) => of(version).argument(version, symbol, name),
  };
}
