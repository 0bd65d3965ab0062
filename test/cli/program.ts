import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { filesOf } from "../unit/workspace/memoryHost.ts";

declare const __ROOT__: string;
export const program = join(__ROOT__, "server/dist/keras-config.js");

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built program where a user would stand. */
export function run(
  args: readonly string[],
  options: { cwd?: string; input?: string | Uint8Array; env?: Record<string, string> } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: options.cwd ?? tmpdir(),
      env: { PATH: process.env.PATH, ...options.env },
    });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}

export interface JsonReport {
  readonly tool: { readonly name: string; readonly version: string };
  readonly files: readonly JsonFile[];
}

export interface JsonFile {
  readonly uri: string;
  readonly dialect: string | null;
  readonly loader: string | null;
  readonly keras: readonly { readonly version: string; readonly from: string }[];
  readonly objects: number;
  readonly problems: readonly JsonProblem[];
  readonly unknown: readonly { readonly pointer: string; readonly reason: string; readonly versions?: string[] }[];
  readonly verdicts?: readonly { readonly version: string; readonly verdict: string }[];
}

export interface JsonProblem {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly range: { readonly start: Position; readonly end: Position };
  readonly pointer: string;
  readonly versions: readonly string[];
  readonly stops: boolean;
  readonly outcome?: { readonly exception: string; readonly message: string };
}

interface Position {
  readonly line: number;
  readonly character: number;
}

/** `check --format json` and its report. */
export async function checkJson(args: readonly string[], cwd: string): Promise<Ran & { report: JsonReport }> {
  const ran = await run(["check", "--format", "json", ...args], { cwd });
  return { ...ran, report: JSON.parse(ran.out) as JsonReport };
}

/** A temporary folder with the files of a fixture (`//- /a.json` opens one); removed after the tests of the file. */
export function folderOf(fixture: string, binary: Record<string, Uint8Array> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "keras-config-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of [...filesOf(fixture), ...Object.entries(binary)]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** A serialized object as Keras writes it. */
export function object(
  module: string | null,
  className: string,
  registeredName: string | null,
  config: object = {},
): string {
  return JSON.stringify({ module, class_name: className, config, registered_name: registeredName });
}
