import type { Location, Range } from "vscode-languageserver";

/**
 * A place in a notebook's cell, told to a client that announces `notebookCells` in its initializationOptions: the URI of
 * the notebook with the fragment `cell=<i>`, the index among all cells, text cells included, and a range in that cell's
 * own text. Other clients are told the place in the JSON text of the `.ipynb` file. Of a notebook that the client sends
 * (`notebookDocument/didOpen`), both are told the URI of the cell's document.
 */
export type CellUri = `${string}#cell=${number}`;

/** What the requests and notifications of this server's own answer and say; the client in `client/` reads the same types. */

/** What a client is told that wants to open a file's formatted view (`kerasConfig/view`). */
export type ViewAnswer =
  | { readonly uri: string; readonly range?: Range }
  /** Keras cannot read the file either, or this tool does not. */
  | { readonly problem: { readonly rule?: string; readonly message: string; readonly hint?: string } };

/** What is known of one open config (`kerasConfig/documentStatus`). */
export interface DocumentStatus {
  readonly keras: readonly { readonly version: string; readonly from: string }[];
  readonly dialect: string | null;
  readonly loader: string | null;
  readonly objects: number;
  readonly problems: number;
  readonly unknown: number;
  readonly index: { readonly state: "unread" | "reading" | "complete" | "incomplete"; readonly reason?: string };
  /** Packages that the workspace imports and that are not installed. */
  readonly missing: readonly string[];
  /** Length of the longest line, in UTF-16 units. */
  readonly longestLine: number;
  /** Whether the document is itself a formatted view. */
  readonly view: boolean;
}

/** One registration of the workspace (`kerasConfig/registeredObjects`). */
export interface RegisteredObject {
  readonly key: string;
  readonly kind: "class" | "function" | "other";
  readonly module: string;
  readonly qualname: string;
  readonly location: Location;
  readonly via: string;
  /** The folder's name, for workspaces of several. */
  readonly folder: string;
}

/** What a check of all configs of the workspace found (`kerasConfig/checkWorkspace`). */
export interface WorkspaceCheckAnswer {
  readonly files: number;
  readonly configs: number;
  readonly problems: number;
  readonly errors: number;
}

/**
 * Which Python environments the client uses, told whenever they change (`kerasConfig/pythonEnvironments`). Each is the
 * folder of an environment, Python's `sys.prefix`, as a URI; a folder that is missing has none. Only their files are read.
 */
export interface PythonEnvironments {
  readonly environments: readonly { readonly folder: string; readonly sysPrefix: string }[];
}

/** How the server is, told when it changes (`kerasConfig/status`). */
export interface ServerStatus {
  readonly health: "ok" | "warning" | "error";
  readonly quiescent: boolean;
  readonly message?: string;
}
