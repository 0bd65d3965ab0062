import assert from "node:assert/strict";
import { test } from "node:test";
import type { ArchiveBomb } from "../../../server/src/config/archive.ts";
import { bombProblems } from "../../../server/src/workspace/archiveBombs.ts";

const weights: ArchiveBomb = {
  member: "model.weights.h5",
  declared: 2 ** 33,
  stored: 8_400_000,
  inflates: "in memory",
};
const asset: ArchiveBomb = { member: "assets/words.txt", declared: 2 ** 30, stored: 100, inflates: "to disk" };

/** One problem a line: `severity versions stops | what Keras raises, or what is said`. */
function said(bombs: readonly ArchiveBomb[], versions: readonly string[], stopped: readonly string[] = []): string[] {
  const targets = versions.map((version) => ({ version, from: "--keras" }));
  return bombProblems(bombs, targets, new Set(stopped)).map(
    ({ severity, versions: here, stops, outcome, message }) =>
      `${severity} ${here.join()}${stops ? " stops" : ""} | ${outcome ? `${outcome.exception}: ${outcome.message}` : message}`,
  );
}

test("releases that refuse a member raise their own words, the others inflate it", () => {
  assert.deepEqual(said([weights], ["3.11.3", "3.12.3", "3.13.2", "3.15.0"]), [
    "error 3.12.3,3.15.0 stops | ValueError: Not allowed: ZIP member 'model.weights.h5' declares 8.00 GB but only 8.01 MB are stored on disk; refusing to load a potential decompression bomb.",
    "warning 3.11.3,3.13.2 | `model.weights.h5` declares 8.00 GB and stores 8.01 MB: Keras inflates it in memory when it loads the model, as much as that is.",
  ]);
});

test("what goes to the disk is refused one patch later", () => {
  assert.deepEqual(said([asset], ["3.12.3", "3.12.4", "3.15.1"]), [
    "error 3.12.4,3.15.1 stops | ValueError: Not allowed: archive member 'assets/words.txt' declares 1.00 GB but only 100.00 B are stored on disk; refusing to extract a potential decompression bomb.",
    "warning 3.12.3 | `assets/words.txt` declares 1.00 GB and stores 100.00 B: Keras inflates it to the disk when it loads the model, as much as that is.",
  ]);
});

test("a load stops once, at its config or at the weights", () => {
  const stops = (bombs: readonly ArchiveBomb[], stopped: readonly string[]) =>
    said(bombs, ["3.15.1"], stopped).map((line) => line.includes(" stops | "));
  assert.deepEqual(stops([asset, weights], []), [true, false]);
  assert.deepEqual(stops([weights], ["3.15.1"]), [false]);
});
