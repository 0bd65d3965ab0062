// The requests of our own between this client and the language server; the server's `lsp/` answers them.
import type { CancellationToken } from "vscode";
import type { LanguageClient, Position } from "vscode-languageclient/node";
import type {
  DocumentStatus,
  RegisteredObject,
  ViewAnswer,
  WorkspaceCheckAnswer,
} from "../../server/src/lsp/protocol.ts";

export type * from "../../server/src/lsp/protocol.ts";

interface DocumentParams {
  readonly textDocument: { readonly uri: string };
}

/** Every request with what it takes and what it answers. */
interface Requests {
  "kerasConfig/view": [DocumentParams & { readonly position?: Position }, ViewAnswer | null];
  "kerasConfig/documentStatus": [DocumentParams, DocumentStatus | null];
  "kerasConfig/registeredObjects": [Record<string, never>, readonly RegisteredObject[]];
  "kerasConfig/checkWorkspace": [{ readonly workDoneToken?: string }, WorkspaceCheckAnswer];
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
