import assert from "node:assert/strict";
import { test } from "node:test";
import { isArchive, isView, sourceOf, viewOf } from "../../../server/src/workspace/views.ts";

for (const [source, view] of [
  ["file:///w/model.keras", "keras-config:/w/model.keras/config.json?file%3A%2F%2F%2Fw%2Fmodel.keras"],
  ["file:///w/big.json", "keras-config:/w/big.formatted.json?file%3A%2F%2F%2Fw%2Fbig.json"],
  ["file:///c:/a%20b/m.KERAS", "keras-config:/c:/a%20b/m.KERAS/config.json?file%3A%2F%2F%2Fc%3A%2Fa%2520b%2Fm.KERAS"],
  ["untitled:Untitled-1", "keras-config:/untitled%3AUntitled-1.formatted.json?untitled%3AUntitled-1"],
] as const) {
  test(`${source} is found again from its view`, () => {
    assert.equal(viewOf(source), view);
    assert.equal(sourceOf(view), source);
    assert.ok(isView(view) && !isView(source) && !isArchive(view));
  });
}

test("what is no view is its own source", () => {
  for (const uri of ["file:///w/a.json", "keras-config:/no-query", "keras-config:/x?%"])
    assert.equal(sourceOf(uri), uri);
});
