/** The measure as Markdown: what `npm run conformance` prints, and what docs/conformance.md holds. */
import type { Half } from "./caseFile.ts";
import { largeMisses, remaining } from "./causes.ts";
import { type Counts, type Measure, type Row, reported, sum } from "./measure.ts";
import {
  type Generation,
  generationOf,
  generations,
  isOf,
  isReached,
  type Releases,
  targetCounts,
  targetFamilies,
  targets,
} from "./targets.ts";

const halves: readonly Half[] = ["open", "held out"];
const scopes: readonly Releases[] = ["All releases", ...generations];

function percent(part: number, whole: number): string {
  if (whole === 0) return "–";
  const share = (100 * part) / whole;
  return `${part === whole ? "100" : (Math.floor(share * 10) / 10).toFixed(1)} %`;
}

const head = [
  "loads",
  "false errors",
  "fails",
  "missed",
  "not known",
  "exception",
  "message",
  "exact place",
  "place",
] as const;

function cells(counts: Counts): (string | number)[] {
  const shown = reported(counts);
  return [
    counts.loads,
    counts.falseErrors,
    counts.fails,
    counts.missed,
    counts.open,
    percent(counts.sameException, shown),
    percent(counts.sameMessage, shown),
    percent(counts.exactPlace, counts.placed),
    percent(counts.exactPlace + counts.objectPlace, counts.placed),
  ];
}

