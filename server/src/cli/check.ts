import type { KerasCatalogue } from "../catalogue/keras.ts";
import { checkFile } from "../workspace/checkFile.ts";
import { rulesAbove } from "../workspace/exclude.ts";
import type { DocumentPlace } from "../workspace/readDocument.ts";
import type { FileReport } from "../workspace/report.ts";
import { workspaceOfFile } from "../workspace/roots.ts";
import { scan } from "../workspace/scan.ts";
import { pathOf, undefinedObjects } from "../workspace/statedCall.ts";
import { parentUri } from "../workspace/uri.ts";
import { innermost } from "../workspace/versionEvidence.ts";
import { Workspace } from "../workspace/workspace.ts";
import { type CheckArguments, fails, UsageError } from "./arguments.ts";
import { type Console, openConsole, type Program, STDIN_URI } from "./console.ts";
import { readEnvironment } from "./environment.ts";
import type { Reporter } from "./reporter.ts";

const EXIT_CLEAN = 0;
const EXIT_PROBLEMS = 1;
const EXIT_UNREADABLE = 2;

/** One document to check, and the workspace whose Python it is checked against. */
interface Document {
  readonly place: DocumentPlace;
  readonly workspace: Workspace;
  /** Whether the user named it: then it is an error where it cannot be read. */
  readonly named: boolean;
}

/** `keras-config check`: prints the report and answers the exit code. */
export async function check(args: CheckArguments, program: Program): Promise<number> {
  const console = openConsole({ cache: args.cache, build: program.build });
  const run = new CheckRun(args, console, program);
  const documents = await run.documents();
  if (documents === undefined) return EXIT_UNREADABLE;
  await run.assertDefined(documents);
  const reporter = await reporterFor(args, program.version, console);
  let failed = false;
  for await (const report of run.reports(documents)) {
    failed ||= report.problems.some((problem) => fails(problem.severity, args.failOn));
    await console.write(reporter.file(report));
  }
  await console.write(reporter.end(run.refused));
  if (run.unreadable) return EXIT_UNREADABLE;
  return failed ? EXIT_PROBLEMS : EXIT_CLEAN;
}

async function reporterFor(args: CheckArguments, version: string, console: Console): Promise<Reporter> {
  if (args.format === "json") {
    const { JsonReporter } = await import("./jsonReport.ts");
    return new JsonReporter(version);
  }
  const { TextReporter } = await import("./textReport.ts");
  return new TextReporter(console.nameOf, console.style);
}

class CheckRun {
  /** Whether something that was named could not be read. */
  unreadable = false;
  /** How many files and folders could not be read, named or not. */
  refused = 0;
  readonly console: Console;
  readonly #args: CheckArguments;
  readonly #workspaces = new Map<string, Workspace>();
  readonly #markers = new Map<string, Promise<string>>();
  readonly #program: Program;
  #catalogue: Promise<KerasCatalogue> | undefined;
  #environment: string | undefined;

  constructor(args: CheckArguments, console: Console, program: Program) {
    this.#args = args;
    this.console = console;
    this.#program = program;
  }

