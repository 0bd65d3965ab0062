// Where the end-to-end suite runs: VS Code itself where there is one, else the VS Code server in a headless browser.
// Both load the same extension folder and the same suite; neither's exit code is believed (see e2e.mjs).
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { format } from "node:util";
import { root } from "./build.mjs";
import { onPath, startBrowser, startServer } from "./vscodeServer.mjs";

const PROBE_TIMEOUT_MS = 5000;

/** The host for this machine, and one line that says why. */
export async function chooseHost() {
  const given = process.env.VSCODE_EXECUTABLE_PATH;
  if (given) return { name: `VS Code (${given})`, run: inVSCode(given) };
  const hasDisplay = process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!hasDisplay) return { name: "the VS Code server in headless Chromium (there is no display)", run: inBrowser };
  const local = executableOf(onPath("code", "code.cmd"));
  if (local) return { name: `VS Code (${local})`, run: inVSCode(local) };
  const downloaded = await download();
  if (downloaded) return { name: `VS Code (${downloaded})`, run: inVSCode(downloaded) };
  return { name: "the VS Code server in headless Chromium (VS Code cannot be downloaded)", run: inBrowser };
}

/** The program behind the `code` command, which itself returns at once and tells nothing of the end. */
function executableOf(command) {
  if (!command) return undefined;
  const folder = dirname(realpathSync(command));
  const places =
    process.platform === "darwin"
      ? ["../../../MacOS/Code", "../../../MacOS/Electron"]
      : process.platform === "win32"
        ? ["../Code.exe"]
        : ["../code"];
  return places.map((place) => join(folder, place)).find(existsSync);
}

async function download() {
  const { download, SilentReporter } = await import("@vscode/test-electron");
  const attempt = download({
    version: "stable",
    cachePath: join(root, "out/vscode"),
    reporter: new SilentReporter(),
    timeout: PROBE_TIMEOUT_MS,
  });
  return attempt.catch(() => undefined);
}

function inVSCode(vscodeExecutablePath) {
  return async ({ extension, tests, workspace, env, scratch, timeout }) => {
    const { runTests } = await import("@vscode/test-electron");
    const run = runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: extension,
      extensionTestsPath: tests,
      extensionTestsEnv: env,
      launchArgs: [
        workspace,
        "--disable-extensions",
        `--user-data-dir=${join(scratch, "user")}`,
        `--extensions-dir=${join(scratch, "extensions")}`,
      ],
    }).catch((error) => error.code ?? 1);
    return Promise.race([run, afterwards(timeout)]);
  };
}

/** Runs the suite in the server's extension host; `onPage` gets the page, for pictures. */
async function inBrowser({ extension, tests, workspace, env, timeout, onPage, verbose }) {
  // Without the smoke test driver a built workbench ignores which extension and suite it is asked to load.
  const server = await startServer({ env, args: ["--enable-smoke-test-driver"] });
  try {
    const browser = await startBrowser();
    try {
      const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
      if (verbose) page.on("pageerror", (error) => console.error(String(error).slice(0, 400)));
      await page.exposeFunction("codeAutomationLog", (type, args) => {
        if (verbose) console.error(type, format(...args).slice(0, 800));
      });
      const ended = new Promise((done) => page.exposeFunction("codeAutomationExit", done));
      onPage(page);
      const remote = (path) => `vscode-remote://${new URL(server.origin).host}${path}`;
      const payload = [
        ["extensionDevelopmentPath", remote(extension)],
        ["extensionTestsPath", remote(tests)],
        ["skipWelcome", "true"],
      ];
      const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
      await page.goto(`${server.origin}/?${query}`);
      return await Promise.race([ended, afterwards(timeout)]);
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}

function afterwards(timeout) {
  return new Promise((done) => setTimeout(() => done("timeout"), timeout).unref());
}
