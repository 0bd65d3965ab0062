import type { FileReport } from "../workspace/report.ts";

/** How a check is printed: what is said of each file, in order, and what comes after the last. */
export interface Reporter {
  file(report: FileReport): string;
  /** `refused` is how many of the inputs could not be read. */
  end(refused: number): string;
}
