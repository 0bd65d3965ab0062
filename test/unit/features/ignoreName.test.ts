import assert from "node:assert/strict";
import { test } from "node:test";
import { ignoreNameEdit } from "../../../server/src/features/ignoreName.ts";
import { applied } from "./applied.ts";

function ignoring(text: string): string | undefined {
  const changes = ignoreNameEdit(text, "p>Foo");
  return changes && applied(text, changes);
}

test("a name is added to the settings, whose comments stay", () => {
  assert.equal(
    ignoring('{\n  // mine\n  "kerasConfig.ignoredNames": ["a"],\n}\n'),
    '{\n  // mine\n  "kerasConfig.ignoredNames": ["a", "p>Foo"],\n}\n'.replace(
      '["a", "p>Foo"]',
      '[\n    "a",\n    "p>Foo"\n  ]',
    ),
  );
  assert.equal(ignoring(""), '{\n  "kerasConfig.ignoredNames": [\n    "p>Foo"\n  ]\n}\n');
});

test("a file that is no settings file, and a name that is ignored already, are left alone", () => {
  assert.equal(ignoring('{"a": '), undefined);
  assert.equal(ignoring("[]"), undefined);
  assert.equal(ignoring('{"kerasConfig.ignoredNames": ["p>Foo"]}'), undefined);
});
