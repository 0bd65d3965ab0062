import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pythonOfCell } from "../../../server/src/python/ipython.ts";

/** What Python reads of a cell, without the blanks at the ends of lines. */
function read(cell: string): string {
  const { text, closing } = pythonOfCell(cell);
  assert.equal(text.length, cell.length, "every offset stays the cell's own");
  assert.deepEqual(text.match(/[\r\n]/g), cell.match(/[\r\n]/g));
  return (text + closing).replace(/ +$/gm, "").replace(/^\n+/, "");
}

describe("what IPython takes for itself", () => {
  test("line magics, shell lines and questions", () => {
    assert.equal(
      read(`%load_ext autoreload
%matplotlib inline
!pip install keras
!!ls
?Scale
Scale.call??
Scale?
/print 1
a = 1
if a:
    !echo "it's"
    b = 2
`),
      `a = 1
if a:

    b = 2
`,
    );
  });

  test("a shell line goes on behind a backslash", () => {
    assert.equal(read('!python train.py \\\n  --name "a (b" \\\n  --epochs 3\na = 1'), "a = 1");
  });

  test("values that come from it", () => {
    assert.equal(read("files = !ls *.json (\nnote: list = %sx ls\na = 1"), "files = _\nnote: list = _\na = 1");
  });

  test("operators, strings and comments are no magics", () => {
    const python = `a = (b
    % c
    != d)
e %= 2
f = g != h
i = """
%time
!ls
?
"""  # why?
j = k \\
    % l
m = {"?": n}
`;
    assert.equal(read(python), python);
  });
});

describe("what it runs as Python", () => {
  test("the rest of a line behind %time and its like", () => {
    assert.equal(read("%time model = build()"), "0;    model = build()");
    assert.equal(read("%timeit -n 10 -r3 build()"), "0;                build()");
    assert.equal(read("model = %time build(\n    1)"), "model =       build(\n    1)");
    assert.equal(read("class A:\n    x = 1\n%time b()"), "class A:\n    x = 1\n0;    b()");
  });

  for (const magic of [
    "%%time",
    "%%capture out",
    "%%timeit -n 1",
    "%%some_timer",
    "\n\n %%time",
    "#@title Layers\n%%capture",
  ]) {
    test(`a cell that begins with ${JSON.stringify(magic)}`, () => {
      assert.equal(read(`${magic}\n!pip install keras\nclass A: pass`), "class A: pass");
    });
  }

  test("but not the cells of other languages and programs", () => {
    for (const magic of ["%%bash", "%%html", "%%writefile layers.py", "%%javascript", "%%R -i x", "%%!", "%%sql"])
      assert.equal(read(`${magic}\nclass A: pass`), "", magic);
  });
});

test("what a cell leaves open ends with it", () => {
  const endings = {
    "A = f(1, [": "])",
    "A = {": "}",
    'A = """a': '"""',
    "A = f('''a": "''')",
    "A = 1 + \\": "",
    "@register": "\npass",
    "A = 1": undefined,
    "A = 1 # (": undefined,
  };
  for (const [cell, closing] of Object.entries(endings))
    assert.equal(pythonOfCell(cell).closing, closing === undefined ? "" : `\n${closing}`, cell);
});

test("a long cell of nothing but marks is read in one go", () => {
  for (const part of ["?", "? ", "%time ", "(", "x = ", "!\\\n", "%", "'''", "="]) {
    const cell = part.repeat(50_000);
    assert.equal(pythonOfCell(cell).text.length, cell.length);
  }
});
