/**
 * The measure over all recorded pairs, with its table. It needs no Python. `npm run conformance -- --write` writes the table to
 * docs/conformance.md too.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type Half, spokenFor } from "./caseFile.ts";
import { causes, largeMisses, remaining, subjects } from "./causes.ts";
import { measure, sum } from "./measure.ts";
import { conformanceReport } from "./table.ts";
import { generations, isOf, isReached, targetCounts, targets } from "./targets.ts";

declare const __ROOT__: string;

const measured = measure();
const report = conformanceReport(measured, spokenFor(), new Date().toISOString().slice(0, 10));
console.log(report);
if (process.env.KERAS_CONFIG_WRITE_CONFORMANCE) writeFileSync(join(__ROOT__, "docs/conformance.md"), report);

const all = sum(measured.rows.map((row) => row.counts));

const notRead = "A function is found by its `config`; at this Keras hardly looks.";

/** Kinds of damage that real Keras takes nearly always, of which there cannot be many failures, and why. */
const hardlyEverRefused: Readonly<Record<string, string>> = {
  "built-in function": "`relu` is found everywhere, and may stand wherever a function was written.",
  "function's registered_name a key": notRead,
  "function's registered_name missing": notRead,
  "function's registered_name null": notRead,
  "shared_object_id of another object":
    "Only `load_model` shares objects, and hardly a base is refused for the other object that it gets.",
  "unknown object in build_config": "Nothing is deserialized in it, and what a layer does not know of it is not read.",
};

describe("the recordings are large enough to say something", () => {
  test("configs, pairs and failures", () => {
    assert.ok(measured.cases >= 3000, `${measured.cases} configs`);
    assert.ok(all.loads + all.fails >= 20_000, `${all.loads + all.fails} pairs`);
    assert.ok(all.fails >= 7000, `${all.fails} failures`);
  });

  const kinds = [...new Set(measured.rows.map((row) => row.kind))].map((kind) => {
    return { kind, counts: sum(measured.rows.filter((row) => row.kind === kind).map((row) => row.counts)) };
  });

  test("failures of every kind of damage, but of those that Keras hardly ever refuses", () => {
    const few = kinds.filter(({ counts }) => counts.fails < 50).map(({ kind }) => kind);
    assert.deepEqual(few.sort(), Object.keys(hardlyEverRefused).sort());
    assert.ok(kinds.length >= 160, `${kinds.length} kinds`);
  });

  test("those are asked as often as others, and load", () => {
    for (const { kind, counts } of kinds.filter(({ kind }) => kind in hardlyEverRefused)) {
      assert.ok(counts.loads >= 150 && counts.fails <= 0.01 * counts.loads, `${kind}: ${JSON.stringify(counts)}`);
    }
  });
});

for (const releases of ["All releases", ...generations] as const) {
  for (const half of ["open", "held out"] satisfies Half[]) {
    describe(`what the tool says of the ${half} half in ${releases}`, () => {
      test("no error where Keras loads", () => {
        const wrong = measured.shortfalls.filter(
          (one) => one.what === "false error" && one.half === half && isOf(one.version, releases),
        );
        assert.deepEqual(
          wrong.map((one) => one.text),
          [],
        );
      });

      for (const target of targets[releases]) {
        if (target.unreachedIn?.includes(half)) continue;
        const counts = targetCounts(measured, half, releases, target);
        const said = `${(100 * target.share(counts)).toFixed(1)} % of ${counts.fails} failures`;
        test(target.name, () => assert.ok(isReached(target, counts) && counts.fails + counts.hangs >= 100, said));
      }
    });
  }
}

test("every kind that misses more than the targets allow has its cause, and no other", () => {
  const missing = new Map(generations.map((one) => [one, new Set<string>()]));
  for (const { generation, kind } of largeMisses(measured)) missing.get(generation)?.add(kind);
  for (const generation of generations)
    assert.deepEqual(Object.keys(causes[generation]).sort(), [...(missing.get(generation) ?? [])].sort(), generation);
});

test("all that is missed of what nobody damaged has its cause, and every cause something that is missed", () => {
  const found = remaining(measured);
  const unnamed = found.filter(({ subject }) => !subject).flatMap(({ shortfalls }) => shortfalls);
  assert.deepEqual(
    unnamed.map(({ text }) => text),
    [],
  );
  const vain = subjects.filter((one) => !found.some(({ subject }) => subject === one));
  assert.deepEqual(
    vain.map(({ subject }) => subject),
    [],
  );
});
