import { LSPErrorCodes, type CancellationToken as LspToken, ResponseError } from "vscode-languageserver";
import { type CancellationToken, Cancelled } from "../workspace/slices.ts";

/** A request's token as the engine reads it. */
export function tokenOf(token: LspToken): CancellationToken {
  return {
    get cancelled() {
      return token.isCancellationRequested;
    },
  };
}

/**
 * Runs the work of a request and answers its cancellation in the protocol's words: by the client, or because the document
 * changed meanwhile.
 */
export async function answering<T>(token: LspToken, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");
    return result;
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");
    throw new ResponseError(LSPErrorCodes.ContentModified, "the document changed meanwhile");
  }
}
