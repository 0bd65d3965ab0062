// `npm run demo`: opens examples/ with the extension in VS Code, built from this checkout.
//   npm run demo                  in a new window of the VS Code whose `code` command is on PATH
//   npm run demo -- --browser     in VS Code in the browser, also where there is a `code` command; Ctrl-C ends it
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { install, root } from "./build.mjs";
import { packageExtension } from "./package.mjs";
import { onPath, startServer } from "./vscodeServer.mjs";

const examples = join(root, "examples");
const [word, ...others] = process.argv.slice(2);
if ((word !== undefined && word !== "--browser") || others.length > 0) {
  process.stderr.write("usage: npm run demo [-- --browser]\n");
  process.exit(2);
}
await install();
const code = word === undefined ? onPath("code", "code.cmd") : undefined;
if (code) {
  const { buildExtension } = await import("./extension.mjs");
  await buildExtension();
  const shell = process.platform === "win32";
  const args = [`--extensionDevelopmentPath=${root}`, "--new-window", examples];
  const { status } = spawnSync(shell ? `"${code}"` : code, args, { stdio: "inherit", shell });
  process.exitCode = status ?? 1;
} else {
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(0));
  const server = await startServer({ vsix: await packageExtension() });
  console.log(`${server.origin}/?folder=${encodeURI(examples)}`);
  console.log("Open this address in a browser. Ctrl-C ends it.");
  // The server's process keeps this one alive.
}
