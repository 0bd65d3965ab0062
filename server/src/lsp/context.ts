import { type Connection, type Diagnostic, ErrorCodes, LSPErrorCodes, ResponseError } from "vscode-languageserver";
import type { KerasConfigs } from "../catalogue/configs.ts";
import type { KerasDocumentation } from "../catalogue/documentation.ts";
import type { KerasCatalogue, KerasRelease } from "../catalogue/keras.ts";
import { findingsOf } from "../features/diagnostics.ts";
import type { DocumentationSources } from "../features/documentation.ts";
import { type Host, readText } from "../workspace/host.ts";
import { LineIndex } from "../workspace/lineIndex.ts";
import { cellOf, codeCells } from "../workspace/notebook.ts";
import type { CheckedDocument, Session } from "../workspace/session.ts";
import type { Client } from "./capabilities.ts";
import type { Configuration } from "./configuration.ts";
import { diagnosticOf, type Lines } from "./convert.ts";
import type { OpenDocument, OpenDocuments } from "./documents.ts";
import type { OpenNotebooks } from "./notebooks.ts";
import { Places } from "./places.ts";
import type { PythonEdits } from "./pythonEdits.ts";

/** What the handlers of requests share once a client has introduced itself. */
export interface Context {
  readonly connection: Connection;
  readonly client: Client;
  readonly documents: OpenDocuments;
  readonly notebooks: OpenNotebooks;
  readonly pythonEdits: PythonEdits;
  readonly configuration: Configuration;
  readonly session: Session;
  /** The views whose text the client was given, by their keys: the client's own URIs. */
  readonly givenViews: Map<string, string>;
  /** Answers for open documents too. */
  readonly host: Host;
  readonly catalogue: () => Promise<KerasCatalogue>;
  readonly documentation: () => Promise<KerasDocumentation>;
  readonly configs: () => Promise<KerasConfigs>;
  /** The folder of the rules' pages, with a slash at its end. */
  readonly rulePages: string;
}

/** Texts longer than this are not read for an edit or a docstring, in bytes. */
const TEXT_BYTES = 50_000_000;

/** The text of a file or of a notebook's cell, as it is open or on the disk; undefined where it cannot be read. */
export async function textOf(host: Host, uri: string): Promise<string | undefined> {
  const cell = cellOf(uri);
  if (cell) {
    const notebook = await textOf(host, cell.notebook);
    return codeCells(notebook ?? "")?.find(({ index }) => index === cell.index)?.text;
  }
  const read = await readText(host, uri, uri.endsWith(".py") ? "python" : "json", TEXT_BYTES);
  return read.ok ? read.value.text : undefined;
}

/** A release of the catalogue; undefined for one that is not known. */
export async function releaseOf(context: Context, version: string | undefined): Promise<KerasRelease | undefined> {
  const catalogue = await context.catalogue();
  return version !== undefined && catalogue.versions.includes(version) ? catalogue.release(version) : undefined;
}

/** Where the words about the objects of a release and of the workspace come from. */
export function documentationSources({ documentation, host }: Context, release: KerasRelease): DocumentationSources {
  return { keras: documentation, release, readText: (uri) => textOf(host, uri) };
}

/** An open document that is asked about. Throws ResponseError where it is not open or its edits came out of order. */
export function openDocument({ documents }: Context, uri: string): OpenDocument {
  const document = documents.get(uri);
  if (!document) throw new ResponseError(ErrorCodes.InvalidParams, `${uri} is not open`);
  if (document.isLost) {
    const message = `edits of ${uri} came out of order; close it and open it again`;
    throw new ResponseError(LSPErrorCodes.ContentModified, message);
  }
  return document;
}

/** Whether a document is JSON to the client: only there are answers given about configs. */
export function isJson(document: OpenDocument): boolean {
  return document.text.languageId === "json" || document.text.languageId === "jsonc";
}

/** The lines of a checked document: those of the open one, or counted in the text that was read. */
export function linesOf({ documents }: Context, { report }: CheckedDocument): Lines {
  const open = documents.of(report.uri).at(-1);
  return open && open.text.getText() === report.text ? open.text : new LineIndex(report.text);
}

/** A document's problems as the client shows them. */
export async function diagnosticsOf(context: Context, checked: CheckedDocument): Promise<Diagnostic[]> {
  const findings = findingsOf(checked);
  if (findings.length === 0) return [];
  const lines = linesOf(context, checked);
  const { client, rulePages } = context;
  const places = new Places(context);
  const diagnostics: Diagnostic[] = [];
  for (const finding of findings) {
    const related = [];
    for (const place of finding.related) related.push({ ...place, ...(await places.location(place)) });
    diagnostics.push(diagnosticOf({ ...finding, related }, lines, client, rulePages));
  }
  return diagnostics;
}
