/**
 * `file:` URIs and paths, the only place that turns one into the other. Every URI inside is in one form: lower-case
 * drive letter, no `%3A` after it, every other character encoded in one way, no trailing slash but at a root. Two URIs
 * of one path are then equal as strings.
 */

/** The characters that `encodeURIComponent` encodes although a path segment may hold them. */
const plainInPath = /%(?:40|3A|2C|3B|3D|26|2B|24)/g;
const plainCharacter: Readonly<Record<string, string>> = {
  "%40": "@",
  "%3A": ":",
  "%2C": ",",
  "%3B": ";",
  "%3D": "=",
  "%26": "&",
  "%2B": "+",
  "%24": "$",
};
const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

function encodeSegment(segment: string): string {
  if (/^[\w.-]*$/.test(segment)) return segment;
  return encodeURIComponent(segment.replace(loneSurrogate, "\uFFFD")).replace(
    plainInPath,
    (code) => plainCharacter[code] ?? code,
  );
}

function decodeSegment(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    // A stray `%` is a name's own character, not an escape.
    return segment;
  }
}

/** The URI of an absolute path. `windows` says that backslashes separate and that drive letters and shares exist. */
export function uriFromPath(path: string, windows: boolean): string {
  let rest = windows ? path.replaceAll("\\", "/") : path;
  if (windows && rest.startsWith("//?/UNC/")) rest = `//${rest.slice("//?/UNC/".length)}`;
  else if (windows && rest.startsWith("//?/")) rest = rest.slice("//?/".length);
  let authority = "";
  if (windows && rest.startsWith("//")) {
    const end = rest.indexOf("/", 2);
    authority = (end < 0 ? rest.slice(2) : rest.slice(2, end)).toLowerCase();
    rest = end < 0 ? "/" : rest.slice(end);
  }
  return fromSegments(authority, rest.split("/"));
}

function fromSegments(authority: string, segments: readonly string[]): string {
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === "..") {
      if (!(kept.length === 1 && /^[a-z]:$/.test(kept[0] ?? ""))) kept.pop();
    } else if (segment !== "" && segment !== ".") {
      kept.push(kept.length === 0 && /^[A-Za-z]:$/.test(segment) ? segment.toLowerCase() : segment);
    }
  }
  // A drive alone is a folder only with its slash: `c:` would be the drive's current folder.
  const end = kept.length === 1 && /^[a-z]:$/.test(kept[0] ?? "") ? "/" : "";
  return `file://${authority}/${kept.map(encodeSegment).join("/")}${end}`;
}

/** The one form of a `file:` URI that came from outside; other schemes are returned as they are. */
export function normalizeUri(uri: string): string {
  const match = /^file:\/\/([^/]*)(\/[^?#]*)?/i.exec(uri);
  if (!match) return uri;
  const authority = (match[1] ?? "").toLowerCase();
  return fromSegments(authority === "localhost" ? "" : authority, (match[2] ?? "/").split("/").map(decodeSegment));
}

/** The path of a `file:` URI in the spelling of the platform; undefined for other schemes. */
export function pathFromUri(uri: string, windows: boolean): string | undefined {
  const match = /^file:\/\/([^/]*)(\/[^?#]*)?$/i.exec(normalizeUri(uri));
  if (!match) return undefined;
  const authority = match[1] ?? "";
  const path = (match[2] ?? "/").split("/").map(decodeSegment).join("/");
  if (!windows) return authority === "" ? path : `//${authority}${path}`;
  const tail = path.replaceAll("/", "\\");
  if (authority !== "") return `\\\\${authority}${tail}`;
  return /^\\[a-z]:/.test(tail) ? tail.slice(1) : tail;
}

/** A `file:` URI as a path for people, in the spelling that its drive or share tells. */
export function displayPath(uri: string): string {
  return pathFromUri(uri, /^file:\/\/(?:[^/]|\/[a-z]:)/.test(uri)) ?? uri;
}

/** The URI of something below a folder: `names` is one name or several joined by `/`. */
export function joinUri(folder: string, names: string): string {
  const base = folder.endsWith("/") ? folder : `${folder}/`;
  return base + (names.includes("/") ? names.split("/").map(encodeSegment).join("/") : encodeSegment(names));
}

/**
 * The URI of a path as a person or a tool wrote it into a file: absolute, with a Windows drive, or from `folder`. Both
 * slashes separate, and `..` leads upwards.
 */
export function resolvePath(folder: string, path: string): string {
  const plain = path.replaceAll("\\", "/");
  if (/^[A-Za-z]:\//.test(plain)) return normalizeUri(joinUri("file:///", plain));
  return normalizeUri(plain.startsWith("/") ? joinUri("file:///", plain.slice(1)) : joinUri(folder, plain));
}

/** The folder that holds it; the same URI for a root. */
export function parentUri(uri: string): string {
  const cut = uri.lastIndexOf("/");
  const start = uri.indexOf("/", "file://".length);
  if (cut <= start) return uri.slice(0, start + 1);
  const parent = uri.slice(0, cut);
  return /^file:\/\/[^/]*\/[a-z]:$/.test(parent) ? (uri === `${parent}/` ? uri : `${parent}/`) : parent;
}

/** The last name of the path, decoded. */
export function baseName(uri: string): string {
  return decodeSegment(uri.slice(uri.lastIndexOf("/") + 1));
}

/** Whether `uri` is `folder` or lies below it. */
export function isWithin(uri: string, folder: string): boolean {
  return uri === folder || uri.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** The decoded path from `folder` to `uri`, joined by `/`; "" for the folder itself, undefined where it lies elsewhere. */
export function relativePath(folder: string, uri: string): string | undefined {
  if (!isWithin(uri, folder)) return undefined;
  const rest = uri.slice(folder.endsWith("/") ? folder.length : folder.length + 1);
  return rest.includes("%") ? rest.split("/").map(decodeSegment).join("/") : rest;
}

/** `${workspaceFolder}` at the beginning of a path is the folder that it counts from anyway. */
export function expandFolder(path: string): string {
  return path.replace(/^\$\{workspaceFolder\}[\\/]?/, "./");
}
