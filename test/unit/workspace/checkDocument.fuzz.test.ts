import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeAtPointer, parseJson } from "../../../server/src/json/index.ts";
import { checkDocument } from "../../../server/src/workspace/checkDocument.ts";
import { readCases } from "../../conformance/deserialize/caseFile.ts";
import { emptyRegistry } from "../../recorded/emptyRegistry.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";

/** A seeded generator of numbers below `n`. */
function random(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const pieces = [
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "null",
  "3",
  '"class_name"',
  '"module"',
  "\\",
  "\u0000",
  "\ud800",
  "NaN",
  "'",
];

/** A text with a few seeded damages: characters cut out, doubled, or something foreign put in. */
function damage(text: string, next: (n: number) => number): string {
  let result = text;
  for (let i = next(3); i >= 0; i--) {
    const at = next(result.length + 1);
    const cut = next(4) === 0 ? next(40) : next(2);
    const put = next(2) === 0 ? "" : (pieces[next(pieces.length)] as string);
    result = result.slice(0, at) + put + result.slice(at + cut);
  }
  return result;
}

test("whatever is done to a config, its check answers, and every place it names is there", () => {
  const next = random(20);
  const targets = [{ version: "3.15.1", from: "--keras" }];
  let withProblems = 0;
  const damaged = readCases().filter((one) => one.at !== undefined);
  for (const [index, one] of damaged.entries()) {
    if (index % 6 !== 0) continue;
    const config = one.config();
    if (config.length > 20_000) continue;
    const text = damage(config, next);
    const report = checkDocument({
      uri: "file:///c.json",
      text,
      container: "json",
      targets,
      catalogue,
      registry: emptyRegistry,
    });
    const { tree } = parseJson(text);
    if (report.problems.length > 0) withProblems++;
    for (const place of [...report.problems, ...report.unknown]) {
      assert.ok(place.start >= 0 && place.start <= place.end && place.end <= text.length, `${place.pointer}`);
      if ("rule" in place && place.rule === "syntax-error") continue;
      const node = nodeAtPointer(tree, place.pointer);
      // An argument that nobody knows is shown at its key.
      const atKey = "rule" in place && place.rule === "unknown-argument";
      assert.equal(atKey ? tree.keyStart(node) : tree.start(node), place.start, `${index} ${place.pointer}`);
    }
    assert.ok(report.problems.filter((problem) => problem.stops).length <= Math.max(1, report.problems.length));
  }
  assert.ok(withProblems > 100);
});
