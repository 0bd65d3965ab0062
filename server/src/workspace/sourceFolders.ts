import { type Host, readText } from "./host.ts";
import type { SourceFolder } from "./moduleNames.ts";
import { type PackageFolder, pyprojectFolders, setupCfgFolders, setupPyFolders } from "./packageFolders.ts";
import { joinUri, resolvePath } from "./uri.ts";

const PROJECT_BYTES = 2_000_000;

/** The files of a project that say where its packages are, each with what reads it. */
const readers: readonly (readonly [string, (text: string) => PackageFolder[]])[] = [
  ["pyproject.toml", pyprojectFolders],
  ["setup.cfg", setupCfgFolders],
  ["setup.py", setupPyFolders],
];

/**
 * The folders from which the names of a project's modules count: those that its files name, and `src`, where packagers
 * look without being told, unless that is a package itself. Never throws.
 */
export async function sourceFoldersOf(host: Host, project: string): Promise<SourceFolder[]> {
  const found: SourceFolder[] = [];
  for (const [name, read] of readers) {
    const uri = joinUri(project, name);
    const file = await readText(host, uri, name === "setup.py" ? "python" : "json", PROJECT_BYTES);
    if (file.ok)
      found.push(...read(file.value.text).map(({ path, prefix }) => ({ folder: resolvePath(project, path), prefix })));
    else if (file.why !== "missing") host.log("warning", `${uri}: not read (${file.detail})`);
  }
  const src = joinUri(project, "src");
  if ((await host.stat(src))?.kind === "folder" && (await host.stat(joinUri(src, "__init__.py"))) === undefined)
    found.push({ folder: src, prefix: "" });
  return found;
}
