// `npm run check -- …`: builds what is out of date, then runs the program where the user stands (INIT_CWD).
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { buildServer, root } from "./build.mjs";

await buildServer();
const [command, ...rest] = process.argv.slice(2);
if (command === "language-server") {
  // In this process, so that the editor that ends it ends the server, and nothing stands between their pipes.
  process.argv.splice(2, 1);
  createRequire(import.meta.url)(join(root, "server/dist/keras-config-language-server.cjs"));
} else if (command !== "--build-only") {
  const result = spawnSync(process.execPath, [join(root, "server/dist/keras-config.js"), command, ...rest], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    stdio: "inherit",
  });
  process.exitCode = result.status ?? 2;
}
