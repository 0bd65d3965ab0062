import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";
import { CatalogueWriter } from "./encode.ts";
import { readRelease } from "./readRelease.ts";
import { ReleaseSource } from "./releaseSource.ts";

declare const __ROOT__: string;

/** Versions in the order of their numbers. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [a.split(".").map(Number), b.split(".").map(Number)];
  return (x[0] ?? 0) - (y[0] ?? 0) || (x[1] ?? 0) - (y[1] ?? 0) || (x[2] ?? 0) - (y[2] ?? 0);
}

function main(folder: string): void {
  const versions = readdirSync(folder)
    .filter((name) => /^3\.\d+\.\d+$/.test(name) && statSync(join(folder, name, "keras"), { throwIfNoEntry: false }))
    .sort(compareVersions);
  const writer = new CatalogueWriter();
  for (const version of versions) {
    const start = performance.now();
    const facts = readRelease(new ReleaseSource(version, join(folder, version)));
    writer.add(facts, new Map());
    process.stderr.write(
      `${version}: ${facts.modules.size} modules, ${facts.classes.size} classes, ${facts.exports.length} exports, ` +
        `${Math.round(performance.now() - start)} ms\n`,
    );
  }
  const text = writer.text();
  const out = join(__ROOT__, "server/data");
  mkdirSync(out, { recursive: true });
  const packed = gzipSync(text, { level: 9 });
  writeFileSync(join(out, "catalogue.txt.gz"), packed);
  process.stderr.write(`${text.length} characters, ${packed.length} bytes (${deflateRawSync(text).length} raw)\n`);
}

main(process.argv[2] as string);
