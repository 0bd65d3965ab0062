import type { KerasCatalogue } from "../catalogue/keras.ts";
import { canHoldConfig } from "../config/recognise.ts";
import { type JsonDocument, parseJson } from "../json/index.ts";
import type { RegistryView } from "../registry/view.ts";
import { ruleTable } from "../rules/table.ts";
import { bombProblems } from "./archiveBombs.ts";
import { type CheckResult, checkSteps } from "./checkDocument.ts";
import type { Host } from "./host.ts";
import { selectKerasTargets } from "./kerasVersion.ts";
import { type ConfigText, type DocumentPlace, type DocumentRead, readDocument } from "./readDocument.ts";
import type { FileReport, KerasTarget, Problem } from "./report.ts";
import { runThrough } from "./slices.ts";
import type { StatedCall } from "./statedCall.ts";
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
  /** The versions that the user's settings name; empty where they name none. */
  readonly settings?: readonly string[];
  /** What the user says of the call that will load the configs. */
  readonly call?: StatedCall | undefined;
}

export interface CheckRegistry {
  readonly view: RegistryView;
  /** Whether a package is installed where the config will be loaded; undefined where that is not known. */
  readonly packageInstalled?: (name: string) => boolean | undefined;
  /**
   * A view that also knows the installed packages whose modules a check asked for and the workspace does not import;
   * undefined where there are none.
   */
  readonly named?: (asked: ReadonlySet<string>) => Promise<RegistryView | undefined>;
  /** Lets the view know the other roots too; false where that changes nothing. */
  readonly widen?: () => Promise<boolean>;
}

/** A document that was read, and the releases that it is checked for. */
export interface PreparedDocument {
  readonly place: DocumentPlace;
  readonly read: Exclude<DocumentRead, { readonly status: "unreadable" }>;
  readonly targets: readonly KerasTarget[];
  readonly call?: StatedCall | undefined;
}

/** The report of one file, or why the file could not be read at all. Never throws but for cancellation. */
export async function checkFile(
  place: DocumentPlace,
  context: CheckContext,
): Promise<{ readonly report: FileReport } | { readonly unreadable: string }> {
  const prepared = await prepareDocument(place, context);
  if ("unreadable" in prepared) return prepared;
  const { read } = prepared;
  if (read.status !== "read") return { report: unread(place, read, prepared.targets) };
  const catalogue = await context.catalogue();
  const document = canHoldConfig(read.text) ? parseJson(read.text) : undefined;
  const steps = (registry: CheckedAgainst) => checkPrepared(prepared, catalogue, registry, document);
  const unknown = new UnreadRegistry();
  const first = runThrough(steps({ ...withoutPython(unknown), stop: () => unknown.needed }));
  // Without custom objects, what the workspace registers cannot change the verdict.
  if (!unknown.needed) return { report: first };
  let registry = await context.registry();
  let report = runThrough(steps(registry));
  const named = isAllFound(report) ? undefined : await registry.named?.(report.asked);
  if (named) {
    registry = { ...registry, view: named };
    report = runThrough(steps(registry));
  }
  // Before a name is said to be missing, the other roots are asked, but not before there is reason to.
  if (saysThatSomethingIsMissing(report) && (await registry.widen?.())) report = runThrough(steps(registry));
  return { report };
}

/** Reads a document and chooses its releases; or says why it cannot be read at all. Never throws but for cancellation. */
export async function prepareDocument(
  place: DocumentPlace,
  context: Omit<CheckContext, "registry">,
): Promise<PreparedDocument | { readonly unreadable: string }> {
  const read = await readDocument(context.host, place);
  if (read.status === "unreadable") return { unreadable: read.detail };
  const { versions } = await context.catalogue();
  const { kerasFlags: flags, settings = [], call } = context;
  const isNamed = flags.length > 0 || settings.length > 0;
  const evidence = isNamed ? {} : await context.evidence(place.uri);
  const own = read.status === "read" ? read.own : undefined;
  return { place, read, targets: selectKerasTargets({ flags, settings, ...evidence, own }, versions), call };
}

/** What a document is checked against. */
export type CheckedAgainst = Pick<CheckRegistry, "view" | "packageInstalled"> & { readonly stop?: () => boolean };

/** A registry of which nothing is known yet. */
export function withoutPython(registry: UnreadRegistry): CheckedAgainst {
  return { view: registry, packageInstalled: () => registry.packageInstalled() };
}

/** The report of a document that was read, in steps. */
export function* checkPrepared(
  { place, read, targets, call }: PreparedDocument,
  catalogue: KerasCatalogue,
  { view, packageInstalled, stop }: CheckedAgainst,
  document?: JsonDocument,
): Generator<undefined, CheckResult> {
  if (read.status !== "read") return { ...unread(place, read, targets), asked: new Set() };
  const report = yield* checkSteps({
    uri: place.uri,
    text: read.text,
    ...(read.member !== undefined && { member: read.member }),
    container: read.container,
    targets,
    catalogue,
    registry: view,
    call,
    ...(packageInstalled && { packageInstalled }),
    ...(document && { document }),
    ...(stop && { stop }),
  });
  return withBombs(withDecodeError(report, read), read);
}

/** Of an archive Keras reads the config first, and then what declares more than it stores. */
function withBombs(report: CheckResult, { bombs = [] }: ConfigText): CheckResult {
  if (bombs.length === 0) return report;
  const stopped = new Set(report.problems.flatMap(({ stops, versions }) => (stops ? versions : [])));
  return { ...report, problems: [...report.problems, ...bombProblems(bombs, report.keras, stopped)] };
}

/** Whether nothing is left that another package could answer. */
export function isAllFound({ problems, unknown }: FileReport): boolean {
  return problems.length === 0 && unknown.length === 0;
}

/** Whether a report calls an object missing that another root of the workspace could register. */
export function saysThatSomethingIsMissing(report: FileReport): boolean {
  return report.problems.some(({ rule }) => rule !== "syntax-error");
}

/** Python refuses bytes that are not of the encoding before it parses them: the first problem of a document that holds a config. */
function withDecodeError(report: CheckResult, read: ConfigText): CheckResult {
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
  if (read.status === "unknown") {
    const problems = bombProblems(read.bombs ?? [], keras, new Set());
    return { ...nothing, loader: "load_model", problems, unknown: [{ ...at, reason: read.reason }] };
  }
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
