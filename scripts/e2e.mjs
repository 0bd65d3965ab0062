// `npm run e2e`: packages the extension and tests it in real VS Code; ends with one line: "N passed, N failed".
//   npm run e2e                          the suite, then the same without the language server's bundle, which must fail
//   npm run e2e -- hover references      only the tests whose title contains one of the words
//   npm run e2e -- --without-server      the suite without the language server's bundle: this fails
//   npm run e2e -- --screenshots         walks through the editor as a user and keeps pictures in out/e2e/screenshots
//   npm run e2e -- --vsix FILE           tests that package; --verbose shows VS Code's own log
// VSCODE_EXECUTABLE_PATH names a VS Code to use (on a server: `xvfb-run -a npm run e2e`); scripts/vscodeServer.mjs says
// what stands in for it.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleScripts, install, root } from "./build.mjs";
import { packageExtension } from "./package.mjs";
import { chooseHost } from "./vscodeHosts.mjs";
import { startBrowser, startServer } from "./vscodeServer.mjs";

const SUITE_TIMEOUT_MS = 240_000;
/** How long a test waits for what should happen, and how long where it must not. */
const PATIENCE_MS = 10_000;
const IMPATIENCE_MS = 250;
const screenshots = join(root, "out/e2e/screenshots");

function readArguments(words) {
  const options = { verbose: false, withoutServer: false, screenshots: false, vsix: undefined, words: [] };
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === "--verbose") options.verbose = true;
    else if (word === "--without-server") options.withoutServer = true;
    else if (word === "--screenshots") options.screenshots = true;
    else if (word === "--vsix" && words[i + 1])
      options.vsix = resolve(process.env.INIT_CWD ?? process.cwd(), words[++i]);
    else if (word.startsWith("-")) {
      process.stderr.write(`keras-config: ${word} is no option of the end-to-end tests; scripts/e2e.mjs lists them\n`);
      process.exit(2);
    } else options.words.push(word);
  }
  return options;
}

/** Unpacks a .vsix into `folder`, which must have no node_modules above it; returns the extension's folder in it. */
async function unpack(vsix, folder) {
  const { unzipSync } = await import("fflate");
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(vsix)))) {
    if (name.endsWith("/")) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return join(folder, "extension");
}

/** A fresh copy of the fixture workspace in `folder`, with what is not kept as text made out of what is. */
async function makeWorkspace(folder) {
  cpSync(join(root, "test/e2e/workspace"), folder, { recursive: true });
  const { strToU8, zipSync } = await import("fflate");
  const config = readFileSync(join(folder, "configs/broken_model.json"), "utf8");
  // On one line, as model.to_json() and model.save() write it.
  const line = JSON.stringify(JSON.parse(config));
  const metadata = { keras_version: "3.12.4", date_saved: "2026-01-01@00:00:00" };
  const members = { "metadata.json": JSON.stringify(metadata), "config.json": line, "model.weights.h5": "" };
  writeFileSync(
    join(folder, "model.keras"),
    zipSync(Object.fromEntries(Object.entries(members).map(([name, text]) => [name, strToU8(text)]))),
  );
  const model = JSON.parse(config);
  // Long enough that the editor draws only its beginning (`editor.stopRenderingLineAfter`).
  const dropout = { module: "keras.layers", class_name: "Dropout", registered_name: null };
  const many = Array.from({ length: 100 }, (_, i) => ({ ...dropout, config: { name: `dropout_${i}`, rate: 0.1 } }));
  model.config.layers.splice(1, 0, ...many);
  writeFileSync(join(folder, "configs/one_line.json"), JSON.stringify(model));
  return folder;
}

