import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { decodeCatalogue } from "../catalogue/decode.ts";
import { decodeDocumentation, type KerasDocumentation } from "../catalogue/documentation.ts";
import type { KerasCatalogue } from "../catalogue/keras.ts";

/** The catalogue in a folder of data, which the build puts beside the program. Throws where the file is missing or damaged. */
export function loadCatalogue(folder: URL): KerasCatalogue {
  return decodeCatalogue(gunzipSync(readFileSync(new URL("catalogue.txt.gz", folder))).toString("utf8"));
}

/** What Keras's docstrings say in brief, out of the same folder. Throws where the file is missing or damaged. */
export function loadDocumentation(folder: URL): KerasDocumentation {
  return decodeDocumentation(gunzipSync(readFileSync(new URL("documentation.txt.gz", folder))).toString("utf8"));
}
