import assert from "node:assert/strict";
import { test } from "node:test";
import { ModuleNamer } from "../../../server/src/workspace/moduleNames.ts";
import { scan } from "../../../server/src/workspace/scan.ts";
import { memoryHost, pathsOf } from "./memoryHost.ts";

/** "path: name, name" for every Python file below a root, in the order of paths. */
async function names(root: string, ...paths: string[]): Promise<string[]> {
  const host = memoryHost(paths.map((path) => `//- ${path}`).join("\n"));
  const { python } = await scan(host, root);
  const namer = await ModuleNamer.for(host, root, python);
  return python.map((uri) => `${pathsOf([uri], root)[0]}: ${namer.placesOf(uri).names.join(", ")}`);
}

test("a package is named from the folder that holds it", async () => {
  assert.deepEqual(await names("file:///w", "/w/pkg/__init__.py", "/w/pkg/sub/__init__.py", "/w/pkg/sub/layers.py"), [
    "pkg/__init__.py: pkg",
    "pkg/sub/__init__.py: pkg.sub",
    "pkg/sub/layers.py: pkg.sub.layers",
  ]);
});

test("a package deeper in the workspace is named both ways", async () => {
  assert.deepEqual(await names("file:///w", "/w/projects/one/pkg/__init__.py", "/w/projects/one/pkg/layers.py"), [
    "projects/one/pkg/__init__.py: pkg, projects.one.pkg",
    "projects/one/pkg/layers.py: pkg.layers, projects.one.pkg.layers",
  ]);
});

test("a src folder is a place to import from", async () => {
  assert.deepEqual(await names("file:///w", "/w/src/pkg/__init__.py", "/w/src/pkg/layers.py", "/w/src/tool.py"), [
    "src/pkg/__init__.py: pkg, src.pkg",
    "src/pkg/layers.py: pkg.layers, src.pkg.layers",
    "src/tool.py: tool, src.tool",
  ]);
});

test("folders without __init__.py are namespace packages, and scripts import their neighbours by name", async () => {
  assert.deepEqual(await names("file:///w", "/w/train.py", "/w/models/layers.py"), [
    "models/layers.py: models.layers, layers",
    "train.py: train",
  ]);
});

test("a root that is a package itself keeps its name, and those of the packages above it", async () => {
  assert.deepEqual(await names("file:///w/pkg", "/w/pkg/__init__.py", "/w/pkg/layers.py"), [
    "__init__.py: pkg",
    "layers.py: pkg.layers, layers",
  ]);
  assert.deepEqual(
    await names("file:///w/pkg/sub", "/w/pkg/__init__.py", "/w/pkg/sub/__init__.py", "/w/pkg/sub/layers.py"),
    ["__init__.py: pkg.sub", "layers.py: pkg.sub.layers, layers"],
  );
});

test("what is no Python name cannot be imported", async () => {
  assert.deepEqual(await names("file:///w", "/w/2021-train.py", "/w/my-models/layers.py", "/w/größe.py"), [
    "2021-train.py: ",
    "größe.py: größe",
    "my-models/layers.py: layers",
  ]);
});