  #refuse(name: string, detail: string): void {
    this.unreadable = true;
    this.refused++;
    this.console.complain(`cannot read ${name}: ${detail}`);
  }

  /** Every document of the call, each once, sorted by URI; undefined where a workspace cannot be read. */
  async documents(): Promise<Document[] | undefined> {
    const roots: string[] = [];
    for (const folder of this.#args.workspaces) {
      const uri = this.console.uriOf(folder);
      const list = await this.console.host.list(uri);
      if (list.ok) roots.push(uri);
      else this.#refuse(folder, list.why === "missing" ? "no such folder" : list.detail);
    }
    const { environment } = this.#args;
    if (environment !== undefined) {
      const named = await readEnvironment(environment, this.console);
      if ("uri" in named) this.#environment = named.uri;
      else this.#refuse(environment, named.refused);
    }
    if (this.unreadable) return undefined;
    const named = new Set(roots);
    for (const root of named) this.#workspace([root]);
    const found = new Map<string, Document>();
    const fallback = this.#args.workspaces.length > 0 ? this.#args.workspaces : ["."];
    const paths = this.#args.paths.length > 0 ? this.#args.paths : fallback;
    for (const path of paths) {
      for (const document of await this.#documentsOf(path, [...named])) {
        const known = found.get(document.place.uri);
        if (!known || (document.named && !known.named)) found.set(document.place.uri, document);
      }
    }
    const single = [...this.#workspaces.values()].filter((workspace) => workspace.roots.length === 1);
    for (const workspace of single) workspace.besides(single);
    return [...found.values()].sort((a, b) => (a.place.uri < b.place.uri ? -1 : a.place.uri > b.place.uri ? 1 : 0));
  }

  /** Throws UsageError where a stated custom object is nothing that the workspace of a document defines. */
  async assertDefined(documents: readonly Document[]): Promise<void> {
    const { call } = this.#args;
    if (!call?.customObjects) return;
    const catalogue = await this.#loadCatalogue();
    const newest = catalogue.release(catalogue.versions.at(-1) as string);
    for (const workspace of new Set(documents.map((document) => document.workspace))) {
      const [first] = await undefinedObjects(call, await workspace.registry(), newest);
      if (!first) continue;
      const roots = workspace.roots.map(this.console.nameOf).join(", ");
      throw new UsageError(`--custom-object ${first.key}=${pathOf(first)}: ${roots} defines no ${pathOf(first)}`);
    }
  }

  async #documentsOf(path: string, roots: readonly string[]): Promise<Document[]> {
    const { host } = this.console;
    if (path === "-") {
      const place = { uri: STDIN_URI, path: "-", bytes: await readStandardInput() };
      return [{ place, workspace: await this.#workspaceOf(this.console.uriOf("-"), roots), named: true }];
    }
    const uri = this.console.uriOf(path);
    const stat = await host.stat(uri);
    if (stat?.kind === "folder") return this.#documentsBelow(uri, path, roots);
    return [{ place: { uri, path }, workspace: await this.#workspaceOf(uri, roots), named: true }];
  }

  /** The workspace of one file: the innermost of the roots that holds it, all of them where none does; without roots its own. */
  async #workspaceOf(file: string, roots: readonly string[]): Promise<Workspace> {
    if (roots.length === 0) return this.#workspace([await this.#nearest(file)]);
    const root = innermost(roots, file);
    return this.#workspace(root === undefined ? roots : [root]);
  }

  async #documentsBelow(folder: string, path: string, roots: readonly string[]): Promise<Document[]> {
    const { host, nameOf } = this.console;
    const list = await host.list(folder);
    if (!list.ok) {
      this.#refuse(path, list.detail);
      return [];
    }
    const own = roots.length === 0 ? [folder] : roots;
    const root = innermost(own, folder);
    const progress = (folders: number) =>
      this.console.progress.show(() => `looking through ${path}: ${folders} folders`);
    // A workspace's own root is walked once, for its configs and its Python.
    const found =
      root === folder
        ? await this.#workspace([folder]).scan(folder)
        : await scan(host, folder, {
            progress,
            ...(root !== undefined && { above: await rulesAbove(host, root, folder) }),
          });
    const documents: Document[] = [];
    for (const uri of found.documents) {
      documents.push({ place: { uri, path: nameOf(uri) }, workspace: await this.#workspaceOf(uri, own), named: false });
    }
    return documents;
  }

  #nearest(file: string): Promise<string> {
    const folder = parentUri(file);
    let nearest = this.#markers.get(folder);
    if (!nearest) {
      nearest = workspaceOfFile(this.console.host, file);
      this.#markers.set(folder, nearest);
    }
    return nearest;
  }

  #workspace(roots: readonly string[]): Workspace {
    const key = roots.join(" ");
    let workspace = this.#workspaces.get(key);
    if (!workspace) {
      workspace = new Workspace(this.console.host, roots, {
        closed: this.#args.closed,
        progress: (line) => this.console.progress.show(line),
      });
      workspace.setPython({ environment: this.#environment });
      this.#workspaces.set(key, workspace);
    }
    return workspace;
  }

  #loadCatalogue(): Promise<KerasCatalogue> {
    this.#catalogue ??= import("../host/catalogue.ts").then(({ loadCatalogue }) => loadCatalogue(this.#program.data));
    return this.#catalogue;
  }

  /** The reports of the documents that can be read, in their order, each when it is done. */
  async *reports(documents: readonly Document[]): AsyncGenerator<FileReport> {
    for (const [i, { place, workspace, named }] of documents.entries()) {
      this.console.progress.show(() => `checking ${i + 1} of ${documents.length}: ${this.console.nameOf(place.uri)}`);
      const answer = await checkFile(place, {
        host: this.console.host,
        catalogue: () => this.#loadCatalogue(),
        registry: () => workspace.registry(),
        evidence: (uri) => workspace.evidence(uri),
        kerasFlags: this.#args.keras,
        call: this.#args.call,
      });
      if ("report" in answer) yield answer.report;
      else if (named) this.#refuse(place.path, answer.unreadable);
      else {
        this.refused++;
        this.console.complain(`${this.console.nameOf(place.uri)}: not read (${answer.unreadable})`);
      }
    }
  }
}

async function readStandardInput(): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
