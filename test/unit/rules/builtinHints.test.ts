import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import { simulateLoad } from "../../../server/src/deserialize/simulateLoad.ts";
import { parseJson } from "../../../server/src/json/index.ts";
import { hintFor } from "../../../server/src/rules/hints.ts";
import { emptyRegistry as registry } from "../../recorded/emptyRegistry.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";

/** The hint beside the first failure of a load in Keras 3.15.1. */
function hint(module: string, class_name: string): string | undefined {
  const { tree } = parseJson(JSON.stringify({ module, class_name, config: {}, registered_name: null }));
  const release = catalogue.release("3.15.1");
  const question = { tree, root: tree.root, behaviour: behaviourOf("3.15.1"), release, registry };
  const { events } = simulateLoad({ loader: "deserialize_keras_object", ...question });
  const failed = events.find((event) => event.kind === "failed");
  assert.ok(failed);
  return hintFor(failed.failure, failed.node, tree, { registry, release, load: undefined })?.text;
}

describe("the module of a class of Keras is told", () => {
  test("where another one is written", () => {
    assert.equal(hint("my.layers", "Dense"), "Keras's own `Dense` has the module `keras.layers`.");
  });

  test("but not that of a function which stands in no model", () => {
    for (const name of ["load_model", "get_file", "eval"]) assert.equal(hint("my.layers", name), undefined);
  });
});
