import { LineIndex } from "../workspace/lineIndex.ts";
import type { FileReport, Problem, UnknownObject } from "../workspace/report.ts";
import { verdictLine, versionWords } from "../workspace/versionRanges.ts";
import type { Reporter } from "./reporter.ts";
import { snippet } from "./snippet.ts";
import { printable, type Style } from "./terminal.ts";

/** How a file is named to the user: relative to where they stand, `-` for standard input. */
export type NameOf = (uri: string) => string;

/** What `check` prints for a person: each problem with its lines of the config, then a summary. */
export class TextReporter implements Reporter {
  readonly #nameOf: NameOf;
  readonly #style: Style;
  readonly #severities = new Map<Problem["severity"], number>();
  /** "Keras 3.15.1: the newest known" → how many configs were checked so. */
  readonly #versions = new Map<string, number>();
  #files = 0;
  #configs = 0;
  #objects = 0;
  #unknown = 0;

  constructor(nameOf: NameOf, style: Style) {
    this.#nameOf = nameOf;
    this.#style = style;
  }

  file(report: FileReport): string {
    this.#count(report);
    if (report.problems.length === 0 && report.unknown.length === 0) return "";
    const lines = new LineIndex(report.text);
    const page = { report, lines, name: this.#nameOf(report.uri), nameOf: this.#nameOf, style: this.#style };
    const shown = [
      ...report.problems.map((problem) => problemText(problem, page)),
      ...report.unknown.map((unknown) => unknownText(unknown, page)),
    ];
    if (report.keras.length > 1) shown.push([`${printable(page.name)}: ${verdictLine(report)}`]);
    return shown.map((text) => `${text.join("\n")}\n\n`).join("");
  }

  #count(report: FileReport): void {
    this.#files++;
    this.#unknown += report.unknown.length;
    for (const { severity } of report.problems) add(this.#severities, severity);
    if (report.dialect === null) return;
    this.#configs++;
    this.#objects += report.objects;
    for (const { version, from } of report.keras) add(this.#versions, `Keras ${version}: ${printable(from)}`);
  }

  end(refused: number): string {
    const style = this.#style;
    const counts = [...this.#severities].map(([severity, count]) =>
      paintOf(severity, style)(plural(count, severity === "information" ? "note" : severity)),
    );
    const found = counts.length > 0 ? counts.join(", ") : "no problems";
    const open = this.#unknown > 0 ? `, ${style.note(`${plural(this.#unknown, "object")} that cannot be known`)}` : "";
    const read = `${plural(this.#objects, "object")} in ${plural(this.#configs, "config")} (${plural(this.#files, "file")} read${refused > 0 ? `, ${refused} not` : ""})`;
    const versions = [...this.#versions].map(([line, count]) =>
      count === this.#configs ? line : `${line} (${plural(count, "config")})`,
    );
    return `${[`${found}${open}; ${read}`, ...versions].join("\n")}\n`;
  }
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

interface Page {
  readonly report: FileReport;
  readonly lines: LineIndex;
  readonly name: string;
  readonly nameOf: NameOf;
  readonly style: Style;
}

function problemText(problem: Problem, page: Page): string[] {
  const { style, report } = page;
  const paint = paintOf(problem.severity, style);
  const shown = [
    `${paint(problem.severity)}: ${style.strong(printable(problem.message))}`,
    ...placeText(problem, page, paint),
  ];
  if (problem.hint !== undefined) shown.push(`  ${style.note("hint")}: ${printable(problem.hint)}`);
  for (const related of problem.related ?? []) {
    const place = `${page.nameOf(related.uri)}:${related.line + 1}:${related.character + 1}`;
    shown.push(`  ${style.note("see")}: ${printable(place)}: ${printable(related.message)}`);
  }
  const versions = report.keras.length > 1 ? `, ${versionWords(problem, report)}` : "";
  const { exception } = problem.outcome ?? {};
  const raises = exception === undefined ? "" : `, ${exception === "" ? "never returns" : exception}`;
  const stops = problem.stops && problem.outcome ? "; Keras stops here" : "";
  shown.push(style.faint(`  rule: ${problem.rule}${printable(raises)}${versions}${stops}`));
  return shown;
}

function unknownText(unknown: UnknownObject, page: Page): string[] {
  const { style, report } = page;
  const versions = report.keras.length > 1 ? ` (${versionWords(unknown, report)})` : "";
  return [
    `${style.note("cannot be known")}: ${printable(unknown.reason)}${versions}`,
    ...placeText(unknown, page, style.note),
  ];
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly pointer: string;
}

function placeText(place: Place, page: Page, paint: (text: string) => string): string[] {
  const { report, lines, style } = page;
  const { line, character } = lines.positionAt(place.start);
  const member = report.member === undefined ? "" : ` (${report.member})`;
  const pointer = place.pointer === "" ? "" : style.faint(`  ${printable(place.pointer)}`);
  const at = report.text === "" ? "" : `:${line + 1}:${character + 1}`;
  const head = `  ${style.faint("-->")} ${printable(page.name)}${at}${member}${pointer}`;
  if (report.text === "") return [head];
  return [head, ...snippet(report.text, lines, place, style, paint).map((text) => `  ${text}`)];
}

function paintOf(severity: Problem["severity"], style: Style): (text: string) => string {
  return severity === "error" ? style.error : severity === "warning" ? style.warning : style.note;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
