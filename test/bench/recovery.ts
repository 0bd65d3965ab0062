import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findNodeAtLocation, type Node as JsoncNode, parseTree } from "jsonc-parser";
import { parseJson } from "../../server/src/json/index.ts";
import { functionalConfig, kerasTwoConfig, random, sequentialConfig } from "../unit/json/configs.ts";
import {
  measureDeletion,
  type ObjectFacts,
  type Rate,
  readWithOurs,
  serializedObjects,
} from "../unit/json/recovery.ts";
import { type Bench, milliseconds, race } from "./table.ts";

const STRUCTURAL = '{}[]":,';
const DELETIONS = 60;
/** Larger configs say the same and take long. */
const LARGEST = 300_000;

/** How many serialized objects keep class_name, module, registered_name and range when a character elsewhere is lost. */
export const recovery: Bench = async ({ configs }) => {
  const texts = configs === undefined ? generated() : minified(configs);
  const rows = [];
  for (const [deleted, signs] of [
    ["any character", undefined],
    ["a structural character", STRUCTURAL],
  ] as const) {
    const ours: Rate = { objects: 0, kept: 0, placed: 0 };
    const jsonc: Rate = { objects: 0, kept: 0, placed: 0 };
    const next = random(41);
    for (const text of texts) {
      const objects = serializedObjects(parseJson(text).tree, true);
      for (let i = 0; i < DELETIONS; ) {
        const offset = Math.floor(next() * text.length);
        if (signs && !signs.includes(text[offset]!)) continue;
        measureDeletion(text, objects, offset, readWithOurs, ours);
        measureDeletion(text, objects, offset, readWithJsonc, jsonc);
        i++;
      }
    }
    rows.push({
      deleted,
      configs: texts.length,
      objects: ours.objects,
      "keras-config %": percent(ours.kept, ours.objects),
      "at the same JSON Pointer %": percent(ours.placed, ours.objects),
      "jsonc-parser %": percent(jsonc.kept, jsonc.objects),
    });
  }
  return {
    name: "recovery",
    title: "Recovery",
    rows,
    notes: [
      `${DELETIONS} seeded deletions of one character in each minified config; counted are the serialized objects that do not hold the place.`,
      `The tolerant reading of a 10 MB line that lacks one '}' takes ${milliseconds(await brokenTime())} ms.`,
    ],
  };
};

function percent(part: number, whole: number): number {
  return Math.round((10_000 * part) / whole) / 100;
}

function generated(): string[] {
  const seeds = [1, 2, 3, 4, 5, 6];
  return seeds.flatMap((seed) =>
    [functionalConfig(8 * seed, seed), sequentialConfig(8 * seed, seed), kerasTwoConfig(8 * seed, seed)].map((config) =>
      JSON.stringify(config),
    ),
  );
}

/** The JSON files below a folder that hold serialized objects, minified. */
function minified(folder: string): string[] {
  const texts: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".json")) continue;
    try {
      texts.push(JSON.stringify(JSON.parse(readFileSync(join(entry.parentPath, entry.name), "utf8"))));
    } catch {
      // Not JSON for JavaScript (NaN): left out.
    }
  }
  return texts.filter((text) => text.length < LARGEST && serializedObjects(parseJson(text).tree).length > 1);
}

function readWithJsonc(text: string): ObjectFacts[] {
  const found: ObjectFacts[] = [];
  const root = parseTree(text, []);
  const todo: JsoncNode[] = root ? [root] : [];
  while (todo.length > 0) {
    const node = todo.pop()!;
    todo.push(...(node.children ?? []));
    if (node.type !== "object") continue;
    const raw = (key: string): string => {
      const member = findNodeAtLocation(node, [key]);
      return member ? text.slice(member.offset, member.offset + member.length) : "";
    };
    if (findNodeAtLocation(node, ["class_name"])?.type !== "string" || !findNodeAtLocation(node, ["config"])) continue;
    found.push({
      start: node.offset,
      end: node.offset + node.length,
      className: raw("class_name"),
      module: raw("module"),
      registeredName: raw("registered_name"),
      pointer: "",
    });
  }
  return found;
}

async function brokenTime(): Promise<number> {
  const text = JSON.stringify(functionalConfig(14_000));
  const at = text.indexOf("}", text.length >>> 1);
  const broken = text.slice(0, at) + text.slice(at + 1);
  return (await race(5, { broken: () => parseJson(broken) })).time("broken");
}
