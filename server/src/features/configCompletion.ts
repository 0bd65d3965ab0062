import type { KerasConfigs } from "../catalogue/configs.ts";
import type { KerasDocumentation } from "../catalogue/documentation.ts";
import type { KerasRelease } from "../catalogue/keras.ts";
import { NO_NODE, type ValueTree } from "../json/index.ts";
import type { RegistryView } from "../registry/view.ts";
import type { DocumentAnalysis } from "../workspace/checkDocument.ts";
import { configClassAt } from "./configClass.ts";
import { type ConfigClass, type ConfigKey, configKeys, simpleNameOf } from "./configKeys.ts";
import { type ConfigPlace, configPlaceAt } from "./configPlace.ts";
import { type ChoiceAbout, type ObjectChoice, offeredObjects } from "./offeredObjects.ts";
import { laidOut, plainText, type Snippet, snippetText, spaced } from "./snippet.ts";
import type { TextChange } from "./textChange.ts";
import { wholeObject, writtenValue } from "./wholeObject.ts";

/** What can stand at a place in a config. */
export interface ConfigChoice {
  readonly label: string;
  readonly kind: "argument" | "value" | "class";
  readonly detail: string;
  /** What the word that is typed is compared with. */
  readonly filter: string;
  readonly newText: string;
  /** The same in the snippet syntax of the protocol, where there are places to fill in. */
  readonly snippet: string | undefined;
  readonly additional: readonly TextChange[];
  /** Choices are listed in the order of this text. */
  readonly sort: string;
  readonly about: ChoiceAbout;
}

/** A choice before its text is laid out. */
type UnwrittenChoice = Omit<ConfigChoice, "newText" | "snippet"> & { readonly written: Snippet };

export interface ConfigCompletion {
  /** UTF-16 offsets of what is replaced: a word that was cut in two would leave a damaged document. */
  readonly start: number;
  readonly end: number;
  /** The indentation of the line: texts of several lines are written as if there was none. */
  readonly indentation: string;
  readonly choices: readonly ConfigChoice[];
}

/** What the choices are read from. */
export interface ConfigSources {
  readonly release: KerasRelease;
  readonly registry: RegistryView;
  readonly configs: KerasConfigs;
  readonly documentation: KerasDocumentation;
}

/** The keys, values and objects that can stand at an offset inside a config; undefined at any other place. */
export function configCompletionAt(
  analysis: DocumentAnalysis,
  text: string,
  offset: number,
  sources: ConfigSources,
): ConfigCompletion | undefined {
  const { tree } = analysis.document;
  const place = configPlaceAt(tree, text, offset);
  if (!place || tree.key(place.object) !== "config") return undefined;
  const cls = configClassAt(analysis, tree.parent(place.object), sources);
  if (!cls) return undefined;
  const range = { start: place.start, end: place.end, indentation: indentationAt(text, place.start) };
  const unit = unitOf(tree, text, place);
  const keys = configKeys(sources.release, sources.configs, cls);
  const choices =
    place.kind === "key"
      ? keyChoices(tree, text, place, keys, cls)
      : valueChoices(text, place, keys.find(({ key }) => key === place.key) ?? layersOf(place), cls, sources);
  if (choices.length === 0) return undefined;
  return { ...range, choices: choices.map(({ written, ...rest }) => ({ ...rest, ...texts(written, unit) })) };
}

/** The layers of a model are no argument of its constructor. */
function layersOf({ key }: ConfigPlace): ConfigKey | undefined {
  return key === "layers" ? { key, required: false, slot: { by: "layers.deserialize", each: true } } : undefined;
}

function keyChoices(
  tree: ValueTree,
  text: string,
  place: ConfigPlace,
  keys: readonly ConfigKey[],
  cls: ConfigClass,
): UnwrittenChoice[] {
  const absent = keys.filter(({ key }) => tree.member(place.object, key) === NO_NODE);
  const additional: TextChange[] =
    place.commaBefore === undefined ? [] : [{ start: place.commaBefore, end: place.commaBefore, newText: "," }];
  return absent.map((key, index) => {
    const name = JSON.stringify(key.key);
    const value = writtenValue(key, (wanted) => freeName(text, wanted), simpleNameOf(cls));
    // A default is there to be changed.
    const shown = typeof value === "string" ? { placeholder: value } : value;
    const snippet: Snippet = place.hasValue ? [name] : [`${name}: `, shown, place.commaBehind ? "," : ""];
    return {
      label: key.key,
      kind: "argument",
      detail: key.required ? "required" : `default: ${key.default ?? spaced(key.json ?? "")}`,
      filter: name,
      written: snippet,
      additional,
      sort: `${key.required ? 0 : 1} ${String(index).padStart(3, "0")}`,
      about: argumentAbout(key),
    };
  });
}

