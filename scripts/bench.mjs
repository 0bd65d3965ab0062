// `npm run bench`: measures, each benchmark in a process of its own, and prints tables (medians and ratios of one run).
//   npm run bench -- parse recovery      only these
//   npm run bench -- --json              one JSON document on standard output
//   npm run bench -- --fetch             first downloads the Keras-heavy packages to index (needs Python's pip and a network)
//   npm run bench -- --workspace DIR     the Python to index (default: what --fetch downloaded, where it is there)
//   npm run bench -- --configs DIR       the configs to measure recovery on (default: generated ones)
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { bundleScripts, root } from "./build.mjs";
import { buildExtension } from "./extension.mjs";

/** What makes a Keras-heavy workspace: 3,250 files of Python, 30 MB, nine in ten of them mentioning keras. */
const PACKAGES = ["keras", "keras-hub", "keras-cv", "keras-nlp==0.8.2", "kgcnn", "autokeras", "tf-keras"];
const fetched = join(root, "out/bench/site-packages");

function fail(message) {
  process.stderr.write(`keras-config: ${message}\n`);
  process.exit(2);
}

function readArguments(words) {
  const options = { json: false, fetch: false, names: [] };
  const from = process.env.INIT_CWD ?? process.cwd();
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === "--json") options.json = true;
    else if (word === "--fetch") options.fetch = true;
    else if (word === "--workspace" || word === "--configs") {
      const folder = words[++i];
      if (!folder) fail(`${word} needs a folder`);
      options[word.slice(2)] = resolve(from, folder);
      if (!existsSync(options[word.slice(2)])) fail(`there is no folder ${folder}`);
    } else if (word.startsWith("-")) fail(`${word} is no option of the benchmarks`);
    else options.names.push(word);
  }
  return options;
}

/** Downloads the packages' wheels and unpacks their Python. */
function fetchPackages() {
  const wheels = join(root, "out/bench/wheels");
  mkdirSync(wheels, { recursive: true });
  const python = process.platform === "win32" ? "python" : "python3";
  const run = (args) => {
    if (spawnSync(python, args, { stdio: ["ignore", 2, 2] }).status !== 0)
      fail(`\`${python} ${args.join(" ")}\` failed`);
  };
  run(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", wheels, ...PACKAGES]);
  rmSync(fetched, { recursive: true, force: true });
  for (const wheel of readdirSync(wheels)) run(["-m", "zipfile", "-e", join(wheels, wheel), fetched]);
}

function cell(value) {
  return typeof value === "number" ? value.toLocaleString("en-US") : value;
}

/** A Markdown table, aligned, so that it reads in a terminal as well. */
function printTable({ title, rows, notes }) {
  const columns = Object.keys(rows[0]);
  const lines = [columns, ...rows.map((row) => columns.map((column) => cell(row[column] ?? "")))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const right = columns.map((column) => typeof rows[0][column] === "number");
  const print = (line) =>
    console.log(
      `| ${line.map((text, i) => (right[i] ? text.padStart(widths[i]) : text.padEnd(widths[i]))).join(" | ")} |`,
    );
  console.log(`## ${title}\n`);
  print(columns);
  print(widths.map((width, i) => (right[i] ? `${"-".repeat(width - 1)}:` : "-".repeat(width))));
  for (const line of lines.slice(1)) print(line);
  console.log(`\n${notes.map((note) => `- ${note}`).join("\n")}\n`);
}

const { json, fetch, names, ...given } = readArguments(process.argv.slice(2));
await buildExtension();
if (fetch) fetchPackages();
const outdir = join(root, `out/bench-${process.pid}`);
await bundleScripts([join(root, "test/bench/main.ts")], outdir);
process.on("exit", () => rmSync(outdir, { recursive: true, force: true }));
const main = join(outdir, "test/bench/main.mjs");

/** What the benchmarks' program writes, parsed; undefined where it fails (it says why itself). */
function measure(...args) {
  const stdio = ["ignore", "pipe", 2];
  const result = spawnSync(process.execPath, [main, ...args], { encoding: "utf8", stdio });
  return result.status === 0 ? JSON.parse(result.stdout) : undefined;
}

const all = measure("--list") ?? fail("the benchmarks do not start");
for (const name of names) if (!all.includes(name)) fail(`there is no benchmark ${name}; there are ${all.join(", ")}`);
const workspace = given.workspace ?? (existsSync(fetched) ? fetched : undefined);
const program = join(root, "server/dist/keras-config.js");
const tables = [];
for (const name of names.length > 0 ? names : all) {
  process.stderr.write(`keras-config: measuring ${name}\n`);
  const scratch = mkdtempSync(join(outdir, "scratch-"));
  const table = measure(name, JSON.stringify({ ...given, ...(workspace && { workspace }), program, scratch }));
  if (table === undefined) process.exitCode = 1;
  if (!table) continue;
  tables.push(table);
  if (!json) printTable(table);
}
const machine = { node: process.version, platform: `${process.platform} ${process.arch}`, cores: cpus().length };
if (json) console.log(JSON.stringify({ machine, benchmarks: tables }, null, 2));
else console.log(`Node ${machine.node}, ${machine.platform}, ${machine.cores} cores`);
