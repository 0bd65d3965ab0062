import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import { simulateLoad } from "../../../server/src/deserialize/simulateLoad.ts";
import { jsonPointer, parseJson } from "../../../server/src/json/index.ts";
import { emptyRegistry } from "../../recorded/emptyRegistry.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";

/** The last sentence of the first error, without what is wrapped around it, and where it is shown. */
function firstError(path: string, config: unknown, version: string): string | undefined {
  const dot = path.lastIndexOf(".");
  const object = { module: path.slice(0, dot), class_name: path.slice(dot + 1), config, registered_name: null };
  const { tree } = parseJson(JSON.stringify(object));
  const release = catalogue.release(version);
  const behaviour = behaviourOf(version);
  const question = { tree, root: tree.root, release, behaviour, registry: emptyRegistry } as const;
  const { events } = simulateLoad({ ...question, loader: "deserialize_keras_object" });
  const failed = events.find((event) => event.kind === "failed");
  if (!failed) return undefined;
  return `${jsonPointer(tree, failed.failure.node)}: ${failed.outcome.message.split("Exception encountered: ").at(-1)}`;
}

describe("a config that is no dict", () => {
  test("reaches the constructor to 3.14", () => {
    const error = firstError("keras.regularizers.L2", [1], "3.14.1");
    const said = "keras.src.regularizers.regularizers.L2() argument after ** must be a mapping, not list";
    assert.equal(error, `/config: ${said}`);
  });

  test("is refused from 3.15 on", () => {
    const error = firstError("keras.regularizers.L2", [1], "3.15.1");
    assert.match(error ?? "", /^\/config: Expected 'config' to be a dict for L2/);
  });

  test("is asked for its dtype by layers since 3.4", () => {
    assert.equal(
      firstError("keras.layers.Dropout", 5, "3.3.3"),
      "/config: keras.src.layers.regularization.dropout.Dropout() argument after ** must be a mapping, not int",
    );
    assert.equal(firstError("keras.layers.Dropout", 5, "3.4.0"), "/config: argument of type 'int' is not iterable");
  });

  test("fails at what a class of Keras takes out of it first", () => {
    assert.equal(firstError("keras.layers.RNN", 5, "3.12.4"), "/config: 'int' object has no attribute 'pop'");
    assert.match(firstError("keras.layers.Bidirectional", [1], "3.12.4") ?? "", /list indices must be integers/);
  });

  test("is an empty one where it is falsy, to 3.14", () => {
    assert.equal(firstError("keras.regularizers.L2", false, "3.14.1"), undefined);
  });
});
