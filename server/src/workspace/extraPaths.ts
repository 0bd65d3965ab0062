import { type Host, readText } from "./host.ts";
import { pyprojectExtraPaths } from "./packageFolders.ts";
import { PYRIGHT_CONFIG } from "./scan.ts";
import { parseWithComments, sectionOf } from "./settings.ts";
import { baseName, joinUri, resolvePath } from "./uri.ts";

const CONFIG_BYTES = 2_000_000;

/**
 * The folders that `extraPaths` adds to those from which a root's Python imports: of `python.analysis` in
 * `.vscode/settings.json`, of `pyrightconfig.json` (its execution environments included) and of `[tool.pyright]`; after
 * those that the editor's settings `said`. Never throws.
 */
export async function extraPathsOf(host: Host, root: string, said: readonly string[] = []): Promise<string[]> {
  const { extraPaths } = await sectionOf(host, root, "python.analysis");
  const config = await readText(host, joinUri(root, PYRIGHT_CONFIG), "json", CONFIG_BYTES);
  const pyright = config.ok ? parseWithComments(config.value.text) : undefined;
  const project = await readText(host, joinUri(root, "pyproject.toml"), "json", CONFIG_BYTES);
  const written = [
    ...said,
    ...strings(extraPaths),
    ...strings(member(pyright, "extraPaths")),
    ...list(member(pyright, "executionEnvironments")).flatMap((one) => strings(member(one, "extraPaths"))),
    ...(project.ok && project.value.text.includes("extraPaths") ? pyprojectExtraPaths(project.value.text) : []),
  ];
  return [...new Set(written.flatMap((path) => expand(root, path) ?? []))];
}

/** A path as Pyright expands it, from its root; undefined where it holds a variable that only an editor knows. */
function expand(root: string, path: string): string | undefined {
  const plain = path.replace(/^\$\{workspaceFolder(?::([^}]*))?\}/, (whole, name) =>
    name === undefined || name === baseName(root) ? "." : whole,
  );
  return plain === "" || /\$\{/.test(plain) || plain.startsWith("~") ? undefined : resolvePath(root, plain);
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, 1_000) : [];
}

function strings(value: unknown): string[] {
  return list(value).filter((one) => typeof one === "string");
}
