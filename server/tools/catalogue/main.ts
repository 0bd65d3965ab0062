import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { CatalogueWriter } from "./encode.ts";
import { DocumentationWriter } from "./encodeDocumentation.ts";
import { readRelease } from "./readRelease.ts";
import { releaseFromFolder } from "./releaseSource.ts";
import { SlotCache } from "./slotCache.ts";
import { type SlotFact, SlotReader } from "./slots.ts";

declare const __ROOT__: string;

/** Versions in the order of their numbers. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [a.split(".").map(Number), b.split(".").map(Number)];
  return (x[0] ?? 0) - (y[0] ?? 0) || (x[1] ?? 0) - (y[1] ?? 0) || (x[2] ?? 0) - (y[2] ?? 0);
}

// Python's exceptions are raised by the thousand, and nobody looks at their stacks.
Error.stackTraceLimit = 0;

function main(folder: string): void {
  const versions = readdirSync(folder)
    .filter((name) => /^3\.\d+\.\d+$/.test(name) && statSync(join(folder, name, "keras"), { throwIfNoEntry: false }))
    .sort(compareVersions);
  if (versions.length === 0) {
    process.stderr.write(`${folder} holds no unpacked wheel of Keras 3 (3.8.0/keras, for example)\n`);
    process.exitCode = 2;
    return;
  }
  const writer = new CatalogueWriter();
  const documents = new DocumentationWriter();
  const cache = new SlotCache();
  for (const version of versions) {
    const start = performance.now();
    const source = releaseFromFolder(version, join(folder, version));
    const facts = readRelease(source);
    const { machine, classes } = facts.complete;
    const reader = new SlotReader(machine);
    const slots = new Map<string, readonly SlotFact[]>();
    for (const [key, cls] of classes) {
      const found = cache.slots(key, source, machine, () => reader.slotsOf(cls));
      slots.set(key, found);
    }
    writer.add(facts, slots);
    documents.add(version, facts.documents);
    const unfinished = [...reader.unfinished].map((key) => key.slice(key.indexOf(":") + 1)).join(", ");
    process.stderr.write(
      `${version}: ${facts.modules.size} modules, ${facts.classes.size} classes, ${facts.exports.length} exports, ` +
        `${Math.round(performance.now() - start)} ms${unfinished && `; slots not read to the end: ${unfinished}`}\n`,
    );
  }
  const folderOfData = join(__ROOT__, "server/data");
  mkdirSync(folderOfData, { recursive: true });
  write(join(folderOfData, "catalogue.txt.gz"), writer.text());
  write(join(folderOfData, "documentation.txt.gz"), documents.toText());
}

function write(path: string, text: string): void {
  const packed = gzipSync(text, { level: 9 });
  writeFileSync(path, packed);
  process.stderr.write(`${path}: ${text.length} characters, ${packed.length} bytes packed\n`);
}

main(process.argv[2] as string);
