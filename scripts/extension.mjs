// Bundles the extension into dist/: the stub that VS Code loads, the client that the stub loads when there is something
// to do, and the language server with its data.
//   node scripts/extension.mjs     builds what is out of date
import { copyFileSync, cpSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildServer, commonJs, keepUpToDate, licencesOf, root } from "./build.mjs";

const inputs = ["client/src", "server/dist/.built", "scripts/extension.mjs", "scripts/build.mjs", "package-lock.json"];

/** Bundles the extension; does nothing where its bundles are newer than their sources. */
export async function buildExtension() {
  await buildServer();
  await keepUpToDate("dist/.built", inputs, buildNow);
}

async function buildNow() {
  const started = new Date();
  const { build } = await import("esbuild");
  const fresh = join(root, `out/extension-${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  const { metafile } = await build({
    ...commonJs,
    entryPoints: { extension: "client/src/extension.ts", client: "client/src/client.ts" },
    outdir: fresh,
    // The stub requires the client when it is wanted.
    external: ["vscode", "./client.cjs"],
  });
  const server = join(root, "server/dist");
  copyFileSync(join(server, "keras-config-language-server.cjs"), join(fresh, "server.cjs"));
  cpSync(join(server, "data"), join(fresh, "data"), { recursive: true });
  const licences = [licencesOf(Object.keys(metafile.inputs)), readFileSync(join(server, LICENCES), "utf8")];
  writeFileSync(join(fresh, LICENCES), joinLicences(licences));
  writeFileSync(join(fresh, ".built"), "");
  utimesSync(join(fresh, ".built"), started, started);
  rmSync(join(root, "dist"), { recursive: true, force: true });
  renameSync(fresh, join(root, "dist"));
}

const LICENCES = "THIRD_PARTY_LICENSES.txt";

/** One text of the licences of several bundles, each package once. */
function joinLicences(texts) {
  const separator = `\n${"-".repeat(80)}\n\n`;
  return [...new Set(texts.flatMap((text) => text.split(separator)))].sort().join(separator);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await buildExtension();
