import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonPointer } from "../../../server/src/json/index.ts";
import { hintFor } from "../../../server/src/rules/hints.ts";
import { emptyRegistry } from "../../recorded/emptyRegistry.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";
import { dense, functional, input, loadOf } from "../deserialize/graph/models.ts";

/** The advice on the first failure of a load: its text, and what the fix writes where. */
function advice(config: object): string | undefined {
  const { tree, answer } = loadOf(config);
  const failed = answer.events.find((event) => event.kind === "failed");
  if (!failed) return undefined;
  const sources = { registry: emptyRegistry, release: catalogue.release("3.15.1"), load: undefined };
  const hint = hintFor(failed.failure, failed.node, tree, sources);
  const fixes = hint?.fixes.map((fix) => fix.kind === "write" && `${fix.value} at ${jsonPointer(tree, fix.node)}`);
  return hint && `${hint.text} ${fixes?.join()}`;
}

test("a layer of a name that is near is offered, and put in its place", () => {
  assert.equal(
    advice(functional([input("x"), dense("dense_1", "x"), dense("y", "dense_l")])),
    "Did you mean `dense_1`? dense_1 at /config/layers/2/inbound_nodes/0/args/0/config/keras_history/0",
  );
  assert.equal(
    advice(functional([input("x"), dense("output", "x")], "x", "outputs")),
    "Did you mean `output`? output at /config/output_layers/0/0",
  );
  assert.equal(advice(functional([input("x"), dense("y", "nowhere")])), undefined);
});
