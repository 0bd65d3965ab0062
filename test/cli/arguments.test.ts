import assert from "node:assert/strict";
import { test } from "node:test";
import { type CheckArguments, readArguments, UsageError } from "../../server/src/cli/arguments.ts";

function check(...args: string[]): CheckArguments {
  const command = readArguments(["check", ...args]);
  assert.equal(command.command, "check");
  return command.arguments as CheckArguments;
}

test("check has defaults for everything", () => {
  const defaults = { paths: [], workspaces: [], environment: undefined, closed: false, cache: true, keras: [] };
  assert.deepEqual(check(), { ...defaults, format: "text", failOn: "error" });
});

test("options stand anywhere, with a space or an equals sign, and some may be repeated", () => {
  assert.deepEqual(
    check(
      "a",
      "--workspace",
      "w",
      "b",
      "--workspace=v",
      "--environment",
      ".venv/bin/python",
      "--keras=3.8,3.12.0",
      "--keras",
      "3.3",
      "--closed",
      "--no-cache",
      "--fail-on",
      "never",
      "-",
      "--format=json",
      "--",
      "--x",
    ),
    {
      paths: ["a", "b", "-", "--x"],
      workspaces: ["w", "v"],
      environment: ".venv/bin/python",
      closed: true,
      cache: false,
      keras: ["3.8", "3.12.0", "3.3"],
      format: "json",
      failOn: "never",
    },
  );
});

test("what is stated of the call is read, the last object of a key counting", () => {
  const objects = ["p>Scale=my.layers.Other", "p>Scale=my.layers.Scale", "swishy=my.layers.swishy"];
  const { call } = check(
    "--loader=load_model",
    "--safe-mode",
    "off",
    ...objects.map((one) => `--custom-object=${one}`),
  );
  assert.deepEqual(call, {
    loader: "load_model",
    safeMode: false,
    customObjects: [
      { key: "p>Scale", module: "my.layers", name: "Scale" },
      { key: "swishy", module: "my.layers", name: "swishy" },
    ],
    from: "the arguments",
  });
  // As Keras does by itself.
  assert.equal(check("--safe-mode", "on").call, undefined);
});

const wrong: readonly (readonly [args: string, message: RegExp])[] = [
  ["", /^no command/],
  ["lint", /^unknown command lint/],
  ["--closed check", /^unknown option --closed before the command/],
  ["check --verbose", /^unknown option '--verbose'/],
  ["check --keras", /argument missing/],
  ["check --keras latest", /^--keras takes versions such as 3.8 or 3.12.0, not 'latest'/],
  ["check --keras 3.8,", /not ''/],
  ["check --loader pickle", /^--loader takes deserialize_keras_object, .*, not 'pickle'/],
  ["check --safe-mode no", /^--safe-mode takes on, off, not 'no'/],
  ["check --custom-object Scale", /^--custom-object takes KEY=MODULE.NAME, such as .*, not 'Scale'/],
  ["check --custom-object =my.layers.Scale", /not '=my.layers.Scale'/],
  ["check --custom-object Scale=Scale", /not 'Scale=Scale'/],
  ["check --format sarif", /^--format takes text, json, not 'sarif'/],
  ["check --fail-on info", /^--fail-on takes error, warning, never, not 'info'/],
  ["check --closed=yes", /does not take an argument/],
  ["check - -", /^standard input can be read only once/],
  ["registry src", /^registry takes no PATH, but got src: use --workspace src/],
  ["registry --closed", /^unknown option '--closed'/],
];

test("wrong usage is said in one line", () => {
  for (const [args, message] of wrong) {
    assert.throws(
      () => readArguments(args === "" ? [] : args.split(" ")),
      (error) => error instanceof UsageError && message.test(error.message) && !error.message.includes("\n"),
      args,
    );
  }
});

test("an empty path or folder is not the current folder", () => {
  assert.throws(() => readArguments(["check", ""]), UsageError);
  assert.throws(() => readArguments(["check", "--workspace", ""]), UsageError);
});
