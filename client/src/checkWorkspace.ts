import { randomUUID } from "node:crypto";
import { type CancellationToken, commands, ProgressLocation, window } from "vscode";
import { type LanguageClient, WorkDoneProgress } from "vscode-languageclient/node";
import type { LanguageServer } from "./languageServer.ts";
import { request, type WorkspaceCheckAnswer } from "./protocol.ts";

const MESSAGE_MS = 10_000;

/** The command Check All Configs in Workspace: shows the Problems view where there are problems. */
export async function checkWorkspace(server: LanguageServer): Promise<void> {
  const client = await server.ready();
  const check = await window.withProgress(
    { location: ProgressLocation.Notification, title: "Checking Keras configs", cancellable: true },
    (progress, token) => checkWith(client, token, (message, increment) => progress.report({ message, increment })),
  );
  if (!check) return;
  window.setStatusBarMessage(summaryOf(check), MESSAGE_MS);
  if (check.problems > 0) await commands.executeCommand("workbench.panel.markers.view.focus");
}

/** Sends the request and reports the server's progress; undefined where the user cancelled it. */
async function checkWith(
  client: LanguageClient,
  token: CancellationToken,
  report: (message: string, increment: number) => void,
): Promise<WorkspaceCheckAnswer | undefined> {
  const workDoneToken = randomUUID();
  let done = 0;
  const listener = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
    if (value.kind === "end") return;
    const percentage = value.percentage ?? done;
    report(value.message ?? "", percentage - done);
    done = percentage;
  });
  try {
    return await request(client, "kerasConfig/checkWorkspace", { workDoneToken }, token);
  } catch (error) {
    if (token.isCancellationRequested) return undefined;
    throw error;
  } finally {
    listener.dispose();
  }
}

function summaryOf({ configs, problems }: WorkspaceCheckAnswer): string {
  if (configs === 0) return "No Keras config in this workspace";
  const found = problems === 0 ? "$(pass) No problem" : `$(warning) ${counted(problems, "problem")}`;
  return `${found} in ${counted(configs, "Keras config")}`;
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString()} ${noun}${count === 1 ? "" : "s"}`;
}
