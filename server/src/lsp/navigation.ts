import type {
  CancellationToken,
  DefinitionParams,
  Hover,
  HoverParams,
  Location,
  LocationLink,
  ReferenceParams,
  WorkDoneProgressReporter,
} from "vscode-languageserver";
import { argumentAt } from "../features/argumentHover.ts";
import { definitionAt } from "../features/definition.ts";
import { hoverAt } from "../features/hover.ts";
import { objectAt, referencesIn, registeredAt, type Wanted } from "../features/references.ts";
import { shapesOfDocument } from "../features/shapes.ts";
import { builtinSource } from "../workspace/builtinSource.ts";
import { Slices } from "../workspace/slices.ts";
import { UnreadRegistry } from "../workspace/unreadRegistry.ts";
import { isArchive, isView, sourceOf, viewOf } from "../workspace/views.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { answering, tokenOf } from "./cancellation.ts";
import { type Context, documentationSources, isJson, linesOf, openDocument, releaseOf, textOf } from "./context.ts";
import { rangeOf } from "./convert.ts";
import { layerDefinition, layerReferences } from "./layerNames.ts";
import { Places } from "./places.ts";
import { LAST_DRAWN_COLUMN } from "./views.ts";

/** Answers `textDocument/hover`. */
export async function hover(
  context: Context,
  { textDocument, position }: HoverParams,
  token: CancellationToken,
): Promise<Hover | null> {
  const document = openDocument(context, textDocument.uri);
  return answering(token, document, async () => {
    const checked = isJson(document) ? await context.session.check(document.key) : undefined;
    const release = await releaseOf(context, checked?.report.keras[0]?.version);
    if (!checked || !release) return null;
    const shapes = () => shapesOfDocument(checked, new Slices(context.host, tokenOf(token)));
    const offset = document.text.offsetAt(position);
    const sources = documentationSources(context, release);
    const { analysis } = checked.report;
    const registry = checked.indexed?.registry ?? new UnreadRegistry();
    const found =
      (await hoverAt(checked, offset, sources, shapes)) ??
      (analysis && (await argumentAt(analysis, offset, registry, await context.configs(), sources)));
    if (!found) return null;
    const markdown = found.paragraphs.join("\n\n");
    const contents = context.client.markdownHover
      ? ({ kind: "markdown", value: markdown } as const)
      : ({ kind: "plaintext", value: plain(markdown) } as const);
    return { contents, range: rangeOf(document.text, found) };
  });
}

