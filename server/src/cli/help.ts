import type { Rule } from "../rules/rule.ts";
import { ruleTable } from "../rules/table.ts";

const programs = `keras-config checks Keras configs as real Keras would load them.

  keras-config check [PATH…] [options]   check config JSON and .keras files
  keras-config registry [options]        list what the workspace's Python registers
  keras-config --help, --version
`;

const check = `Usage: keras-config check [PATH…] [--workspace DIR] [--environment PATH] [--closed]
                          [--keras VERSION] [--loader NAME] [--safe-mode on|off]
                          [--custom-object KEY=MODULE.NAME] [--no-cache]
                          [--format text|json] [--fail-on error|warning|never]

Checks every config in PATH: files (.json, .keras), folders, - for standard input. Without PATH, the
workspace, else the current folder. The workspace's Python is read, never run.

  --workspace DIR     where the Python is that registers names; may be repeated. By default PATH where
                      that is a folder; for a file the nearest folder above with .git, pyproject.toml or
                      setup.py, else its own.
  --environment PATH  the Python environment whose packages the workspace imports: its folder or its
                      Python. By default those in the workspace (.venv and the like), else the one that
                      is active (VIRTUAL_ENV, CONDA_PREFIX).
  --closed            nothing outside the workspace registers names
  --keras VERSION     the Keras release, such as 3.12.0, or 3.8 for its newest patch; may be repeated or
                      hold commas: a problem then says in which of them it holds. By default what the
                      workspace's environment has installed, else an exact pin in its lock and
                      requirement files, else the version that wrote the config, else the newest known.
  --loader NAME       the function by which the configs are loaded: deserialize_keras_object, load_model,
                      load_model_from_hdf5 (what load_model calls for an .h5 file), model_from_json,
                      layers.deserialize, or from_config. By default what follows from each config's
                      dialect.
  --safe-mode on|off  off passes safe_mode=False, or where the function takes no such argument, puts
                      SafeModeScope(False) around the call
  --custom-object KEY=MODULE.NAME
                      a key of the custom_objects argument, and the class or function that it holds; may
                      be repeated
  --no-cache          use no summaries of Python that an earlier run kept, and keep none
  --format FORMAT     text (for a person) or json
  --fail-on SEVERITY  exit 1 for problems at or above error (the default) or warning, or never

Exit codes: 0 clean, 1 problems at or above --fail-on, 2 wrong usage, or a PATH or DIR that cannot be read.
`;

const registry = `Usage: keras-config registry [--workspace DIR] [--environment PATH] [--no-cache]
                             [--format text|json]

Lists what importing the workspace's Python registers with Keras, with the place of each, what could
not be computed, and registrations that do not do what they look like. The Python is read, never run.

  --workspace DIR     the folder to read; may be repeated. By default the current folder.
  --environment PATH  the Python environment whose packages it imports: its folder or its Python.
                      By default those in the workspace, else the one that is active.
  --no-cache          use no summaries of Python that an earlier run kept, and keep none
  --format FORMAT     text (for a person) or json

Exit codes: 0 also where something is not computed or is a problem, 2 wrong usage or a folder that cannot be read.
`;

/** What `--help` prints; the rules come from the rule table. */
export function helpText(topic: "check" | "registry" | undefined): string {
  const registryWithRules = `${registry}\nRules:\n${ruleLines("registration")}`;
  if (topic === "registry") return registryWithRules;
  const checkWithRules = `${check}\nRules:\n${ruleLines("config")}`;
  return topic === "check" ? checkWithRules : `${programs}\n${checkWithRules}\n${registryWithRules}`;
}

function ruleLines(of: Rule["of"]): string {
  const rules = [...ruleTable.values()].filter((rule) => rule.of === of);
  const width = Math.max(...rules.map(({ code }) => code.length));
  return rules.map((rule) => `  ${rule.code.padEnd(width)}  ${rule.severity.padEnd(7)}  ${rule.summary}\n`).join("");
}
