// Before `npm pack` of the server: builds it, and puts the licence and the README beside it, which npm takes from there.
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { buildServer, root } from "./build.mjs";

await buildServer();
for (const name of ["LICENSE", "README.md"]) copyFileSync(join(root, name), join(root, "server", name));