/** Bundles the suite as VS Code's extension host takes it, CommonJS: the entry, and all tests in one file beside it. */
async function bundleSuite() {
  const { build } = await import("esbuild");
  const outdir = join(root, "out/e2e/suite");
  const suite = join(root, "test/e2e/suite");
  const tests = readdirSync(suite).filter((name) => name.endsWith(".test.ts"));
  const contents = tests.sort().map((name) => `import "./${name}";`);
  const options = { absWorkingDir: root, bundle: true, platform: "node", format: "cjs", target: "node20" };
  const bundle = (name, entry) =>
    build({
      ...options,
      ...entry,
      outfile: join(outdir, name),
      external: ["vscode", "mocha"],
      sourcemap: "inline",
      logLevel: "warning",
    });
  await bundle("main.cjs", { entryPoints: [join(suite, "main.ts")] });
  await bundle("tests.cjs", { stdin: { contents: contents.join("\n"), resolveDir: suite } });
  return join(outdir, "main.cjs");
}

/** Copies to standard output what is appended to a file, and hands over the pictures that it asks for. */
function follow(file, onScreenshot) {
  let shown = 0;
  const read = () => {
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    const end = text.lastIndexOf("\n") + 1;
    for (const line of text.slice(shown, end).split("\n").slice(0, -1)) {
      if (line.startsWith("screenshot: ")) onScreenshot(line.slice("screenshot: ".length));
      else console.log(line);
    }
    shown = end;
  };
  const timer = setInterval(read, 200);
  return () => {
    clearInterval(timer);
    read();
  };
}

/** Runs the suite once; returns mocha's statistics, or undefined where the suite did not come to its end. */
async function runSuite({ host, extension, tests, scratch, patience, words, verbose, quiet = false }) {
  const folder = mkdtempSync(join(scratch, "run-"));
  const workspace = await makeWorkspace(join(folder, "project"));
  const result = join(folder, "result.json");
  const log = join(folder, "report.txt");
  const grep = words.length > 0 ? words.map((word) => word.replace(/[^\w ]/g, "\\$&")).join("|") : undefined;
  let page;
  const picture = async (title) => {
    const path = join(screenshots, `failed ${title.replace(/[^\w .-]+/g, "_").slice(0, 120)}.png`);
    await page?.screenshot({ path }).catch(() => {});
  };
  const stop = quiet ? () => {} : follow(log, picture);
  const code = await host.run({
    extension,
    tests,
    workspace,
    scratch: folder,
    env: { KERAS_CONFIG_E2E: JSON.stringify({ result, log, grep, pictures: !quiet, patience }) },
    timeout: SUITE_TIMEOUT_MS,
    verbose,
    onPage: (opened) => {
      page = opened;
    },
  });
  stop();
  if (!existsSync(result)) {
    console.log(`the suite did not come to its end (${code})`);
    return undefined;
  }
  return JSON.parse(readFileSync(result, "utf8"));
}

/** Runs the suite; one that has no test or does not come to its end has failed. */
async function check(context) {
  const stats = await runSuite({ patience: PATIENCE_MS, ...context });
  const { passes = 0, failures = 0 } = stats ?? {};
  return { passed: passes, failed: passes === 0 ? Math.max(failures, 1) : failures };
}

/** A copy of the unpacked extension whose language server cannot start. */
function withoutServer({ extension, scratch }) {
  const copy = join(scratch, "without-server");
  cpSync(extension, copy, { recursive: true });
  rmSync(join(copy, "dist/server.cjs"));
  return copy;
}

/** Checks that the suite fails without the language server: one that stays green then tests nothing. */
async function checkFailure(context) {
  console.log("Again, without the language server's bundle:");
  const stats = await runSuite({ ...context, patience: IMPATIENCE_MS, quiet: true });
  const isRed = stats !== undefined && stats.failures > 0;
  if (stats) console.log(`  ${stats.passes} pass and ${stats.failures} fail; it must fail`);
  return { passed: isRed ? 1 : 0, failed: isRed ? 0 : 1 };
}

