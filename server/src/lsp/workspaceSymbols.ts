import {
  type CancellationToken,
  type SymbolInformation,
  SymbolKind,
  type WorkspaceSymbolParams,
} from "vscode-languageserver";
import { type RegisteredSymbol, registeredSymbols } from "../features/workspaceSymbols.ts";
import { answering } from "./cancellation.ts";
import type { Context } from "./context.ts";
import { Places } from "./places.ts";
import { registeringWorkspaces } from "./status.ts";

/** As many as a list of matches is of use with. */
const MOST_SYMBOLS = 1_000;

const kinds: Readonly<Record<RegisteredSymbol["kind"], SymbolKind>> = {
  class: SymbolKind.Class,
  function: SymbolKind.Function,
  other: SymbolKind.Variable,
};

/** Answers `workspace/symbol`: what the workspace's Python registers, by its key or its path; waits for the index. */
export function workspaceSymbols(
  context: Context,
  { query }: WorkspaceSymbolParams,
  token: CancellationToken,
): Promise<SymbolInformation[]> {
  return answering(token, undefined, async () => {
    const places = new Places(context);
    const symbols: SymbolInformation[] = [];
    for (const workspace of registeringWorkspaces(context)) {
      const { registry } = await context.session.indexed(workspace);
      for (const { key, kind, module, location } of registeredSymbols(registry, query)) {
        if (symbols.length === MOST_SYMBOLS) return symbols;
        symbols.push({
          name: key,
          kind: kinds[kind],
          containerName: module,
          location: await places.location(location),
        });
      }
    }
    return symbols;
  });
}
