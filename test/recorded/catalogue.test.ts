/** The catalogue that is shipped says of five releases what real Keras said of itself there. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { decodeCatalogue } from "../../server/src/catalogue/decode.ts";
import {
  type CatalogueRecord,
  type Comparison,
  compareClasses,
  compareExports,
  compareModules,
  compareSlots,
  compareTables,
  type SlotRecord,
} from "./catalogue/compare.ts";

declare const __ROOT__: string;

const unpacked = (path: string): string => gunzipSync(readFileSync(join(__ROOT__, path))).toString("utf8");
const catalogue = decodeCatalogue(unpacked("server/data/catalogue.txt.gz"));

for (const version of ["3.1.1", "3.3.3", "3.8.0", "3.12.4", "3.15.1"]) {
  const release = catalogue.release(version);
  const record: CatalogueRecord = JSON.parse(unpacked(`test/recorded/catalogue/${version}.json.gz`));
  const slots: SlotRecord = JSON.parse(unpacked(`test/recorded/catalogue/slots-${version}.json.gz`));

  const same = (name: string, compare: () => Comparison): void => {
    test(`Keras ${version}: ${name}`, (context) => {
      const { compared, differences } = compare();
      assert.deepEqual(differences.slice(0, 20), [], `${differences.length} of ${compared} differ`);
      context.diagnostic(`${compared} compared`);
    });
  };
  same("every export, its kind, its object and its aliases", () => compareExports(release, record));
  same("every string of the tables", () => compareTables(release, record));
  same("every name of every importable module", () => compareModules(release, record));
  same("bases, from_config and constructor of every class", () => compareClasses(release, record));
  same("what deserializes every argument of every class that can be built", () => compareSlots(release, slots));
}
