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
  });
  assert.deepEqual(complaints, [
    "kerasConfig.kerasVersion takes versions such as 3.8 or 3.12.4, not `newest`",
    "kerasConfig.ignoredNames takes a list of strings",
    "kerasConfig.severity: there is no rule `no-such-rule`",
    "kerasConfig.severity: `null-module` takes error, warning, information, hint or off",
  ]);
});
