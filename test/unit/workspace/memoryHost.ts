import { decodeBytes } from "../../../server/src/host/decode.ts";
import type { Answer, FolderEntry, Host, Refusal } from "../../../server/src/workspace/host.ts";
import { joinUri } from "../../../server/src/workspace/uri.ts";

/** A machine in memory: files from a fixture string, a clock that moves only when something is read. */
export interface MemoryHost extends Host {
  /** Every line that was logged, as "level: message". */
  readonly logged: string[];
  /** How often work let others through. */
  yields: number;
  /** Moves the clock, in milliseconds. */
  advance(milliseconds: number): void;
  write(path: string, content: string | Uint8Array): void;
  /** Gives a file this time of its last change, in milliseconds since 1970; 0 where none was given. */
  touch(path: string, modified: number): void;
  remove(path: string): void;
  link(path: string, target: string): void;
  /** From now on the path answers with this refusal. */
  refuse(path: string, refusal: Refusal): void;
  /** Every file whose bytes were asked for. */
  readonly read: string[];
}

const missing: Refusal = { ok: false, why: "missing", detail: "no such file or folder" };

/** Files of a fixture: `//- /layers.py` opens one, what follows is its text. */
export function filesOf(fixture: string): Map<string, string> {
  const files = new Map<string, string>();
  let path: string | undefined;
  let lines: string[] = [];
  for (const line of [...fixture.replace(/^\n/, "").split("\n"), "//- /end"]) {
    const opens = /^\s*\/\/- (\/\S+)$/.exec(line);
    if (!opens) {
      lines.push(line);
      continue;
    }
    if (path !== undefined) files.set(path, `${lines.join("\n").trimEnd()}\n`);
    path = opens[1];
    lines = [];
  }
  return files;
}

/** A host over the files of a fixture; `msPerList` is what looking at one folder costs on its clock. */
export function memoryHost(fixture: string, { msPerList = 0 } = {}): MemoryHost {
  const files = new Map<string, Uint8Array>();
  const times = new Map<string, number>();
  const links = new Map<string, string>();
  const refusals = new Map<string, Refusal>();
  const logged: string[] = [];
  const read: string[] = [];
  let clock = 0;

  const uriOf = (path: string) => joinUri("file:///", path.replace(/^\//, ""));

  /** The URI without links, undefined for a broken link or a loop. */
  function resolve(uri: string): string | undefined {
    let current = uri;
    for (let hops = 0; hops < 40; hops++) {
      const link = [...links.keys()].find((from) => current === from || current.startsWith(`${from}/`));
      if (link === undefined) return current;
      current = (links.get(link) ?? "") + current.slice(link.length);
    }
    return undefined;
  }

  function isFolder(uri: string): boolean {
    const prefix = uri.endsWith("/") ? uri : `${uri}/`;
    return [...files.keys(), ...links.keys()].some((file) => file.startsWith(prefix));
  }

  function bytesOf(uri: string): Answer<Uint8Array> {
    const real = resolve(uri);
    const refused = refusals.get(uri) ?? (real && refusals.get(real));
    if (refused) return refused;
    const bytes = real === undefined ? undefined : files.get(real);
    return bytes ? { ok: true, value: bytes } : missing;
  }

  const host: MemoryHost = {
    logged,
    read,
    yields: 0,
    advance: (milliseconds) => {
      clock += milliseconds;
    },
    write: (path, content) => {
      files.set(uriOf(path), typeof content === "string" ? new TextEncoder().encode(content) : content);
    },
    touch: (path, modified) => {
      times.set(uriOf(path), modified);
    },
    remove: (path) => {
      files.delete(uriOf(path));
    },
    link: (path, target) => {
      links.set(uriOf(path), uriOf(target));
    },
    refuse: (path, refusal) => {
      refusals.set(uriOf(path), refusal);
    },
    async stat(uri) {
      const real = resolve(uri);
      if (real === undefined) return undefined;
      const bytes = files.get(real);
      const modified = times.get(real) ?? 0;
      if (bytes) return { kind: "file", size: bytes.length, modified, changed: modified };
      return isFolder(real) ? { kind: "folder", size: 0, modified: 0, changed: 0 } : undefined;
    },
    async list(uri) {
      clock += msPerList;
      const real = resolve(uri);
      const refused = refusals.get(uri) ?? (real && refusals.get(real));
      if (refused) return refused;
      if (real === undefined || !isFolder(real)) return missing;
      const prefix = real.endsWith("/") ? real : `${real}/`;
      const entries = new Map<string, FolderEntry>();
      for (const path of [...files.keys(), ...links.keys()]) {
        if (!path.startsWith(prefix)) continue;
        const rest = path.slice(prefix.length);
        const name = decodeURIComponent(rest.split("/")[0] ?? "");
        const kind = rest.includes("/") ? "folder" : links.has(path) ? "link" : "file";
        if (!entries.has(name) || kind === "folder") entries.set(name, { name, kind });
      }
      return { ok: true, value: [...entries.values()] };
    },
    async realUri(uri) {
      const real = resolve(uri);
      return real !== undefined && (files.has(real) || isFolder(real)) ? real : undefined;
    },
    async readBytes(uri, maxBytes) {
      read.push(uri);
      const answer = bytesOf(uri);
      if (answer.ok && answer.value.length > maxBytes) return { ok: false, why: "too large", detail: "too large" };
      return answer;
    },
    async readRange(uri, offset, length) {
      const answer = bytesOf(uri);
      return answer.ok ? { ok: true, value: answer.value.subarray(offset, offset + length) } : answer;
    },
    decode: decodeBytes,
    now: () => clock,
    async yield() {
      host.yields++;
    },
    log: (level, message) => logged.push(`${level}: ${message}`),
  };
  for (const [path, text] of filesOf(fixture)) host.write(path, text);
  return host;
}

/** The paths below a root, for comparisons that read like a listing. */
export function pathsOf(uris: readonly string[], root: string): string[] {
  return uris.map((uri) => decodeURIComponent(uri.startsWith(`${root}/`) ? uri.slice(root.length + 1) : uri));
}
