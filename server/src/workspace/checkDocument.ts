import type { KerasCatalogue, KerasRelease } from "../catalogue/keras.ts";
import type { Root } from "../config/configDocument.ts";
import { canHoldConfig, findRoots } from "../config/recognise.ts";
import { AskedKeras } from "../deserialize/askedKeras.ts";
import { type Behaviour, behaviourOf } from "../deserialize/behaviour.ts";
import type { LoadEvent } from "../deserialize/load.ts";
import { simulateSteps } from "../deserialize/simulateLoad.ts";
import {
  type JsonDocument,
  NO_NODE,
  PYTHON_DEPTH,
  parseJson,
  pythonDecodeError,
  type ValueTree,
} from "../json/index.ts";
import type { RegistryView } from "../registry/view.ts";
import { comparedProblems, type DistinctLoad } from "./distinctLoads.ts";
import { type DocumentShape, kerasNames } from "./documentShape.ts";
import { questionOf } from "./loadInSight.ts";
import type { FileReport, KerasTarget } from "./report.ts";
import { addProblem, addUnknown, addWarning, reasonOf, type SaidOfLoads, severityOf } from "./saidOfLoads.ts";
import { shapeConflicts } from "./shapeConflicts.ts";
import { runThrough } from "./slices.ts";
import { loaderIn, loaderOf, type StatedCall, type StatedObject, safeModeOf } from "./statedCall.ts";
import { sourceOf } from "./views.ts";

export interface CheckInput {
  readonly uri: string;
  readonly text: string;
  /** The archive member that `text` is, where it comes out of a `.keras` file. */
  readonly member?: string;
  readonly container: "json" | "keras";
  readonly targets: readonly KerasTarget[];
  readonly catalogue: KerasCatalogue;
  readonly registry: RegistryView;
  /** What the user says of the call that will load it. */
  readonly call?: StatedCall | undefined;
  /** Whether a package is installed where the config will be loaded; undefined where that is not known. */
  readonly packageInstalled?: (name: string) => boolean | undefined;
  /** The text as it was read before. */
  readonly document?: JsonDocument;
  /** Asked between objects: true where the answer is not wanted any more. */
  readonly stop?: () => boolean;
}

/** A file's report, and what it was made from. */
export interface CheckResult extends FileReport {
  /** Every key and module that the verdict depends on. */
  readonly asked: ReadonlySet<string>;
  /** The stated custom objects that a release that was asked knows no definition of. */
  readonly undefinedObjects?: readonly StatedObject[];
  /** What features ask about places in the document; absent where it holds no config. */
  readonly analysis?: DocumentAnalysis;
}

/** A document read as JSON, and what each release's load of its configs goes through. */
export interface DocumentAnalysis extends DocumentShape {
  readonly loads: readonly SimulatedLoad[];
}

export interface SimulatedLoad {
  readonly version: string;
  readonly root: Root;
  readonly events: readonly LoadEvent[];
}

/** Checks one document for every target version. Pure and synchronous; linear in the document. */
export function checkDocument(input: CheckInput): CheckResult {
  return runThrough(checkSteps(input));
}

