import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ClassCache } from "./classCache.ts";
import { ConfigReader } from "./configs.ts";
import { CatalogueWriter, type ClassReading } from "./encode.ts";
import { ConfigWriter } from "./encodeConfigs.ts";
import { DocumentationWriter } from "./encodeDocumentation.ts";
import { type KerasPackage, keras2, keras3 } from "./kerasPackage.ts";
import { readRelease } from "./readRelease.ts";
import { releaseFromFolder } from "./releaseSource.ts";
import { SlotReader } from "./slots.ts";

declare const __ROOT__: string;

/** Versions in the order of their numbers. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [a.split(".").map(Number), b.split(".").map(Number)];
  return (x[0] ?? 0) - (y[0] ?? 0) || (x[1] ?? 0) - (y[1] ?? 0) || (x[2] ?? 0) - (y[2] ?? 0);
}

// Python's exceptions are raised by the thousand, and nobody looks at their stacks.
Error.stackTraceLimit = 0;

function main(folder: string): void {
  const read = [keras3, keras2].filter((kerasPackage) => readReleases(kerasPackage, folder));
  if (read.length > 0) return;
  process.stderr.write(`${folder} holds no unpacked wheel of Keras (3.8.0/keras or 2.21.0/tf_keras, for example)\n`);
  process.exitCode = 2;
}

/** Reads the releases of one package and writes its data; whether there are any. */
function readReleases(kerasPackage: KerasPackage, folder: string): boolean {
  const isRelease = (name: string) =>
    kerasPackage.version.test(name) && statSync(join(folder, name, kerasPackage.name), { throwIfNoEntry: false });
  const versions = readdirSync(folder).filter(isRelease).sort(compareVersions);
  if (versions.length === 0) return false;
  const writer = new CatalogueWriter();
  const documents = new DocumentationWriter();
  const cache = new ClassCache<ClassReading>();
  const configs = new ConfigWriter();
  for (const version of versions) {
    const start = performance.now();
    const source = releaseFromFolder(kerasPackage, version, join(folder, version));
    const facts = readRelease(source);
    const { machine, classes } = facts.complete;
    const reader = new SlotReader(machine);
    const readings = new Map<string, ClassReading>();
    for (const [key, cls] of classes) {
      const reading = cache.answer(key, source, machine, () => {
        return { slots: reader.slotsOf(cls), rules: reader.rulesOf(cls) };
      });
      readings.set(key, reading);
    }
    writer.add(facts, readings);
    documents.add(version, facts.documents);
    if (kerasPackage === keras3) configs.add(version, new ConfigReader(source).written());
    const unfinished = [...reader.unfinished].map((key) => key.slice(key.indexOf(":") + 1)).join(", ");
    process.stderr.write(
      `${version}: ${facts.modules.size} modules, ${facts.classes.size} classes, ${facts.exports.length} exports, ` +
        `${Math.round(performance.now() - start)} ms${unfinished && `; slots not read to the end: ${unfinished}`}\n`,
    );
  }
  const folderOfData = join(__ROOT__, "server/data");
  mkdirSync(folderOfData, { recursive: true });
  write(join(folderOfData, `${kerasPackage.data.catalogue}.txt.gz`), writer.text());
  write(join(folderOfData, `${kerasPackage.data.documentation}.txt.gz`), documents.toText());
  if (kerasPackage === keras3) write(join(folderOfData, "configs.txt.gz"), configs.toText());
  return true;
}

function write(path: string, text: string): void {
  const packed = gzipSync(text, { level: 9 });
  writeFileSync(path, packed);
  process.stderr.write(`${path}: ${text.length} characters, ${packed.length} bytes packed\n`);
}

main(process.argv[2] as string);
