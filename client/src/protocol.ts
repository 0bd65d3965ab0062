// The requests of our own between this client and the language server; the server's `lsp/` answers them.
import type { CancellationToken } from "vscode";
import type { LanguageClient, Location, Position, Range } from "vscode-languageclient/node";

interface DocumentParams {
  readonly textDocument: { readonly uri: string };
}

/** Where the formatted view of a config is, or why there is none in Keras's words. */
export type ViewAnswer =
  | { readonly uri: string; readonly range?: Range }
  | { readonly problem: { readonly rule?: string; readonly message: string; readonly hint?: string } };

/** What is known of one open config. */
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
  /** In UTF-16 units. */
  readonly longestLine: number;
  /** Whether the document is itself a formatted view. */
  readonly view: boolean;
}

/** One registration of the workspace. */
export interface RegisteredObject {
  readonly key: string;
  readonly kind: "class" | "function" | "other";
  readonly module: string;
  readonly qualname: string;
  readonly location: Location;
  readonly via: string;
  readonly folder: string;
}

/** What a check of all configs of the workspace found. */
export interface WorkspaceCheck {
  readonly files: number;
  readonly configs: number;
  readonly problems: number;
  readonly errors: number;
}

/** How the server is, told when it changes. */
export interface ServerStatus {
  readonly health: "ok" | "warning" | "error";
  readonly quiescent: boolean;
  readonly message?: string;
}

/** Every request with what it takes and what it answers. */
interface Requests {
  "kerasConfig/view": [DocumentParams & { readonly position?: Position }, ViewAnswer | null];
  "kerasConfig/documentStatus": [DocumentParams, DocumentStatus | null];
  "kerasConfig/registeredObjects": [Record<string, never>, readonly RegisteredObject[]];
  "kerasConfig/checkWorkspace": [{ readonly workDoneToken?: string }, WorkspaceCheck];
  "kerasConfig/kerasVersions": [Record<string, never>, { readonly versions: readonly string[] }];
  "workspace/textDocumentContent": [{ readonly uri: string }, { readonly text: string }];
}

/** Sends one of the requests above. */
export function request<M extends keyof Requests>(
  client: LanguageClient,
  method: M,
  params: Requests[M][0],
  token?: CancellationToken,
): Promise<Requests[M][1]> {
  // An absent token would be sent as a second parameter.
  return token ? client.sendRequest(method, params, token) : client.sendRequest(method, params);
}
