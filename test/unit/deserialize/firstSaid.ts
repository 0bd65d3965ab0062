import { behaviourOf } from "../../../server/src/deserialize/behaviour.ts";
import type { LoadQuestion } from "../../../server/src/deserialize/load.ts";
import { simulateLoad } from "../../../server/src/deserialize/simulateLoad.ts";
import { parseJson } from "../../../server/src/json/index.ts";
import { catalogueWithKeras2 as catalogue } from "../../recorded/shippedCatalogue.ts";
import { workspaceRegistry } from "../../recorded/workspaceRegistry.ts";

/**
 * What the first failure of a load says, or what is left open, else "loads": in a workspace of one module `m`, beside which
 * nothing is installed.
 */
export function firstSaid(config: unknown, version: string, python = "", more: Partial<LoadQuestion> = {}): string {
  const { tree } = parseJson(JSON.stringify(config));
  const { events } = simulateLoad({
    tree,
    root: tree.root,
    loader: "deserialize_keras_object",
    behaviour: behaviourOf(version),
    release: catalogue.release(version),
    registry: workspaceRegistry({ "m.py": python }),
    packageInstalled: () => false,
    ...more,
  });
  for (const event of events) {
    if (event.kind === "failed") return `${event.outcome.exception}: ${event.outcome.message}`;
    if (event.kind === "unknown") return `open: ${event.unknown.reason}`;
  }
  return "loads";
}
