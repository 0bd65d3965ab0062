import { Uri } from "vscode";

/** The last part of a document's path. */
export function nameOf(uri: Uri): string {
  return uri.path.slice(uri.path.lastIndexOf("/") + 1);
}

/** The file that a formatted view shows; of any other document, itself. */
export function sourceOf(uri: Uri): Uri {
  return uri.scheme === "keras-config" && uri.query ? Uri.parse(uri.query, true) : uri;
}
