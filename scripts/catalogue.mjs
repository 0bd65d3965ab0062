// Makes server/data/catalogue.txt.gz, configs.txt.gz and documentation.txt.gz out of the source of every Keras 3 release, and
// catalogue-keras2.txt.gz and documentation-keras2.txt.gz out of that of tf-keras, which is Keras 2.
//   npm run catalogue                      downloads the wheels with pip into out/catalogue (about 60 MB)
//   npm run catalogue -- --releases DIR    reads unpacked wheels: DIR/3.8.0/keras, DIR/3.8.0/keras-3.8.0.dist-info, …, DIR/2.21.0/tf_keras, …
// Keras is read, never imported.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { bundleScripts, install, root } from "./build.mjs";

const words = process.argv.slice(2);
const at = words.indexOf("--releases");
if (at >= 0 && words[at + 1] === undefined) {
  process.stderr.write("usage: npm run catalogue -- [--releases DIR]\n");
  process.exit(2);
}

function pip(...args) {
  const python = process.env.PYTHON ?? (process.platform === "win32" ? "python" : "python3");
  const result = spawnSync(python, ["-m", "pip", ...args], { encoding: "utf8", stdio: ["ignore", "pipe", 2] });
  if (result.status !== 0) {
    process.stderr.write("keras-config: pip failed; see above\n");
    process.exit(2);
  }
  return result.stdout;
}

/** The releases of Keras 2 that are read; `server/src/catalogue/keras2.ts` names them too. */
const keras2Versions = ["2.15.1", "2.21.0"];

/** Downloads and unpacks the wheels of all releases that `pip` knows; returns their folder. */
async function download() {
  await install();
  const folder = join(root, "out/catalogue/releases");
  mkdirSync(folder, { recursive: true });
  const listed = pip("index", "versions", "keras");
  const versions = [...new Set(listed.match(/\b3\.\d+\.\d+\b/g) ?? [])];
  const { unzipSync } = await import("fflate");
  const wheelsWanted = [
    ...versions.map((version) => ["keras", version, "keras"]),
    ...keras2Versions.map((version) => ["tf-keras", version, "tf_keras"]),
  ];
  for (const [distribution, version, packageName] of wheelsWanted) {
    const target = join(folder, version);
    if (existsSync(join(target, packageName))) continue;
    process.stderr.write(`${distribution} ${version}\n`);
    const wheels = join(root, "out/catalogue/wheels", version);
    pip("download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", wheels, `${distribution}==${version}`);
    const wheel = readdirSync(wheels).find((name) => name.endsWith(".whl"));
    const wanted = ({ name }) => name.endsWith(".py") || name.endsWith("/METADATA");
    for (const [name, bytes] of Object.entries(unzipSync(readFileSync(join(wheels, wheel)), { filter: wanted }))) {
      const file = join(target, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
  }
  return folder;
}

const releases = at >= 0 ? resolve(process.env.INIT_CWD ?? process.cwd(), words[at + 1]) : await download();
const outdir = join(root, "out/catalogue/tool");
await bundleScripts([join(root, "server/tools/catalogue/main.ts")], outdir);
// Python's own limit on nested calls is higher than what Node's stack holds of ours by default.
const result = spawnSync(
  process.execPath,
  ["--enable-source-maps", "--stack-size=4000", join(outdir, "server/tools/catalogue/main.mjs"), releases],
  { stdio: "inherit" },
);
process.exitCode = result.status ?? 2;
