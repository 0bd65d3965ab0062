import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { codeCells, displayName, rangeInFile } from "../../../server/src/workspace/notebook.ts";
import { offsetAt } from "../../protocol/client.ts";

const code = (source: string | string[], more = {}) => ({ cell_type: "code", source, ...more });
const text = (source: string) => ({ cell_type: "markdown", source });

/** The code cells of a notebook, each as its index and its text. */
function cellsOf(notebook: object): string[] {
  return (codeCells(JSON.stringify(notebook)) ?? []).map((cell) => `${cell.index}: ${cell.text}`);
}

describe("the code cells of a notebook", () => {
  test("are counted among all cells; a source is a string or lines", () => {
    const raw = { cell_type: "raw", source: "c = 3" };
    assert.deepEqual(cellsOf({ cells: [text("# A"), code("a = 1"), raw, code(["b = (\r\n", "  2)"])] }), [
      "1: a = 1",
      "3: b = (\r\n  2)",
    ]);
  });

  test("of the formats before 4 stand in worksheets", () => {
    const input = { cell_type: "code", language: "python", input: ["a = 1"] };
    const shell = { cell_type: "code", language: "bash", input: "ls" };
    const worksheets = [{ cells: [text("x"), input] }, { cells: [shell, { ...input, input: "b = 2" }] }];
    assert.deepEqual(cellsOf({ nbformat: 3, worksheets }), ["1: a = 1", "3: b = 2"]);
  });

  test("of another kernel's language are none of Python", () => {
    for (const metadata of [
      { kernelspec: { name: "ir", language: "R" } },
      { kernelspec: { name: "ir", display_name: "R" } },
      { language_info: { name: "julia" } },
      { kernelspec: { name: "python3" }, language_info: { name: "rust" } },
    ])
      assert.deepEqual(cellsOf({ metadata, cells: [code("a = 1")] }), [], JSON.stringify(metadata));
    for (const metadata of [
      {},
      { kernelspec: { name: "python3", display_name: "Python 3" }, accelerator: "GPU" },
      { kernelspec: { name: "tf-env" } },
      { kernelspec: { language: "python" }, language_info: { name: "python", version: "3.12.1" } },
      { language_info: { name: "ipython3" } },
    ])
      assert.deepEqual(cellsOf({ metadata, cells: [code("a = 1")] }), ["0: a = 1"], JSON.stringify(metadata));
  });

  test("may be of another language one by one", () => {
    const shell = code("ls", { metadata: { vscode: { languageId: "shellscript" } } });
    assert.deepEqual(cellsOf({ cells: [shell, code("a = 1")] }), ["1: a = 1"]);
  });

  test("are found in JSON as Python writes it, and in what is being written", () => {
    const output = '{"cells": [{"cell_type": "code", "outputs": [NaN, Infinity], "source": "a = 1"}';
    assert.deepEqual(codeCells(`${output}]}`), [{ index: 0, text: "a = 1" }]);
    assert.deepEqual(codeCells(output), [{ index: 0, text: "a = 1" }]);
  });

  test("are none in what is no notebook, whatever it holds", () => {
    for (const other of ["", "null", "[1]", '{"cells": {}}', '{"worksheets": 1}', "import keras"])
      assert.equal(codeCells(other), undefined, other);
    for (const odd of [null, 1, {}, { cell_type: "code" }, { cell_type: "code", source: [1, null] }])
      assert.equal(
        cellsOf({ cells: [odd], metadata: 3, worksheets: [null] })
          .join()
          .replace("0: ", ""),
        "",
      );
  });
});

/** What a file spells where a word of a cell stands. */
function spelled(file: string, index: number, word: string): string | undefined {
  const cell = codeCells(file)?.find((one) => one.index === index)?.text ?? "";
  const at = cell.indexOf(word);
  const position = (offset: number) => {
    const lines = cell.slice(0, offset).split(/\r\n?|\n/);
    return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  };
  const range = rangeInFile(file, index, { start: position(at), end: position(at + word.length) });
  return range && `${range.start.line}: ${file.slice(offsetAt(file, range.start), offsetAt(file, range.end))}`;
}

describe("a place in a cell, as a place in the file", () => {
  const lines = ["import keras\n", '@register("p")\n', "class Größe:\r\n", "\tdef f(self): pass"];

  test("is on the line of the file that holds the line of the cell", () => {
    const file = JSON.stringify({ cells: [text("# A"), code(lines)] }, null, 1);
    assert.equal(spelled(file, 1, "Größe"), "11: Größe");
    assert.equal(spelled(file, 1, '"p"'), '10: \\"p\\"');
    assert.equal(spelled(file, 1, "self"), "12: self");
    assert.equal(spelled(file, 1, "pass"), "12: pass");
    assert.equal(spelled(file, 1, "import"), "9: import");
  });

  test("counts escapes by what they stand for", () => {
    const ascii = JSON.stringify({ cells: [code(lines.join(""))] })
      .replace("ö", "\\u00f6")
      .replace("ß", "\\u00DF");
    assert.equal(spelled(ascii, 0, "Größe"), "0: Gr\\u00f6\\u00DFe");
    assert.equal(spelled(ascii, 0, "self"), "0: self");
  });

  test("is none where the file holds no such cell", () => {
    const at = { line: 0, character: 0 };
    for (const file of ["", "{}", JSON.stringify({ cells: [] }), JSON.stringify({ cells: [{ cell_type: "code" }] })])
      assert.equal(rangeInFile(file, 0, { start: at, end: at }), undefined);
  });

  test("beyond the text is its end", () => {
    const file = JSON.stringify({ cells: [code("ab")] });
    const beyond = { line: 7, character: 9 };
    const { start } = rangeInFile(file, 0, { start: beyond, end: beyond }) ?? {};
    assert.equal(start?.character, file.indexOf('ab"') + 2);
  });
});

test("cells are named by their number, counted from one", () => {
  assert.equal(displayName("file:///w/a%20b.ipynb#cell=2"), "a b.ipynb, cell 3");
  assert.equal(displayName("vscode-notebook-cell:/w/a.ipynb#W2sZmlsZQ%3D%3D"), "a.ipynb");
  assert.equal(displayName("file:///w/a%23cell=2.py"), "a#cell=2.py");
});
