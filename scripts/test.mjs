// Runs the tests and ends with one line: "N passed, N failed".
//   npm test                          everything that needs no Python and no display
//   npm test -- test/unit/json        only the files whose path contains one of the words given
//   npm run conformance               what real Keras answered against what the tool says, with its table; and real Keras
//                                     again, where the environment names a Python that has it
//   npm run conformance -- --write    writes the table to docs/conformance.md, too
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { buildServer, bundleScripts, root } from "./build.mjs";

const words = process.argv.slice(2);
const conformance = words[0] === "--conformance";
if (conformance) words.shift();
if (conformance && words[0] === "--write") {
  words.shift();
  process.env.KERAS_CONFIG_WRITE_CONFORMANCE = "1";
}
const folders = conformance
  ? ["test/conformance"]
  : ["test/unit", "test/cli", "test/recorded", "test/protocol", "test/package"];

function testFiles(folder) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  } catch {
    return [];
  }
  return entries
    .filter((e) => e.isFile() && e.name.endsWith(".test.ts"))
    .map((e) => join(e.parentPath ?? e.path, e.name));
}

const files = folders
  .flatMap((folder) => testFiles(join(root, folder)))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) {
  console.log("no test file matches");
  console.log("0 passed, 1 failed");
  process.exit(1);
}
// Only these start the built program.
if (files.some((file) => /^test[\\/](?:cli|protocol)/.test(relative(root, file)))) await buildServer();
const outdir = join(root, `out/test-${process.pid}`);
await bundleScripts(files, outdir);
const bundled = files.map((file) => join(outdir, relative(root, file).replace(/\.ts$/, ".mjs")));

let passed = 0;
let failed = 0;
const stream = run({ files: bundled, concurrency: true, execArgv: ["--enable-source-maps"] });
stream.on("test:pass", (event) => {
  if (event.details.type !== "suite" && !event.skip && !event.todo && !bundled.includes(event.name)) passed++;
});
stream.on("test:fail", (event) => {
  // A suite fails with its tests, which are counted; one whose own body throws has none.
  if (event.details.type !== "suite" || event.details.error?.failureType !== "subtestsFailed") failed++;
});
stream.compose(new spec()).pipe(process.stdout);
stream.on("end", async () => {
  const { rmSync } = await import("node:fs");
  rmSync(outdir, { recursive: true, force: true });
  setImmediate(() => {
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  });
});
