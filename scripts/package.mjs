// `npm run package`: builds the extension and writes keras-config-<version>.vsix into out/, for every platform.
//   npm run package -- --out DIR     writes it there
// Needs no network: what the extension requires is in its bundles.
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { install, root } from "./build.mjs";

/** Builds and packages the extension; returns the path of the .vsix in `folder`. */
export async function packageExtension(folder = join(root, "out")) {
  await install();
  const { buildExtension } = await import("./extension.mjs");
  await buildExtension();
  const { createVSIX } = await import("@vscode/vsce");
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const packagePath = join(folder, `${name}-${version}.vsix`);
  mkdirSync(folder, { recursive: true });
  await quietly(() =>
    createVSIX({
      cwd: root,
      packagePath,
      // The bundles hold what they need, and vsce does not understand npm's workspaces.
      dependencies: false,
      allowMissingRepository: true,
      rewriteRelativeLinks: false,
    }),
  );
  return packagePath;
}

/** Keeps back what `work` logs, but not its warnings and errors: vsce lists every file, which `npm run package` does. */
async function quietly(work) {
  const { log, info } = console;
  console.log = console.info = () => {};
  try {
    await work();
  } finally {
    Object.assign(console, { log, info });
  }
}

function size(bytes) {
  return `${(bytes / 1024).toFixed(1).padStart(8)} kB`;
}

async function main(words) {
  const at = words.indexOf("--out");
  if (words.length > 0 && (at !== 0 || words.length !== 2)) {
    process.stderr.write("usage: npm run package [-- --out DIR]\n");
    process.exit(2);
  }
  const folder = at === 0 ? resolve(process.env.INIT_CWD ?? process.cwd(), words[1]) : undefined;
  const path = await packageExtension(folder);
  const { unzipSync } = await import("fflate");
  const files = Object.entries(unzipSync(readFileSync(path)));
  for (const [name, { length }] of files.sort(([a], [b]) => (a < b ? -1 : 1))) console.log(`${size(length)}  ${name}`);
  console.log(`${size(statSync(path).size)}  ${path} (${files.length} files)`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv.slice(2));
