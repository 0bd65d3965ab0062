import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { decodeCatalogue } from "../../server/src/catalogue/decode.ts";
import { withKeras2 } from "../../server/src/catalogue/keras2.ts";

declare const __ROOT__: string;

const shipped = (name: string) =>
  decodeCatalogue(gunzipSync(readFileSync(join(__ROOT__, "server/data", name))).toString("utf8"));

/** The catalogue of Keras releases that is shipped. */
export const catalogue = shipped("catalogue.txt.gz");

/** The same with the releases of tf-keras. */
export const catalogueWithKeras2 = withKeras2(catalogue, () => shipped("catalogue-keras2.txt.gz"));
