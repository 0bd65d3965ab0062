/** All damages of the generated models; `npm run conformance` prints how many are answered in which way. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answer, answerTo, recordedModels } from "./compare.ts";

for (const half of ["looked at", "held out"]) {
  test(`damaged models, ${half}`, (context) => {
    const counts = new Map<string, number>();
    const bad: [Answer, string][] = [];
    for (const model of recordedModels("models").filter(({ seed = 0 }) => seed % 2 === (half === "held out" ? 1 : 0))) {
      for (const damage of model.damages ?? []) {
        const answer = answerTo(model, damage);
        const kind = "exception" in damage ? damage.exception : "loads";
        counts.set(`${kind}: ${answer}`, (counts.get(`${kind}: ${answer}`) ?? 0) + 1);
        if (answer === "false error" || answer === "other text") bad.push([answer, `${model.seed} ${damage.at}`]);
      }
    }
    for (const [kind, count] of [...counts].sort()) context.diagnostic(`${count} ${kind}`);
    assert.deepEqual(bad, []);
  });
}