/** Registrations that go wrong: one that Keras refuses, one whose name another class has. */
const UNREGISTERED = `import keras

from my_package import layers


@keras.saving.register_keras_serializable
class Block(keras.layers.Layer):
    pass


@keras.saving.register_keras_serializable(package="my_package", name="Residual")
class ResidualBlock(keras.layers.Layer):
    pass
`;
/** What loads in the workspace's Keras and is hardly meant: a built-in under somebody's name, and a loss that nobody knows. */
const SUSPICIOUS = `{
  "module": "keras",
  "class_name": "Sequential",
  "config": {
    "name": "model",
    "layers": [
      {
        "module": "keras.layers",
        "class_name": "Dense",
        "registered_name": "my_package>WideDense",
        "config": { "units": 8 }
      }
    ]
  },
  "registered_name": "Sequential",
  "build_config": { "input_shape": [null, 4] },
  "compile_config": { "optimizer": "adam", "loss": "my_package>spectral_los" }
}
`;
const EXPLORED = `@keras.saving.register_keras_serializable
class Explored(keras.layers.Layer):
    pass`;

/** Walks through the editor with the package installed; each picture counts as a test. */
async function walk({ vsix, scratch, words }) {
  const outdir = join(root, "out/e2e/walk");
  await bundleScripts([join(root, "test/e2e/screenshots.ts")], outdir);
  const { takeScreenshots } = await import(pathToFileURL(join(outdir, "test/e2e/screenshots.mjs")).href);
  const server = await startServer({ vsix });
  const untrusting = await startServer({ vsix, trust: false });
  const browser = await startBrowser();
  try {
    const make = async (settings) => {
      const workspace = await makeWorkspace(join(mkdtempSync(join(scratch, "walk-")), "my-project"));
      writeFileSync(join(workspace, "notes.keras"), "Not a model.\n");
      writeFileSync(join(workspace, "my_package/blocks.py"), UNREGISTERED);
      const code = (source) => ({ cell_type: "code", metadata: {}, outputs: [], execution_count: null, source });
      const cells = [code("import keras"), code(EXPLORED)];
      const notebook = { cells, metadata: { language_info: { name: "python" } }, nbformat: 4, nbformat_minor: 5 };
      writeFileSync(join(workspace, "explore.ipynb"), JSON.stringify(notebook));
      writeFileSync(join(workspace, "configs/suspicious.json"), SUSPICIOUS);
      const settingsFile = join(workspace, ".vscode/settings.json");
      const own = JSON.parse(readFileSync(settingsFile, "utf8"));
      writeFileSync(settingsFile, JSON.stringify({ ...own, ...settings }, undefined, 2));
      return workspace;
    };
    const origins = { trusted: server.origin, restricted: untrusting.origin };
    return await takeScreenshots({ browser, origins, makeWorkspace: make, folder: screenshots, words });
  } finally {
    await browser.close();
    await Promise.all([server.stop(), untrusting.stop()]);
  }
}

const options = readArguments(process.argv.slice(2));
await install();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
const scratch = mkdtempSync(join(realpathSync(tmpdir()), "keras-config-e2e-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
mkdirSync(screenshots, { recursive: true });
const vsix = options.vsix ?? (await packageExtension());
const context = { ...options, vsix, scratch };
const outcomes = [];
if (options.screenshots) outcomes.push(await walk(context));
else {
  const host = await chooseHost();
  console.log(`${relative(root, vsix)} in ${host.name}`);
  const [extension, tests] = await Promise.all([unpack(vsix, join(scratch, "unpacked")), bundleSuite()]);
  Object.assign(context, { host, extension, tests });
  if (options.withoutServer) {
    outcomes.push(await check({ ...context, extension: withoutServer(context), patience: IMPATIENCE_MS }));
  } else {
    outcomes.push(await check(context));
    if (options.words.length === 0)
      outcomes.push(await checkFailure({ ...context, extension: withoutServer(context) }));
  }
}
const total = (name) => outcomes.reduce((sum, outcome) => sum + outcome[name], 0);
console.log(`${total("passed")} passed, ${total("failed")} failed`);
process.exitCode = total("failed") > 0 || total("passed") === 0 ? 1 : 0;
