import { type Host, readText } from "./host.ts";
import { baseName, joinUri, parentUri, resolvePath } from "./uri.ts";

/** Python environments by their files alone: nothing in them is run. */

/** Names that people give them, the usual one first. */
const usualNames: readonly string[] = [".venv", "venv", "env", ".env", ".conda", "conda", ".virtualenv", "virtualenv"];
/** A folder with more folders than this is not one where somebody keeps an environment under a name of their own. */
const MAX_LOOKED_AT = 300;

/** The environments directly in a folder (`names` are its folders and links), and those that pixi keeps there. */
export async function environmentsIn(host: Host, folder: string, names: readonly string[]): Promise<string[]> {
  const others = names.filter((name) => !usualNames.includes(name)).sort();
  const candidates = [...usualNames.filter((name) => names.includes(name)), ...others.slice(0, MAX_LOOKED_AT)].map(
    (name) => joinUri(folder, name),
  );
  if (names.includes(".pixi")) candidates.push(joinUri(folder, ".pixi/envs/default"));
  const found: string[] = [];
  for (const uri of candidates) {
    const isOne =
      (await host.stat(joinUri(uri, "pyvenv.cfg"))) !== undefined ||
      (await host.stat(joinUri(uri, "conda-meta"))) !== undefined;
    if (isOne) found.push(uri);
  }
  return found;
}

/**
 * The environment that a path names: its folder, or its Python executable (`bin/python`, `Scripts\\python.exe`, conda's
 * `python.exe`). Links are not followed, since the Python of a virtual environment leads to the one it was made from.
 * Undefined where nothing stands there.
 */
export async function environmentAt(host: Host, uri: string): Promise<string | undefined> {
  const stat = await host.stat(uri);
  if (stat?.kind !== "file") return stat && uri;
  const folder = parentUri(uri);
  return /^(?:bin|scripts)$/i.test(baseName(folder)) ? parentUri(folder) : folder;
}

/**
 * The folders of installed packages of an environment: `lib/python3.12/site-packages`, on Windows `Lib/site-packages`, on
 * Debian `dist-packages`; then those of the Python it was made from, where its `pyvenv.cfg` includes them.
 */
export async function sitePackagesOf(host: Host, environment: string): Promise<string[]> {
  const found = await ownSitePackages(host, environment);
  for (const base of await basesOf(host, environment)) found.push(...(await ownSitePackages(host, base)));
  return [...new Set(found)];
}

async function ownSitePackages(host: Host, environment: string): Promise<string[]> {
  const found: string[] = [];
  const places = new Set<string>();
  const add = async (uri: string) => {
    if ((await host.stat(uri))?.kind !== "folder") return;
    // On a file system that ignores case `lib` and `Lib` are one folder; `lib64` is often a link.
    const real = (await host.realUri(uri)) ?? uri;
    if (!places.has(real.toLowerCase())) found.push(uri);
    places.add(real.toLowerCase());
  };
  for (const lib of ["lib", "Lib", "lib64"]) {
    const list = await host.list(joinUri(environment, lib));
    const names = list.ok ? list.value.map(({ name }) => name).sort() : [];
    for (const name of names) {
      if (name === "site-packages") await add(joinUri(environment, `${lib}/site-packages`));
      else if (/^(?:python|pypy)\d/.test(name)) {
        for (const kind of ["site-packages", "dist-packages"])
          await add(joinUri(environment, `${lib}/${name}/${kind}`));
      }
    }
  }
  return found;
}

const CFG_BYTES = 100_000;

/** The Pythons whose packages an environment sees too, as its `pyvenv.cfg` says. */
async function basesOf(host: Host, environment: string): Promise<string[]> {
  const read = await readText(host, joinUri(environment, "pyvenv.cfg"), "json", CFG_BYTES);
  if (!read.ok) return [];
  const values = new Map<string, string>();
  for (const line of read.value.text.split(/\r?\n/)) {
    const [, key, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value) values.set(key.toLowerCase(), value);
  }
  const bases: string[] = [];
  // uv lays an environment over another one so.
  const extended = values.get("extends-environment");
  if (extended !== undefined) bases.push(resolvePath(environment, extended));
  if (values.get("include-system-site-packages")?.toLowerCase() !== "true") return bases;
  const home = values.get("home");
  const prefix = values.get("base-prefix");
  if (prefix !== undefined) bases.push(resolvePath(environment, prefix));
  else if (home !== undefined) {
    const uri = resolvePath(environment, home);
    bases.push(baseName(uri) === "bin" ? parentUri(uri) : uri);
  }
  return bases;
}

/** Name (as PEP 503 normalizes it) → version, of the `*.dist-info` folders. */
export async function installedDistributions(host: Host, sitePackages: string): Promise<ReadonlyMap<string, string>> {
  const list = await host.list(sitePackages);
  const found = new Map<string, string>();
  if (!list.ok) return found;
  for (const { name } of list.value) {
    const match = /^(.+?)-(\d[^-]*)\.dist-info$/.exec(name);
    if (match?.[1] && match[2]) found.set(match[1].toLowerCase().replace(/[-_.]+/g, "-"), match[2]);
  }
  return found;
}

/** The names that can be imported from a folder of installed packages. */
export async function topLevelNames(host: Host, sitePackages: string): Promise<ReadonlySet<string>> {
  const list = await host.list(sitePackages);
  const names = list.ok ? list.value.map(({ name, kind }) => (kind === "file" ? name.replace(/\.py$/, "") : name)) : [];
  return new Set(names.filter((name) => /^[A-Za-z_]\w*$/.test(name)));
}
