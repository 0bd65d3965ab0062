import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findRoots } from "../../server/src/config/recognise.ts";
import { parseJson } from "../../server/src/json/index.ts";
import { emptyRegistry } from "./emptyRegistry.ts";
import { loadRecords, loadVersions } from "./recordings.ts";
import { isFindingError, simulateRecord } from "./simulateRecord.ts";

for (const version of loadVersions) {
  describe(`what Keras ${version} writes`, () => {
    const records = [...loadRecords(version)];

    test("loads without a problem, and nothing is left open, where Keras loads it", () => {
      const wrong: string[] = [];
      let loaded = 0;
      for (const record of records) {
        if (!("loads" in record.outcome)) continue;
        loaded++;
        const { failed, unknown } = simulateRecord(record, emptyRegistry);
        for (const line of [...failed, ...unknown]) wrong.push(`${record.name} (${record.loader}): ${line}`);
      }
      assert.deepEqual(wrong, []);
      assert.ok(loaded > 500, `only ${loaded} records`);
    });

    test("is recognised as a config", () => {
      for (const record of records) {
        const { tree } = parseJson(record.config);
        const roots = findRoots(tree, () => false);
        const className = tree.string(tree.member(tree.root, "class_name"));
        // Values such as __keras_tensor__ are no objects of their own.
        if (className === "" || className.startsWith("__")) continue;
        assert.equal(roots[0]?.node, tree.root, record.name);
      }
    });

    test("fails as Keras fails where Keras cannot load it and finding decides", () => {
      for (const record of records) {
        if (!("exception" in record.outcome)) continue;
        const { failed } = simulateRecord(record, emptyRegistry);
        const real = `${record.outcome.exception}: ${record.outcome.message}`;
        if (isFindingError(record.outcome)) assert.equal(failed[0], real, record.name);
      }
    });
  });
}
