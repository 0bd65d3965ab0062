import assert from "node:assert/strict";
import { test } from "node:test";
import { removeMember, renameMember, writeMember } from "../../../server/src/features/textChange.ts";
import { parseJson } from "../../../server/src/json/index.ts";
import { applied } from "./applied.ts";

function written(text: string, key: string, value: Parameters<typeof writeMember>[3]): string {
  const { tree } = parseJson(text);
  return applied(text, [writeMember(tree, tree.root, key, value)]);
}

test("a member's value is replaced, whatever it was, or the member is added in the object's layout", () => {
  assert.equal(written('{"a": {"b": 1}}', "a", "x"), '{"a": "x"}');
  assert.equal(written('{"a": 1}', "a", null), '{"a": null}');
  assert.equal(written("{}", "a", "x"), '{"a": "x"}');
  assert.equal(written('{"class_name": "A"}', "config", {}), '{"class_name": "A", "config": {}}');
  assert.equal(
    written('{"class_name": "A", "config": {}}', "module", "m"),
    '{"class_name": "A", "module": "m", "config": {}}',
  );
  assert.equal(
    written('{\n\t"config": {},\n\t"class_name": "A"\n}', "module", 'm"'),
    '{\n\t"config": {},\n\t"class_name": "A",\n\t"module": "m\\""\n}',
  );
});

test("a member is renamed, or goes with its comma", () => {
  const { tree } = parseJson('{"lr": 1, "units": 2}');
  const [lr, units] = [tree.member(tree.root, "lr"), tree.member(tree.root, "units")];
  assert.equal(
    applied('{"lr": 1, "units": 2}', [renameMember(tree, lr, "learning_rate")]),
    '{"learning_rate": 1, "units": 2}',
  );
  assert.equal(applied('{"lr": 1, "units": 2}', [removeMember(tree, lr)]), '{"units": 2}');
  assert.equal(applied('{"lr": 1, "units": 2}', [removeMember(tree, units)]), '{"lr": 1}');
  const commented = '{"lr": 1,\n // width\n "units": 2}';
  const inComments = parseJson(commented).tree;
  const member = inComments.member(inComments.root, "lr");
  assert.equal(applied(commented, [removeMember(inComments, member)]), '{\n // width\n "units": 2}');
  const only = parseJson('{\n  "lr": 1\n}').tree;
  assert.equal(applied('{\n  "lr": 1\n}', [removeMember(only, only.member(only.root, "lr"))]), "{\n  \n}");
});
