import { LineIndex } from "../workspace/lineIndex.ts";
import type { FileReport } from "../workspace/report.ts";
import { verdictsOf } from "../workspace/versionRanges.ts";
import type { Reporter } from "./reporter.ts";

/** What `check --format json` prints of one file: exactly these members, in this order; the last one of several versions. */
export function jsonFile(report: FileReport): object {
  // Most files have nothing to place: their lines are not counted.
  const lines = report.problems.length > 0 ? new LineIndex(report.text) : undefined;
  const several = report.keras.length > 1;
  return {
    uri: report.uri,
    dialect: report.dialect,
    loader: report.loader,
    keras: report.keras.map(({ version, from }) => ({ version, from })),
    objects: report.objects,
    problems: report.problems.map((problem) => ({
      rule: problem.rule,
      severity: problem.severity,
      message: problem.message,
      range: lines && { start: lines.positionAt(problem.start), end: lines.positionAt(problem.end) },
      pointer: problem.pointer,
      versions: problem.versions,
      stops: problem.stops,
      ...(problem.outcome && { outcome: { exception: problem.outcome.exception, message: problem.outcome.message } }),
    })),
    unknown: report.unknown.map(({ pointer, reason, versions }) => ({ pointer, reason, ...(several && { versions }) })),
    ...(several && { verdicts: [...verdictsOf(report)].map(([version, verdict]) => ({ version, verdict })) }),
  };
}

/** `check --format json`, file by file, so that thousands of files are no one string. */
export class JsonReporter implements Reporter {
  #before: string;

  constructor(version: string) {
    this.#before = `{"tool":${JSON.stringify({ name: "keras-config", version })},"files":[`;
  }

  file(report: FileReport): string {
    const text = this.#before + JSON.stringify(jsonFile(report));
    this.#before = ",";
    return text;
  }

  end(): string {
    return `${this.#before === "," ? "" : this.#before}]}\n`;
  }
}
