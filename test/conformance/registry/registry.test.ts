/**
 * Compares the static registry of real packages with what real Python registered when it imported them (recordings/,
 * made by record.py). It needs the packages' sources, as requirements.txt names them, in the folder that
 * KERAS_CONFIG_REGISTRY_SOURCES names. UPDATE_REGISTRY_TABLE=1 writes the table into docs/registry-conformance.md.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, describe, test } from "node:test";
import { type Comparison, compare, listingOf, type Recording, readRecording } from "./compare.ts";

declare const __ROOT__: string;

const here = join(__ROOT__, "test/conformance/registry");
const page = join(__ROOT__, "docs/registry-conformance.md");
const sources = process.env.KERAS_CONFIG_REGISTRY_SOURCES;
const packages = JSON.parse(readFileSync(join(here, "packages.json"), "utf8")) as {
  readonly name: string;
  readonly version: string;
  readonly package: string;
  /** Python of our own that was run beside it: it calls the function that fills a dict. */
  readonly beside?: unknown;
}[];

if (sources === undefined) {
  test("registries of real packages", { skip: "KERAS_CONFIG_REGISTRY_SOURCES names no folder of sources" }, () => {});
} else {
  const compared: { readonly recording: Recording; readonly result: Comparison }[] = [];
  describe("what importing a package registers", () => {
    for (const { name, version, package: folder, beside } of packages) {
      test(`${name} ${version}`, async () => {
        const isThere = readdirSync(sources).some(
          (entry) => entry.toLowerCase().replaceAll("_", "-") === `${name}-${version}.dist-info`,
        );
        assert.ok(isThere && existsSync(join(sources, folder)), `${sources} does not hold ${name} ${version}`);
        const recording = readRecording(join(here, "recordings", `${name}.json`));
        const listed = await listingOf(resolve(sources), folder, recording, resolve(sources));
        const result = compare(recording, listed, beside !== undefined);
        compared.push({ recording, result });
        const { missed, invented, misplaced } = result;
        assert.deepEqual({ missed, invented, misplaced }, { missed: [], invented: [], misplaced: [] });
      });
    }
    after(() => {
      const table = tableOf(compared);
      console.log(`\n${table}`);
      if (process.env.UPDATE_REGISTRY_TABLE === "1") writeTable(table);
    });
  });
}

function tableOf(compared: readonly { readonly recording: Recording; readonly result: Comparison }[]): string {
  const head = [
    "package",
    "keys in Python",
    "found",
    "missed",
    "invented",
    "misplaced",
    "in a branch",
    "not computed",
    "recorded with",
  ];
  const rows = compared.map(({ recording: { name, version, versions, date }, result }) => [
    `${name} ${version}`,
    ...[result.keys, result.found, result.missed.length, result.invented.length, result.misplaced.length],
    ...[result.unsure.length, result.uncomputed.length],
    `Keras ${versions.keras}, TensorFlow ${versions.tensorflow}, Python ${versions.python}, ${date}`,
  ]);
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [
    line(head),
    line(head.map((_cell, at) => (at === 0 || at === head.length - 1 ? "---" : "--:"))),
    ...rows.map(line),
  ].join("\n");
}

const BEGIN = "<!-- table: begin -->";
const END = "<!-- table: end -->";

function writeTable(table: string): void {
  const text = readFileSync(page, "utf8");
  const [before, rest = ""] = text.split(BEGIN);
  writeFileSync(page, `${before}${BEGIN}\n\n${table}\n\n${END}${rest.split(END)[1] ?? "\n"}`);
}
