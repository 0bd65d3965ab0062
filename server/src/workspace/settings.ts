import { type Host, readText } from "./host.ts";
import { joinUri } from "./uri.ts";

/** What this tool reads of a workspace folder's `.vscode/settings.json`. */
export interface WorkspaceSettings {
  /** Globs that are set to `true` in `files.exclude`. */
  readonly filesExclude: readonly string[];
}

const SETTINGS_BYTES = 2_000_000;

/** The folder's settings; empty where it has none or they cannot be read. */
export async function settingsOf(host: Host, folder: string): Promise<WorkspaceSettings> {
  const uri = joinUri(folder, ".vscode/settings.json");
  const read = await readText(host, uri, "json", SETTINGS_BYTES);
  if (!read.ok) {
    if (read.why !== "missing") host.log("warning", `${uri}: not read (${read.detail})`);
    return { filesExclude: [] };
  }
  const exclude = field(parseWithComments(read.value.text), "files.exclude");
  if (typeof exclude !== "object" || exclude === null) return { filesExclude: [] };
  return { filesExclude: Object.keys(exclude).filter((glob) => field(exclude, glob) === true) };
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

/** VS Code's settings are JSON with comments and trailing commas; undefined where that does not parse either. */
export function parseWithComments(text: string): unknown {
  // Strings first, so that `//` inside one is left alone. What is never closed ends with the text, so that it is read once.
  const bare = text.replace(/("(?:[^"\\\n]|\\.)*"?)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (_, string) => string ?? " ");
  const strict = bare.replace(/("(?:[^"\\\n]|\\.)*"?)|,(?=\s*[}\]])/g, (_, string) => string ?? "");
  try {
    return JSON.parse(strict);
  } catch {
    return undefined;
  }
}
