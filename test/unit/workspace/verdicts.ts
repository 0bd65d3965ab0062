import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadCatalogue } from "../../../server/src/host/catalogue.ts";
import { checkFile } from "../../../server/src/workspace/checkFile.ts";
import type { Host } from "../../../server/src/workspace/host.ts";
import type { Workspace } from "../../../server/src/workspace/workspace.ts";

declare const __ROOT__: string;
const catalogue = loadCatalogue(pathToFileURL(join(__ROOT__, "server/data/")));

/**
 * What becomes of /w/model.json in a workspace: "found", or the rule of each problem and why the rest cannot be known, or
 * why it cannot be read; and the report, where it can. Without `keras` the workspace decides which Keras it is.
 */
export async function checkModel(host: Host, workspace: Workspace, keras?: string) {
  const answer = await checkFile(
    { uri: "file:///w/model.json", path: "model.json" },
    {
      host,
      catalogue: async () => catalogue,
      registry: () => workspace.registry(),
      evidence: (uri) => workspace.evidence(uri),
      kerasFlags: keras === undefined ? [] : [keras],
    },
  );
  if ("unreadable" in answer) return { verdict: answer.unreadable };
  const { report } = answer;
  const said = [...report.problems.map(({ rule }) => rule), ...report.unknown.map(({ reason }) => reason)];
  return { verdict: said.length === 0 ? "found" : said.join("; "), report };
}