function valueChoices(
  text: string,
  place: ConfigPlace,
  key: ConfigKey | undefined,
  cls: ConfigClass,
  sources: ConfigSources,
): UnwrittenChoice[] {
  if (!key) return [];
  const comma = place.commaBehind ? "," : "";
  const values = place.inList ? [] : plainValues(key, sources);
  const choices = values.map(
    (json, index): UnwrittenChoice => ({
      label: json,
      kind: "value",
      detail: json === key.json ? "default" : key.key,
      filter: json,
      written: [json + comma],
      additional: [],
      sort: `${json === key.json ? 0 : 1} ${String(index).padStart(3, "0")}`,
      about: argumentAbout(key),
    }),
  );
  const isDue = key.slot && (place.inList || !key.slot.each);
  if (!isDue) return choices;
  const name = (wanted: string) => freeName(text, wanted);
  for (const object of offeredObjects(key, cls, sources)) {
    const snippet = wholeObject(sources.release, sources.configs, object.cls, object.identity, name);
    choices.push({
      label: object.identity.className,
      kind: "class",
      detail: detailOf(object),
      filter: JSON.stringify(object.identity.className),
      written: [...snippet, comma],
      additional: [],
      sort: `2 ${object.identity.className}`,
      about: object.about,
    });
  }
  return choices;
}

function detailOf({ identity: { module, className, registeredName } }: ObjectChoice): string {
  return registeredName ?? `${module}.${className}`;
}

/** The values that can be listed: of a switch, of words that the documentation quotes, of a table of names. */
function plainValues({ key, json, slot, documentedBy }: ConfigKey, sources: ConfigSources): string[] {
  if (json === "true" || json === "false") return ["true", "false"];
  const { release, documentation } = sources;
  const values = new Set<string>();
  if (slot && !slot.each && /\.(?:get|deserialize)$/.test(slot.by) && !slot.by.startsWith("layers.")) {
    const table = slot.by.slice(0, slot.by.indexOf(".")) as Parameters<KerasRelease["tableNames"]>[0];
    if (table === "dtype_policies") for (const policy of dtypePolicies) values.add(JSON.stringify(policy));
    else for (const name of release.tableNames(table)) if (/^[a-z]/.test(name)) values.add(JSON.stringify(name));
  } else if (documentedBy) {
    const words = quotedWords(documentation.argument(release.version, documentedBy, key));
    // One quoted word is an example.
    if (words.length > 1) for (const word of words) values.add(JSON.stringify(word));
  }
  if (json !== undefined && json !== "null" && values.size > 0 && /^"/.test(json)) values.add(json);
  if (values.size > 0 && json === "null") values.add("null");
  return [...values];
}

/** What `DTypePolicy` of keras/src/dtype_policies/dtype_policy.py takes for computing in floats. */
const dtypePolicies = ["float32", "float16", "bfloat16", "float64", "mixed_float16", "mixed_bfloat16"];

/** The words that stand in quotes between backticks. */
function quotedWords(text: string | undefined): string[] {
  return [...new Set([...(text ?? "").matchAll(/`["'](\w+)["']`/g)].map((match) => match[1] as string))];
}

function argumentAbout({ key, documentedBy }: ConfigKey): ChoiceAbout {
  const path = documentedBy?.canonical;
  return path === undefined ? undefined : { builtin: path, argument: key };
}

/** How much further a level stands, where the object is written over several lines; undefined where it is not. */
function unitOf(tree: ValueTree, text: string, { object, start }: ConfigPlace): string | undefined {
  const opening = tree.start(object);
  if (!/[\r\n]/.test(tree.slice(opening, start))) return undefined;
  const first = tree.firstChild(object);
  const inner = first === NO_NODE ? "" : indentationAt(text, tree.keyStart(first));
  const outer = indentationAt(text, opening);
  return inner.length > outer.length && inner.startsWith(outer) ? inner.slice(outer.length) : "  ";
}

/** What the line of an offset begins with. */
function indentationAt(text: string, offset: number): string {
  const begin = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(begin, offset))?.[0] ?? "";
}

function texts(written: Snippet, unit: string | undefined): Pick<ConfigChoice, "newText" | "snippet"> {
  const snippet = unit === undefined ? written : laidOut(written, unit);
  const hasPlaces = snippet.some((part) => typeof part !== "string");
  return { newText: plainText(snippet), snippet: hasPlaces ? snippetText(snippet) : undefined };
}

/** The first of `dense`, `dense_1`, `dense_2`, … that the document does not have, as Keras counts. */
function freeName(text: string, wanted: string): string {
  const taken = new Set(
    [...text.matchAll(new RegExp(`"(${wanted}(?:_\\d+)?)"`, "g"))].map((match) => match[1] as string),
  );
  for (let number = 0; ; number++) {
    const name = number === 0 ? wanted : `${wanted}_${number}`;
    if (!taken.has(name)) return name;
  }
}
