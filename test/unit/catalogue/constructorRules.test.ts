import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeRules } from "../../../server/src/catalogue/decodeRules.ts";
import type { ConstructorRules } from "../../../server/src/catalogue/keras.ts";
import { encodeRules } from "../../../server/tools/catalogue/encodeRules.ts";
import { SlotReader } from "../../../server/tools/catalogue/slots.ts";
import { read } from "./fixture.ts";

/** What is refused of `Mine` in a module that imports what its author would. */
function rulesOf(code: string): ConstructorRules | undefined {
  const facts = read(`
#- src/mine.py
from keras.src.layers.layer import Layer
${code}
`);
  const { machine, classes } = facts.complete;
  const cls = classes.get("keras.src.mine:Mine");
  assert.ok(cls);
  return new SlotReader(machine).rulesOf(cls);
}

/** One line for each rule of a value: argument, forms, text. */
function values(rules: ConstructorRules | undefined): string[] {
  return (rules?.values ?? []).map(({ argument, forms, strings, numbers, refusal }) => {
    const but = strings ? ` but ${strings.accepted.join("|")}` : numbers ? ` but ${numbers.join("|")}` : "";
    return `${argument}: ${forms.join(", ")}${but}: ${refusal.exception}: ${refusal.text}`;
  });
}

describe("keywords", () => {
  test("are refused by the last constructor that gets them, and accepted by those on the way", () => {
    const rules = rulesOf(`
class Mine(Layer):
    def __init__(self, units, **kwargs):
        self.scale = kwargs.pop("scale", 1)
        super().__init__(**kwargs)
        self.units = units
    def get_config(self):
        return {"units": self.units}
`);
    assert.deepEqual(rules?.unknown, { exception: "ValueError", text: "Unrecognized keyword arguments" });
    assert.deepEqual([...(rules?.accepts ?? [])].sort(), ["initializer", "name", "scale", "units"]);
  });

  test("are refused by Python where no constructor takes more", () => {
    const rules = rulesOf(`
class Mine(Layer):
    def __init__(self, units):
        super().__init__()
`);
    const text = "Mine.__init__() got an unexpected keyword argument 'no_such_keyword'";
    assert.deepEqual(rules?.unknown, { exception: "TypeError", text });
    assert.equal(rules?.missing.units?.text, "Mine.__init__() missing 1 required positional argument: 'units'");
  });

  test("are refused each by itself where nobody can tell what becomes of several", () => {
    const rules = rulesOf(`
from keras.src import initializers
class Named(Layer):
    def __init__(self, initializer=None, name=None):
        super().__init__()
class Mine(Named):
    def __init__(self, units):
        super().__init__()

    @classmethod
    def from_config(cls, config):
        if "initializer" in config and isinstance(config["initializer"], dict):
            config = config.copy()
            config["initializer"] = initializers.get(config["initializer"])
        return cls(**config)
`);
    assert.deepEqual(rules?.accepts, ["units", "initializer"]);
  });

  test("that go nowhere are accepted", () => {
    assert.equal(
      rulesOf("class Mine(Layer):\n    def __init__(self, **kwargs):\n        super().__init__()\n"),
      undefined,
    );
  });
});

