import { EventEmitter, LogLevel, type LogOutputChannel, type OutputChannel, window, workspace } from "vscode";

/**
 * Where the messages between client and server are written. The language client traces only where the channel's level is
 * Trace; this channel's level follows the setting `kerasConfig.trace.server`, so that the setting is enough.
 */
export function createTraceChannel(name: string): LogOutputChannel {
  const levelOf = (): LogLevel =>
    workspace.getConfiguration("kerasConfig").get("trace.server", "off") === "off" ? LogLevel.Info : LogLevel.Trace;
  const levels = new EventEmitter<LogLevel>();
  const listener = workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration("kerasConfig.trace.server")) levels.fire(levelOf());
  });
  // A channel that nobody traces into need not stand in the list of the Output view.
  let made: OutputChannel | undefined;
  const channel = (): OutputChannel => {
    made ??= window.createOutputChannel(name);
    return made;
  };
  const write = (message: string | Error): void =>
    channel().appendLine(`${new Date().toISOString()} ${message instanceof Error ? message.message : message}`);
  return {
    name,
    get logLevel() {
      return levelOf();
    },
    onDidChangeLogLevel: levels.event,
    trace: write,
    debug: write,
    info: write,
    warn: write,
    error: write,
    append: (value) => channel().append(value),
    appendLine: (value) => channel().appendLine(value),
    replace: (value) => channel().replace(value),
    clear: () => made?.clear(),
    show: () => channel().show(true),
    hide: () => made?.hide(),
    dispose() {
      listener.dispose();
      levels.dispose();
      made?.dispose();
    },
  };
}