/** `checkDocument` in steps of a few milliseconds at most, but for the parsing of large documents. */
export function* checkSteps(input: CheckInput): Generator<undefined, CheckResult> {
  const asked = new Set<string>();
  const nothing: CheckResult = {
    uri: input.uri,
    text: input.text,
    ...(input.member === undefined ? {} : { member: input.member }),
    dialect: null,
    loader: null,
    keras: input.targets,
    objects: 0,
    problems: [],
    unknown: [],
    asked,
  };
  if (!canHoldConfig(input.text)) return nothing;
  const document = input.document ?? parseJson(input.text);
  yield;
  const roots = rootsOf(document.tree, input);
  const first = roots[0] ?? lostRoot(document, input.text);
  if (!first) return nothing;
  const check: Check = {
    input,
    registry: input.registry,
    tree: document.tree,
    asked,
    loads: [],
    simulated: new Map(),
    undefinedObjects: new Map(),
    load: input.call?.customObjects ? undefined : input.registry.loadOf(sourceOf(input.uri)),
    objects: new Set(),
    problems: new Map(),
    unknown: new Map(),
  };
  yield;
  syntaxProblems(check, document);
  for (const target of input.targets) yield* checkFor(check, roots, target.version);
  const byPlace = (a: { start: number }, b: { start: number }) => a.start - b.start;
  return {
    ...nothing,
    dialect: first.dialect,
    loader: first.loader,
    objects: check.objects.size,
    problems: comparedProblems(
      [...check.problems.values()],
      [...check.simulated.values()].flat(),
      input.targets.map(({ version }) => version),
    ).sort(byPlace),
    unknown: [...check.unknown.values()].sort(byPlace),
    ...(check.undefinedObjects.size > 0 && { undefinedObjects: [...check.undefinedObjects.values()] }),
    analysis: { document, roots, loads: check.loads },
  };
}

