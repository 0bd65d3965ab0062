import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { decodeConfigs, type KerasConfigs } from "../catalogue/configs.ts";
import { decodeCatalogue } from "../catalogue/decode.ts";
import { decodeDocumentation, type KerasDocumentation } from "../catalogue/documentation.ts";
import type { KerasCatalogue } from "../catalogue/keras.ts";
import { documentationWithKeras2, withKeras2 } from "../catalogue/keras2.ts";

/**
 * The catalogue in a folder of data, which the build puts beside the program; of Keras 2 it is read when it is asked for.
 * Throws where the file is missing or damaged.
 */
export function loadCatalogue(folder: URL): KerasCatalogue {
  const load = (name: string) => decodeCatalogue(unpacked(folder, name));
  return withKeras2(load("catalogue.txt.gz"), () => load("catalogue-keras2.txt.gz"));
}

/** What Keras's docstrings say in brief, out of the same folder. Throws where the file is missing or damaged. */
export function loadDocumentation(folder: URL): KerasDocumentation {
  const load = (name: string) => decodeDocumentation(unpacked(folder, name));
  return documentationWithKeras2(load("documentation.txt.gz"), () => load("documentation-keras2.txt.gz"));
}

/** What Keras writes of its own classes, out of the same folder. Throws where the file is missing or damaged. */
export function loadConfigs(folder: URL): KerasConfigs {
  return decodeConfigs(unpacked(folder, "configs.txt.gz"));
}

function unpacked(folder: URL, name: string): string {
  return gunzipSync(readFileSync(new URL(name, folder))).toString("utf8");
}