/** A Markdown table whose columns are as wide as their widest cell, so that it reads well in a terminal too. */
function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const texts = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(3, ...texts.map((row) => (row[column] ?? "").length)));
  const isNumber = (column: number): boolean => rows.every((row) => /^[\d.]+( %)?$|^–$/.test(String(row[column])));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => (isNumber(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join(" | ")} |`;
  const rule = `| ${widths.map((width, i) => (isNumber(i) ? `${"-".repeat(width - 1)}:` : "-".repeat(width))).join(" | ")} |`;
  return [line(texts[0]!), rule, ...texts.slice(1).map(line)].join("\n");
}

/** Rows of the measure added up by what `key` makes of them, in the order in which keys first come. */
function grouped(rows: readonly Row[], key: (row: Row) => string): [string, Counts][] {
  const groups = new Map<string, Counts[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row.counts]);
  return [...groups].map(([name, some]) => [name, sum(some)]);
}

function rowsOf(measured: Measure, half: Half, generation: Generation): readonly Row[] {
  return measured.rows.filter((row) => row.half === half && generationOf(row.version) === generation);
}

function targetTable(measured: Measure, releases: Releases): string {
  const rows = targets[releases].flatMap((target) =>
    halves.map((half) => {
      const counts = targetCounts(measured, half, releases, target);
      const share = target.share(counts);
      const bound = `${target.isMost ? "at most" : "at least"} ${Math.round(target.bound * 100)} %`;
      const reached = isReached(target, counts) ? "yes" : "not reached";
      return [target.name, half, bound, `${(Math.round(share * 1000) / 10).toFixed(1)} %`, reached];
    }),
  );
  const falseErrors = halves.map((half) => {
    const some = measured.rows.filter((row) => row.half === half && isOf(row.version, releases));
    const counts = sum(some.map((row) => row.counts));
    return ["false errors", half, "none", String(counts.falseErrors), counts.falseErrors === 0 ? "yes" : "no"];
  });
  return table(["", "half", "target", "measured", "reached"], [...falseErrors, ...rows]);
}

function familyTable(measured: Measure, generation: Generation): string {
  const rows = halves.flatMap((half) =>
    grouped(rowsOf(measured, half, generation), (row) => row.family)
      .sort(([a], [b]) => Number(targetFamilies.has(b)) - Number(targetFamilies.has(a)))
      .map(([family, counts]) => [family, half, ...cells(counts), counts.missedFinding]),
  );
  return table(["family", "half", ...head, "missed while finding"], rows);
}

function versionTable(measured: Measure, speaksFor: ReadonlyMap<string, readonly string[]>): string {
  const rows = measured.versions.flatMap((version) =>
    halves.map((half) => {
      const some = measured.rows.filter((row) => row.version === version && row.half === half);
      const others = (speaksFor.get(version) ?? []).filter((other) => other !== version);
      return [
        others.length > 0 ? `${version} (${others.join(", ")})` : version,
        half,
        ...cells(sum(some.map((row) => row.counts))),
      ];
    }),
  );
  return table(["release", "half", ...head], rows);
}

function kindTable(measured: Measure, generation: Generation): string {
  const damages = measured.rows.filter((row) => row.family !== row.kind && generationOf(row.version) === generation);
  const rows = [...new Set(damages.map((row) => row.family))].sort().flatMap((family) =>
    grouped(
      damages.filter((row) => row.family === family),
      (row) => `${row.kind}\n${row.half}`,
    )
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, counts]) => [family, ...name.split("\n"), ...cells(counts)]),
  );
  return table(["family", "kind of damage", "half", ...head], rows);
}

function causeTable(measured: Measure): string {
  const rows = largeMisses(measured).map(({ generation, family, kind, counts, cause }) => {
    return [generation, family, kind, counts.fails, counts.missed, counts.open, cause ?? "not looked up yet"];
  });
  return table(["release", "family", "kind of damage", "fails", "missed", "not known", "cause"], rows);
}

function remainingTable(measured: Measure): string {
  const rows = remaining(measured).map(({ generation, family, subject, shortfalls }) => {
    const missed = shortfalls.filter(({ what }) => what === "missed").length;
    const cause = subject?.cause ?? "not looked up yet";
    return [generation, family, subject?.subject ?? "others", missed, shortfalls.length - missed, cause];
  });
  return table(["release", "family", "what it is about", "missed", "not known", "cause"], rows);
}

function reasonTable(measured: Measure): string {
  const rows = [...measured.reasons].sort(([, a], [, b]) => b - a).map(([reason, count]) => [count, reason]);
  return table(["pairs", "why it cannot be known"], rows);
}

/** The whole measure. `speaksFor` says which releases a recorded one answers for; `date` is that of the measure. */
export function conformanceReport(
  measured: Measure,
  speaksFor: ReadonlyMap<string, readonly string[]>,
  date: string,
): string {
  const all = sum(measured.rows.map((row) => row.counts));
  const pairs = all.loads + all.fails + all.hangs;
  const releases = [...speaksFor.values()].reduce((count, some) => count + some.length, 0);
  return `# Conformance

Every config here was loaded by real Keras, and the tool was asked the same. \`npm run conformance -- --write\` wrote this page
on ${date}. ${measured.cases} configs, ${measured.versions.length} releases, ${pairs} pairs of both: Keras loads ${all.loads} of them, fails ${all.fails}, and hangs in ${all.hangs}.
The ${measured.versions.length} releases answer for ${releases}: in the others, the files that decide are the same byte for byte.
Those of Keras 2 are tf-keras, which loads by functions of its own, and are measured apart.

**Open** cases are looked at while the tool is made. **Held out** ones are only measured: they have models and a workspace of
their own, and kinds of damage that the other half does not have. What the words mean stands in
[test/conformance/deserialize](../test/conformance/deserialize/README.md).

- *false errors*: Keras loads it, the tool shows an error.
- *missed*: Keras fails, the tool finds nothing wrong. *Not known*: it says why it cannot know.
- *exception*, *message*: of the failures that it reports, how many have Keras's exception, and Keras's text.
- *exact place*: of the reported damages, how many are shown at the damaged value; *place*: at it or at its object.

## Targets

For the families ${[...targetFamilies].join(", ")}: the first four together, graph by itself, and the last five together. Where
a target is *not reached*, nothing is held against it yet.

${scopes.map((one) => `### ${one}\n\n${targetTable(measured, one)}`).join("\n\n")}

## By family

*missed while finding*: of the missed, those that Keras raises while it seeks an object, and not in a constructor.

${generations.map((one) => `### ${one}, by family\n\n${familyTable(measured, one)}`).join("\n\n")}

## By release

${versionTable(measured, speaksFor)}

## By kind of damage

${generations.map((one) => `### ${one}, by kind\n\n${kindTable(measured, one)}`).join("\n\n")}

## Kinds that miss more

The kinds of which more than 3 % are missed or not known, with the cause, in the open half. Of what is held out no cause is looked up.

${causeTable(measured)}

## What is missed without damage

All that is missed or not known of configs as a release or a hand wrote them, with the cause, in the open half.

${remainingTable(measured)}

Damages of shapes are measured by themselves: [test/conformance/shapes](../test/conformance/shapes/README.md) has what is missed of them.

## Why it cannot be known

${measured.reasons.size === 0 ? "It is always known." : reasonTable(measured)}

## What objects are found as

Where Keras loads a config, ${all.sameClass + all.otherClass} objects were compared with the class or function that real Keras found for
them: ${all.sameClass} are the same, ${all.otherClass} are not.
`;
}
