import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { checkJson, run } from "./program.ts";

declare const __ROOT__: string;

test("the examples: what real Keras finds is found, and what it does not find is said", async () => {
  const { report, code } = await checkJson(["examples", "--keras", "3.15.1"], __ROOT__);
  assert.equal(code, 1);
  const rules = new Map(
    report.files.map((file) => [file.uri.split("/").at(-1), file.problems.map(({ rule }) => rule)]),
  );
  assert.deepEqual(rules.get("adam.json"), []);
  assert.deepEqual(rules.get("metrics_list.json"), ["module-not-importable"]);
  assert.deepEqual(rules.get("modified_mse.json"), ["unknown-argument", "invalid-argument"]);
  assert.deepEqual(rules.get("functional_model.json"), []);
  assert.deepEqual(rules.get("model.keras"), []);
  assert.ok((rules.get("broken_model.json") ?? []).length >= 4);
  assert.deepEqual(
    report.files.flatMap((file) => file.unknown),
    [],
  );
});

test("the registry of the examples is whole", async () => {
  const { out, code } = await run(["registry", "--workspace", join(__ROOT__, "examples"), "--format", "json"]);
  const listing = JSON.parse(out) as {
    complete: boolean;
    registrations: { key: string; when: string }[];
    uncomputed: unknown[];
  };
  assert.equal(code, 0);
  assert.deepEqual([listing.complete, listing.uncomputed], [true, []]);
  assert.ok(listing.registrations.some(({ key }) => key === "my_package>ModifiedMeanSquaredError"));
  assert.ok(listing.registrations.every(({ key, when }) => key.startsWith("my_package>") && when === "import"));
});
