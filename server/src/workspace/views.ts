import { baseName } from "./uri.ts";

/**
 * Views: read-only documents that show a config formatted, whether it stands in an archive or on one long line. A view
 * is named by its source, so that whoever holds its URI can make it again:
 *   keras-config:/w/model.keras/config.json?file%3A%2F%2F%2Fw%2Fmodel.keras
 *   keras-config:/w/big.formatted.json?file%3A%2F%2F%2Fw%2Fbig.json
 */
export const VIEW_SCHEME = "keras-config";

/** The view of a file; a view is its own. */
export function viewOf(source: string): string {
  if (isView(source)) return source;
  const path = /^file:\/\/(?:[^/]*)(\/[^?#]*)$/.exec(source)?.[1] ?? `/${encodeURIComponent(baseName(source))}`;
  const shown = /\.keras$/i.test(path) ? `${path}/config.json` : `${path.replace(/\.json$/i, "")}.formatted.json`;
  return `${VIEW_SCHEME}:${shown}?${encodeURIComponent(source)}`;
}

/** Whether a URI is a view's. */
export function isView(uri: string): boolean {
  return uri.startsWith(`${VIEW_SCHEME}:`);
}

/** The file that a document shows: of a view its source, else the document itself. */
export function sourceOf(uri: string): string {
  if (!isView(uri)) return uri;
  const query = uri.indexOf("?");
  if (query < 0) return uri;
  const [encoded = ""] = uri.slice(query + 1).split("#", 1);
  try {
    return decodeURIComponent(encoded);
  } catch {
    // A stray `%`: nothing that `viewOf` made.
    return uri;
  }
}

/** Whether a file is a `.keras` archive by its name. */
export function isArchive(uri: string): boolean {
  return !isView(uri) && /\.keras$/i.test(uri);
}
