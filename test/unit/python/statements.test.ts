import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { definitionHeader, type PythonTree, parsePython, type Statement } from "../../../server/src/python/index.ts";
import { DEEPEST_BLOCK } from "../../../server/src/python/statements.ts";

/** One line per statement: indentation is nesting, then the kind and what names it; `@…` for decorators. */
function outline(tree: PythonTree, statements: readonly Statement[] = tree.body, depth = 0): string {
  let text = "";
  for (const statement of statements) {
    const header =
      statement.kind === "class" || statement.kind === "def" ? definitionHeader(tree, statement) : undefined;
    const source = tree.text.slice(statement.start, statement.end).replace(/\s+/g, " ");
    const decorators = statement.decorators.map(
      ({ start, end }) => `@${tree.text.slice(start, end).replace(/\s+/g, " ")} `,
    );
    text += `${"  ".repeat(depth)}${decorators.join("")}${header ? `${statement.kind} ${header.name}` : source}\n`;
    text += outline(tree, statement.body, depth + 1);
  }
  return text;
}

function checkOutline(source: string, expected: string): void {
  assert.equal(outline(parsePython(source)).trimEnd(), expected.replace(/^\n/, "").trimEnd());
}

describe("statements", () => {
  test("blocks, decorators and suites on one line", () => {
    checkOutline(
      `
import a, b
@deco("x",
      y=1)
@other
class A(Base,
        metaclass=M):
    """Doc: with a colon."""
    x: int = 1; y = 2
    async def f(self, *, k={"a": 1}) -> dict[str, int]:
        if k: return 1
        elif not k: pass
        else:
            with open(a) as b, c: pass
try: import z
except (A, B) as e: pass
finally: done()
x = [1,
  2]; z = '''
class NotAClass:
'''
lambda: 0
`,
      `
import a, b
@deco("x", y=1) @other class A
  """Doc: with a colon."""
  x: int = 1
  y = 2
  def f
    if k
      return 1
    elif not k
      pass
    else
      with open(a) as b, c
        pass
try
  import z
except (A, B) as e
  pass
finally
  done()
x = [1, 2]
z = ''' class NotAClass: '''
lambda: 0
`,
    );
  });

  test("match is a statement only where it is one", () => {
    checkOutline(
      "match = re.match(x)\nmatch x:\n  case 1: pass\n  case _:\n    y\nmatch(x)\n",
      "match = re.match(x)\nmatch x\n  case 1\n    pass\n  case _\n    y\nmatch(x)",
    );
  });

  test("a lambda's colon does not end a header", () => {
    checkOutline("if (lambda: x)():\n  y\nwhile lambda: 1:\n  z\n", "if (lambda: x)()\n  y\nwhile lambda: 1\n  z");
  });

  test("magics of a notebook are no statements", () => {
    checkOutline("%matplotlib inline\n!pip install keras\nx = 1\n", "x = 1");
  });

  test("line ends, tabs, form feeds and a byte order mark", () => {
    checkOutline(
      "\ufeffclass A:\r\n\tx = 1\r\tdef f(self): pass\r\n\fclass B: pass\r\n",
      "class A\n  x = 1\n  def f\n    pass\nclass B\n  pass",
    );
  });

  test("strings of Python 3.12 hold their own quotes", () => {
    checkOutline(
      `x = f"{d["a"]} {', '.join(f'{y}' for y in z)}"\nclass A: pass\n`,
      `x = f"{d["a"]} {', '.join(f'{y}' for y in z)}"\nclass A\n  pass`,
    );
  });
});

describe("a line that is being typed", () => {
  const before = `
import keras

@keras.saving.register_keras_serializable(package="one")
class One(keras.layers.Layer):
    def call(self, x):
        return x

`;
  const after = `
@keras.saving.register_keras_serializable(
    package="two",
)
class Two(One):
    def get_config(self):
        return {"a": [1, 2]}

def three(x):
    return x
`;
  const snippets = [
    "x = foo(",
    "y = [1, 2",
    "s = 'half",
    "class New(",
    "def get_config(self",
    "@keras.saving.register_keras_serializable(",
    "if x.",
    "z = {'a': (",
    "from keras import (",
    "return f(x, y=",
  ];
  for (const snippet of snippets) {
    test(`\`${snippet}\` keeps the classes around it, and their decorators`, () => {
      const tree = parsePython(`${before}${snippet}\n${after}`);
      const found = outline(tree);
      assert.match(found, /^@keras\.saving\.register_keras_serializable\(package="one"\) class One$/m);
      assert.match(found, /@keras\.saving\.register_keras_serializable\( package="two", \) class Two$/m);
      assert.match(found, /^def three$/m);
    });
  }

  test("a triple quote that is not closed costs what it swallows, not the whole file", () => {
    const found = outline(parsePython(`${before}x = """\n${after}\nclass Four:\n    """A docstring."""\n`));
    assert.match(found, /^@.* class One$/m);
    assert.match(found, /class Two$/m);
    assert.match(found, /^class Four$/m);
  });

  test("a missing colon or quote", () => {
    checkOutline(
      'class A\n    x = "half\n    y = 1\nclass B: pass\n',
      'class A\n  x = "half\n  y = 1\nclass B\n  pass',
    );
  });
});

describe("hostile text", () => {
  const times = 200_000;
  const texts: Record<string, string> = {
    "open brackets": `x = ${"([{".repeat(times)}`,
    "open brackets on lines": "f(\n".repeat(times),
    "closing brackets": ")]}".repeat(times),
    "half-typed decorators": "@a(\n".repeat(times),
    quotes: "'".repeat(times),
    "triple quotes": '"""'.repeat(times),
    "fields of f-strings": 'f"{'.repeat(times / 10),
    backslashes: `x = '${"\\".repeat(times)}`,
    "blocks, each deeper": Array.from({ length: 1000 }, (_, depth) => `${" ".repeat(depth)}if x:\n`).join(""),
    "every character": Array.from({ length: 0xffff }, (_, code) => String.fromCharCode(code)).join(""),
  };
  for (const [name, text] of Object.entries(texts)) {
    test(name, () => {
      const tree = parsePython(`class Before: pass\n${text}\nclass After: pass\n`);
      assert.equal(definitionHeader(tree, tree.body[0]!)?.name, "Before");
      let deepest = 0;
      const stack = tree.body.map((statement) => ({ statement, depth: 1 }));
      for (let at = stack.pop(); at; at = stack.pop()) {
        deepest = Math.max(deepest, at.depth);
        for (const child of at.statement.body) stack.push({ statement: child, depth: at.depth + 1 });
      }
      assert.ok(deepest <= DEEPEST_BLOCK + 1);
    });
  }
});
