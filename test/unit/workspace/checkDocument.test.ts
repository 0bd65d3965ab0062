import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkDocument } from "../../../server/src/workspace/checkDocument.ts";
import { emptyRegistry } from "../../recorded/emptyRegistry.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";

/** What a document's check says, one problem a line: `«value under the squiggle» rule versions stops | exception`. */
function problems(text: string, ...versions: string[]): string[] {
  const targets = (versions.length > 0 ? versions : ["3.15.1"]).map((version) => ({ version, from: "--keras" }));
  const report = checkDocument({
    uri: "file:///c.json",
    text,
    container: "json",
    targets,
    catalogue,
    registry: emptyRegistry,
  });
  return report.problems.map((problem) => {
    const stops = problem.stops ? " stops" : "";
    const value = text.slice(problem.start, problem.end).slice(0, 40);
    return `${value} ${problem.rule} ${problem.versions.join()}${stops} | ${problem.outcome?.exception ?? "-"}`;
  });
}

const dense =
  '{"module": "keras.layers", "class_name": "Dense", "config": {"units": 3}, "registered_name": "my>Dense"}';
const scale = '{"module": "my.layers", "class_name": "Scale", "config": {}, "registered_name": "my>Scale"}';

describe("the check of one document", () => {
  test("tells every version that has the same outcome once", () => {
    assert.deepEqual(problems(dense, "3.12.4", "3.15.1"), [
      '"my>Dense" registered-name-on-builtin 3.12.4 | -',
      '"my>Dense" registered-name-on-builtin 3.15.1 stops | ValueError',
    ]);
    assert.deepEqual(problems(scale, "3.9.2", "3.10.0", "3.12.4"), [
      '"my>Scale" class-not-registered 3.9.2,3.10.0 stops | TypeError',
      '"my>Scale" class-not-registered 3.12.4 stops | TypeError',
    ]);
  });

  test("says of every version what it says of that version alone, and simulates equal loads once", () => {
    const model = `{"module": "keras", "class_name": "Sequential", "config": {"name": "m", "layers": [${dense}, ${scale}]}, "registered_name": null}`;
    const all = catalogue.versions.filter((version) => version.startsWith("3."));
    const input = {
      uri: "file:///c.json",
      text: model,
      container: "json",
      catalogue,
      registry: emptyRegistry,
    } as const;
    const check = (...versions: string[]) =>
      checkDocument({ ...input, targets: versions.map((version) => ({ version, from: "--keras" })) });
    const together = check(...all);
    for (const version of all) {
      const said = (report: typeof together) =>
        report.problems
          .filter(({ versions }) => versions.includes(version))
          .map(({ message, outcome, stops, start }) => ({ message, outcome, stops, start }));
      assert.deepEqual(said(together), said(check(version)), version);
    }
    const loads = new Set(together.analysis?.loads.map(({ events }) => events));
    assert.ok(loads.size > 1 && loads.size < all.length / 2, `${loads.size} loads of ${all.length}`);
  });

  test("a problem says which versions find what it is about", () => {
    const resized =
      '{"module": "keras.layers", "class_name": "RMSNormalization", "config": {}, "registered_name": null}';
    const targets = ["3.8.0", "3.9.2", "3.15.1"].map((version) => ({ version, from: "--keras" }));
    const input = {
      uri: "file:///c.json",
      text: resized,
      container: "json",
      catalogue,
      registry: emptyRegistry,
    } as const;
    const { problems } = checkDocument({ ...input, targets });
    assert.deepEqual(
      problems.map(({ versions, foundIn }) => [versions, foundIn]),
      [[["3.8.0"], ["3.9.2", "3.15.1"]]],
    );
  });

  test("marks only the first problem of a load as the one at which Keras stops", () => {
    const model = `{"module": "keras", "class_name": "Sequential", "config": {"name": "m", "layers": [${scale}, ${scale}]}, "registered_name": null}`;
    assert.deepEqual(problems(model), [
      '"my>Scale" class-not-registered 3.15.1 stops | TypeError',
      '"my>Scale" class-not-registered 3.15.1 | TypeError',
    ]);
  });

  test("reports a syntax error as Python does, and what lies behind it", () => {
    const broken = `{"module": "keras", "class_name": "Sequential", "config": {"name": "m",, "layers": [${scale}]}, "registered_name": null}`;
    assert.deepEqual(problems(broken), [
      ", syntax-error 3.15.1 stops | JSONDecodeError",
      '"my>Scale" class-not-registered 3.15.1 | TypeError',
    ]);
  });

  test("says nothing of a syntax error in a document that holds no config", () => {
    assert.deepEqual(problems('{"name": "package",, "class_name": 1}'), []);
  });

  test("does not lose a config of which no object is whole any more", () => {
    assert.match(problems('{"class_name": "Dense", "config": {"a": [}{"a": [}')[0] ?? "", /syntax-error 3.15.1 stops/);
  });

  test("says that Python does not read what nests too deep for it", () => {
    const deep = `{"module": "keras.layers", "class_name": "Dense", "config": ${"[".repeat(2000)}${"]".repeat(2000)}, "registered_name": null}`;
    assert.deepEqual(problems(deep)[0], "{ syntax-error 3.15.1 stops | RecursionError");
  });

  test("knows nothing of a release that is not in the catalogue, and shows nothing red", () => {
    const targets = [{ version: "2.9.0", from: "--keras" }];
    const report = checkDocument({
      uri: "file:///c.json",
      text: scale,
      container: "json",
      targets,
      catalogue,
      registry: emptyRegistry,
    });
    assert.deepEqual(report.problems, []);
    assert.equal(report.unknown.length, 1);
  });
});
