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
import { jsonPointer, nodeAtPointer, type ValueTree } from "../json/index.ts";
import { type DocumentShape, documentShape } from "../workspace/documentShape.ts";
import { LineIndex } from "../workspace/lineIndex.ts";
import { viewText } from "../workspace/readDocument.ts";
import { isView, viewOf } from "../workspace/views.ts";
import type { Context } from "./context.ts";
import { type Lines, rangeOf, textEditsOf, workspaceEditOf } from "./convert.ts";
import type { OpenDocument } from "./documents.ts";
import { ofConfig, shapeOf } from "./shapes.ts";
import { LAST_DRAWN_COLUMN } from "./views.ts";

/** Answers `textDocument/documentHighlight`: the places that name the layer at a position. */
export function highlights(
  context: Context,
  { textDocument, position }: DocumentHighlightParams,
  token: CancellationToken,
): Promise<DocumentHighlight[] | null> {
  return ofConfig(context, textDocument.uri, token, (shape, { text }) => {
    const found = highlightsAt(shape, text.offsetAt(position));
    if (!found) return null;
    return found.map((place) => ({
      range: rangeOf(text, place),
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
  return ofConfig(context, textDocument.uri, token, (shape, document) => {
    const target = renameTargetAt(shape, document.text.offsetAt(position));
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
  return ofConfig(context, textDocument.uri, token, async (shape, document) => {
    const offset = document.text.offsetAt(position);
    if (!renameTargetAt(shape, offset)) return null;
    refuseInView(document);
    const checked = await context.session.check(document.key);
    const versions = checked?.report.keras.map(({ version }) => version) ?? [];
    const renamed = renameAt(shape, offset, newName, versions);
    if (!renamed) return null;
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
  document: OpenDocument,
  offset: number,
): Promise<LocationLink[] | Location[] | undefined> {
  const shape = await shapeOf(context, document);
  const place = shape && layerPlaceAt(shape, offset);
  if (!shape || !place) return undefined;
  const { tree, lines, layer, uri } = await shownWhereDrawn(context, shape, document, place.layer);
  const name = layer.places.find(({ role }) => role === "name");
  if (!name) return undefined;
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
  const shape = await shapeOf(context, document);
  const place = shape && layerPlaceAt(shape, offset);
  if (!shape || !place) return undefined;
  const { lines, layer, uri } = await shownWhereDrawn(context, shape, document, place.layer);
  const isWanted = ({ role }: LayerPlace): boolean => includeDeclaration || role === "reference";
  return layer.places.filter(isWanted).map((one) => ({ uri, range: rangeOf(lines, contentOf(one)) }));
}

/** A layer in its document, or in the view of that where the places that name it lie past what editors draw of a line. */
interface Shown {
  readonly tree: ValueTree;
  readonly lines: Lines;
  readonly layer: NamedLayer;
  readonly uri: string;
}

async function shownWhereDrawn(
  context: Context,
  shape: DocumentShape,
  { text, uri, key }: OpenDocument,
  layer: NamedLayer,
): Promise<Shown> {
  const { tree } = shape.document;
  const inDocument = { tree, lines: text, layer, uri };
  const isDrawn = layer.places.every(({ start }) => text.positionAt(start).character <= LAST_DRAWN_COLUMN);
  if (isDrawn || !context.client.showsViews || isView(key)) return inDocument;
  const shown = viewText(text.getText());
  const view = await documentShape(shown, context.catalogue);
  if (!view) return inDocument;
  const { tree: viewTree } = view.document;
  const same = layerNamesIn(view).layerOf(nodeAtPointer(viewTree, jsonPointer(tree, layer.object)));
  return same ? { tree: viewTree, lines: new LineIndex(shown), layer: same, uri: viewOf(key) } : inDocument;
}