/** Markdown of ours without its marks. */
function plain(markdown: string): string {
  return markdown
    .replace(/^`{3,}\w*\n?/gm, "")
    .replace(/\*\*/g, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
}

/** Answers `textDocument/definition`, of layers' names too; waits for the index where the answer depends on it. */
export async function definition(
  context: Context,
  { textDocument, position }: DefinitionParams,
  token: CancellationToken,
): Promise<LocationLink[] | Location[] | null> {
  const document = openDocument(context, textDocument.uri);
  return answering(token, document, async () => {
    if (!isJson(document)) return null;
    const offset = document.text.offsetAt(position);
    const layer = await layerDefinition(context, document, offset);
    if (layer) return layer;
    let checked = await context.session.check(document.key);
    if (checked && !checked.isComplete) {
      await context.session.indexed(checked.workspace);
      checked = await context.session.check(document.key);
    }
    if (!checked) return null;
    const { workspace, indexed } = checked;
    const links = await definitionAt(
      checked,
      offset,
      indexed?.registry,
      // The environment is looked for together with the Python.
      async (symbol) => {
        if (!workspace.isCurrent) await context.session.indexed(workspace);
        return builtinSource(context.host, workspace.sitePackages, symbol);
      },
    );
    if (!links) return null;
    const originSelectionRange = rangeOf(document.text, links);
    const places = new Places(context);
    const targets: Location[] = [];
    for (const target of links.targets) targets.push(await places.location(target));
    if (!context.client.definitionLinks) return targets;
    return targets.map(({ uri, range }) => ({
      originSelectionRange,
      targetUri: uri,
      targetRange: range,
      targetSelectionRange: range,
    }));
  });
}

/**
 * Answers `textDocument/references`: from a decorated class, or from a config that names it, to all configs that do; from the
 * name of a layer to where its model mentions it.
 */
export async function references(
  context: Context,
  { textDocument, position, context: { includeDeclaration } }: ReferenceParams,
  token: CancellationToken,
  progress: WorkDoneProgressReporter,
): Promise<Location[] | null> {
  const document = openDocument(context, textDocument.uri);
  return answering(token, document, async () => {
    const offset = document.text.offsetAt(position);
    const ofLayer = await layerReferences(context, document, offset, includeDeclaration);
    if (ofLayer) return ofLayer;
    const workspace = await context.session.workspaceOf(context.notebooks.notebookOf(document.uri) ?? document.key);
    const { registry } = await context.session.indexed(workspace);
    let wanted: Wanted[];
    if (document.text.languageId === "python") wanted = registeredAt(registry, document.key, offset);
    else {
      const checked = isJson(document) ? await context.session.check(document.key) : undefined;
      const object = checked && objectAt(checked, offset);
      wanted = object ? [object] : [];
    }
    if (wanted.length === 0) return null;
    progress.begin("Keras Config", 0, "looking through configs", true);
    try {
      const found = await referencesTo(context, workspace, wanted, token, progress);
      const own = includeDeclaration ? wanted.map(({ location }) => location) : [];
      const places = new Places(context);
      const locations: Location[] = [];
      for (const place of [...own, ...found]) locations.push(await places.location(place));
      return locations;
    } finally {
      progress.done();
    }
  });
}

/** The places in the workspace's configs that name one of the objects; open documents first, then files in their order. */
async function referencesTo(
  context: Context,
  workspace: Workspace,
  wanted: readonly Wanted[],
  token: CancellationToken,
  progress: WorkDoneProgressReporter,
): Promise<Location[]> {
  const words = wanted.flatMap((one) => [...one.words]);
  const open = context.documents.all().filter(isJson);
  const shown = new Set(open.map(({ key }) => sourceOf(key)));
  const ofWorkspace = [];
  for (const { key } of open) if ((await context.session.workspaceOf(key)) === workspace) ofWorkspace.push(key);
  const files = (await workspace.documents()).filter((uri) => !shown.has(uri));
  const locations: Location[] = [];
  for (const [i, key] of [...new Set([...ofWorkspace, ...files])].entries()) {
    progress.report(Math.round((100 * i) / (ofWorkspace.length + files.length)));
    locations.push(...(await referencesInFile(context, key, wanted, words, token)));
  }
  return locations;
}

async function referencesInFile(
  context: Context,
  key: string,
  wanted: readonly Wanted[],
  words: readonly string[],
  token: CancellationToken,
): Promise<Location[]> {
  const { showsViews } = context.client;
  if (!isArchive(key) && !isView(key)) {
    // Most files do not hold the word: they are read, and nothing more.
    const text = await textOf(context.host, key);
    if (text === undefined || !words.some((word) => text.includes(word))) return [];
  }
  const uri = isArchive(key) && showsViews ? viewOf(key) : key;
  const checked = await context.session.check(uri, tokenOf(token));
  const places = checked ? referencesIn(checked.report, wanted) : [];
  if (!checked || places.length === 0) return [];
  // Without views, the places inside an archive have no document of their own.
  if (isArchive(uri)) return [{ uri, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } }];
  const lines = linesOf(context, checked);
  const locations = places.map((place) => ({ uri, range: rangeOf(lines, place) }));
  const isDrawn = locations.every(({ range }) => range.start.character <= LAST_DRAWN_COLUMN);
  if (isDrawn || !showsViews || isView(uri)) return locations;
  const view = await context.session.check(viewOf(uri), tokenOf(token));
  if (!view) return locations;
  const viewLines = linesOf(context, view);
  return referencesIn(view.report, wanted).map((place) => ({ uri: viewOf(uri), range: rangeOf(viewLines, place) }));
}
