// Installs what is missing and bundles what is out of date. Everything it says goes to standard error, so that the
// commands built on it keep standard output clean. Needs nothing but Node.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const installStamp = join(root, "node_modules", ".keras-config-installed");

/** Runs `work` while no other process does, so that two commands started at once on a fresh clone install once. */
async function alone(work) {
  const lock = join(root, "out/build.lock");
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch {
      if (isLeftOver(lock)) rmSync(lock, { force: true });
      else await setTimeout(100);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Whether the process that holds the lock is gone. */
function isLeftOver(lock) {
  try {
    const pid = Number(readFileSync(lock, "utf8"));
    // Between its creation and its first byte a lock is empty.
    if (pid === 0) return Date.now() - statSync(lock).mtimeMs > 10_000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

function isInstalled() {
  const lockfile = readFileSync(join(root, "package-lock.json"), "utf8");
  return existsSync(installStamp) && readFileSync(installStamp, "utf8") === lockfile;
}

/** Installs the lockfile's packages when node_modules is missing or older than the lockfile. */
export async function install() {
  if (!isInstalled()) await alone(() => isInstalled() || installNow());
}

function installNow() {
  process.stderr.write("keras-config: installing development packages (first run only)\n");
  const npm = process.env.npm_execpath
    ? [process.execPath, process.env.npm_execpath]
    : [process.platform === "win32" ? "npm.cmd" : "npm"];
  const result = spawnSync(npm[0], [...npm.slice(1), "ci", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32" && npm.length === 1,
  });
  if (result.status !== 0) {
    process.stderr.write("keras-config: `npm ci` failed; run it by hand in the project's folder to see why\n");
    process.exit(2);
  }
  writeFileSync(installStamp, readFileSync(join(root, "package-lock.json"), "utf8"));
}

/** The newest modification time, in milliseconds, of the files below a folder or of one file. */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  let time = stat.mtimeMs;
  for (const name of readdirSync(path)) time = Math.max(time, newest(join(path, name)));
  return time;
}

/** Whether `output` is missing or older than one of `inputs` (paths from the project's root). */
function outdated(output, inputs) {
  const stat = statSync(join(root, output), { throwIfNoEntry: false });
  return !stat || inputs.some((input) => newest(join(root, input)) > stat.mtimeMs);
}

const serverInputs = [
  "server/src",
  "server/data",
  "docs/rules",
  "server/package.json",
  "scripts/build.mjs",
  "package-lock.json",
];

/** Calls `build` where the stamp that it leaves is missing or older than one of the inputs, one process at a time. */
export async function keepUpToDate(stamp, inputs, build) {
  const isOutdated = () => outdated(stamp, inputs);
  if (!isOutdated()) return;
  await install();
  await alone(() => (isOutdated() ? build() : undefined));
}

/** How the programs that VS Code starts are bundled: one CommonJS file each. */
export const commonJs = {
  absWorkingDir: root,
  metafile: true,
  outExtension: { ".js": ".cjs" },
  bundle: true,
  minify: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  logLevel: "warning",
};

/** Bundles the server's programs into server/dist; does nothing where they are newer than their sources. */
export function buildServer() {
  return keepUpToDate("server/dist/.built", serverInputs, buildNow);
}

async function buildNow() {
  // The stamp is as old as the sources were when the work began: what changes meanwhile is built next time.
  const started = new Date();
  const { build } = await import("esbuild");
  const { version } = JSON.parse(readFileSync(join(root, "server/package.json"), "utf8"));
  const define = { __VERSION__: JSON.stringify(version), __BUILD__: JSON.stringify(buildId()) };
  const fresh = join(root, `out/dist-${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    metafile: true,
    entryPoints: { "keras-config": "server/src/cli/main.ts" },
    outdir: fresh,
    bundle: true,
    splitting: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node20",
    chunkNames: "chunks/[name]-[hash]",
    banner: { js: "#!/usr/bin/env node" },
    define,
    logLevel: "warning",
  });
  // One file, since an extension's server starts from a folder of its own.
  const server = await build({
    ...commonJs,
    entryPoints: { "keras-config-language-server": "server/src/lsp/main.ts" },
    outdir: fresh,
    // jsonc-parser's CommonJS build requires its parts in a way that no bundler follows.
    mainFields: ["module", "main"],
    banner: { js: "#!/usr/bin/env node" },
    define,
  });
  const inputs = [...Object.keys(metafile.inputs), ...Object.keys(server.metafile.inputs)];
  writeFileSync(join(fresh, "THIRD_PARTY_LICENSES.txt"), licencesOf(inputs));
  cpSync(join(root, "docs/rules"), join(fresh, "rules"), { recursive: true });
  const data = join(root, "server/data");
  if (existsSync(data)) cpSync(data, join(fresh, "data"), { recursive: true });
  writeFileSync(join(fresh, ".built"), "");
  utimesSync(join(fresh, ".built"), started, started);
  replaceDist(fresh, join(root, "server/dist"));
  rmSync(fresh, { recursive: true, force: true });
}

/** Differs where what the programs make of Python may differ, so that a build reads no other one's cache. */
function buildId() {
  const hash = createHash("sha256");
  const source = join(root, "server/src");
  for (const name of readdirSync(source, { recursive: true }).map(String).sort())
    if (name.endsWith(".ts")) hash.update(name.replaceAll(sep, "/")).update(readFileSync(join(source, name)));
  return hash.digest("hex").slice(0, 12);
}

/** The licences of the packages whose files are bundled, as they ask to be passed on. */
export function licencesOf(inputs) {
  const packages = new Set(
    inputs.map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1]).filter(Boolean),
  );
  return [...packages]
    .sort()
    .map((name) => {
      const folder = join(root, "node_modules", name);
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      if (!file) throw new Error(`${name} is bundled and has no licence file`);
      const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}

/** How long a program that is running may still load the parts of the build before. */
const GRACE_MS = 600_000;

/**
 * Moves a build into place while programs run: parts are named by their content, so new ones can stand beside the old;
 * what begins the program comes after its parts, and parts that nobody can want any more go.
 */
function replaceDist(fresh, dist) {
  const names = readdirSync(fresh, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(fresh, join(entry.parentPath ?? entry.path, entry.name)));
  // In the order in which they are of use: parts and data, then what loads them, then the stamp that says all is there.
  const rank = (name) => (name === ".built" ? 2 : name.includes(sep) ? 0 : 1);
  for (const name of names.sort((a, b) => rank(a) - rank(b))) {
    mkdirSync(dirname(join(dist, name)), { recursive: true });
    renameSync(join(fresh, name), join(dist, name));
  }
  for (const name of readdirSync(join(dist, "chunks"))) {
    const path = join(dist, "chunks", name);
    const isOld = Date.now() - statSync(path).mtimeMs > GRACE_MS;
    if (isOld && !names.includes(join("chunks", name))) rmSync(path, { force: true });
  }
}

/** Bundles test or benchmark entry files (absolute paths) to `outdir`, one module each. */
export async function bundleScripts(entryPoints, outdir) {
  await install();
  const { build } = await import("esbuild");
  rmSync(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    outbase: root,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
    define: { __VERSION__: JSON.stringify("0.0.0-test"), __ROOT__: JSON.stringify(root) },
    logLevel: "warning",
  });
}
