import type { Host } from "./host.ts";
import { joinUri, parentUri } from "./uri.ts";

/** What stands in the folder of a project. */
const markers: readonly string[] = [".git", "pyproject.toml", "setup.py"];

/** The workspace of a file that is checked alone: the nearest folder above it that holds a marker, else its own folder. */
export async function workspaceOfFile(host: Host, file: string): Promise<string> {
  const own = parentUri(file);
  for (let folder = own; ; folder = parentUri(folder)) {
    for (const marker of markers) {
      if ((await host.stat(joinUri(folder, marker))) !== undefined) return folder;
    }
    if (parentUri(folder) === folder) return own;
  }
}
