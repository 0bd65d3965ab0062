import assert from "node:assert/strict";
import { test } from "node:test";
import { notebook } from "../unit/workspace/notebooks.ts";
import { folderOf, object, run } from "./program.ts";

const layers = `@keras.saving.register_keras_serializable("p")
class Scale(keras.layers.Layer): pass
if input():
    keras.saving.register_keras_serializable("q")(Scale)
`;

test("a place in a notebook is named by the number of its cell and the line in it", async () => {
  const folder = folderOf(`//- /explore.ipynb
${notebook("import keras", layers)}//- /model.json
${object(null, "Scale", "q>Scale")}
`);
  const listed = await run(["registry"], { cwd: folder });
  assert.match(
    listed.out,
    /^p>Scale {2}class __main__\.Scale\n {2}explore\.ipynb:cell 3:2:7 .*explore\.ipynb:cell 3:1:2$/m,
  );
  assert.match(listed.out, / in 1 file$/m);
  const { registrations } = JSON.parse((await run(["registry", "--format", "json"], { cwd: folder })).out);
  assert.match(registrations[0].uri, /\/explore\.ipynb#cell=2$/);
  const checked = await run(["check", "--keras", "3.12.0"], { cwd: folder });
  assert.match(checked.out, /registered in a branch that cannot be decided .*, explore\.ipynb, cell 3:4$/m);
});
