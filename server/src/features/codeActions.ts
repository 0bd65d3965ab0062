import { jsonPointer, NO_NODE, type Node, nodeAtPointer, parseJson, type ValueTree } from "../json/index.ts";
import type { DecorateFix, Fix, InsertFix, RemoveFix, RenameFix, WriteFix } from "../rules/fixes.ts";
import { cellOf } from "../workspace/notebook.ts";
import type { CheckedDocument } from "../workspace/session.ts";
import { isArchive, isView, sourceOf } from "../workspace/views.ts";
import { decorate } from "./decorate.ts";
import type { Finding } from "./diagnostics.ts";
import { jsonOfPython } from "./pythonLiteral.ts";
import { addMember, jsonOf, removeMember, renameMember, type TextChange, writeMember } from "./textChange.ts";

/** A fix as it is offered. */
export interface QuickFix {
  /** Holds the text that it writes. */
  readonly title: string;
  readonly finding: Finding;
  /** Whether it is the one that most probably is meant. */
  readonly isPreferred: boolean;
  readonly edits: readonly { readonly uri: string; readonly changes: readonly TextChange[] }[];
}

export interface FixSources {
  /** The text of a file as it is now, an open one by its text; undefined where it cannot be read. */
  readonly readText: (uri: string) => Promise<string | undefined>;
}

/** The fixes of the findings that touch a range of a document, the likeliest first. */
export async function quickFixesFor(
  { report }: CheckedDocument,
  findings: readonly Finding[],
  sources: FixSources,
): Promise<QuickFix[]> {
  const tree = report.analysis?.document.tree;
  if (!tree) return [];
  const result: QuickFix[] = [];
  for (const finding of findings) {
    for (const [i, fix] of finding.fixes.entries()) {
      const made = await makeFix(fix, report.uri, tree, sources);
      if (made) result.push({ ...made, finding, isPreferred: i === 0 && finding.fixes.length === 1 });
    }
  }
  return result;
}

async function makeFix(
  fix: Fix,
  uri: string,
  tree: ValueTree,
  sources: FixSources,
): Promise<Pick<QuickFix, "title" | "edits"> | undefined> {
  if (fix.kind === "decorate") return makeDecoration(fix, uri, tree, sources);
  const edits = await writeEdits(fix, uri, tree, sources);
  return edits && { title: titleOf(fix, tree), edits };
}

/** A change of the config itself. */
type ConfigFix = WriteFix | InsertFix | RenameFix | RemoveFix;

function titleOf(fix: ConfigFix, tree: ValueTree): string {
  if (fix.kind === "rename") return `Rename \`${tree.key(fix.node)}\` to \`${fix.key}\``;
  if (fix.kind === "remove") return `Remove \`${tree.key(fix.node)}\``;
  if (fix.kind === "insert") {
    const initial = jsonOfPython(fix.initial);
    return initial === undefined ? `Add \`${fix.key}\`, to fill in` : `Add \`${fix.key}\`: \`${initial}\``;
  }
  const { node, field, value } = fix;
  const shown = shownValue(value);
  if (field === undefined) return `Change to \`${shown}\``;
  const isThere = tree.member(node, field) !== NO_NODE;
  return isThere ? `Change \`${field}\` to \`${shown}\`` : `Add \`${field}\`: \`${shown}\``;
}

function shownValue(value: WriteFix["value"]): string {
  if (typeof value === "string") return value;
  return "class_name" in value
    ? `the object of ${value.class_name === "function" ? value.config : value.registered_name}`
    : "{}";
}

async function makeDecoration(fix: DecorateFix, uri: string, tree: ValueTree, sources: FixSources) {
  // A notebook is changed where it is open: by edits of its cells, not of the JSON that it is kept in.
  const text = cellOf(fix.location.uri) ? undefined : await sources.readText(fix.location.uri);
  const decoration = text === undefined ? undefined : decorate(fix, fix.location.uri, text);
  if (!decoration) return undefined;
  const edits = [{ uri: fix.location.uri, changes: decoration.changes }];
  const written = fix.write && (await writeEdits(fix.write, uri, tree, sources));
  // Of an archive only the Python can be changed; the config then still names another key.
  if (fix.write && !written) return undefined;
  const imports = decoration.importLine === undefined ? "" : ` and \`${decoration.importLine}\``;
  const writes = fix.write ? `, write \`${shownValue(fix.write.value)}\`` : "";
  return {
    title: `Add \`${decoration.line}\`${imports} to \`${fix.name}\`${writes}`,
    edits: [...edits, ...(written ?? [])],
  };
}

/** The change in the document itself, or of a view in the file that it shows; undefined where that is an archive. */
async function writeEdits(
  fix: ConfigFix,
  uri: string,
  tree: ValueTree,
  sources: FixSources,
): Promise<{ uri: string; changes: TextChange[] }[] | undefined> {
  if (!isView(uri)) return isArchive(uri) ? undefined : [{ uri, changes: [changeOf(fix, tree, fix.node)] }];
  const source = sourceOf(uri);
  if (isArchive(source)) return undefined;
  const text = await sources.readText(source);
  if (text === undefined) return undefined;
  const sourceTree = parseJson(text).tree;
  const node = nodeAtPointer(sourceTree, jsonPointer(tree, fix.node));
  return node === NO_NODE ? undefined : [{ uri: source, changes: [changeOf(fix, sourceTree, node)] }];
}

function changeOf(fix: ConfigFix, tree: ValueTree, node: Node): TextChange {
  if (fix.kind === "rename") return renameMember(tree, node, fix.key);
  if (fix.kind === "remove") return removeMember(tree, node);
  // What has no default is null until somebody says otherwise.
  if (fix.kind === "insert") return addMember(tree, node, fix.key, jsonOfPython(fix.initial) ?? "null");
  const { field, value } = fix;
  if (field !== undefined) return writeMember(tree, node, field, value);
  return { start: tree.start(node), end: tree.end(node), newText: jsonOf(value) };
}
