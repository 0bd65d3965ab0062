/**
 * What KerasHub writes as presets, and the same damaged, in a workspace that has keras-hub in its environment: each file is
 * loaded as real Keras loaded it with keras-hub imported (presets.json.gz, made by record.py). It needs the package's
 * sources, as ../registry/requirements.txt names them, in the folder that KERAS_CONFIG_REGISTRY_SOURCES names.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { findRoots } from "../../../server/src/config/recognise.ts";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import { simulateLoad } from "../../../server/src/deserialize/simulateLoad.ts";
import { createNodeHost } from "../../../server/src/host/node.ts";
import { parseJson } from "../../../server/src/json/index.ts";
import type { RegistryView } from "../../../server/src/registry/view.ts";
import { Workspace } from "../../../server/src/workspace/workspace.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import type { Outcome } from "../deserialize/caseFile.ts";
import { isFindingError, type Judgement, judge } from "../deserialize/judge.ts";

declare const __ROOT__: string;

interface Preset {
  readonly name: string;
  /** Of the preset: config.json, task.json, preprocessor.json, tokenizer.json and the like. */
  readonly file: string;
  /** What was damaged, or "as written". */
  readonly kind: string;
  readonly at?: string;
  readonly config: string;
  readonly outcomes: Readonly<Record<string, Outcome>>;
}

const { cases } = JSON.parse(
  gunzipSync(readFileSync(join(__ROOT__, "test/conformance/presets/presets.json.gz"))).toString("utf8"),
) as { cases: Preset[] };
const sources = process.env.KERAS_CONFIG_REGISTRY_SOURCES;
const skip = sources === undefined && "KERAS_CONFIG_REGISTRY_SOURCES names no folder of sources";

describe("what KerasHub writes", { skip }, () => {
  const root = mkdtempSync(join(tmpdir(), "keras-config-presets-"));
  let registry: RegistryView;

  before(async () => {
    const library = join(root, ".venv/lib/python3.11");
    mkdirSync(library, { recursive: true });
    writeFileSync(join(root, ".venv/pyvenv.cfg"), "home = /usr/bin\n");
    symlinkSync(resolve(sources ?? ""), join(library, "site-packages"));
    writeFileSync(join(root, "load.py"), "import keras_hub\n");
    const host = createNodeHost({ synchronous: true, log: () => undefined });
    registry = await new Workspace(host, [pathToFileURL(root).href], { closed: false }).index();
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  function judged(one: Preset, version: string, outcome: Outcome): Judgement {
    const { tree } = parseJson(one.config);
    const [config] = findRoots(tree, () => false);
    assert.equal(config?.node, tree.root, `${one.name}, ${one.file}: not recognised`);
    const { events } = simulateLoad({
      tree,
      root: tree.root,
      loader: config.loader,
      behaviour: behaviourOf(version),
      release: catalogue.release(version),
      registry,
      packageInstalled: (name) => (name === "keras_hub" ? true : undefined),
    });
    return judge({ at: one.at, edited: one.at === undefined ? [] : [one.at] }, tree, events, outcome);
  }

  /** The pairs of a kind of which something is to be said. */
  function wrong(
    kinds: (kind: string) => boolean,
    say: (judgement: Judgement, outcome: Outcome) => string | undefined,
  ) {
    const lines: string[] = [];
    for (const one of cases.filter(({ kind }) => kinds(kind))) {
      for (const [version, outcome] of Object.entries(one.outcomes)) {
        const line = say(judged(one, version, outcome), outcome);
        if (line !== undefined) lines.push(`${one.name}, ${one.file}, ${one.kind}, Keras ${version}: ${line}`);
      }
    }
    return lines;
  }

  test("loads as it is written, each object as what KerasHub has", () => {
    let objects = 0;
    const lines = wrong(
      (kind) => kind === "as written",
      (judgement) => {
        if (judgement.real !== "loads") return "Keras fails";
        objects += judgement.sameClass;
        return [...judgement.falseErrors, ...judgement.open, ...judgement.otherClass][0];
      },
    );
    assert.deepEqual(lines, []);
    assert.ok(objects > 50, `${objects} objects`);
  });

  test("no error where Keras loads what is damaged", () => {
    const lines = wrong(
      () => true,
      (judgement) => (judgement.real === "loads" ? [...judgement.falseErrors, ...judgement.open][0] : undefined),
    );
    assert.deepEqual(lines, []);
  });

  test("Keras's own exception and words, at the damaged value, where it does not find an object", () => {
    let failing = 0;
    const lines = wrong(
      () => true,
      (judgement, outcome) => {
        if (!("exception" in outcome) || !isFindingError(outcome) || judgement.real !== "fails") return undefined;
        failing++;
        if (judgement.tool === "missed") return `missed: ${judgement.text}`;
        if (judgement.tool === "open") {
          const [reason] = judgement.reasons;
          // A module that was not read may be there for all that: compiled, or made by the package itself.
          const isModule = outcome.message.includes("its parent module keras_hub.src.gone cannot be imported");
          if (isModule && /^whether `keras_hub\.src\.gone` can be imported/.test(reason ?? "")) return undefined;
          return `${judgement.text}\n  here: ${reason}`;
        }
        if (!judgement.sameMessage) return `${judgement.text}\n  here: ${judgement.said}`;
        return judgement.place === "elsewhere" ? `shown at ${judgement.shownAt}` : undefined;
      },
    );
    assert.deepEqual(lines, []);
    assert.ok(failing > 20, `${failing} failures`);
  });
});
