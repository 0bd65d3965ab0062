import type { Host } from "./host.ts";
import { joinUri } from "./uri.ts";

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

/** The `site-packages` folders of an environment: `lib/python3.12/site-packages`, on Windows `Lib/site-packages`. */
export async function sitePackagesOf(host: Host, environment: string): Promise<string[]> {
  const found: string[] = [];
  for (const lib of ["lib", "Lib"]) {
    const list = await host.list(joinUri(environment, lib));
    if (!list.ok) continue;
    for (const { name } of list.value) {
      if (name === "site-packages") found.push(joinUri(environment, `${lib}/site-packages`));
      else if (/^(?:python|pypy)\d/.test(name)) found.push(joinUri(environment, `${lib}/${name}/site-packages`));
    }
    // On a file system that ignores case both names are one folder.
    if (found.length > 0) break;
  }
  return found.sort();
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
