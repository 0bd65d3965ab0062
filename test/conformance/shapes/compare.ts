import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { behaviourOf, isKeras2 } from "../../../server/src/deserialize/behaviour.ts";
import type { FoundObject } from "../../../server/src/deserialize/load.ts";
import { NO_NODE, nodeAtPointer } from "../../../server/src/json/index.ts";
import { type ModelShapes, modelShapes } from "../../../server/src/shapes/index.ts";
import { shapeConflicts } from "../../../server/src/workspace/shapeConflicts.ts";
import { runThrough } from "../../../server/src/workspace/slices.ts";
import { emptyRegistry } from "../../recorded/emptyRegistry.ts";
import { catalogueWithKeras2 } from "../../recorded/shippedCatalogue.ts";
import { simulateRecord } from "../../recorded/simulateRecord.ts";

declare const __ROOT__: string;

/** What real Keras said of one layer: its pointer, the shapes of the outputs of each call, parameters, and trainable ones. */
export type LayerRecord = readonly [string, (number | null)[][][], number | null, number | null];

/** What came of loading a config. */
export interface Loaded {
  readonly layers: readonly LayerRecord[];
  readonly total: number | null;
  readonly trainable: number | null;
}

/** What Keras raised. */
export interface Raised {
  readonly exception: string;
  readonly message: string;
}

/** One value of the config is another one, and what came of it. */
export type Damage = { readonly at: string; readonly value: unknown } & (Loaded | Raised);

export interface ModelRecord extends Loaded {
  /** Of a model of keras.applications. */
  readonly name?: string;
  /** Of a generated model; those of odd seeds are held out. */
  readonly seed?: number;
  readonly config: unknown;
  readonly damages?: readonly Damage[];
}

/** The release that was recorded. */
export const RECORDED = "3.15.1";

/** The models of a recording. */
export function recordedModels(name: "applications" | "models" | "common", version = RECORDED): readonly ModelRecord[] {
  const file = join(__ROOT__, `test/conformance/shapes/recordings/${name}-${version}.json.gz`);
  const { cases } = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as { cases: ModelRecord[] };
  return cases;
}

type SimulatedLoad = ReturnType<typeof simulateRecord>;

/** The load of a config in a release; Keras 2 reads the JSON that it writes. */
export function loadOf(config: unknown, version: string): SimulatedLoad {
  const loader = isKeras2(version) ? "model_from_json" : "deserialize_keras_object";
  const load = { loader, config: JSON.stringify(config) } as const;
  return simulateRecord(load, catalogueWithKeras2.release(version), emptyRegistry);
}

/** The shapes that the tool finds in a config. */
function shapesOf(
  { tree, events }: SimulatedLoad,
  version: string,
): { shapes: ModelShapes; at: (pointer: string) => number } {
  const found = new Map<number, FoundObject>();
  for (const event of events) if (event.kind === "found") found.set(event.node, event.object);
  const symbolOf = (node: number) => {
    const object = found.get(node);
    return object?.from === "keras" ? object.symbol : undefined;
  };
  const shapes = runThrough(modelShapes(tree, tree.root, symbolOf, behaviourOf(version)));
  return { shapes, at: (pointer) => nodeAtPointer(tree, pointer) };
}

