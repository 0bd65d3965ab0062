import { LSPErrorCodes, type CancellationToken as LspToken, ResponseError } from "vscode-languageserver";
import { type CancellationToken, Cancelled } from "../workspace/slices.ts";
import type { OpenDocument } from "./documents.ts";

/** A request's token as the engine reads it. */
export function tokenOf(token: LspToken): CancellationToken {
  return {
    get cancelled() {
      return token.isCancellationRequested;
    },
  };
}

/**
 * Runs the work of a request and answers what comes between in the protocol's words: a cancellation by the client, at
 * once, and an edit of the document that is asked about, since its places then mean nothing any more.
 */
export async function answering<T>(
  token: LspToken,
  document: OpenDocument | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const version = document?.text.version;
  try {
    const result = await unlessCancelled(token, work());
    if (document?.text.version === version) return result;
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
  }
  throw new ResponseError(LSPErrorCodes.ContentModified, "the document or the workspace changed meanwhile");
}

/** What the work gives, or a rejection as soon as the client does not want it any more. */
export function unlessCancelled<T>(token: LspToken, work: Promise<T>): Promise<T> {
  const cancelled = () => new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");
  if (token.isCancellationRequested) {
    // It goes on for whoever else waits for it.
    work.catch(() => undefined);
    return Promise.reject(cancelled());
  }
  return new Promise((resolve, reject) => {
    const listener = token.onCancellationRequested(() => reject(cancelled()));
    work.then(resolve, reject).finally(() => listener.dispose());
  });
}
