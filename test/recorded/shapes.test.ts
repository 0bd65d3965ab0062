/** Shapes and parameter counts, against what real Keras 3.15.1 said of the models that it loaded. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answerTo, differences, recordedModels } from "../conformance/shapes/compare.ts";

describe("every layer of every model of keras.applications has the shapes and parameters of real Keras", () => {
  for (const model of recordedModels("applications"))
    test(`${model.name}`, () => assert.deepEqual(differences(model.config, model), []));
});

describe("every layer of models of tf_keras.applications has the shapes and parameters of tf-keras", () => {
  for (const model of recordedModels("applications", "2.15.1"))
    test(`${model.name}`, () => assert.deepEqual(differences(model.config, model, "2.15.1"), []));
});

describe("every layer of generated models has the shapes and parameters of real Keras", () => {
  for (const model of recordedModels("models"))
    test(`seed ${model.seed}`, () => assert.deepEqual(differences(model.config, model), []));
});

/** Of the oldest releases half of the models is held out, as of 3.15. */
const heldOut = new Set(["3.0.5", "3.0.0", "2.21.0", "2.15.1"]);

for (const version of ["3.14.1", "3.12.4", "3.11.3", "3.6.0", "3.4.1", "3.3.3", "3.1.1", ...heldOut]) {
  test(`Keras ${version} loads what is loaded and raises what is raised`, () => {
    const said = new Map<string, number>();
    for (const model of recordedModels("models", version)) {
      if (heldOut.has(version) && (model.seed ?? 0) % 2 === 1) continue;
      if ("exception" in model) continue;
      const found = differences(model.config, model, version);
      assert.deepEqual(heldOut.has(version) ? wrong(found) : found, [], `seed ${model.seed}`);
      for (const damage of model.damages ?? []) {
        const answer = answerTo(model, damage, version);
        const where = `seed ${model.seed}: ${JSON.stringify(damage.value)} at ${damage.at}`;
        assert.ok(answer !== "false error" && answer !== "other text", `${answer} of ${where}`);
        const kind = "exception" in damage ? `${damage.exception} ${answer}` : "loads";
        said.set(kind, (said.get(kind) ?? 0) + 1);
      }
    }
    const [same, silent] = ["same", "silent"].map((answer) => said.get(`ValueError ${answer}`) ?? 0) as [
      number,
      number,
    ];
    assert.ok(heldOut.has(version) ? same > 9 * silent : same > silent, JSON.stringify([...said]));
  });
}

for (const version of ["2.15.1", "2.21.0"]) {
  test(`common models in tf-keras ${version}: every ValueError is said in its words`, () => {
    for (const model of recordedModels("common", version)) {
      assert.deepEqual(differences(model.config, model, version), [], `seed ${model.seed}`);
      for (const damage of model.damages ?? []) {
        const answer = answerTo(model, damage, version);
        const where = `seed ${model.seed}: ${JSON.stringify(damage.value)} at ${damage.at}`;
        if ("exception" in damage && damage.exception !== "ValueError") assert.notEqual(answer, "other text", where);
        else assert.equal(answer, "same", where);
      }
    }
  });
}

test("a config with another number raises what Keras raises, or nothing is said", () => {
  const said = { raised: 0, silent: 0 };
  for (const model of recordedModels("models").filter(({ seed = 0 }) => seed % 5 === 0)) {
    for (const damage of model.damages ?? []) {
      const answer = answerTo(model, damage);
      const where = `seed ${model.seed}: ${JSON.stringify(damage.value)} at ${damage.at}`;
      assert.ok(answer !== "false error" && answer !== "other text", `${answer} of ${where}`);
      // What constructors refuse is no conflict of shapes.
      if (!("exception" in damage) || damage.exception !== "ValueError") continue;
      if (answer === "same") said.raised++;
      else said.silent++;
    }
  }
  assert.ok(said.raised > 4 * said.silent, `${said.raised} raised, ${said.silent} silent`);
});

/** What is said otherwise; of the oldest releases not everything is said. */
function wrong(found: readonly string[]): string[] {
  return found.filter((difference) => !/the tool (?:null|undefined|\[\[\]\])$/.test(difference));
}
