import {
  type CancellationToken,
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  type CompletionParams,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
} from "vscode-languageserver";
import type { KerasRelease } from "../catalogue/keras.ts";
import { type CompletionChoice, completionAt } from "../features/completion.ts";
import { type ConfigChoice, configCompletionAt } from "../features/configCompletion.ts";
import { documentationAt, documentationOf } from "../features/documentation.ts";
import type { ChoiceAbout } from "../features/offeredObjects.ts";
import { snippetText } from "../features/snippet.ts";
import type { RegistryView } from "../registry/view.ts";
import type { DocumentAnalysis } from "../workspace/checkDocument.ts";
import type { CheckedDocument } from "../workspace/session.ts";
import { UnreadRegistry } from "../workspace/unreadRegistry.ts";
import { answering } from "./cancellation.ts";
import { type Context, documentationSources, isJson, openDocument, releaseOf } from "./context.ts";
import { rangeOf, textEditsOf } from "./convert.ts";
import type { OpenDocument } from "./documents.ts";

/** The characters that begin a value or a part of one. */
export const completionTriggers = ['"', ">", ".", ":", "/"];

const kinds: Readonly<Record<CompletionChoice["kind"], CompletionItemKind>> = {
  class: CompletionItemKind.Class,
  function: CompletionItemKind.Function,
  module: CompletionItemKind.Module,
};

const configKinds: Readonly<Record<ConfigChoice["kind"], CompletionItemKind>> = {
  argument: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  class: CompletionItemKind.Class,
};

/** What an item carries until its documentation is asked for. */
type ItemData = { readonly version: string } & NonNullable<ChoiceAbout>;

/** Answers `textDocument/completion`. */
export async function complete(
  context: Context,
  { textDocument, position }: CompletionParams,
  token: CancellationToken,
): Promise<CompletionList | null> {
  const document = openDocument(context, textDocument.uri);
  return answering(token, document, async () => {
    if (!isJson(document)) return null;
    const { text } = document;
    const checked = await context.session.check(document.key);
    const { analysis, keras } = checked?.report ?? {};
    const release = await releaseOf(context, keras?.[0]?.version);
    if (!checked || !analysis || !release) return null;
    const registry = checked.indexed?.registry ?? new UnreadRegistry();
    // Nothing that is registered can be offered before it is read.
    if (!checked.indexed) void context.session.ensureIndexed(checked.workspace);
    const list = completionAt(analysis.document.tree, text.getText(), text.offsetAt(position), registry, release);
    if (!list)
      return completeInConfig(context, document, checked, analysis, text.offsetAt(position), release, registry);
    const replace = rangeOf(text, list);
    const insert = rangeOf(text, { start: list.start, end: list.caret });
    const items = list.choices.map((choice): CompletionItem => {
      const { label, kind, detail, newText, rank, about } = choice;
      const filled = context.client.snippets ? choice.filled : undefined;
      const { additional } = filled ?? choice;
      const data: ItemData | undefined = about && { version: release.version, ...about };
      return {
        label,
        kind: kinds[kind],
        detail,
        filterText: newText,
        sortText: `${rank} ${label}`,
        ...(filled
          ? {
              textEdit: { newText: snippetText(filled.snippet), range: rangeOf(text, { ...list, end: filled.end }) },
              insertTextFormat: InsertTextFormat.Snippet,
            }
          : { textEdit: context.client.insertReplace ? { newText, insert, replace } : { newText, range: replace } }),
        ...(additional.length > 0 && { additionalTextEdits: textEditsOf(text, additional) }),
        ...(data && { data }),
      };
    });
    return { isIncomplete: checked.indexed === undefined, items };
  });
}

/** The keys, values and whole objects that a config can have at the place. */
async function completeInConfig(
  context: Context,
  { text }: OpenDocument,
  checked: CheckedDocument,
  analysis: DocumentAnalysis,
  offset: number,
  release: KerasRelease,
  registry: RegistryView,
): Promise<CompletionList | null> {
  const { client } = context;
  const configs = await context.configs();
  const documentation = await context.documentation();
  const list = configCompletionAt(analysis, text.getText(), offset, { release, registry, configs, documentation });
  if (!list) return null;
  const replace = rangeOf(text, list);
  const items = list.choices.map((choice): CompletionItem => {
    const { label, kind, detail, filter, additional, sort, about } = choice;
    const unindented = (client.snippets ? choice.snippet : undefined) ?? choice.newText;
    const isLong = unindented.includes("\n");
    const adjusts = isLong && client.adjustsIndentation;
    const newText = adjusts ? unindented : unindented.replaceAll("\n", `\n${list.indentation}`);
    const isSnippet = client.snippets && choice.snippet !== undefined;
    return {
      label,
      kind: configKinds[kind],
      detail,
      filterText: filter,
      sortText: sort,
      // A word that is cut in two would leave a damaged document.
      textEdit: { newText, range: replace },
      ...(adjusts && { insertTextMode: InsertTextMode.adjustIndentation }),
      ...(isSnippet && { insertTextFormat: InsertTextFormat.Snippet }),
      ...(additional.length > 0 && { additionalTextEdits: textEditsOf(text, additional) }),
      ...(about && { data: { version: release.version, ...about } satisfies ItemData }),
    };
  });
  return { isIncomplete: checked.indexed === undefined, items };
}

/** Answers `completionItem/resolve`: adds the documentation. */
export async function resolveCompletion(context: Context, item: CompletionItem): Promise<CompletionItem> {
  const data = item.data as ItemData | undefined;
  const release = data && (await releaseOf(context, data.version));
  if (!data || !release) return item;
  const sources = documentationSources(context, release);
  let value: string | undefined;
  if ("workspace" in data) value = await documentationAt(data.workspace, sources);
  else {
    const symbol = release.exported(data.builtin);
    if (symbol && data.argument !== undefined)
      value = (await sources.keras()).argument(release.version, symbol, data.argument);
    else value = symbol && (await documentationOf({ from: "keras", symbol }, sources));
  }
  if (value === undefined) return item;
  const kind = context.client.markdownCompletion ? MarkupKind.Markdown : MarkupKind.PlainText;
  return { ...item, documentation: { kind, value } };
}
