/** All damages of the generated models; `npm run conformance` prints how many are answered in which way. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answer, answerTo, RECORDED, recordedModels } from "./compare.ts";

for (const version of [RECORDED, "3.0.5", "3.0.0", "2.21.0", "2.15.1"]) {
  for (const half of ["looked at", "held out"]) {
    test(`damaged models, ${version}, ${half}`, (context) => {
      const counts = new Map<string, number>();
      const bad: [Answer, string][] = [];
      const models = recordedModels("models", version);
      for (const model of models.filter(({ seed = 0 }) => seed % 2 === (half === "held out" ? 1 : 0))) {
        for (const damage of model.damages ?? []) {
          const answer = answerTo(model, damage, version);
          const kind = "exception" in damage ? damage.exception : "loads";
          counts.set(`${kind}: ${answer}`, (counts.get(`${kind}: ${answer}`) ?? 0) + 1);
          // Other words than Keras's are counted in the half that is not looked at.
          const isCounted = answer === "other text" && half === "held out" && version !== RECORDED;
          if ((answer === "false error" || answer === "other text") && !isCounted)
            bad.push([answer, `${model.seed} ${damage.at}`]);
        }
      }
      for (const [kind, count] of [...counts].sort()) context.diagnostic(`${count} ${kind}`);
      assert.deepEqual(bad, []);
    });
  }
}
