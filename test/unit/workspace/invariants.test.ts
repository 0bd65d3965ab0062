import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { test } from "node:test";

declare const __ROOT__: string;
const source = join(__ROOT__, "server/src");

/** The rooms that make up the engine: what `server/tsconfig.engine.json` compiles without a host's types. */
const engine: readonly string[] = (
  JSON.parse(readFileSync(join(__ROOT__, "server/tsconfig.engine.json"), "utf8")) as { include: string[] }
).include.map((folder) => folder.replace("src/", ""));

function filesOf(room: string): { path: string; text: string }[] {
  const folder = join(source, room);
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  } catch {
    return [];
  }
  return names.map((name) => ({ path: join(room, name), text: readFileSync(join(folder, name), "utf8") }));
}

/** What a file imports, static and dynamic. */
function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)"([^"]+)"/g)].map((match) => match[1] ?? "");
}

test("invariant 1: the engine compiles without the types of any host", () => {
  const { compilerOptions } = JSON.parse(readFileSync(join(__ROOT__, "server/tsconfig.engine.json"), "utf8")) as {
    compilerOptions: { lib: string[]; types: string[] };
  };
  assert.deepEqual(compilerOptions.lib, ["ES2023"]);
  assert.deepEqual(compilerOptions.types, []);
  for (const room of ["json", "config", "python", "registry", "catalogue", "deserialize", "rules", "workspace"]) {
    assert.ok(engine.includes(room), room);
  }
});

test("invariant 1: no file of the engine imports a host's module, or a room outside the engine", () => {
  for (const { path, text } of engine.flatMap(filesOf)) {
    for (const imported of importsOf(text)) {
      assert.ok(!imported.startsWith("node:"), `${path} imports ${imported}`);
      if (!imported.startsWith(".")) continue;
      const room = relative(source, normalize(join(source, dirname(path), imported))).split("/")[0] ?? "";
      assert.ok(engine.includes(room), `${path} imports ${imported}`);
    }
  }
});

test("invariant 3: nothing that runs code or reaches the network is imported or called", () => {
  const rooms = [...engine, "host", "cli"];
  const forbidden =
    /^(?:node:)?(?:child_process|cluster|dgram|dns|http|http2|https|inspector|net|tls|vm|worker_threads)(?:\/|$)/;
  for (const { path, text } of rooms.flatMap(filesOf)) {
    for (const imported of importsOf(text)) assert.doesNotMatch(imported, forbidden, path);
    assert.doesNotMatch(text, /\b(?:eval|fetch|XMLHttpRequest|WebSocket)\s*\(|\bnew\s+Function\s*\(/, path);
  }
});