describe("values", () => {
  test("are refused as the constructor says, with what it prints", () => {
    const rules = rulesOf(`
class Mine(Layer):
    def __init__(self, units=1, mode="fast"):
        super().__init__()
        if units <= 0:
            raise ValueError(f"Positive, please. Received: units={units} of {type(units)}")
        if mode not in ("fast", "slow"):
            raise ValueError(f"{self.__class__.__name__} knows no {mode!r}")
`);
    assert.deepEqual(values(rules), [
      "units: null: TypeError: '<=' not supported between instances of 'NoneType' and 'int'",
      "units: false, zero, negative integer, zero float, negative float: ValueError: Positive, please. Received: units={units} of {units!t}",
      "units: empty list, list of 1, list of 2, list of 3, list of 4: TypeError: '<=' not supported between instances of 'list' and 'int'",
      "units: dict: TypeError: '<=' not supported between instances of 'dict' and 'int'",
      "units: string but : TypeError: '<=' not supported between instances of 'str' and 'int'",
      "mode: null, true, false, zero, one, greater integer, negative integer, zero float, fraction, one float, greater float, negative float: ValueError: {} knows no {mode!r}",
      "mode: string but fast|slow: ValueError: {} knows no {mode!r}",
    ]);
  });

  test("are refused by Python where they are made numbers, and are none", () => {
    const rules = rulesOf(`
class Mine(Layer):
    def __init__(self, axis=-1, rate=0.5):
        super().__init__()
        self.axis = int(axis)
        self.rate = float(rate)
`);
    const lists = "empty list, list of 1, list of 2, list of 3, list of 4";
    const integer = "int() argument must be a string, a bytes-like object or a real number, not";
    const number = "float() argument must be a string or a real number, not";
    assert.deepEqual(values(rules), [
      `axis: null: TypeError: ${integer} 'NoneType'`,
      `axis: ${lists}: TypeError: ${integer} 'list'`,
      `axis: dict: TypeError: ${integer} 'dict'`,
      `rate: null: TypeError: ${number} 'NoneType'`,
      `rate: ${lists}: TypeError: ${number} 'list'`,
      `rate: dict: TypeError: ${number} 'dict'`,
    ]);
  });

  test("are refused only where nothing else decides", () => {
    const rules = rulesOf(`
class Mine(Layer):
    def __init__(self, units=1, strict=True):
        super().__init__()
        if strict and units < 0:
            raise ValueError("negative")
`);
    assert.deepEqual(values(rules), []);
  });

  test("a number that is the only one allowed", () => {
    const rules = rulesOf(`
class Mine(Layer):
    def __init__(self, bits=4):
        super().__init__()
        if bits != 4:
            raise ValueError("four bits")
`);
    assert.ok(values(rules).some((line) => line.includes("greater integer") && line.includes("but 4:")));
  });

  test("an exception that a try turns into another", () => {
    const rules = rulesOf(`
class Mine(Layer):
    def __init__(self, size=1):
        super().__init__()
        try:
            size = tuple(size)
        except TypeError:
            raise ValueError(f"no tuple: {size}")
`);
    assert.match(values(rules)[0] ?? "", /^size: null, true, false, zero, one.*: ValueError: no tuple: \{size\}$/);
  });
});

test("rules are the same after they were written and read", () => {
  const rules: ConstructorRules = {
    accepts: ["units", "name"],
    unknown: { exception: "ValueError", text: "no {**}" },
    missing: { units: { exception: "TypeError", text: "units", unless: ["shape"] } },
    values: [
      { argument: "units", forms: ["zero"], numbers: [4], refusal: { exception: "ValueError" } },
      {
        argument: "mode",
        forms: ["string"],
        strings: { accepted: ["a", "*b*"], caseless: true },
        refusal: { exception: "ValueError", text: "x" },
      },
    ],
  };
  assert.deepEqual(decodeRules(encodeRules(rules)), rules);
});

test("values are compared as Python compares them", () => {
  const rules = rulesOf(`
class Mine(Layer):
    def __init__(self, size=1, mode="auto", name_of=None):
        super().__init__()
        if size < 0:
            raise ValueError("negative")
        if mode not in ("auto", True):
            raise ValueError("no mode")
        if name_of is not None:
            name_of.lower()
`);
  const lines = values(rules);
  const noOrder = "TypeError: '<' not supported between instances of";
  assert.ok(lines.includes(`size: string but : ${noOrder} 'str' and 'int'`));
  assert.ok(lines.includes(`size: null: ${noOrder} 'NoneType' and 'int'`));
  // 1 equals True.
  assert.ok(lines.every((line) => !/^mode: .*\bone\b/.test(line)));
  assert.ok(
    lines.some(
      (line) => line.startsWith("name_of: zero, one") && line.endsWith("'int' object has no attribute 'lower'"),
    ),
  );
});
