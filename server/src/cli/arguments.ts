import { parseArgs } from "node:util";
import { loaders } from "../deserialize/load.ts";
import type { Severity } from "../rules/rule.ts";
import { isVersion } from "../workspace/kerasVersion.ts";
import { readObjectPath, type StatedCall, type StatedObject } from "../workspace/statedCall.ts";

/** Thrown for wrong usage: one line for standard error, exit code 2. */
export class UsageError extends Error {}

export type Format = "text" | "json";

export interface CheckArguments {
  /** As written; `-` is standard input. */
  readonly paths: readonly string[];
  /** Empty where the defaults hold. */
  readonly workspaces: readonly string[];
  /** As written: an environment's folder or its Python executable. */
  readonly environment: string | undefined;
  readonly closed: boolean;
  /** Whether summaries are kept for the next run. */
  readonly cache: boolean;
  readonly keras: readonly string[];
  /** What is said of the call that loads the configs; undefined where nothing is. */
  readonly call?: StatedCall;
  readonly format: Format;
  readonly failOn: "error" | "warning" | "never";
}

export interface RegistryArguments {
  readonly workspaces: readonly string[];
  /** As written: an environment's folder or its Python executable. */
  readonly environment: string | undefined;
  /** Whether summaries are kept for the next run. */
  readonly cache: boolean;
  readonly format: Format;
}

export type Command =
  | { readonly command: "check"; readonly arguments: CheckArguments }
  | { readonly command: "registry"; readonly arguments: RegistryArguments }
  | { readonly command: "help"; readonly topic: "check" | "registry" | undefined }
  | { readonly command: "version" };

const common = { help: { type: "boolean", short: "h" }, version: { type: "boolean" } } as const;
const workspace = { type: "string", multiple: true } as const;
const environment = { type: "string" } as const;
const noCache = { "no-cache": { type: "boolean" } } as const;

/** Reads the arguments behind the program's name. Throws UsageError. */
export function readArguments(args: readonly string[]): Command {
  const [name, ...rest] = args;
  switch (name) {
    case "check":
      return readCheck(rest);
    case "registry":
      return readRegistry(rest);
    case "help":
    case "--help":
    case "-h":
      return { command: "help", topic: rest[0] === "check" || rest[0] === "registry" ? rest[0] : undefined };
    case "--version":
    case "-V":
      return { command: "version" };
    case undefined:
      throw new UsageError("no command: use check or registry (see keras-config --help)");
    default:
      throw new UsageError(
        name.startsWith("-")
          ? `unknown option ${name} before the command (see keras-config --help)`
          : `unknown command ${name}: use check or registry (see keras-config --help)`,
      );
  }
}

function readCheck(args: readonly string[]): Command {
  const { values, positionals } = parse(args, {
    ...common,
    workspace,
    environment,
    ...noCache,
    closed: { type: "boolean" },
    keras: { type: "string", multiple: true },
    loader: { type: "string" },
    "safe-mode": { type: "string" },
    "custom-object": { type: "string", multiple: true },
    format: { type: "string" },
    "fail-on": { type: "string" },
  });
  if (values.help) return { command: "help", topic: "check" };
  if (values.version) return { command: "version" };
  if (positionals.filter((path) => path === "-").length > 1)
    throw new UsageError("standard input can be read only once");
  return {
    command: "check",
    arguments: {
      paths: positionals.map(notEmpty("PATH")),
      workspaces: (values.workspace ?? []).map(notEmpty("--workspace")),
      environment: environmentIn(values),
      closed: values.closed ?? false,
      cache: !values["no-cache"],
      keras: (values.keras ?? []).flatMap(versions),
      ...callIn(values),
      format: oneOf("--format", ["text", "json"], values.format ?? "text"),
      failOn: oneOf("--fail-on", ["error", "warning", "never"], values["fail-on"] ?? "error"),
    },
  };
}

function readRegistry(args: readonly string[]): Command {
  const { values, positionals } = parse(args, {
    ...common,
    ...noCache,
    workspace,
    environment,
    format: { type: "string" },
  });
  if (values.help) return { command: "help", topic: "registry" };
  if (values.version) return { command: "version" };
  if (positionals.length > 0) {
    throw new UsageError(`registry takes no PATH, but got ${positionals[0]}: use --workspace ${positionals[0]}`);
  }
  return {
    command: "registry",
    arguments: {
      workspaces: (values.workspace ?? []).map(notEmpty("--workspace")),
      environment: environmentIn(values),
      cache: !values["no-cache"],
      format: oneOf("--format", ["text", "json"], values.format ?? "text"),
    },
  };
}

function environmentIn(values: { readonly environment?: string }): string | undefined {
  return values.environment === undefined ? undefined : notEmpty("--environment")(values.environment);
}

function callIn(values: {
  readonly loader?: string;
  readonly "safe-mode"?: string;
  readonly "custom-object"?: readonly string[];
}): { readonly call?: StatedCall } {
  const loader = values.loader === undefined ? undefined : oneOf("--loader", loaders, values.loader);
  const safeMode = oneOf("--safe-mode", ["on", "off"], values["safe-mode"] ?? "on") === "on";
  // As in a dict of Python, the last value of a key counts.
  const objects = new Map((values["custom-object"] ?? []).map(customObject).map((object) => [object.key, object]));
  if (loader === undefined && safeMode && objects.size === 0) return {};
  const customObjects = objects.size > 0 ? [...objects.values()] : undefined;
  return { call: { loader, safeMode, customObjects, from: "the arguments" } };
}

function customObject(value: string): StatedObject {
  const equals = value.lastIndexOf("=");
  const key = value.slice(0, Math.max(0, equals));
  const object = readObjectPath(value.slice(equals + 1));
  if (key === "" || !object)
    throw new UsageError(
      `--custom-object takes KEY=MODULE.NAME, such as Scale=my_package.layers.Scale, not '${value}'`,
    );
  return { key, ...object };
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

function parse<T extends Options>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's own words are right, but end with advice of several lines.
    const [line = ""] = (error as Error).message.split("\n");
    const text = line.replace(/\. To specify a positional argument.*$/, "").replace(/\.$/, "");
    throw new UsageError(`${text.charAt(0).toLowerCase()}${text.slice(1)} (see keras-config --help)`);
  }
}

function notEmpty(what: string): (value: string) => string {
  return (value) => {
    if (value === "") throw new UsageError(`${what} must not be empty`);
    return value;
  };
}

function versions(value: string): string[] {
  const list = value.split(",").map((one) => one.trim());
  for (const one of list) {
    if (!isVersion(one)) throw new UsageError(`--keras takes versions such as 3.8 or 3.12.0, not '${one}'`);
  }
  return list;
}

function oneOf<const T extends string>(option: string, allowed: readonly T[], value: string): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new UsageError(`${option} takes ${allowed.join(", ")}, not '${value}'`);
  return found;
}

/** Whether a severity is at or above the one that `--fail-on` names. */
export function fails(severity: Severity, failOn: CheckArguments["failOn"]): boolean {
  if (failOn === "never") return false;
  return severity === "error" || (failOn === "warning" && severity === "warning");
}
