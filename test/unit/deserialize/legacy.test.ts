import assert from "node:assert/strict";
import { test } from "node:test";
import { firstSaid } from "./firstSaid.ts";

test("a layer of an .h5 file needs a class_name, which is asked for behind its config", () => {
  const model = (layer: object) => ({ class_name: "Sequential", config: { name: "model", layers: [layer] } });
  for (const version of ["3.0.5", "3.8.0", "3.15.1"]) {
    const said = (layer: object) => firstSaid(model(layer), version, "", { loader: "load_model_from_hdf5" });
    assert.match(said({ config: { units: 1 } }), /^KeyError: 'class_name'$/);
    assert.match(said({ config: [] }), /^(?:Attribute|Type)Error: .*pop/);
    assert.equal(said({ class_name: "Dense", config: { units: 1 } }), "loads");
  }
});
