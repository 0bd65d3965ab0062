import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { functionalConfig, pythonDumps } from "../unit/json/configs.ts";
import { type Run, runNode, runsOf } from "./program.ts";
import { writeProject } from "./project.ts";
import { type Bench, type BenchTable, median, milliseconds } from "./table.ts";
import { benchTexts } from "./texts.ts";

/** Whole runs of the command line program, measured from outside: from the start of the process. */
export const start: Bench = async ({ program, scratch }) => {
  const project = writeProject(scratch);
  mkdirSync(join(project, "many"));
  writeFileSync(join(project, "small.json"), pythonDumps(functionalConfig(5)));
  for (let i = 0; i < 3000; i++) writeFileSync(join(project, `many/${i}.json`), pythonDumps(functionalConfig(2, i)));
  const rows: BenchTable["rows"][number][] = [];
  const add = (what: string, runs: readonly Run[]) => {
    rows.push({
      run: what,
      "first output ms": milliseconds(median(runs.map((run) => run.firstOutput))),
      "whole ms": milliseconds(median(runs.map((run) => run.whole))),
      "CPU ms": milliseconds(median(runs.map((run) => run.cpu))),
      "peak memory MB": Math.round(median(runs.map((run) => run.peakMegabytes))),
    });
  };
  // The page cache and Node's own files.
  await runNode([program, "check", "small.json"], project);
  add("node alone", await runsOf(11, ["-e", "0"], project));
  add("--version", await runsOf(11, [program, "--version"], project));
  add("check of a small config in a small project", await runsOf(11, [program, "check", "small.json"], project));
  for (const { name, text } of benchTexts()) {
    if (name.startsWith("100 KB")) continue;
    writeFileSync(join(project, "config.json"), text);
    add(`check of ${name}`, await runsOf(5, [program, "check", "config.json"], project));
  }
  add("check of 3,000 small configs", await runsOf(3, [program, "check", "many", "--workspace", "."], project));
  return {
    name: "start",
    title: "Runs of the program",
    rows,
    notes: [
      "Medians, from the start of the process; the project is a module with three registrations and a pin of Keras.",
      "Peak memory is the resident set of the process.",
    ],
  };
};
