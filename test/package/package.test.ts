import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { unzipSync } from "fflate";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";

declare const __ROOT__: string;

const MEGABYTE = 1 << 20;

// Outside the project, so that no node_modules stand above it.
const scratch = mkdtempSync(join(tmpdir(), "keras-config-package-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

const program = [join(__ROOT__, "scripts/package.mjs"), "--out", scratch];
const { status, stderr } = spawnSync(process.execPath, program, {
  encoding: "utf8",
  stdio: ["ignore", "pipe", "pipe"],
});
assert.equal(status, 0, stderr);
const { version } = JSON.parse(readFileSync(join(__ROOT__, "package.json"), "utf8"));
const vsix = join(scratch, `keras-config-${version}.vsix`);
const files = Object.entries(unzipSync(readFileSync(vsix))).filter(([name]) => !name.endsWith("/"));
for (const [name, bytes] of files) {
  mkdirSync(dirname(join(scratch, name)), { recursive: true });
  writeFileSync(join(scratch, name), bytes);
}
const extension = join(scratch, "extension");
const text = (name: string): string => readFileSync(join(extension, name), "utf8");

function filesOf(folder: string): string[] {
  return existsSync(join(__ROOT__, folder)) ? readdirSync(join(__ROOT__, folder)) : [];
}

describe("the packaged extension", () => {
  test("holds what runs, and nothing else", () => {
    const pages = ["docs/rules", "docs/images"].flatMap((folder) =>
      filesOf(folder).map((name) => `extension/${folder}/${name}`),
    );
    assert.deepEqual(
      files.map(([name]) => name).sort(),
      [
        "[Content_Types].xml",
        "extension.vsixmanifest",
        "extension/LICENSE.txt",
        "extension/changelog.md",
        "extension/client/media/icon.png",
        "extension/dist/THIRD_PARTY_LICENSES.txt",
        "extension/dist/client.cjs",
        "extension/dist/data/catalogue-keras2.txt.gz",
        "extension/dist/data/catalogue.txt.gz",
        "extension/dist/data/configs.txt.gz",
        "extension/dist/data/documentation-keras2.txt.gz",
        "extension/dist/data/documentation.txt.gz",
        "extension/dist/extension.cjs",
        "extension/dist/server.cjs",
        "extension/package.json",
        "extension/readme.md",
        "extension/syntaxes/keras-config.injection.tmLanguage.json",
        ...pages,
      ].sort(),
    );
  });

  test("is smaller than 3 MB", () => {
    const { size } = statSync(vsix);
    assert.ok(size < 3 * MEGABYTE, `${size} bytes`);
  });

  test("holds no source maps", () => {
    for (const [name, bytes] of files)
      if (name.endsWith(".cjs")) assert.ok(!Buffer.from(bytes).includes("sourceMappingURL=data:"), name);
  });

  test("holds every file that its manifest names", () => {
    const { main, icon, contributes } = JSON.parse(text("package.json"));
    const named: string[] = [main, icon, ...contributes.grammars.map(({ path }: { path: string }) => path)];
    for (const path of named.filter(Boolean)) assert.ok(statSync(join(extension, path)).isFile(), path);
  });

  test("has a language server that starts by itself and answers", async () => {
    const server = spawn(process.execPath, [join(extension, "dist/server.cjs"), "--stdio"], {
      cwd: scratch,
      stdio: ["pipe", "pipe", "inherit"],
      env: { PATH: process.env.PATH },
    });
    const exited = new Promise((resolve) => server.once("exit", resolve));
    const connection = createMessageConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    connection.listen();
    const parameters = { processId: process.pid, rootUri: null, capabilities: {} };
    const { serverInfo } = await connection.sendRequest<{ serverInfo: unknown }>("initialize", parameters);
    assert.deepEqual(serverInfo, { name: "keras-config-language-server", version });
    await connection.sendRequest("shutdown");
    await connection.sendNotification("exit");
    assert.equal(await exited, 0);
    connection.dispose();
  });
});
