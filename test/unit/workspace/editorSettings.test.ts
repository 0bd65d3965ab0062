import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../server/src/workspace/editorSettings.ts";

test("nothing said, and nonsense, are the defaults", () => {
  for (const section of [undefined, null, 3, "x", [], {}, { ignoredNames: 3, severity: [], kerasVersion: 3 }]) {
    const settings = readSettings(section);
    assert.deepEqual(settings.kerasVersions, []);
    assert.equal(settings.severity.size, 0);
    assert.equal(settings.closedWorkspace, false);
    assert.equal(settings.isIgnoredName("Foo"), false);
    assert.equal(settings.isIgnoredFile("a.json"), false);
  }
});

test("a star in an ignored name stands for any characters, and everything else for itself", () => {
  const { isIgnoredName } = readSettings({ ignoredNames: ["keras_hub>*", "A.B", "*Scale"] });
  assert.deepEqual(["keras_hub>X", "keras_hub", "A.B", "AxB", "my>Scale", "Scaled"].map(isIgnoredName), [
    true,
    false,
    true,
    false,
    true,
    false,
  ]);
});

test("what means nothing is complained of, once and in words", () => {
  const { complaints } = readSettings({
    kerasVersion: "newest",
    severity: { "no-such-rule": "error", "null-module": "loud", "unknown-layer": "off" },
    ignoredNames: "Foo",
    loader: "pickle.load",
    customObjects: { Scale: "Scale", Other: 3 },
  });
  assert.deepEqual(complaints, [
    "kerasConfig.kerasVersion takes versions such as 3.8 or 3.12.4, not `newest`",
    "kerasConfig.ignoredNames takes a list of strings",
    "kerasConfig.loader takes deserialize_keras_object, load_model, load_model_from_hdf5, model_from_json, layers.deserialize, from_config, not `pickle.load`",
    "kerasConfig.customObjects: `Scale` takes a class or function such as my_package.layers.Scale",
    "kerasConfig.customObjects: `Other` takes a class or function such as my_package.layers.Scale",
    "kerasConfig.severity: there is no rule `no-such-rule`",
    "kerasConfig.severity: `null-module` takes error, warning, information, hint or off",
  ]);
});

test("several versions are a list, or stand apart by commas", () => {
  for (const kerasVersion of ["3.8, 3.12.4", ["3.8", "3.12.4"]]) {
    assert.deepEqual(readSettings({ kerasVersion }).kerasVersions, ["3.8", "3.12.4"]);
  }
  assert.deepEqual(readSettings({ kerasVersion: "" }).kerasVersions, []);
});

test("the call is stated where a setting differs from what Keras does by itself", () => {
  assert.equal(readSettings({ loader: "", safeMode: true, customObjects: {} }).call, undefined);
  assert.deepEqual(readSettings({ loader: "load_model", customObjects: { "p>Scale": "my.layers.Scale" } }).call, {
    loader: "load_model",
    safeMode: true,
    customObjects: [{ key: "p>Scale", module: "my.layers", name: "Scale" }],
    from: "the settings",
  });
  assert.equal(readSettings({ safeMode: false }).call?.safeMode, false);
});
