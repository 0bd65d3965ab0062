import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadCatalogue } from "../../server/src/host/catalogue.ts";
import { createNodeHost, uriOfPath } from "../../server/src/host/node.ts";
import { checkFile } from "../../server/src/workspace/checkFile.ts";
import { Workspace } from "../../server/src/workspace/workspace.ts";
import { writeProject } from "./project.ts";
import { type Bench, type BenchTable, milliseconds, race } from "./table.ts";
import { benchTexts } from "./texts.ts";

declare const __ROOT__: string;

/** From the bytes of a config to its report, the workspace's index and the catalogue being there. */
export const check: Bench = async ({ scratch }) => {
  const catalogue = loadCatalogue(pathToFileURL(join(__ROOT__, "server/data/")));
  const host = createNodeHost({ synchronous: true, log: () => {} });
  const workspace = new Workspace(host, [uriOfPath(writeProject(scratch))], { closed: false });
  const rows: BenchTable["rows"][number][] = [];
  const measures = async (bytes: Uint8Array) => {
    const uri = `${workspace.roots[0]}/config.json`;
    const answer = await checkFile(
      { uri, path: "config.json", bytes },
      {
        host,
        catalogue: async () => catalogue,
        registry: () => workspace.registry(),
        evidence: (document) => workspace.evidence(document),
        kerasFlags: [],
      },
    );
    if (!("report" in answer) || answer.report.objects === 0) throw new Error("the config was not checked");
    return answer.report;
  };
  for (const { name, text } of benchTexts()) {
    const bytes = new TextEncoder().encode(text);
    const rounds = text.length > 5e6 ? 7 : text.length > 5e5 ? 15 : 31;
    const times = await race(rounds, { json: () => JSON.parse(text), check: () => measures(bytes) });
    const { objects, problems, unknown } = await measures(bytes);
    rows.push({
      config: name,
      objects,
      "problems, unknown": problems.length + unknown.length,
      "JSON.parse ms": milliseconds(times.time("json")),
      "full check ms": milliseconds(times.time("check")),
      "×": times.ratio("check"),
    });
  }
  return {
    name: "check",
    title: "Full check",
    rows,
    notes: [
      "Medians in one process: bytes to report, for one Keras version, of a config in which every fourth layer is custom.",
    ],
  };
};
