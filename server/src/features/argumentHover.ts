import type { KerasConfigs } from "../catalogue/configs.ts";
import type { KerasRelease } from "../catalogue/keras.ts";
import { acceptedArguments } from "../deserialize/acceptedArguments.ts";
import { NO_NODE, nodeAtOffset } from "../json/index.ts";
import type { RegistryView } from "../registry/view.ts";
import type { DocumentAnalysis } from "../workspace/checkDocument.ts";
import { configClassAt } from "./configClass.ts";
import { type ConfigClass, type ConfigKey, configKeys, pathOf, simpleNameOf } from "./configKeys.ts";
import type { DocumentationSources } from "./documentation.ts";
import { spaced } from "./snippet.ts";

/** What is said of a key of a config. */
export interface ArgumentText {
  readonly start: number;
  readonly end: number;
  readonly paragraphs: readonly string[];
}

/** What the argument under an offset is, its default and its documentation; undefined on anything but such a key. */
export async function argumentAt(
  analysis: DocumentAnalysis,
  offset: number,
  registry: RegistryView,
  configs: KerasConfigs,
  sources: DocumentationSources,
): Promise<ArgumentText | undefined> {
  const { tree } = analysis.document;
  const value = nodeAtOffset(tree, offset, true);
  if (value === NO_NODE || offset < tree.keyStart(value) || offset > tree.keyEnd(value)) return undefined;
  const config = tree.parent(value);
  if (config === NO_NODE || tree.key(config) !== "config") return undefined;
  const { release } = sources;
  const cls = configClassAt(analysis, tree.parent(config), { release, registry });
  const key = cls && configKeys(release, configs, cls).find((one) => one.key === tree.key(value));
  if (!key) return undefined;
  const documentation =
    key.documentedBy && (await sources.keras()).argument(release.version, key.documentedBy, key.key);
  return {
    start: tree.keyStart(value),
    end: tree.keyEnd(value),
    paragraphs: [
      `**\`${key.key}\`** (argument of \`${pathOf(cls)}\`, Keras ${release.version})`,
      defaultOf(key),
      ...(documentation === undefined ? [] : [documentation]),
    ],
  };
}

function defaultOf({ required, default: value, json }: ConfigKey): string {
  if (required) return "It must be given.";
  const shown = value ?? (json === undefined ? undefined : spaced(json));
  return shown === undefined ? "It may be left out." : `Default: \`${shown}\``;
}

/** How the class is called, as Python writes it: `Dense(units, activation=None, …)`. */
export function signatureOf(release: KerasRelease, cls: ConfigClass): string {
  const { arguments: accepted, open } = acceptedArguments(release, cls.from === "keras" ? cls.symbol : cls.cls);
  const own = accepted.filter(({ of }) => of === accepted[0]?.of);
  const parts = own.map(({ name, default: value }) => (value === undefined ? name : `${name}=${value}`));
  if (open || own.length < accepted.length) parts.push("**kwargs");
  return `${simpleNameOf(cls)}(${parts.join(", ")})`;
}