/** Every difference between what real Keras and the tool say of a model that loads, in words. */
export function differences(
  config: unknown,
  said: Loaded,
  version = RECORDED,
  load = loadOf(config, version),
): string[] {
  const { shapes, at } = shapesOf(load, version);
  const found: string[] = [];
  const compare = (what: string, real: unknown, ours: unknown) => {
    const [a, b] = [JSON.stringify(real), JSON.stringify(ours)];
    if (a !== b) found.push(`${what}: Keras says ${a}, the tool ${b}`);
  };
  for (const [pointer, calls, count, trainable] of said.layers) {
    const node = at(pointer);
    const layer = node === NO_NODE ? undefined : shapes.layers.get(node);
    compare(`${pointer} shapes`, calls, layer?.calls);
    const weights = layer?.weights;
    // Keras counts nothing before a layer is built, also where there is nothing to build.
    if (count === null && weights?.trainable === 0 && weights.nonTrainable === 0) continue;
    compare(`${pointer} parameters`, count, weights ? weights.trainable + weights.nonTrainable : null);
    compare(`${pointer} trainable parameters`, trainable, weights ? weights.trainable : null);
  }
  const total = shapes.layers.get(at(""))?.weights;
  compare("total", said.total, total ? total.trainable + total.nonTrainable : null);
  compare("trainable", said.trainable, total ? total.trainable : null);
  found.push(...falseConflicts(shapes));
  return found;
}

function falseConflicts({ conflicts }: ModelShapes): string[] {
  return conflicts.map(({ message }) => `a conflict that Keras does not see: ${message}`);
}

/** The config with one value changed. */
export function damaged(config: unknown, { at, value }: { readonly at: string; readonly value: unknown }): unknown {
  const copy = structuredClone(config);
  const parts = at.split("/").slice(1);
  let here = copy as Record<string, unknown>;
  for (const part of parts.slice(0, -1)) here = here[part] as Record<string, unknown>;
  here[parts.at(-1) as string] = value;
  return copy;
}

/**
 * How the tool answers a damage: as Keras, with nothing where Keras has something, with another text, or with a failure that is
 * no conflict of shapes, before which none is sought.
 */
export type Answer = "same" | "silent" | "other text" | "another failure" | "differs" | "false error";

/** How the tool answers, and with what. */
export interface Answered {
  readonly answer: Answer;
  readonly said: Raised | undefined;
  readonly differences: readonly string[];
}

export function answerTo(model: ModelRecord, damage: Damage, version = RECORDED): Answer {
  return answerOf(damaged(model.config, damage), damage, version).answer;
}

/** How the tool answers a config of which Keras said something. */
export function answerOf(config: unknown, real: Loaded | Raised, version = RECORDED): Answered {
  const load = loadOf(config, version);
  const [said] = conflictsIn(load, version);
  if ("exception" in real) {
    // Where the load fails otherwise no conflict is sought.
    const other = load.events.find((event) => event.kind === "failed");
    const told = said ?? other?.outcome;
    const isSame = told?.exception === real.exception && told.message === printed(real.message);
    const answer = isSame ? "same" : said ? "other text" : told ? "another failure" : "silent";
    return { answer, said: told, differences: [] };
  }
  if (said) return { answer: "false error", said, differences: [] };
  const found = differences(config, real, version, load);
  return { answer: found.length === 0 ? "same" : "differs", said, differences: found };
}

/** The conflicts that the check of a document tells, in the words of a release. */
function conflictsIn({ tree, events }: SimulatedLoad, version: string): Raised[] {
  const answer = { events, asked: new Set<string>() };
  const conflicts = runThrough(shapeConflicts(tree, tree.root, answer, behaviourOf(version), emptyRegistry));
  return conflicts.flatMap((event) => (event.kind === "failed" ? [event.outcome] : []));
}

/** Lists are printed as on every backend; what counts up over the whole program, the arguments of a call, and operations of TensorFlow are `…`. */
function printed(message: string): string {
  return message
    .replace(/\bid=\d+/g, "id=…")
    .replace(/ListWrapper\((\[[^\]]*\])\)/g, "$1")
    .replace(/(Call arguments received by layer [^\n]*:\n)[\s\S]*/, "$1…")
    .replace(/ for '\{\{node [^\n]*/, " for '{{node …}}' with input shapes: ….")
    .replace(/(Arguments received by \w+\.call\(\):\n)[\s\S]*/, "$1…")
    .replace(/(calling Sequential\.call\(\)[\s\S]* of layer ['"]functional)_\d+(?=['"])/, "$1_…");
}
