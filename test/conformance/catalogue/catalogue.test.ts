/**
 * Asks real Keras again, and holds the catalogue against what it says. Needs an interpreter with what Keras needs
 * (KERAS_CONFIG_ORACLE_PYTHON) and a folder of releases, each installed with `pip install --no-deps --target`
 * (KERAS_CONFIG_ORACLE_RELEASES); every release that is both there and in the catalogue is asked.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { decodeCatalogue } from "../../../server/src/catalogue/decode.ts";
import * as compare from "../../recorded/catalogue/compare.ts";

declare const __ROOT__: string;

const here = join(__ROOT__, "test/conformance/catalogue");
const python = process.env.KERAS_CONFIG_ORACLE_PYTHON;
const releases = process.env.KERAS_CONFIG_ORACLE_RELEASES;
const unpacked = (path: string): string => gunzipSync(readFileSync(path)).toString("utf8");
const catalogue = decodeCatalogue(unpacked(join(__ROOT__, "server/data/catalogue.txt.gz")));

/** Runs one of the recorders of this folder on a release; returns what it wrote. */
function record(script: string, version: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), "keras-config-"));
  try {
    const output = join(folder, "out.json.gz");
    // Without a file of settings, keras/src/backend/config.py binds fewer names.
    mkdirSync(join(folder, ".keras"));
    writeFileSync(join(folder, ".keras/keras.json"), '{"floatx": "float32", "backend": "numpy"}');
    const { KERAS_HOME: _, ...environment } = process.env;
    const result = spawnSync(python as string, ["-W", "ignore", join(here, script), output], {
      encoding: "utf8",
      env: {
        ...environment,
        // The numpy backend of 3.0.5 does not start without torch.
        KERAS_BACKEND: version === "3.0.5" ? "jax" : "numpy",
        HOME: folder,
        PYTHONDONTWRITEBYTECODE: "1",
        PYTHONHASHSEED: "0",
        PYTHONPATH: [resolve(releases as string, version), here, process.env.PYTHONPATH ?? ""].join(delimiter),
        CUDA_VISIBLE_DEVICES: "-1",
        TF_CPP_MIN_LOG_LEVEL: "3",
      },
    });
    assert.equal(result.status, 0, result.stderr.slice(-2000));
    return JSON.parse(unpacked(output));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function assertSame(comparisons: readonly compare.Comparison[]): void {
  const differences = comparisons.flatMap((comparison) => comparison.differences);
  assert.deepEqual(differences.slice(0, 20), [], `${differences.length} differences`);
}

if (!python || !releases) {
  test("the catalogue against real Keras", {
    skip: "set KERAS_CONFIG_ORACLE_PYTHON and KERAS_CONFIG_ORACLE_RELEASES to ask real Keras",
  });
} else {
  const present = catalogue.versions.filter((version) => existsSync(resolve(releases, version, "keras")));
  test("there are releases to ask", () => assert.notEqual(present.length, 0, `${releases} holds no release`));
  for (const version of present) {
    const release = catalogue.release(version);
    test(`Keras ${version}: exports, tables, modules and classes`, () => {
      const recorded = record("record.py", version) as compare.CatalogueRecord;
      assertSame([
        compare.compareExports(release, recorded),
        compare.compareTables(release, recorded),
        compare.compareModules(release, recorded),
        compare.compareClasses(release, recorded),
      ]);
    });
    // Where no export is found, most configs fail before an argument is deserialized.
    if (!release.exported("keras.layers.Dense")) continue;
    test(`Keras ${version}: slots`, () => {
      assertSame([compare.compareSlots(release, record("record_slots.py", version) as compare.SlotRecord)]);
    });
  }
}
