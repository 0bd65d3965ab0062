/** The catalogue of Keras 2 that is shipped says what real tf-keras said of itself. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { decodeCatalogue } from "../../server/src/catalogue/decode.ts";
import type { BuiltinSymbol, TableName } from "../../server/src/catalogue/keras.ts";
import { keras2Versions } from "../../server/src/catalogue/keras2.ts";

declare const __ROOT__: string;

/** Written by test/conformance/catalogue/record_keras2.py, whose comment describes it. */
interface Keras2Record {
  readonly exports: Readonly<Record<string, string>>;
  readonly registered: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
  readonly classes: Readonly<
    Record<
      string,
      {
        readonly mro: readonly string[];
        readonly from_config: string | null;
        readonly init: readonly (readonly [name: string, kind: string])[];
      }
    >
  >;
  readonly modules: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const unpacked = (path: string): string => gunzipSync(readFileSync(join(__ROOT__, path))).toString("utf8");
const catalogue = decodeCatalogue(unpacked("server/data/catalogue-keras2.txt.gz"));

/** "module:qualname"; of what TensorFlow defines, only that it does: which module of it is not in tf_keras's source. */
function shown(symbol: BuiltinSymbol | undefined): string | undefined {
  return symbol && ownOrTensorFlow(`${symbol.module}:${symbol.qualname}`);
}

function ownOrTensorFlow(identity: string): string {
  return identity.startsWith("tensorflow.") ? "tensorflow" : identity;
}

test("the releases that are known without unpacking are those of the data", () => {
  assert.deepEqual(catalogue.versions, keras2Versions);
});

for (const version of keras2Versions) {
  const release = catalogue.release(version);
  const record: Keras2Record = JSON.parse(unpacked(`test/recorded/catalogue/keras2-${version}.json.gz`));
  /** What differs between what was recorded under some names and what the catalogue says. */
  const differences = (
    recorded: Readonly<Record<string, string | null>>,
    ours: (name: string) => BuiltinSymbol | undefined,
  ): string[] =>
    Object.entries(recorded).flatMap(([name, identity]) => {
      const own = shown(ours(name));
      return identity === null || own === ownOrTensorFlow(identity) ? [] : [`${name}: ${identity}, here ${own}`];
    });

  test(`tf-keras ${version}: every path of every export`, () => {
    assert.ok(Object.keys(record.exports).length > 900);
    assert.deepEqual(
      differences(record.exports, (path) => release.exported(path)),
      [],
    );
  });

  test(`tf-keras ${version}: what it registers itself`, () => {
    assert.deepEqual(
      differences(record.registered, (key) => release.tableEntry("registered", key)),
      [],
    );
    assert.deepEqual([...release.tableNames("registered")].sort(), Object.keys(record.registered).sort());
  });

  test(`tf-keras ${version}: every name of every table`, () => {
    for (const [table, entries] of Object.entries(record.tables) as [TableName, Record<string, string | null>][]) {
      assert.deepEqual(
        differences(entries, (name) => release.tableEntry(table, name)),
        [],
        table,
      );
      assert.deepEqual(
        release.tableNames(table).filter((name) => !(name in entries)),
        [],
        table,
      );
    }
  });

  test(`tf-keras ${version}: bases, from_config and constructor of every exported class`, () => {
    const wrong: string[] = [];
    for (const [identity, { mro, from_config, init }] of Object.entries(record.classes)) {
      if (!identity.startsWith("tf_keras.")) continue;
      const symbol = release.resolve(identity.replace(":", "."));
      const own = {
        mro: symbol?.mro.map(shown),
        from_config: symbol?.fromConfig ?? null,
      };
      const real = { mro, from_config: from_config?.replace(":", ".") ?? null };
      if (JSON.stringify(own) !== JSON.stringify(real)) wrong.push(`${identity}: ${JSON.stringify({ real, own })}`);
      const names = init.filter(([, kind]) => !kind.startsWith("var_")).map(([name]) => name);
      const parameters = symbol?.parameters.map(({ name }) => name) ?? [];
      if (names.join() !== parameters.join() && symbol?.mro.length !== 0)
        wrong.push(`${identity}: (${names}), here (${parameters})`);
    }
    assert.deepEqual(wrong, []);
  });

  test(`tf-keras ${version}: every class and function in every module`, () => {
    const wrong: string[] = [];
    for (const [name, members] of Object.entries(record.modules)) {
      // What protobuf makes while it runs, and what depends on Python's own `inspect`.
      if (name.startsWith("tf_keras.protobuf.") || name === "tf_keras.src.utils.tf_inspect") continue;
      const module = release.importModule(name);
      if (module.status !== "importable") wrong.push(`${name}: ${module.status}`);
      else wrong.push(...differences(members, module.member).map((line) => `${name}.${line}`));
    }
    assert.deepEqual(wrong, []);
  });
}
