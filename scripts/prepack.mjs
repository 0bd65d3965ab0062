// Before `npm pack` of the server: builds it, and puts the licence and the README beside it, which npm takes from there.
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildServer, root } from "./build.mjs";

// A build leaves the chunks of earlier ones to programs that still run.
rmSync(join(root, "server/dist"), { recursive: true, force: true });
await buildServer();
for (const name of ["LICENSE", "README.md"]) copyFileSync(join(root, name), join(root, "server", name));
