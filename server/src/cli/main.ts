import { readArguments, UsageError } from "./arguments.ts";

declare const __VERSION__: string;
declare const __BUILD__: string;

/** Wrong usage, or an input named on the command line that cannot be read. */
const EXIT_USAGE = 2;

/** Stands beside this file once it is built. */
const data = new URL("data/", import.meta.url);
const program = { version: __VERSION__, build: `${__VERSION__} ${__BUILD__}`, data };

async function main(): Promise<number> {
  const command = readArguments(process.argv.slice(2));
  // Each command loads what it needs and no more: most of the time of a short run is loading.
  switch (command.command) {
    case "version":
      process.stdout.write(`keras-config ${__VERSION__}\n`);
      return 0;
    case "help": {
      const { helpText } = await import("./help.ts");
      process.stdout.write(helpText(command.topic));
      return 0;
    }
    case "check": {
      const { check } = await import("./check.ts");
      return check(command.arguments, program);
    }
    case "registry": {
      const { registry } = await import("./registry.ts");
      return registry(command.arguments, program);
    }
  }
}

// The exit code is set, not forced: what was written to a pipe is still on its way out.
main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const line =
      error instanceof UsageError ? error.message : `internal error: ${String((error as Error).stack ?? error)}`;
    process.stderr.write(`keras-config: ${line}\n`);
    process.exitCode = EXIT_USAGE;
  },
);
