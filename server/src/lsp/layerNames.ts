import {
  type CancellationToken,
  type DocumentHighlight,
  DocumentHighlightKind,
  type DocumentHighlightParams,
  type Location,
  type LocationLink,
  LSPErrorCodes,
  type PrepareRenameParams,
  type Range,
  type RenameParams,
  ResponseError,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { LayerPlace, NamedLayer } from "../config/layerNames.ts";
import { highlightsAt } from "../features/highlights.ts";
import { contentOf, layerNamesIn, layerPlaceAt } from "../features/layerPlaces.ts";
import { renameAt, renameTargetAt } from "../features/rename.ts";
import { jsonPointer, nodeAtPointer } from "../json/index.ts";
import type { CheckedDocument } from "../workspace/session.ts";
import { isView, viewOf } from "../workspace/views.ts";
import { answering } from "./cancellation.ts";
import { type Context, isJson, linesOf, openDocument } from "./context.ts";
import { rangeOf, textEditsOf, workspaceEditOf } from "./convert.ts";
import type { OpenDocument } from "./documents.ts";
import { LAST_DRAWN_COLUMN } from "./views.ts";

/** Answers `textDocument/documentHighlight`: the places that name the layer at a position. */
export function highlights(
  context: Context,
  { textDocument, position }: DocumentHighlightParams,
  token: CancellationToken,
): Promise<DocumentHighlight[] | null> {
  const document = openDocument(context, textDocument.uri);
  return answering(token, document, async () => {
    const checked = isJson(document) ? await context.session.check(document.key) : undefined;
    const found = checked && highlightsAt(checked.report, document.text.offsetAt(position));
    if (!found) return null;
    return found.map((place) => ({
      range: rangeOf(document.text, place),
      kind: place.kind === "write" ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
  });
}

/** Answers `textDocument/prepareRename`: the layer's name at a position. Rejects with RequestFailed in a view. */
export function prepareRename(
  context: Context,
  { textDocument, position }: PrepareRenameParams,
  token: CancellationToken,
): Promise<{ range: Range; placeholder: string } | null> {
  const document = openDocument(context, textDocument.uri);
  return answering(token, document, async () => {
    const checked = isJson(document) ? await context.session.check(document.key) : undefined;
    const target = checked && renameTargetAt(checked.report, document.text.offsetAt(position));
    if (!target) return null;
    refuseInView(document);
    return { range: rangeOf(document.text, target), placeholder: target.name };
  });
}

/** Answers `textDocument/rename`. Rejects with RequestFailed, and the reason, where Keras would not load the outcome. */
export function rename(
  context: Context,
  { textDocument, position, newName }: RenameParams,
  token: CancellationToken,
): Promise<WorkspaceEdit | null> {
  const document = openDocument(context, textDocument.uri);
  return answering(token, document, async () => {
    const checked = isJson(document) ? await context.session.check(document.key) : undefined;
    const renamed = checked && renameAt(checked.report, document.text.offsetAt(position), newName);
    if (!renamed) return null;
    refuseInView(document);
    if ("refused" in renamed) throw new ResponseError(LSPErrorCodes.RequestFailed, renamed.refused);
    const { uri, text } = document;
    return workspaceEditOf([{ uri, version: text.version, edits: textEditsOf(text, renamed.changes) }], context.client);
  });
}

function refuseInView({ key }: OpenDocument): void {
  if (!isView(key)) return;
  throw new ResponseError(LSPErrorCodes.RequestFailed, "A formatted view is read-only: rename the layer in its file.");
}

/** Where the layer that is named at an offset stands; undefined where none is named. */
export async function layerDefinition(
  context: Context,
  checked: CheckedDocument,
  document: OpenDocument,
  offset: number,
): Promise<LocationLink[] | Location[] | undefined> {
  const place = layerPlaceAt(checked.report, offset);
  if (!place) return undefined;
  const { shown, layer, uri } = await shownWhereDrawn(context, checked, document, place.layer);
  const name = layer.places.find(({ role }) => role === "name");
  const { analysis } = shown.report;
  if (!name || !analysis) return undefined;
  const lines = linesOf(context, shown);
  const { tree } = analysis.document;
  const targetSelectionRange = rangeOf(lines, contentOf(name));
  if (!context.client.definitionLinks) return [{ uri, range: targetSelectionRange }];
  const targetRange = rangeOf(lines, { start: tree.start(layer.object), end: tree.end(layer.object) });
  const originSelectionRange = rangeOf(document.text, contentOf(place));
  return [{ originSelectionRange, targetUri: uri, targetRange, targetSelectionRange }];
}

/** Where the layer that is named at an offset is mentioned; undefined where none is named. */
export async function layerReferences(
  context: Context,
  document: OpenDocument,
  offset: number,
  includeDeclaration: boolean,
): Promise<Location[] | undefined> {
  const checked = isJson(document) ? await context.session.check(document.key) : undefined;
  const place = checked && layerPlaceAt(checked.report, offset);
  if (!place) return undefined;
  const { shown, layer, uri } = await shownWhereDrawn(context, checked, document, place.layer);
  const lines = linesOf(context, shown);
  const isWanted = ({ role }: LayerPlace): boolean => includeDeclaration || role === "reference";
  return layer.places.filter(isWanted).map((one) => ({ uri, range: rangeOf(lines, contentOf(one)) }));
}

/** A document, or its view where the places that name a layer lie past what editors draw of a line. */
interface Shown {
  readonly shown: CheckedDocument;
  readonly layer: NamedLayer;
  readonly uri: string;
}

async function shownWhereDrawn(
  context: Context,
  checked: CheckedDocument,
  document: OpenDocument,
  layer: NamedLayer,
): Promise<Shown> {
  const inDocument = { shown: checked, layer, uri: document.uri };
  const isDrawn = layer.places.every(({ start }) => document.text.positionAt(start).character <= LAST_DRAWN_COLUMN);
  if (isDrawn || !context.client.showsViews || isView(document.key)) return inDocument;
  const shown = await context.session.check(viewOf(document.key));
  if (!shown?.report.analysis || !checked.report.analysis) return inDocument;
  const pointer = jsonPointer(checked.report.analysis.document.tree, layer.object);
  const object = nodeAtPointer(shown.report.analysis.document.tree, pointer);
  const same = layerNamesIn(shown.report.analysis).layerOf(object);
  return same ? { shown, layer: same, uri: viewOf(document.key) } : inDocument;
}
