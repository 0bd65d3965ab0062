import assert from "node:assert/strict";
import { test } from "node:test";
import { ClassCache } from "../../../server/tools/catalogue/classCache.ts";
import { readRelease } from "../../../server/tools/catalogue/readRelease.ts";
import { SlotReader } from "../../../server/tools/catalogue/slots.ts";
import { release } from "./fixture.ts";

/** A base whose constructor asks a module behind another; `least` is what it lets through. */
const files = (least: number) => `
#- src/deep.py
def check(units):
    if units <= ${least}:
        raise ValueError("too few units")
#- src/helper.py
from keras.src import deep
def check_units(units):
    deep.check(units)
#- src/mid.py
from keras.src import helper
from keras.src.layers.layer import Layer
class Mid(Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        helper.check_units(units)
#- src/derived.py
from keras.src import mid
class Derived(mid.Mid):
    pass
`;

test("rules are read anew where a module behind them has changed, also those of bases", () => {
  const cache = new ClassCache<readonly string[]>();
  const refusedIn = (least: number) => {
    const source = release(files(least));
    const { machine, classes } = readRelease(source).complete;
    const reader = new SlotReader(machine);
    return ["keras.src.derived:Derived", "keras.src.mid:Mid"].map((key) => {
      const cls = classes.get(key);
      assert.ok(cls);
      const read = () =>
        reader.rulesOf(cls)?.values.flatMap(({ argument, forms }) => (argument === "units" ? forms : []));
      return cache.answer(key, source, machine, () => read() ?? []);
    });
  };
  const atZero = ["zero", "negative integer", "zero float", "negative float"];
  const first = refusedIn(0).map((forms) => atZero.every((form) => forms.includes(form)) && !forms.includes("one"));
  assert.deepEqual(first, [true, true]);
  const second = refusedIn(1).map((forms) => forms.includes("one"));
  assert.deepEqual(second, [true, true]);
});
