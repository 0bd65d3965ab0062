// Runs one benchmark in this process and writes its table as JSON: `node main.mjs <name> <options as JSON>`.
import { activation } from "./activation.ts";
import { check } from "./check.ts";
import { editor } from "./editor.ts";
import { index } from "./index.ts";
import { parse } from "./parse.ts";
import { recovery } from "./recovery.ts";
import { start } from "./start.ts";
import { structure } from "./structure.ts";
import type { Bench, BenchOptions } from "./table.ts";

const BENCHES: { readonly [name: string]: Bench } = {
  parse,
  recovery,
  check,
  structure,
  start,
  index,
  editor,
  activation,
};

const [name, options] = process.argv.slice(2);
if (name === "--list") process.stdout.write(JSON.stringify(Object.keys(BENCHES)));
else {
  const table = await BENCHES[name!]!(JSON.parse(options!) as BenchOptions);
  process.stdout.write(JSON.stringify(table ?? null));
}
