import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";

declare const __ROOT__: string;
const require = createRequire(join(__ROOT__, "package.json"));
const { INITIAL, parseRawGrammar, Registry } = require("vscode-textmate") as typeof import("vscode-textmate");
const { loadWASM, OnigScanner, OnigString } = require("vscode-oniguruma") as typeof import("vscode-oniguruma");

const injection = "keras-config.injection";
const injectionFile = join(__ROOT__, "syntaxes/keras-config.injection.tmLanguage.json");

/** A grammar that names the parts of JSON as VS Code's two do; `suffix` ends their scopes. */
function jsonGrammar(scopeName: string, suffix: string): object {
  const quoted = (name: string, quote: string) => ({
    begin: '"',
    beginCaptures: { 0: { name: `${quote}.begin.${suffix}` } },
    end: '"',
    endCaptures: { 0: { name: `${quote}.end.${suffix}` } },
    name,
    patterns: [{ match: "\\\\.", name: `constant.character.escape.${suffix}` }],
  });
  return {
    scopeName,
    patterns: [{ include: "#value" }],
    repository: {
      value: {
        patterns: [{ include: "#object" }, { include: "#array" }, { include: "#string" }, { include: "#word" }],
      },
      word: { match: "[\\w.+-]+", name: `constant.language.${suffix}` },
      string: quoted(`string.quoted.double.${suffix}`, "punctuation.definition.string"),
      key: quoted(`string.${suffix} support.type.property-name.${suffix}`, "punctuation.support.type.property-name"),
      array: { begin: "\\[", end: "\\]", name: `meta.structure.array.${suffix}`, patterns: [{ include: "#value" }] },
      object: {
        begin: "\\{",
        end: "\\}",
        name: `meta.structure.dictionary.${suffix}`,
        patterns: [
          { include: "#key" },
          {
            begin: ":",
            end: "(,)|(?=\\})",
            name: `meta.structure.dictionary.value.${suffix}`,
            patterns: [{ include: "#value" }],
          },
        ],
      },
    },
  };
}

const onigLib = loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"))).then(() => ({
  createOnigScanner: (patterns: string[]) => new OnigScanner(patterns),
  createOnigString: (text: string) => new OnigString(text),
}));

/** The scopes of each character of the lines, outermost first. */
async function scopesOf(
  lines: readonly string[],
  scope: string,
  suffix: string,
  isInjected: boolean,
): Promise<string[][]> {
  const registry = new Registry({
    onigLib,
    loadGrammar: async (name) =>
      name === injection
        ? parseRawGrammar(readFileSync(injectionFile, "utf8"), injectionFile)
        : parseRawGrammar(JSON.stringify(jsonGrammar(scope, suffix)), "json.json"),
    getInjections: (name) => (isInjected && name === scope ? [injection] : undefined),
  });
  const grammar = await registry.loadGrammar(scope);
  assert.ok(grammar);
  let state = INITIAL;
  const scopes: string[][] = [];
  for (const line of lines) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    for (const token of tokens)
      for (let i = token.startIndex; i < Math.min(token.endIndex, line.length); i++) scopes.push(token.scopes);
  }
  return scopes;
}

const isOurs = (scope: string): boolean => scope.endsWith(".keras-config");

/** Marks in a text what the injection sets off, as `«…»`; checks that every other scope stays what it is. */
async function setOff(text: string, scope = "source.json", suffix = "json"): Promise<string> {
  const lines = text.split("\n");
  const plain = await scopesOf(lines, scope, suffix, false);
  const injected = await scopesOf(lines, scope, suffix, true);
  assert.deepEqual(
    injected.map((scopes) => scopes.filter((name) => !isOurs(name))),
    plain,
  );
  let marked = "";
  let at = 0;
  let isInside = false;
  for (const line of lines) {
    for (const character of line) {
      const isMarked = injected[at++]!.some(isOurs);
      if (isMarked !== isInside) marked += isMarked ? "«" : "»";
      isInside = isMarked;
      marked += character;
    }
    marked += "\n";
  }
  return marked.slice(0, -1);
}

test("the values of class_name and registered_name are set off, and nothing else", async () => {
  const text = `{
  "module": "my_package.layers",
  "class_name": "«Scale»",
  "config": {"name": "class_name", "dtype": {"class_name":"«DTypePolicy»", "registered_name" : "«a>B»"}},
  "registered_name": "«my_package>Scale»",
  "class_names": "cat", "x": ["class_name", "registered_name"]
}`;
  const plain = text.replace(/[«»]/g, "");
  assert.equal(await setOff(plain), text);
  assert.equal(await setOff(plain, "source.json.comments", "json.comments"), text);
});

test("values that are no names stay as they are", async () => {
  for (const text of [
    '{"class_name": null, "registered_name": ""}',
    '{"class_name": {"registered_name": null}}',
    String.raw`{"text": "\"class_name\": \"Scale\""}`,
    '{"class_name": ["Scale"]}',
  ])
    assert.equal(await setOff(text), text);
});

test("the two keys have scopes of their own", async () => {
  const scopes = await scopesOf(['{"class_name": "A", "registered_name": "B"}'], "source.json", "json", true);
  assert.deepEqual(
    [...new Set(scopes.flat().filter(isOurs))],
    ["entity.name.type.class.keras-config", "entity.name.type.registered-name.keras-config"],
  );
});
