/**
 * A sample of what real Keras answered (test/conformance/deserialize): every question that is written by hand, and every so
 * many-eth of the other cases. `npm run conformance` measures all of them.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findRoots } from "../../server/src/config/recognise.ts";
import { parseJson } from "../../server/src/json/index.ts";
import { type Case, readCases } from "../conformance/deserialize/caseFile.ts";
import { measure, type Shortfall, sum } from "../conformance/deserialize/measure.ts";

const oneIn = 16;
/** By the ids, which are hashes: cases that come or go leave the others in the sample, or out of it. */
const chosen = new Set(
  readCases()
    .filter((one) => one.family === "by hand" || Number.parseInt(one.id.slice(0, 8), 16) % oneIn === 0)
    .map((one) => one.id),
);
const measured = measure((one) => chosen.has(one.id));
const all = sum(measured.rows.map((row) => row.counts));

function shortfalls(what: Shortfall["what"], takes: (one: Shortfall) => boolean = () => true): string[] {
  return measured.shortfalls.filter((one) => one.what === what && takes(one)).map((one) => one.text);
}

describe("a sample of loads that real Keras was asked", () => {
  test("says something of every release", () => {
    assert.ok(all.loads > 1500 && all.fails > 1000, JSON.stringify(all));
    const releases = new Set(measured.rows.map((row) => row.version));
    assert.deepEqual([...releases].sort(), [...measured.versions].sort());
  });

  test("no error where Keras loads", () => assert.deepEqual(shortfalls("false error"), []));

  test("nothing is left open of what Keras writes and loads", () => {
    const asWritten = measured.rows.filter((row) => row.family === "as written");
    assert.equal(sum(asWritten.map((row) => row.counts)).openThoughLoads, 0);
  });

  test("no failure to find an object is missed", () => {
    assert.deepEqual(
      shortfalls("missed", (one) => one.finding),
      [],
    );
  });

  test("no failure to find an object that is asked by hand is left open", () => {
    const open = shortfalls("open", (one) => one.finding && one.family === "by hand");
    // Whether a class of Python's own has a `from_config` is not known.
    assert.deepEqual(
      open.filter((line) => !line.startsWith("a class of the standard library")),
      [],
    );
  });

  test("Keras's own exception and words where it fails to find an object", () => {
    assert.deepEqual(
      shortfalls("message", (one) => one.finding),
      [],
    );
  });

  test("objects are found as what Keras finds them", () => {
    assert.ok(all.sameClass > 5000, `${all.sameClass} objects`);
    // Modules that hold a `get` of their own are searched in the order of a set: it differs from process to process.
    const wrong = shortfalls("class").filter((line) => !/\.(get|serialize|deserialize), really/.test(line));
    assert.deepEqual(wrong, []);
  });
});

test("what Keras writes is recognised as a config", () => {
  const isWritten = (one: Case): boolean => one.family === "as written" && one.door !== "load_model_h5";
  const recognised = readCases().filter((one) => isWritten(one) && one.door !== "from_config" && chosen.has(one.id));
  assert.ok(recognised.length > 100);
  for (const one of recognised) {
    const { tree } = parseJson(one.config());
    const className = tree.string(tree.member(tree.root, "class_name"));
    // Values such as __keras_tensor__ are no objects of their own, and neither is a list.
    if (className === "" || className.startsWith("__")) continue;
    const roots = findRoots(tree, () => false);
    assert.equal(roots[0]?.node, tree.root, one.label);
  }
});
