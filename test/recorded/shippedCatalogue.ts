import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { decodeCatalogue } from "../../server/src/catalogue/decode.ts";

declare const __ROOT__: string;

/** The catalogue of Keras releases that is shipped. */
export const catalogue = decodeCatalogue(
  gunzipSync(readFileSync(join(__ROOT__, "server/data/catalogue.txt.gz"))).toString("utf8"),
);
