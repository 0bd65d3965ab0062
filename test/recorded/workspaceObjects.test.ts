/** Objects of the workspace's classes as completion offers them, against what real Keras wrote of the same classes. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { plainText } from "../../server/src/features/snippet.ts";
import { wholeObject } from "../../server/src/features/wholeObject.ts";
import { loadConfigs } from "../../server/src/host/catalogue.ts";
import { catalogue } from "./shippedCatalogue.ts";
import { workspaceRegistry } from "./workspaceRegistry.ts";

declare const __ROOT__: string;
const folder = join(__ROOT__, "test/recorded/workspaceObjects");
const configs = loadConfigs(pathToFileURL(join(__ROOT__, "server/data/")));
const registry = workspaceRegistry({ "garden.py": readFileSync(join(folder, "garden.py"), "utf8") });

interface Recording {
  readonly objects: Readonly<Record<string, { readonly required: readonly string[]; readonly written: Written }>>;
}

interface Written {
  readonly config: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** The object of a class as it is offered. */
function offered(name: string, version: string): Written {
  const [declared] = registry.declarationsNamed(name);
  const cls = declared && registry.classOf(declared.module, declared.qualname, declared.location);
  assert.ok(cls, name);
  const identity = { module: declared.module, className: name, registeredName: declared.key };
  const release = catalogue.release(version);
  return JSON.parse(plainText(wholeObject(release, configs, { from: "workspace", cls }, identity, (text) => text)));
}

describe("an object of a class of the workspace is what real Keras writes", () => {
  for (const version of ["3.3.3", "3.8.0", "3.15.1"]) {
    const { objects } = JSON.parse(readFileSync(join(folder, `${version}.json`), "utf8")) as Recording;
    for (const [name, { required, written }] of Object.entries(objects)) {
      test(`${name} in ${version}`, () => {
        const { config, ...beside } = offered(name, version);
        const { config: realConfig, ...realBeside } = written;
        assert.deepEqual(beside, realBeside);
        const given = (from: Written["config"]) =>
          Object.fromEntries(Object.entries(from).map(([key, value]) => [key, required.includes(key) ? null : value]));
        assert.deepEqual(given(config), given(realConfig));
        assert.deepEqual(Object.keys(config), Object.keys(realConfig));
      });
    }
  }
});
