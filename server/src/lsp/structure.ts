import {
  type CancellationToken,
  type DocumentSymbol,
  type DocumentSymbolParams,
  type FoldingRange,
  type FoldingRangeParams,
  type SelectionRange,
  type SelectionRangeParams,
  type SymbolInformation,
  SymbolKind,
} from "vscode-languageserver";
import { foldingOf } from "../features/folding.ts";
import { type OutlineEntry, outlineOf } from "../features/outline.ts";
import { selectionStepsAt } from "../features/selectionRanges.ts";
import { LineIndex } from "../workspace/lineIndex.ts";
import type { Client } from "./capabilities.ts";
import type { Context } from "./context.ts";
import { type Lines, rangeOf } from "./convert.ts";
import type { OpenDocument } from "./documents.ts";
import { ofConfig } from "./shapes.ts";

/** Answers `textDocument/documentSymbol`: the objects of a config, within each other where the client takes that. */
export function documentSymbols(
  context: Context,
  { textDocument }: DocumentSymbolParams,
  token: CancellationToken,
): Promise<DocumentSymbol[] | SymbolInformation[] | null> {
  return ofConfig(context, textDocument.uri, token, (shape, document) => {
    const entries = outlineOf(shape);
    return context.client.nestedSymbols
      ? nested(entries, document.text, context.client)
      : flat(entries, document, context.client);
  });
}

function nested(entries: readonly OutlineEntry[], lines: Lines, client: Client): DocumentSymbol[] {
  const top: DocumentSymbol[] = [];
  const made: DocumentSymbol[] = [];
  for (const entry of entries) {
    const symbol: DocumentSymbol = {
      name: entry.name,
      ...(entry.detail !== "" && { detail: entry.detail }),
      kind: kindOf(entry, client),
      range: rangeOf(lines, entry),
      selectionRange: rangeOf(lines, entry.selection),
    };
    made.push(symbol);
    const parent = made[entry.parent];
    if (parent) {
      parent.children ??= [];
      parent.children.push(symbol);
    } else top.push(symbol);
  }
  return top;
}

function flat(entries: readonly OutlineEntry[], { uri, text }: OpenDocument, client: Client): SymbolInformation[] {
  return entries.map((entry) => {
    const containerName = entries[entry.parent]?.name;
    const location = { uri, range: rangeOf(text, entry) };
    return { name: entry.name, kind: kindOf(entry, client), location, ...(containerName && { containerName }) };
  });
}

function kindOf({ kind }: OutlineEntry, client: Client): SymbolKind {
  if (kind === "model") return SymbolKind.Module;
  if (kind === "layer") return SymbolKind.Class;
  if (kind === "function") return SymbolKind.Function;
  return client.objectSymbols ? SymbolKind.Object : SymbolKind.Variable;
}

/** Answers `textDocument/foldingRange`: whole lines, so that the closing bracket stays in sight. */
export function foldingRanges(
  context: Context,
  { textDocument }: FoldingRangeParams,
  token: CancellationToken,
): Promise<FoldingRange[] | null> {
  return ofConfig(context, textDocument.uri, token, (shape, { text }) => [
    ...foldingOf(shape, new LineIndex(text.getText()), context.client.foldingLimit),
  ]);
}

/** Answers `textDocument/selectionRange`: for each position what a selection there grows to. */
export function selectionRanges(
  context: Context,
  { textDocument, positions }: SelectionRangeParams,
  token: CancellationToken,
): Promise<SelectionRange[] | null> {
  return ofConfig(context, textDocument.uri, token, (shape, { text }) =>
    positions.map((position) => {
      let outer: SelectionRange | undefined;
      for (const step of selectionStepsAt(shape, text.offsetAt(position)).reverse())
        outer = { range: rangeOf(text, step), ...(outer && { parent: outer }) };
      return outer ?? { range: { start: position, end: position } };
    }),
  );
}
