import {
  CodeActionKind,
  CodeActionRequest,
  CompletionRequest,
  type Connection,
  DefinitionRequest,
  DocumentDiagnosticRequest,
  DocumentHighlightRequest,
  type DocumentSelector,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  ReferencesRequest,
  RenameRequest,
  SelectionRangeRequest,
  type ServerCapabilities,
  WorkspaceSymbolRequest,
} from "vscode-languageserver";
import type { Client } from "./capabilities.ts";

/** Configs are told by content, so that no file name is claimed. */
const json: DocumentSelector = [{ language: "json" }, { language: "jsonc" }];
/** On Python there are Find References from what is registered, the problems of registrations, and their fixes. */
const jsonAndPython: DocumentSelector = [...json, { language: "python" }];
const diagnosticOptions = { identifier: "keras-config", interFileDependencies: true, workspaceDiagnostics: false };
const codeActionOptions = { codeActionKinds: [CodeActionKind.QuickFix] };

/** What our outline is called beside that of plain JSON. */
const OUTLINE = "Keras";

function outlineOptions(client: Client): { label: string } | undefined {
  return client.labelsOutlines ? { label: OUTLINE } : undefined;
}

/** Open notebooks are read as they are shown: their Python cells, and no more of them. */
export const notebookSync = { notebookSelector: [{ notebook: "jupyter-notebook", cells: [{ language: "python" }] }] };

/** The features of a client that registers none when it is asked to: it has them for all of its documents. */
export function staticFeatures(client: Client, triggerCharacters: string[]): ServerCapabilities {
  const is = client.registersDynamically;
  return {
    ...(!is("completion") && { completionProvider: { triggerCharacters, resolveProvider: true } }),
    ...(!is("hover") && { hoverProvider: true }),
    ...(client.hasInlayHints && !is("inlayHint") && { inlayHintProvider: true }),
    ...(!is("definition") && { definitionProvider: true }),
    ...(!is("references") && { referencesProvider: { workDoneProgress: true } }),
    ...(!is("documentHighlight") && { documentHighlightProvider: true }),
    ...(!is("rename") && { renameProvider: client.preparesRename ? { prepareProvider: true } : true }),
    ...(!is("documentSymbol") && { documentSymbolProvider: outlineOptions(client) ?? true }),
    ...(!is("foldingRange") && { foldingRangeProvider: true }),
    ...(!is("selectionRange") && { selectionRangeProvider: true }),
    ...(!client.findsSymbolsDynamically && { workspaceSymbolProvider: true }),
    ...(!is("codeAction") && { codeActionProvider: client.codeActionLiterals ? codeActionOptions : true }),
    ...(client.pullsDiagnostics && !is("diagnostic") && { diagnosticProvider: diagnosticOptions }),
  };
}

/** Registers the other features, each for the languages that it is for. Rejects where the client refuses. */
export async function registerFeatures(
  { client: remote }: Connection,
  client: Client,
  triggerCharacters: string[],
): Promise<void> {
  const is = client.registersDynamically;
  const done: Promise<unknown>[] = [];
  if (is("completion")) {
    const options = { documentSelector: json, triggerCharacters, resolveProvider: true };
    done.push(remote.register(CompletionRequest.type, options));
  }
  if (is("hover")) done.push(remote.register(HoverRequest.type, { documentSelector: json }));
  if (is("inlayHint")) done.push(remote.register(InlayHintRequest.type, { documentSelector: json }));
  if (is("definition")) done.push(remote.register(DefinitionRequest.type, { documentSelector: json }));
  if (is("references")) {
    const options = { documentSelector: jsonAndPython, workDoneProgress: true };
    done.push(remote.register(ReferencesRequest.type, options));
  }
  const options = { documentSelector: json };
  if (is("documentHighlight")) done.push(remote.register(DocumentHighlightRequest.type, options));
  if (is("rename"))
    done.push(remote.register(RenameRequest.type, { ...options, prepareProvider: client.preparesRename }));
  if (is("documentSymbol"))
    done.push(remote.register(DocumentSymbolRequest.type, { ...options, ...outlineOptions(client) }));
  if (is("foldingRange")) done.push(remote.register(FoldingRangeRequest.type, options));
  if (is("selectionRange")) done.push(remote.register(SelectionRangeRequest.type, options));
  if (client.findsSymbolsDynamically) done.push(remote.register(WorkspaceSymbolRequest.type, {}));
  if (is("codeAction"))
    done.push(remote.register(CodeActionRequest.type, { documentSelector: jsonAndPython, ...codeActionOptions }));
  if (client.pullsDiagnostics && is("diagnostic"))
    done.push(
      remote.register(DocumentDiagnosticRequest.type, { documentSelector: jsonAndPython, ...diagnosticOptions }),
    );
  await Promise.all(done);
}
