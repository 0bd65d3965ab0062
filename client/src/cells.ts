import {
  type Definition,
  type DefinitionLink,
  type Diagnostic,
  DiagnosticRelatedInformation,
  Location,
  type LocationLink,
  type NotebookDocument,
  Range,
  type SymbolInformation,
  type Uri,
  workspace,
} from "vscode";

interface Cell {
  readonly notebook: Uri;
  readonly index: number;
}

/** The notebook and the index of the cell that the server names by the fragment `cell=<i>` (`lsp/protocol.ts`). */
function cellOf(uri: Uri): Cell | undefined {
  const match = uri.scheme === "file" ? /^cell=(\d+)$/.exec(uri.fragment) : null;
  return match ? { notebook: uri.with({ fragment: "" }), index: Number(match[1]) } : undefined;
}

function openNotebook(uri: Uri): NotebookDocument | undefined {
  return workspace.notebookDocuments.find((one) => one.uri.toString() === uri.toString());
}

function documentOf(notebook: NotebookDocument | undefined, index: number): Uri | undefined {
  return notebook && index < notebook.cellCount ? notebook.cellAt(index).document.uri : undefined;
}

/** The start of a notebook: where its cell cannot be opened. */
const START = new Range(0, 0, 0, 0);

/** A range of a cell in the cell's own document; the start of the notebook where that has no such cell, or is not open. */
function placeOf(cell: Cell, notebook: NotebookDocument | undefined, range: Range): Location {
  const document = documentOf(notebook, cell.index);
  return document ? new Location(document, range) : new Location(cell.notebook, START);
}

/** A place as VS Code opens it: in a cell's own document, for which its notebook is loaded. Never rejects. */
export async function inCell({ uri, range }: Location): Promise<Location> {
  const cell = cellOf(uri);
  if (!cell) return new Location(uri, range);
  try {
    const notebook = openNotebook(cell.notebook) ?? (await workspace.openNotebookDocument(cell.notebook));
    return placeOf(cell, notebook, range);
  } catch {
    // Nothing in this VS Code shows notebooks, or the file is none any more: the editor says so when it opens it.
    return new Location(cell.notebook, START);
  }
}

/** The same of what a definition provider answers. */
export async function linksInCells(
  found: Definition | DefinitionLink[] | null | undefined,
): Promise<Location[] | LocationLink[] | null | undefined> {
  if (!found) return found;
  const links = Array.isArray(found) ? found : [found];
  if (links.every(isLocation)) return locationsInCells(links);
  return Promise.all(
    (links as LocationLink[]).map(async (link) => {
      const { uri, range } = await inCell(new Location(link.targetUri, link.targetSelectionRange ?? link.targetRange));
      return uri === link.targetUri
        ? link
        : { ...link, targetUri: uri, targetRange: range, targetSelectionRange: range };
    }),
  );
}

/** The same of several places. */
export async function locationsInCells(found: readonly Location[]): Promise<Location[]> {
  return Promise.all(found.map(inCell));
}

function isLocation(place: Location | LocationLink): place is Location {
  return "uri" in place;
}

/**
 * The related places of problems as VS Code opens them. Nobody asked for those yet, so no notebook is loaded for them:
 * one that is not open is named by itself, with the number of the cell.
 */
export function relatedInCells(diagnostics: Diagnostic[]): Diagnostic[] {
  for (const diagnostic of diagnostics) {
    if (!diagnostic.relatedInformation?.some(({ location }) => cellOf(location.uri))) continue;
    diagnostic.relatedInformation = diagnostic.relatedInformation.map(relatedInCell);
  }
  return diagnostics;
}

/** Symbols of a search as VS Code opens them; they are many, so that no notebook is loaded for them either. */
export function symbolsInCells(
  symbols: SymbolInformation[] | null | undefined,
): SymbolInformation[] | null | undefined {
  for (const symbol of symbols ?? []) {
    const cell = cellOf(symbol.location.uri);
    if (!cell) continue;
    symbol.location = placeOf(cell, openNotebook(cell.notebook), symbol.location.range);
  }
  return symbols;
}

function relatedInCell(related: DiagnosticRelatedInformation): DiagnosticRelatedInformation {
  const { location, message } = related;
  const cell = cellOf(location.uri);
  if (!cell) return related;
  const document = documentOf(openNotebook(cell.notebook), cell.index);
  if (document) return new DiagnosticRelatedInformation(new Location(document, location.range), message);
  const place = `cell ${cell.index + 1}, line ${location.range.start.line + 1}`;
  return new DiagnosticRelatedInformation(new Location(cell.notebook, START), `${message} (${place})`);
}
