import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest, nearestKey } from "../../../server/src/rules/nearest.ts";

const names = ["Dense", "Conv2D", "Conv2DTranspose", "my_package>Scale", "relu", "relu6"];

for (const [typo, meant] of [
  ["Dens", "Dense"],
  ["dense", "Dense"],
  ["my_package>Scael", "my_package>Scale"],
  ["rleu", "relu"],
  ["Conv2d", "Conv2D"],
] as const) {
  test(`${typo} is near ${meant}`, () => assert.equal(nearest(typo, names), meant));
}

test("what is far from everything is near nothing", () => {
  assert.equal(nearest("Attention", names), undefined);
  assert.equal(nearest("x", names), undefined);
});

test("a key is near where its package and its name are, each for itself", () => {
  const keys = ["my_package>Scale", "other>Gate", "Gates"];
  assert.equal(nearestKey("my_package>Scael", keys), "my_package>Scale");
  assert.equal(nearestKey("my_packge>Scale", keys), "my_package>Scale");
  assert.equal(nearestKey("my_package>Gate", keys), undefined);
  assert.equal(nearestKey("Gate", keys), "Gates");
});
