import type { Console } from "./console.ts";

/**
 * The environment that `--environment` names, as a URI: its folder, also where its Python is named; or why it is none.
 */
export async function readEnvironment(
  path: string,
  console: Console,
): Promise<{ readonly uri: string } | { readonly refused: string }> {
  const { environmentAt, sitePackagesOf } = await import("../workspace/environments.ts");
  const uri = await environmentAt(console.host, console.uriOf(path));
  if (uri === undefined) return { refused: "no such file or folder" };
  if ((await sitePackagesOf(console.host, uri)).length > 0) return { uri };
  return { refused: "no Python environment, no packages are installed there" };
}
