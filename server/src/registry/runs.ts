import type { NameTest, Run } from "../python/summary.ts";
import type { LinkedModule } from "./moduleTable.ts";
import { rootOf } from "./packages.ts";
import { isSomething, isTrue, type Resolved } from "./resolved.ts";

/** Whether the import of a package is known to succeed, or to fail. */
export type Presence = (root: string) => "there" | "missing" | undefined;

/** Whether a module is a script or a notebook: what stands under its test of `__name__` runs. */
export function isScript({ names }: LinkedModule): boolean {
  return names.length === 1 && names[0] === "__main__";
}

/**
 * Whether a statement runs when its scope does. Never: under `TYPE_CHECKING`, behind an import that fails in its `try`, in a
 * handler of imports that are there, or where a name is tested that is known to be otherwise.
 */
export function runsOf(
  run: Run | undefined,
  isScript: boolean,
  presence: Presence,
  meaningsOf: (test: NameTest) => readonly Resolved[] | undefined,
): "sure" | "maybe" | "never" {
  if (!run) return "sure";
  if (run.never || run.after?.some((name) => presence(rootOf(name)) === "missing")) return "never";
  let open = run.maybe === true || (run.main === true && !isScript);
  if (run.failed) {
    const found = run.failed.map(presence);
    if (found.every((one) => one === "there")) return "never";
    if (!found.includes("missing")) open = true;
  }
  for (const test of run.tests ?? []) {
    const truths = new Set(meaningsOf(test)?.map((meaning) => (test.none ? isSomething(meaning) : isTrue(meaning))));
    const truth = truths.size === 1 ? [...truths][0] : undefined;
    if (truth === undefined) open = true;
    else if (truth !== test.is) return "never";
  }
  return open ? "maybe" : "sure";
}
