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
  const exclude = field(await settingsFile(host, folder), "files.exclude");
  if (typeof exclude !== "object" || exclude === null) return { filesExclude: [] };
  return { filesExclude: Object.keys(exclude).filter((glob) => field(exclude, glob) === true) };
}

/** The settings `section.…` of a folder, without their prefix. */
export async function sectionOf(host: Host, folder: string, section: string): Promise<Record<string, unknown>> {
  const settings = await settingsFile(host, folder);
  if (typeof settings !== "object" || settings === null) return {};
  const own = Object.entries(settings).filter(([key]) => key.startsWith(`${section}.`));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(section.length + 1), value]));
}

async function settingsFile(host: Host, folder: string): Promise<unknown> {
  const uri = settingsFileOf(folder);
  const read = await readText(host, uri, "json", SETTINGS_BYTES);
  if (read.ok) return parseWithComments(read.value.text);
  if (read.why !== "missing") host.log("warning", `${uri}: not read (${read.detail})`);
  return undefined;
}

/** Where a folder's settings stand. */
export function settingsFileOf(folder: string): string {
  return joinUri(folder, ".vscode/settings.json");
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
