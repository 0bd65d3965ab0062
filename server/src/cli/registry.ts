import { registrationFindings } from "../features/registrationFindings.ts";
import { listRegistrations } from "../registry/index.ts";
import { Workspace } from "../workspace/workspace.ts";
import type { RegistryArguments } from "./arguments.ts";
import { openConsole, type Program } from "./console.ts";
import { readEnvironment } from "./environment.ts";
import { type RootListing, registryJson, registryText } from "./registryReport.ts";

const EXIT_DONE = 0;
const EXIT_UNREADABLE = 2;

/** `keras-config registry`: prints what the workspace's Python registers and answers the exit code. */
export async function registry(args: RegistryArguments, program: Program): Promise<number> {
  const console = openConsole({ cache: args.cache, build: program.build });
  const roots = new Set<string>();
  for (const folder of args.workspaces.length > 0 ? args.workspaces : ["."]) {
    const uri = console.uriOf(folder);
    const list = await console.host.list(uri);
    if (!list.ok) {
      console.complain(`cannot read ${folder}: ${list.why === "missing" ? "no such folder" : list.detail}`);
      return EXIT_UNREADABLE;
    }
    roots.add(uri);
  }
  const environment = args.environment === undefined ? undefined : await readEnvironment(args.environment, console);
  if (environment && "refused" in environment) {
    console.complain(`cannot read ${args.environment}: ${environment.refused}`);
    return EXIT_UNREADABLE;
  }
  const listings: RootListing[] = [];
  for (const root of roots) {
    const progress = (line: () => string) => console.progress.show(line);
    const workspace = new Workspace(console.host, [root], { closed: false, progress });
    workspace.setPython({ environment: environment?.uri });
    const index = await workspace.index();
    const problems = index.files.flatMap((uri) => registrationFindings(index.problemsIn(uri)));
    listings.push({ ...listRegistrations(index), problems, incomplete: index.incomplete });
  }
  await console.write(
    args.format === "json"
      ? registryJson(listings, console.nameOf)
      : registryText(listings, console.nameOf, console.style),
  );
  return EXIT_DONE;
}
