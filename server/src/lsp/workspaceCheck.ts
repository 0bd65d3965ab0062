import type { CancellationToken, Diagnostic, WorkDoneProgressReporter } from "vscode-languageserver";
import { findingsOf } from "../features/diagnostics.ts";
import type { CheckedDocument } from "../workspace/session.ts";
import { Cancelled, type CancellationToken as StopToken } from "../workspace/slices.ts";
import { isArchive, sourceOf, viewOf } from "../workspace/views.ts";
import { answering, tokenOf } from "./cancellation.ts";
import { type Context, diagnosticsOf } from "./context.ts";
import type { WorkspaceCheckAnswer } from "./protocol.ts";

/** How long after a change the closed configs are checked again, in milliseconds. */
const AGAIN_MS = 300;

/**
 * The check of all configs of the workspace, once somebody asked for it. The problems of documents that are not open are
 * pushed, and kept up to date; those of open ones go their own way.
 */
export class WorkspaceCheck {
  readonly #context: Context;
  /** What was pushed, by the file that it is of. */
  readonly #published = new Map<string, { readonly uri: string; readonly said: string }>();
  #isOn = false;
  /** How many of the runs under way somebody waits for: a change lets them come to their end. */
  #asked = 0;
  #timer: NodeJS.Timeout | undefined;
  #run = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Answers `kerasConfig/checkWorkspace`. */
  async check(token: CancellationToken, progress: WorkDoneProgressReporter): Promise<WorkspaceCheckAnswer> {
    return answering(token, undefined, async () => {
      this.#isOn = true;
      this.#asked++;
      progress.begin("Keras Config", 0, "reading Python", true);
      try {
        const tell = (done: number, all: number) =>
          progress.report(Math.round((100 * done) / Math.max(1, all)), `checked ${done} of ${all} files`);
        return await this.#checkAll(token, tell);
      } finally {
        this.#asked--;
        progress.done();
      }
    });
  }

  /** Something changed: what was pushed is made again, where somebody asked for it. */
  changed(): void {
    if (!this.#isOn) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#asked > 0) {
        this.changed();
        return;
      }
      const run = this.#run + 1;
      this.#checkAll(undefined, () => {}).catch((error: unknown) => {
        // Cancelled by a change and not by a later run: what changed is still to be checked.
        if (error instanceof Cancelled && run === this.#run) this.changed();
        else if (!(error instanceof Cancelled)) this.#context.host.log("warning", `the check failed: ${String(error)}`);
      });
    }, AGAIN_MS);
  }

  /** A document was opened: from now on its problems go their own way. */
  opened(key: string): void {
    this.#take(sourceOf(key));
  }

  /** Ends the check that is under way, and those to come. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#run++;
    this.#isOn = false;
  }

  /** Folders were closed: nothing is said of their documents any more. */
  clear(): void {
    this.stop();
    for (const source of [...this.#published.keys()]) this.#take(source);
  }

  async #checkAll(
    token: CancellationToken | undefined,
    tell: (done: number, all: number) => void,
  ): Promise<WorkspaceCheckAnswer> {
    const run = ++this.#run;
    const { session, documents } = this.#context;
    const stopped = token && tokenOf(token);
    const files = new Set<string>();
    for (const workspace of session.folderWorkspaces()) {
      await session.indexed(workspace);
      for (const uri of await workspace.documents()) files.add(uri);
    }
    const answer = { files: files.size, configs: 0, problems: 0, errors: 0 };
    let done = 0;
    for (const uri of files) {
      tell(done++, files.size);
      // A later run takes over.
      if (run !== this.#run || stopped?.cancelled) throw new Cancelled();
      const target = isArchive(uri) && this.#context.client.showsViews ? viewOf(uri) : uri;
      const checked = await this.#checkOne(target, stopped);
      if (!checked || (checked.report.dialect === null && checked.report.problems.length === 0)) {
        this.#take(uri);
        continue;
      }
      const findings = findingsOf(checked).filter(({ severity }) => severity !== "hint");
      answer.configs++;
      answer.problems += findings.length;
      answer.errors += findings.filter(({ severity }) => severity === "error").length;
      if (run !== this.#run) throw new Cancelled();
      const isOpen = documents.of(uri).length > 0 || documents.of(viewOf(uri)).length > 0;
      if (isOpen || findings.length === 0) this.#take(uri);
      else this.#publish(uri, documents.clientUri(target), await diagnosticsOf(this.#context, checked));
    }
    for (const source of [...this.#published.keys()]) if (!files.has(source)) this.#take(source);
    return answer;
  }

  /** The check of one document; of an open one that is edited meanwhile the check of its newer text. */
  async #checkOne(uri: string, token: StopToken | undefined): Promise<CheckedDocument | undefined> {
    for (;;) {
      try {
        return await this.#context.session.check(uri, token);
      } catch (error) {
        const isOpen = this.#context.documents.of(uri).length > 0;
        if (!(error instanceof Cancelled) || token?.cancelled || !isOpen) throw error;
      }
    }
  }

  #publish(source: string, uri: string, diagnostics: Diagnostic[]): void {
    const said = JSON.stringify(diagnostics);
    if (this.#published.get(source)?.said === said) return;
    this.#published.set(source, { uri, said });
    void this.#context.connection.sendDiagnostics({ uri, diagnostics });
  }

  #take(source: string): void {
    const published = this.#published.get(source);
    if (!published) return;
    this.#published.delete(source);
    void this.#context.connection.sendDiagnostics({ uri: published.uri, diagnostics: [] });
  }
}
