import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runsOf } from "./program.ts";
import { type Bench, median, milliseconds, ratio } from "./table.ts";

/** The index of a workspace full of Keras, against reading its files. */
export const index: Bench = async ({ workspace, program, scratch }) => {
  if (workspace === undefined) return undefined;
  const files = readdirSync(workspace, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".py"))
    .map((entry) => join(entry.parentPath, entry.name));
  // Reads every Python file of the folder and prints their bytes.
  const reading = `const { readdirSync, readFileSync } = require("node:fs");
    const { join } = require("node:path");
    let bytes = 0;
    for (const e of readdirSync(process.argv[1], { withFileTypes: true, recursive: true }))
      if (e.isFile() && e.name.endsWith(".py")) bytes += readFileSync(join(e.parentPath ?? e.path, e.name)).length;
    console.log(bytes);`;
  const read = await runsOf(5, ["-e", reading, workspace], scratch);
  const bytes = Number(read[0]!.output);
  const indexed = await runsOf(5, [program, "registry", "--workspace", workspace, "--format", "json"], scratch);
  const { registrations } = JSON.parse(indexed[0]!.output) as { registrations: unknown[] };
  const base = median(read.map((run) => run.cpu));
  const rows = [
    { what: "reading the files", runs: read },
    { what: "keras-config registry", runs: indexed },
  ].map(({ what, runs }) => ({
    run: what,
    "CPU ms": milliseconds(median(runs.map((run) => run.cpu))),
    "×": ratio(median(runs.map((run) => run.cpu)), base),
    "whole ms": milliseconds(median(runs.map((run) => run.whole))),
    "peak memory MB": Math.round(median(runs.map((run) => run.peakMegabytes))),
  }));
  return {
    name: "index",
    title: "Index of a Keras-heavy workspace",
    rows,
    notes: [
      `${files.length.toLocaleString("en-US")} Python files, ${Math.round(bytes / 1e6)} MB, ${registrations.length.toLocaleString("en-US")} registrations.`,
      "Medians of whole processes; CPU is user and system time.",
    ],
  };
};
