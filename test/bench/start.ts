import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { functionalConfig, pythonDumps } from "../unit/json/configs.ts";
import { type Run, runNode, runsOf } from "./program.ts";
import { type Bench, type BenchTable, median, milliseconds } from "./table.ts";
import { benchTexts } from "./texts.ts";

const LAYERS = `import keras


@keras.saving.register_keras_serializable(package="my_pkg")
class Scale(keras.layers.Layer):
    def __init__(self, factor=1.0, note=None, inner=None, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor


@keras.saving.register_keras_serializable(package="my_pkg")
def swishy(x):
    return x * keras.ops.sigmoid(x)


@keras.saving.register_keras_serializable(package="my_pkg")
def my_loss(y_true, y_pred):
    return keras.ops.mean(y_true - y_pred)
`;

/** Whole runs of the command line program, measured from outside: from the start of the process. */
export const start: Bench = async ({ program, scratch }) => {
  const project = join(scratch, "project");
  mkdirSync(join(project, "many"), { recursive: true });
  writeFileSync(join(project, "pyproject.toml"), '[project]\nname = "bench"\ndependencies = ["keras==3.8.0"]\n');
  writeFileSync(join(project, "layers.py"), LAYERS);
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
