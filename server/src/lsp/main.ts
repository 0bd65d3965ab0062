import { pathToFileURL } from "node:url";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { cacheFolder, createCache } from "../host/cache.ts";
import { loadCatalogue, loadConfigs, loadDocumentation } from "../host/catalogue.ts";
import { createNodeHost } from "../host/node.ts";
import { FolderWatcher } from "../host/watcher.ts";
import type { LogLevel } from "../workspace/host.ts";
import { describeError } from "../workspace/host.ts";
import { Server } from "./server.ts";

declare const __VERSION__: string;
declare const __BUILD__: string;

/** Reading, dispatching and writing a message take a turn of the event loop each, and so may what answers it. */
const YIELD_TURNS = 6;

const usage = `keras-config-language-server ${__VERSION__}: the language server of Keras Config.

Usage: keras-config-language-server --stdio

Options: --stdio, --node-ipc, --socket=PORT, --pipe=NAME say how the editor speaks to it; --version, --help.
`;

function main(words: readonly string[]): void {
  if (words.includes("--version")) process.stdout.write(`keras-config-language-server ${__VERSION__}\n`);
  else if (words.includes("--help") || words.includes("-h")) process.stdout.write(usage);
  else if (!words.some((word) => /^--(?:stdio|node-ipc|socket|pipe)(?:=|$)/.test(word))) {
    process.stderr.write(`keras-config: say how to speak to the language server, such as --stdio\n`);
    process.exitCode = 2;
  } else serve();
}

function serve(): void {
  const connection = createConnection(ProposedFeatures.all);
  const log = (level: LogLevel, message: string) => {
    if (level === "warning") connection.console.warn(message);
    else if (level === "info") connection.console.info(message);
    else connection.console.debug(message);
  };
  // Data and pages stand beside this file once it is built.
  const here = pathToFileURL(__filename);
  const data = new URL("data/", here);
  new Server(connection, {
    host: createNodeHost({ synchronous: false, log, yieldTurns: YIELD_TURNS }),
    version: __VERSION__,
    cache: (given) => {
      const folder = given ?? cacheFolder(process.platform, process.env);
      return folder === undefined ? undefined : createCache(folder, `${__VERSION__} ${__BUILD__}`, log);
    },
    catalogue: once(() => loadCatalogue(data)),
    documentation: once(() => loadDocumentation(data)),
    configs: once(() => loadConfigs(data)),
    rulePages: new URL("rules/", here).href,
    watcher: (doors) => new FolderWatcher(doors),
  });
  // One request that fails in a way nobody foresaw is not the end of the others.
  process.on("unhandledRejection", (reason) => log("warning", `internal error: ${describeError(reason)}`));
  connection.listen();
}

/** Loads what is asked for at the first question, and never again. */
function once<T>(load: () => T): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= Promise.resolve().then(load);
    return loaded;
  };
}

main(process.argv.slice(2));
