import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { contributedCommands } from "../../client/src/commandNames.ts";
import { ruleTable } from "../../server/src/rules/table.ts";

declare const __ROOT__: string;
const file = join(__ROOT__, "package.json");

interface Setting {
  readonly scope: string;
  readonly order: number;
  readonly markdownDescription: string;
  properties?: Record<string, unknown>;
}

interface Manifest {
  readonly keywords: readonly string[];
  readonly main: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Record<string, readonly { readonly command: string }[]>;
    readonly configuration: { readonly properties: Record<string, Setting> };
  };
}

function readManifest(): Manifest {
  return JSON.parse(readFileSync(file, "utf8")) as Manifest;
}

/** The severity setting's part of the rule table. VS Code says what is no JSON, so that rule has no say here. */
function severities(): Record<string, unknown> {
  return Object.fromEntries(
    [...ruleTable.values()]
      .filter(({ code }) => code !== "syntax-error")
      .map(({ code, severity, summary }) => [
        code,
        {
          type: "string",
          enum: ["error", "warning", "information", "hint", "off"],
          default: severity,
          markdownDescription: summary,
        },
      ]),
  );
}

test("the setting for severities lists the rules of the table", () => {
  const manifest = readManifest();
  const setting = manifest.contributes.configuration.properties["kerasConfig.severity"]!;
  if (process.env.UPDATE_MANIFEST) {
    setting.properties = severities();
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  }
  assert.deepEqual(setting.properties, severities(), "run the tests with UPDATE_MANIFEST=1");
  assert.deepEqual(Object.keys(setting.properties), Object.keys(severities()));
});

test("the manifest contributes the commands that the client registers", () => {
  const { commands, menus } = readManifest().contributes;
  const names = commands.map(({ command }) => command);
  assert.deepEqual(
    names,
    contributedCommands.map((name) => `kerasConfig.${name}`),
  );
  for (const { command } of Object.values(menus).flat()) assert.ok(names.includes(command), command);
});

test("every setting has a description, a scope and its place", () => {
  const settings = Object.entries(readManifest().contributes.configuration.properties);
  for (const [name, { markdownDescription, scope }] of settings) {
    assert.match(name, /^kerasConfig\./);
    assert.ok(markdownDescription && scope, name);
  }
  assert.deepEqual(
    settings.map(([, { order }]) => order),
    settings.map((_, index) => index + 1),
  );
});
