import type { ArchiveBomb } from "../config/archive.ts";
import { compareVersions } from "../deserialize/behaviour.ts";
import { ruleTable } from "../rules/table.ts";
import type { KerasTarget, Problem } from "./report.ts";

/**
 * What `load_model` makes of members that declare far more than is stored of them: the releases that refuse them raise
 * ValueError, the others inflate them. `stopped` holds the releases that do not get so far.
 */
export function bombProblems(
  bombs: readonly ArchiveBomb[],
  targets: readonly KerasTarget[],
  stopped: ReadonlySet<string>,
): Problem[] {
  const problems: Problem[] = [];
  const rule = ruleTable.get("archive-bomb");
  const ended = new Set(stopped);
  for (const bomb of inOrder(bombs)) {
    const sizes = `\`${bomb.member}\` declares ${readableSize(bomb.declared)} and stores ${readableSize(bomb.stored)}`;
    const at = { rule: "archive-bomb", start: 0, end: 0, pointer: "" } as const;
    const hint =
      "`python -m zipfile -l` lists the sizes. Keras stores what it saves: where the file is your own, save the model again.";
    const versions = targets.map(({ version }) => version);
    const refusing = versions.filter((version) => refuses(bomb, version));
    const going = versions.filter((version) => !refuses(bomb, version));
    for (const stops of [true, false]) {
      const here = refusing.filter((version) => ended.has(version) !== stops);
      if (here.length === 0) continue;
      const message = refusal(bomb);
      const outcome = { exception: "ValueError", message };
      problems.push({ ...at, severity: rule?.severity ?? "error", message, hint, versions: here, stops, outcome });
    }
    for (const version of refusing) ended.add(version);
    if (going.length > 0) {
      const where = bomb.inflates === "in memory" ? "in memory" : "to the disk";
      const message = `${sizes}: Keras inflates it ${where} when it loads the model, as much as that is.`;
      const severity = rule?.quietSeverity ?? "warning";
      problems.push({ ...at, severity, message, hint, versions: going, stops: false });
    }
  }
  return problems;
}

/** The config comes first, then the weights, then everything for the assets. */
function inOrder(bombs: readonly ArchiveBomb[]): ArchiveBomb[] {
  const rank = ({ member, inflates }: ArchiveBomb) => (inflates === "to disk" ? 2 : member === "config.json" ? 0 : 1);
  return [...bombs].sort((a, b) => rank(a) - rank(b));
}

/** `_reject_zip_bomb` came with 3.12.3 and 3.15.0, `_reject_zip_extract_bomb` one patch later. */
function refuses({ inflates }: ArchiveBomb, version: string): boolean {
  const from = (bound: string) => compareVersions(version, bound) >= 0;
  const [backport, release] = inflates === "in memory" ? ["3.12.3", "3.15.0"] : ["3.12.4", "3.15.1"];
  return (from(backport) && !from("3.13.0")) || from(release);
}

function refusal({ member, declared, stored, inflates }: ArchiveBomb): string {
  const [what, act] = inflates === "in memory" ? ["ZIP", "load"] : ["archive", "extract"];
  const sizes = `declares ${readableSize(declared)} but only ${readableSize(stored)} are stored on disk`;
  return `Not allowed: ${what} member '${member}' ${sizes}; refusing to ${act} a potential decompression bomb.`;
}

/** `readable_memory_size` of keras/src/utils/summary_utils.py. */
function readableSize(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB", "PB"];
  let size = bytes;
  let unit = 0;
  while (size / 1024 >= 1 && unit < units.length) {
    size /= 1024;
    unit++;
  }
  return `${size.toFixed(2)} ${units[Math.min(unit, units.length - 1)]}`;
}
