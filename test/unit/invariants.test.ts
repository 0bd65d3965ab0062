import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, test } from "node:test";

declare const __ROOT__: string;
const source = join(__ROOT__, "server/src");

/** The rooms of the engine, each with the rooms it may import from: data walks one way. */
const engine: Readonly<Record<string, readonly string[]>> = {
  json: [],
  catalogue: [],
  python: [],
  registry: ["python"],
  config: ["json"],
  deserialize: ["json", "catalogue", "registry"],
  shapes: ["json", "catalogue"],
  rules: ["json", "catalogue", "deserialize", "registry"],
  workspace: ["json", "config", "python", "registry", "catalogue", "deserialize", "shapes", "rules"],
  features: ["json", "config", "python", "registry", "catalogue", "deserialize", "shapes", "rules", "workspace"],
};
/** Libraries that run anywhere and touch no host. */
const libraries = ["@zip.js/zip.js", "ignore", "jsonc-parser", "smol-toml"];

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(
    /^(?:import|export) (type )?[^;]*? from "([^"]+)";$|^import "([^"]+)";$|import\("([^"]+)"\)/gms,
  );
  return [...found].map((match) => ({
    file: relative(source, file),
    target: (match[2] ?? match[3] ?? match[4]) as string,
    typeOnly: match[1] !== undefined,
  }));
}

describe("the engine touches no host", () => {
  for (const room of Object.keys(engine)) {
    test(`${room} imports only the engine and libraries that run anywhere`, () => {
      for (const { file, target } of filesOf(join(source, room)).flatMap(importsOf)) {
        if (!target.startsWith("."))
          assert.ok(
            libraries.some((name) => target === name || target.startsWith(`${name}/`)),
            `${file} imports ${target}`,
          );
        else {
          const [other = ""] = normalize(join(dirname(file), target)).split("/");
          assert.ok(other === room || engine[room]?.includes(other), `${file} imports ${target}`);
        }
      }
    });
  }

  test("no file imports itself through others", () => {
    const graph = new Map<string, string[]>();
    for (const file of filesOf(source)) {
      const name = relative(source, file);
      const targets = importsOf(file).filter((found) => found.target.startsWith(".") && !found.typeOnly);
      graph.set(
        name,
        targets.map(({ target }) => normalize(join(dirname(name), target))),
      );
    }
    const done = new Set<string>();
    const visit = (name: string, path: readonly string[]): void => {
      assert.ok(!path.includes(name), `a circle: ${[...path, name].join(" → ")}`);
      if (done.has(name)) return;
      for (const next of graph.get(name) ?? []) visit(next, [...path, name]);
      done.add(name);
    };
    for (const name of graph.keys()) visit(name, []);
  });
});

test("only lsp knows the protocol", () => {
  for (const { file, target } of filesOf(source).flatMap(importsOf)) {
    if (!file.startsWith("lsp/")) assert.doesNotMatch(target, /^vscode-|\/lsp\//, `${file} imports ${target}`);
  }
});

test("nothing runs the user's code or reaches the network", () => {
  const forbidden = /^(node:)?(child_process|net|http|https|http2|dgram|dns|tls|vm|worker_threads|cluster|inspector)$/;
  for (const { file, target } of filesOf(source).flatMap(importsOf)) {
    assert.doesNotMatch(target, forbidden, `${file} imports ${target}`);
  }
  for (const file of filesOf(source)) {
    assert.doesNotMatch(readFileSync(file, "utf8"), /\b(eval|new Function|fetch|XMLHttpRequest|WebSocket)\s*\(/, file);
  }
});