/** Where so much is broken that no object is whole, a document that begins as a config is one still. */
function lostRoot({ tree, errors }: JsonDocument, text: string): Root | undefined {
  if (errors.length === 0 || tree.member(tree.root, "class_name") === NO_NODE) return undefined;
  const beginsAsConfig =
    /^\s*\{\s*"(?:module|class_name|config|registered_name)"/.test(text) && text.includes('"config"');
  return beginsAsConfig ? { dialect: "object", node: tree.root, loader: "deserialize_keras_object" } : undefined;
}

function rootsOf(tree: ValueTree, input: CheckInput): readonly Root[] {
  let names: ReadonlySet<string> | undefined;
  const isKnownName = (name: string): boolean => {
    names ??= kerasNames(input.catalogue);
    return (
      names.has(name) ||
      input.registry.declarations(name).length > 0 ||
      input.registry.definitionsNamed(name).length > 0
    );
  };
  const stated = (root: Root): Root => ({ ...root, loader: loaderOf(root, input.call) });
  const roots = findRoots(tree, isKnownName);
  if (input.container === "json") return roots.map(stated);
  // The config of an archive is its whole document, whatever load_model makes of it.
  const whole = roots.filter((root) => root.node === tree.root);
  return whole.map((root) => stated({ ...root, loader: "load_model" }));
}

/** One check under way. */
interface Check extends SaidOfLoads {
  readonly input: CheckInput;
  readonly asked: Set<string>;
  readonly loads: SimulatedLoad[];
  /** By root, the loads that differ. */
  readonly simulated: Map<Root, DistinctLoad[]>;
  readonly undefinedObjects: Map<string, StatedObject>;
  readonly objects: Set<number>;
}

function syntaxProblems(check: Check, document: JsonDocument): void {
  const { tree, input } = check;
  const tooDeep = document.errors.length === 0 && nestsDeeperThan(tree, PYTHON_DEPTH);
  const outcome =
    document.errors.length > 0 || tooDeep ? pythonDecodeError(input.text, { fromBytes: true }) : undefined;
  const problem = { rule: "syntax-error", severity: severityOf("syntax-error"), pointer: "" } as const;
  const versions = input.targets.map((target) => target.version);
  const errors =
    tooDeep && outcome
      ? [{ start: tree.start(tree.root), end: tree.start(tree.root) + 1, message: outcome.message }]
      : document.errors;
  for (const [index, { message, start, end }] of errors.entries()) {
    const first = index === 0 && outcome ? { outcome } : {};
    check.problems.set(`syntax ${index}`, { ...problem, message, start, end, versions, stops: index === 0, ...first });
  }
}

/** Whether lists and dicts nest deeper than Python's `json.loads` goes. Linear: a parent stands before its children. */
function nestsDeeperThan(tree: ValueTree, limit: number): boolean {
  if (tree.size <= limit) return false;
  const depths = new Int32Array(tree.size);
  for (let node = 1; node < tree.size; node++) {
    const depth = (depths[tree.parent(node)] as number) + 1;
    depths[node] = depth;
    if (depth >= limit && tree.kind(node) !== "string" && tree.childCount(node) > 0) return true;
  }
  return false;
}

/** How many events of a load are looked at in one step. */
const EVENTS_PER_STEP = 256;

function* checkFor(check: Check, roots: readonly Root[], version: string): Generator<undefined, void> {
  const { input } = check;
  if (!input.catalogue.versions.includes(version)) {
    for (const root of roots) {
      check.objects.add(root.node);
      addUnknown(
        check,
        root.node,
        root.node,
        `what Keras ${version} finds is not known to this tool: it knows Keras 3, and Keras 2 from 2.13 on`,
        version,
      );
    }
    return;
  }
  const release = input.catalogue.release(version);
  const behaviour = behaviourOf(version);
  for (const root of roots) {
    const distinct = check.simulated.get(root) ?? [];
    check.simulated.set(root, distinct);
    let load = distinct.find(({ keras }) => keras?.holdsIn(release, behaviour));
    if (load) for (const versions of [load.versions, ...load.said]) versions.push(version);
    else {
      load = yield* loadFor(check, root, release, behaviour);
      distinct.push(load);
    }
    check.loads.push({ version, root, events: load.events });
    yield;
  }
}

/** Simulates the load of one root by one release, and says what comes of it. */
function* loadFor(
  check: Check,
  root: Root,
  release: KerasRelease,
  behaviour: Behaviour,
): Generator<undefined, DistinctLoad> {
  const { input, tree } = check;
  const { version } = release;
  const keras = input.targets.length > 1 ? new AskedKeras(release, behaviour) : undefined;
  const asked = keras ?? { release, behaviour };
  const against = questionOf(sourceOf(input.uri), input.registry, asked.release, input.call);
  for (const stated of against.undefined) {
    check.undefinedObjects.set(stated.key, stated);
    check.asked.add(stated.module);
  }
  const isBroken = check.problems.has("syntax 0");
  const answer = yield* simulateSteps({
    tree,
    isBroken,
    root: root.node,
    loader: loaderIn(asked.behaviour, root, tree, input.call),
    // Only the loader of .h5 files compiles what stands beside the model.
    ...(root.loader === "load_model_from_hdf5" && root.trainingConfig !== undefined
      ? { trainingConfig: root.trainingConfig }
      : {}),
    behaviour: asked.behaviour,
    release: asked.release,
    ...against.question,
    ...safeModeOf(root.loader, input.call),
    ...(input.packageInstalled ? { packageInstalled: input.packageInstalled } : {}),
    ...(input.stop ? { stop: input.stop } : {}),
  });
  for (const name of answer.asked) check.asked.add(name);
  const conflicts = isBroken
    ? []
    : yield* shapeConflicts(tree, root.node, answer, asked.behaviour, against.question.registry);
  const events = [...answer.events, ...conflicts];
  // Each root of a larger document is loaded by a call of its own.
  let stopped = isBroken;
  const said: string[][] = [];
  for (const [index, event] of events.entries()) {
    if (index % EVENTS_PER_STEP === 0) yield;
    if (isBroken && tree.damaged(event.node)) continue;
    if (event.kind === "warned") {
      said.push(addWarning(check, event, release));
      continue;
    }
    check.objects.add(event.node);
    if (event.kind === "unknown")
      said.push(addUnknown(check, event.node, event.at, reasonOf(event), version, event.unknown));
    if (event.kind !== "failed") continue;
    said.push(addProblem(check, event, release, version, !stopped));
    stopped = true;
  }
  return { keras, events, versions: [version], said: [...new Set(said)] };
}
