import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { functionFlow, importAliases, parsePython } from "../../../server/src/python/index.ts";
import { walkStatements } from "../../../server/src/python/walk.ts";

/** The keys that the only function of a text cannot do without. */
function demands(header: string, ...body: string[]): readonly string[] {
  const tree = parsePython(`${header}\n${body.map((line) => `    ${line}`).join("\n")}\n`);
  const functions = [...walkStatements(tree.body, () => false)].filter(({ kind }) => kind === "def");
  const resolve = importAliases(tree, { module: "m", isPackage: false });
  return functionFlow(tree, functions.at(-1)!, resolve).demands ?? [];
}

const ofConfig = (...body: string[]) => demands("def from_config(cls, config):", ...body);

describe("keys that a from_config demands of its config", () => {
  test("those that it subscripts, pops or deletes, in order", () => {
    const found = ofConfig(
      'layers = [deserialize(one) for one in config["layers"]]',
      'head = deserialize(config.pop("head"))',
      'del config["version"]',
      'return cls(layers, config["size"]["width"], **config)',
    );
    assert.deepEqual(found, ["layers", "head", "version", "size"]);
  });

  test("also of a copy, and under another name", () => {
    assert.deepEqual(ofConfig("config = config.copy()", 'a = config.pop("a")'), ["a"]);
    assert.deepEqual(ofConfig("new = dict(config)", 'new["b"] += 1'), ["b"]);
    assert.deepEqual(ofConfig("new = {**config}", 'return cls(new["c"])'), ["c"]);
  });

  test("none that has a default, that it writes, or that it reads under a condition", () => {
    assert.deepEqual(
      ofConfig('config.pop("a", None)', 'config.get("b")', 'config.setdefault("c", 1)', 'config["c"]'),
      [],
    );
    assert.deepEqual(ofConfig('config["a"] = 1', 'return cls(config["a"])'), []);
    assert.deepEqual(ofConfig('a = config["a"] if "a" in config else None', 'b = "b" in config and config["b"]'), []);
    assert.deepEqual(ofConfig('f = lambda: config["a"]', 'g = [config["b"] for one in cls.names]'), []);
    assert.deepEqual(ofConfig('if "a" in config:', '    config["a"] = 1', 'config["a"]', 'config["b"]'), ["b"]);
  });

  test("none behind what may leave the function, catch the error or put keys in", () => {
    assert.deepEqual(ofConfig('if "a" not in config:', '    raise ValueError("no a")', 'config["a"]'), []);
    assert.deepEqual(ofConfig("try:", '    config.pop("a")', "except KeyError:", "    pass", 'config["b"]'), []);
    assert.deepEqual(ofConfig("with suppress(KeyError):", '    config["a"]', 'config["b"]'), []);
    assert.deepEqual(ofConfig('config["a"]', "upgrade(config)", 'config["b"]'), ["a"]);
    assert.deepEqual(ofConfig("config.update(defaults)", 'config["a"]'), []);
    assert.deepEqual(ofConfig('config = {"a": 1, **config}', 'config["a"]'), []);
  });
});

test("a constructor demands keys of its **kwargs", () => {
  const init = (...body: string[]) => demands("def __init__(self, units, **kwargs):", ...body);
  assert.deepEqual(init('self.rate = kwargs.pop("rate")', "super().__init__(**kwargs)"), ["rate"]);
  assert.deepEqual(init('self.rate = kwargs.pop("rate", 1)', "super().__init__(**kwargs)"), []);
});

test("a loop over keys demands each of them", () => {
  const revive = ['for key in ("head", "tail"):', "    config[key] = deserialize(config[key])", 'config["body"]'];
  assert.deepEqual(ofConfig(...revive), ["head", "tail", "body"]);
  assert.deepEqual(ofConfig('for key in ("head", "tail"):', "    if key in config:", "        config.pop(key)"), []);
  assert.deepEqual(ofConfig("for key in cls.keys:", "    config.pop(key)", 'config["body"]'), []);
});
