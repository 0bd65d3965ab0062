import type { Connection, WorkDoneProgressServerReporter } from "vscode-languageserver";

/** Work shorter than this shows no progress, in milliseconds. */
const SHOWN_AFTER_MS = 400;
const REPORT_EVERY_MS = 150;

/** Work that is under way, as the client shows it. */
export interface Work {
  report(line: () => string): void;
  done(): void;
}

/** Shows work as progress where the client can; nothing else. */
export function beginWork(connection: Connection, canShow: boolean, title: string): Work {
  if (!canShow) return { report: () => {}, done: () => {} };
  let latest: () => string = () => "";
  let reporter: WorkDoneProgressServerReporter | undefined;
  let isDone = false;
  let told = 0;
  const timer = setTimeout(async () => {
    try {
      const created = await connection.window.createWorkDoneProgress();
      if (isDone) return;
      created.begin(title, undefined, latest(), false);
      reporter = created;
    } catch {
      // A client that refuses has said so itself; the work goes on without.
    }
  }, SHOWN_AFTER_MS);
  return {
    report: (line) => {
      latest = line;
      const now = Date.now();
      if (!reporter || now - told < REPORT_EVERY_MS) return;
      told = now;
      reporter.report(line());
    },
    done: () => {
      isDone = true;
      clearTimeout(timer);
      reporter?.done();
    },
  };
}
