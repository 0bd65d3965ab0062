import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import type { LoadEvent, Loader } from "../../../server/src/deserialize/load.ts";
import { simulateSteps } from "../../../server/src/deserialize/simulateLoad.ts";
import { jsonPointer, parseJson } from "../../../server/src/json/index.ts";
import { checkDocument } from "../../../server/src/workspace/checkDocument.ts";
import { readCases, readRecording } from "../../conformance/deserialize/caseFile.ts";
import { catalogueWithKeras2 as catalogue } from "../../recorded/shippedCatalogue.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";
import { anyConfig, reordered } from "./anyConfig.ts";

const registry = workspaceRegistry({
  "layers.py": `import keras
@keras.saving.register_keras_serializable("my")
class Scale(keras.layers.Layer):
    def __init__(self, layer, units=1, **kwargs):
        super().__init__(**kwargs)
        self.layer = keras.saving.deserialize_keras_object(layer)
`,
});
const versions = ["2.15.1", "2.21.0", "3.0.0", "3.8.0", "3.12.4", "3.15.1"];
const loaders: readonly Loader[] = ["deserialize_keras_object", "load_model", "load_model_from_hdf5"];
const anyQuestion = { version: fc.constantFrom(...versions), loader: fc.constantFrom(...loaders) };
/** A run that fails says with which seed it fails again. */
const RUNS = { numRuns: 600, seed: 20 };

interface Asked {
  readonly version: string;
  readonly loader: Loader;
}

function load(text: string, { version, loader }: Asked): { events: string[]; steps: number; nodes: number } {
  const { tree } = parseJson(text);
  const release = catalogue.release(version);
  const question = { tree, root: tree.root, trainingConfig: tree.root, loader, release, registry };
  const run = simulateSteps({ ...question, behaviour: behaviourOf(version) });
  let steps = 0;
  for (let step = run.next(); ; step = run.next(), steps++) {
    if (!step.done) continue;
    const events = step.value.events.map((event) => `${jsonPointer(tree, event.node)} ${wordsOf(event)}`);
    return { events, steps, nodes: tree.size };
  }
}

function wordsOf(event: LoadEvent): string {
  if (event.kind === "failed") return `${event.failure.rule}: ${event.outcome.exception}: ${event.outcome.message}`;
  return event.kind === "unknown" ? `unknown: ${event.unknown.reason}` : "found";
}

describe("any JSON, and what is near a config", () => {
  test("is checked without an exception, and every place that is named is there", () => {
    const anyText = fc.oneof(
      { weight: 3, arbitrary: anyConfig().map((value) => JSON.stringify(value)) },
      fc.json(),
      fc.tuple(fc.string(), anyConfig()).map(([cut, value]) => `${JSON.stringify(value)}${cut}`),
    );
    fc.assert(
      fc.property(anyText, anyQuestion.version, (text, version) => {
        const targets = [{ version, from: "--keras" }];
        const asked = { uri: "file:///c.json", text, container: "json", targets, catalogue, registry } as const;
        for (const { start, end } of checkDocument(asked).problems)
          assert.ok(start >= 0 && start <= end && end <= text.length);
      }),
      RUNS,
    );
  });

  test("takes no more than linearly many steps", () => {
    fc.assert(
      fc.property(anyConfig(), anyQuestion.version, anyQuestion.loader, (value, version, loader) => {
        // A step is 64 tasks, and a value is looked at by its slots, by its parent and by itself.
        const { steps, nodes } = load(JSON.stringify(value), { version, loader });
        assert.ok(steps <= 1 + nodes / 4, `${steps} steps for ${nodes} values`);
      }),
      RUNS,
    );
  });

  test("answers the same whatever white space there is", () => {
    fc.assert(
      fc.property(anyConfig(), anyQuestion.version, anyQuestion.loader, (value, version, loader) => {
        const [dense, wide] = [JSON.stringify(value), JSON.stringify(value, null, "\t\r\n ".slice(0, 3))];
        assert.deepEqual(load(dense, { version, loader }).events, load(wide, { version, loader }).events);
      }),
      RUNS,
    );
  });

  test("answers for what is written alike as for what is written in another way", () => {
    fc.assert(
      fc.property(anyConfig(), anyQuestion.version, anyQuestion.loader, (value, version, loader) => {
        const [alike, inOtherWays] = [
          [0, 0, 0],
          [0, 1, 2],
        ].map((indents) => `[${indents.map((indent) => JSON.stringify(value, null, indent)).join()}]`);
        const asked = { version, loader };
        assert.deepEqual(load(alike as string, asked).events, load(inOtherWays as string, asked).events);
      }),
      RUNS,
    );
  });
  test("is found whole in any order of keys, while no object claims to be another", () => {
    const isWhole = (value: unknown, asked: Asked) =>
      load(JSON.stringify(value), asked).events.every((event) => event.endsWith(" found"));
    const { outcomes } = readRecording("3.15.1");
    const written = readCases()
      .filter((one) => one.writtenBy.includes("3.15.1") && one.at === undefined && outcomes.has(one.id))
      .filter((one) => one.door === "deserialize_keras_object" || one.door === "load_model")
      .map((one) => ({ config: one.config() }))
      .filter(({ config }) => config.length < 3_000);
    const anyObject = fc.oneof(
      anyConfig({ shared: false }),
      fc.constantFrom(...written).map(({ config }) => JSON.parse(config)),
    );
    let whole = 0;
    fc.assert(
      fc.property(anyObject, fc.infiniteStream(fc.nat()), anyQuestion.version, (value, order, version) => {
        const shuffled = reordered(value, (keys) => {
          const ranks = new Map(keys.map((key) => [key, order.next().value as number]));
          return [...keys].sort((a, b) => ranks.get(a)! - ranks.get(b)!);
        });
        // `load_model` is where objects share.
        const asked: Asked = { version, loader: "deserialize_keras_object" };
        const expected = isWhole(value, asked);
        if (expected) whole++;
        assert.equal(isWhole(shuffled, asked), expected);
      }),
      RUNS,
    );
    assert.ok(whole > RUNS.numRuns / 4, `only ${whole} configs were found whole`);
  });
});
