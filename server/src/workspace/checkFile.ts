import type { KerasCatalogue } from "../catalogue/keras.ts";
import { canHoldConfig } from "../config/recognise.ts";
import { parseJson } from "../json/index.ts";
import type { RegistryView } from "../registry/view.ts";
import { ruleTable } from "../rules/table.ts";
import { checkDocument } from "./checkDocument.ts";
import type { Host } from "./host.ts";
import { selectKerasTargets } from "./kerasVersion.ts";
import { type ConfigText, type DocumentPlace, type DocumentRead, readDocument } from "./readDocument.ts";
import type { FileReport, KerasTarget, Problem } from "./report.ts";
import { UnreadRegistry } from "./unreadRegistry.ts";
import type { VersionEvidence } from "./versionEvidence.ts";

/** What a check needs beside the document. All of it is asked for only where the document gives reason to. */
export interface CheckContext {
  readonly host: Host;
  readonly catalogue: () => Promise<KerasCatalogue>;
  /** What the document's workspace registers; reads its Python when first asked. */
  readonly registry: () => Promise<CheckRegistry>;
  /** Which Keras version the workspace's environments and pins name for a document. */
  readonly evidence: (uri: string) => Promise<VersionEvidence>;
  /** What `--keras` said. */
  readonly kerasFlags: readonly string[];
}

export interface CheckRegistry {
  readonly view: RegistryView;
  /** Whether a package is installed where the config will be loaded; undefined where that is not known. */
  readonly packageInstalled?: (name: string) => boolean | undefined;
  /** Lets the view know the other roots too; false where that changes nothing. */
  readonly widen?: () => Promise<boolean>;
}

/** The report of one file, or why the file could not be read at all. Never throws but for cancellation. */
export async function checkFile(
  place: DocumentPlace,
  context: CheckContext,
): Promise<{ readonly report: FileReport } | { readonly unreadable: string }> {
  const read = await readDocument(context.host, place);
  if (read.status === "unreadable") return { unreadable: read.detail };
  const { versions } = await context.catalogue();
  const evidence = context.kerasFlags.length > 0 ? {} : await context.evidence(place.uri);
  const own = read.status === "read" ? read.own : undefined;
  const targets = selectKerasTargets({ flags: context.kerasFlags, ...evidence, own }, versions);
  const report = read.status === "read" ? await checkText(place, read, targets, context) : unread(place, read, targets);
  return { report };
}

async function checkText(
  place: DocumentPlace,
  read: ConfigText,
  targets: readonly KerasTarget[],
  context: CheckContext,
): Promise<FileReport> {
  const catalogue = await context.catalogue();
  const input = {
    uri: place.uri,
    text: read.text,
    ...(read.member !== undefined && { member: read.member }),
    container: read.container,
    targets,
    catalogue,
    ...(canHoldConfig(read.text) && { document: parseJson(read.text) }),
  };
  const unread = new UnreadRegistry();
  const first = checkDocument({
    ...input,
    registry: unread,
    packageInstalled: () => unread.packageInstalled(),
    stop: () => unread.needed,
  });
  // Without custom objects, what the workspace registers cannot change the verdict.
  if (!unread.needed) return withDecodeError(first, read);
  const { view, packageInstalled, widen } = await context.registry();
  const check = () => checkDocument({ ...input, registry: view, ...(packageInstalled && { packageInstalled }) });
  let report = check();
  // Before a name is said to be missing, the other roots are asked, but not before there is reason to.
  if (widen && report.problems.some(({ rule }) => rule !== "syntax-error") && (await widen())) report = check();
  return withDecodeError(report, read);
}

/** Python refuses bytes that are not of the encoding before it parses them: the first problem of a document that holds a config. */
function withDecodeError(report: FileReport, read: ConfigText): FileReport {
  if (!read.error || report.dialect === null) return report;
  const { offset, message } = read.error;
  const problem: Problem = {
    rule: "syntax-error",
    severity: ruleTable.get("syntax-error")?.severity ?? "error",
    message: `UnicodeDecodeError: ${message}`,
    start: offset,
    end: offset + 1,
    pointer: "",
    versions: report.keras.map((target) => target.version),
    stops: true,
    outcome: { exception: "UnicodeDecodeError", message },
  };
  return { ...report, problems: [problem, ...report.problems.map((one) => ({ ...one, stops: false }))] };
}

/** The report of a file whose text is not there to check. */
function unread(
  place: DocumentPlace,
  read: Exclude<DocumentRead, ConfigText>,
  keras: readonly KerasTarget[],
): FileReport {
  const nothing: FileReport = {
    uri: place.uri,
    text: "",
    dialect: null,
    loader: null,
    keras,
    objects: 0,
    problems: [],
    unknown: [],
  };
  const versions = keras.map((target) => target.version);
  const at = { pointer: "", start: 0, end: 0, versions };
  if (read.status === "unknown") return { ...nothing, loader: "load_model", unknown: [{ ...at, reason: read.reason }] };
  if (read.status !== "fails") return nothing;
  const problem: Problem = {
    ...at,
    rule: "unreadable-archive",
    severity: ruleTable.get("unreadable-archive")?.severity ?? "error",
    message: read.message,
    hint: read.hint,
    stops: true,
    outcome: { exception: read.exception, message: read.message },
  };
  return { ...nothing, loader: "load_model", problems: [problem] };
}
