import type { KerasRelease } from "../catalogue/keras.ts";
import { type AcceptedArguments, acceptedArguments } from "../deserialize/acceptedArguments.ts";
import { builtinModules } from "../deserialize/behaviour.ts";
import { NO_NODE, type Node, nodeAtOffset, type ValueTree } from "../json/index.ts";
import type { Declaration, RegistryView } from "../registry/view.ts";
import { exportedSymbols } from "./exportedSymbols.ts";
import { type IdentityField, isFunction, textOf } from "./identity.ts";
import type { ChoiceAbout } from "./offeredObjects.ts";
import { type FilledChange, filledChange } from "./requiredArguments.ts";
import { jsonContent, type TextChange, writeMember } from "./textChange.ts";

/** What can stand in a field, and what else accepting it writes. */
export interface CompletionChoice {
  /** The whole new value. */
  readonly label: string;
  readonly kind: "class" | "function" | "module";
  readonly detail: string;
  /** What takes the place of the string's content, or where there is no string yet, of the value: then with quotes. */
  readonly newText: string;
  readonly additional: readonly TextChange[];
  /** The same with what the class's config must hold, for editors that have places to fill in. */
  readonly filled?: FilledChange;
  /** 0 for what fits the fields beside it, 1 for the rest. */
  readonly rank: 0 | 1;
  readonly about: ChoiceAbout;
}

export interface CompletionList {
  /** UTF-16 offsets: the string's content from its start to the caret, and to its end. */
  readonly start: number;
  readonly caret: number;
  readonly end: number;
  readonly choices: readonly CompletionChoice[];
}

/** Where completion stands: the field of an object, and what is replaced. */
interface Target {
  readonly tree: ValueTree;
  readonly object: Node;
  readonly field: IdentityField;
  readonly start: number;
  readonly end: number;
  /** Whether the content of a string is replaced; else the whole value. */
  readonly quoted: boolean;
  /** Whether members can be added beside it: not where the value is half typed, and its end is not where it seems. */
  readonly isWhole: boolean;
}

/** What can stand at an offset; undefined where no field that names an object does. */
export function completionAt(
  tree: ValueTree,
  text: string,
  offset: number,
  registry: RegistryView,
  release: KerasRelease,
): CompletionList | undefined {
  const target = targetAt(tree, text, offset);
  if (!target) return undefined;
  const choices = choicesFor(target, registry, release);
  return { start: target.start, caret: offset, end: target.end, choices };
}

function targetAt(tree: ValueTree, text: string, offset: number): Target | undefined {
  const node = nodeAtOffset(tree, offset, true);
  if (node === NO_NODE) return undefined;
  const object = tree.parent(node);
  const field = object === NO_NODE ? undefined : fieldOf(tree, object, tree.key(node));
  const start = tree.start(node);
  if (field && offset >= start && tree.kind(node) === "string" && text.charAt(start) === '"') {
    if (offset === start) return undefined;
    const end = contentEnd(text, start, tree.end(node));
    const isWhole = end === tree.end(node) - 1;
    return offset > end ? undefined : { tree, object, field, start: start + 1, end, quoted: true, isWhole };
  }
  // Behind a colon, where no string stands yet.
  const before = /"(\w{1,30})"[ \t]*:[ \t]*(null|[\w.>]{0,60})$/.exec(text.slice(Math.max(0, offset - 120), offset));
  if (!before) return undefined;
  const [, key = "", typed = ""] = before;
  const around = tree.kind(node) === "object" ? node : object;
  const bare = around === NO_NODE ? undefined : fieldOf(tree, around, key);
  if (!bare || around === NO_NODE) return undefined;
  const [, rest = "", next = ""] = /^([\w.>]*)[ \t]*(.?)/.exec(text.slice(offset, offset + 120)) ?? [];
  // A value that is there already is not written another in front of.
  if (next !== "" && '{["'.includes(next)) return undefined;
  return {
    tree,
    object: around,
    field: bare,
    start: offset - typed.length,
    end: offset + rest.length,
    quoted: false,
    isWhole: false,
  };
}

function fieldOf(tree: ValueTree, object: Node, key: string): IdentityField | undefined {
  if (key === "module" || key === "class_name" || key === "registered_name") return key;
  return key === "config" && isFunction(tree, object) ? "config" : undefined;
}

/** Where a string's content ends: before its closing quote, or where it is not closed, with its line. */
function contentEnd(text: string, start: number, end: number): number {
  const line = /[\r\n]/.exec(text.slice(start, end));
  const last = line ? start + line.index : end;
  let slashes = 0;
  while (text.charAt(last - 2 - slashes) === "\\") slashes++;
  // A quote behind an odd number of backslashes is an escaped one.
  const isClosed = last > start + 1 && text.charAt(last - 1) === '"' && slashes % 2 === 0;
  return isClosed ? last - 1 : last;
}

function choicesFor(target: Target, registry: RegistryView, release: KerasRelease): CompletionChoice[] {
  switch (target.field) {
    case "registered_name":
      return [...registered(target, registry, release, "key")];
    case "class_name":
      return [...registered(target, registry, release, "name"), ...builtinClasses(target, release)];
    case "module":
      return modules(target, registry, release);
    case "config":
      return [...registered(target, registry, release, "key"), ...builtinFunctions(target, release)];
  }
}

/** The workspace's registered classes, or where the object is a function, functions; by their key or their own name. */
function* registered(
  target: Target,
  registry: RegistryView,
  release: KerasRelease,
  by: "key" | "name",
): Iterable<CompletionChoice> {
  const { tree, object, field } = target;
  const wantsFunction = isFunction(tree, object);
  const className = textOf(tree, object, "class_name");
  for (const key of registry.keys()) {
    const declaration =
      registry.declarations(key).findLast(({ when }) => when === "import") ?? registry.declarations(key)[0];
    if (!declaration || (declaration.kind === "function") !== wantsFunction) continue;
    const name = nameOf(declaration);
    if (by === "name" && wantsFunction) continue;
    const fits = field === "registered_name" && className !== undefined ? className === name : true;
    yield choice(target, by === "key" ? key : name, {
      kind: declaration.kind === "function" ? "function" : "class",
      detail: by === "key" ? `${declaration.module}.${declaration.qualname}` : key,
      rank: fits ? 0 : 1,
      about: { workspace: declaration.location },
      required: () => requiredOfWorkspace(registry, release, declaration),
      additional: wantsFunction ? {} : { module: declaration.module, class_name: name, registered_name: key },
    });
  }
}

function nameOf(declaration: Declaration): string {
  return declaration.qualname.slice(declaration.qualname.lastIndexOf(".") + 1);
}

/** The exported classes of a release, each by its name and module. */
function* builtinClasses(target: Target, release: KerasRelease): Iterable<CompletionChoice> {
  const module = textOf(target.tree, target.object, "module");
  for (const { path, symbol } of exportedSymbols(release)) {
    if (symbol.kind !== "class") continue;
    const own = path.slice(0, path.lastIndexOf("."));
    yield choice(target, path.slice(own.length + 1), {
      kind: "class",
      detail: path,
      rank: own === module ? 0 : 1,
      about: { builtin: path },
      required: () => requiredNames(acceptedArguments(release, symbol)),
      additional: { module: own, ...(hasMember(target, "registered_name") ? { registered_name: null } : {}) },
    });
  }
}

function* builtinFunctions(target: Target, release: KerasRelease): Iterable<CompletionChoice> {
  const seen = new Set<string>();
  for (const { path, symbol } of exportedSymbols(release)) {
    const [, module = "", name = ""] = /^keras\.(\w+)\.(\w+)$/.exec(path) ?? [];
    if (symbol.kind !== "function" || !builtinModules.some((one) => one === module) || seen.has(name)) continue;
    seen.add(name);
    yield choice(target, name, { kind: "function", detail: path, rank: 1, about: { builtin: path }, additional: {} });
  }
}

function modules(target: Target, registry: RegistryView, release: KerasRelease): CompletionChoice[] {
  const { tree, object } = target;
  const className = textOf(tree, object, "class_name");
  const found = new Map<string, { detail: string; fits: boolean }>();
  const add = (module: string, name: string, detail: string) => {
    const before = found.get(module);
    found.set(module, { detail: before?.detail ?? detail, fits: before?.fits === true || name === className });
  };
  if (className === "function") add("builtins", "function", "functions");
  for (const key of registry.keys()) {
    for (const declaration of registry.declarations(key)) {
      if (declaration.kind !== "function") add(declaration.module, nameOf(declaration), "of the workspace");
    }
  }
  for (const { path, symbol } of exportedSymbols(release)) {
    const dot = path.lastIndexOf(".");
    if (symbol.kind === "class") add(path.slice(0, dot), path.slice(dot + 1), `Keras ${release.version}`);
  }
  return [...found].map(([module, { detail, fits }]) =>
    choice(target, module, { kind: "module", detail, rank: fits ? 0 : 1, about: undefined, additional: {} }),
  );
}

/** What the constructor of a registered class cannot do without. */
function requiredOfWorkspace(registry: RegistryView, release: KerasRelease, declared: Declaration): readonly string[] {
  const cls = registry.classOf(declared.module, declared.qualname, declared.location);
  return cls ? requiredNames(acceptedArguments(release, cls)) : [];
}

function requiredNames({ arguments: accepted }: AcceptedArguments): readonly string[] {
  return accepted.filter(({ required }) => required).map(({ name }) => name);
}

interface ChoiceFacts extends Pick<CompletionChoice, "kind" | "detail" | "rank" | "about"> {
  /** What the fields beside it then hold. */
  readonly additional: Readonly<Record<string, string | null>>;
  /** What the config of the class must hold; asked only where it is written. */
  readonly required?: () => readonly string[];
}

function choice({ tree, object, field, quoted, isWhole }: Target, value: string, facts: ChoiceFacts): CompletionChoice {
  const { additional, required, ...rest } = facts;
  const others = Object.entries(additional).filter(
    ([key, wanted]) =>
      key !== field && !holds(tree, object, key, wanted) && (isWhole || tree.member(object, key) !== NO_NODE),
  );
  const changes = joined(others.map(([key, wanted]) => writeMember(tree, object, key, wanted)));
  const isFilled = field === "class_name" && quoted && isWhole;
  const filled = isFilled && required ? filledChange(tree, object, jsonContent(value), required, changes) : undefined;
  return {
    ...rest,
    label: value,
    newText: quoted ? jsonContent(value) : JSON.stringify(value),
    additional: changes,
    ...(filled ? { filled } : {}),
  };
}

/** Insertions at one place as one change: editors do not agree on the order of several. */
function joined(changes: readonly TextChange[]): TextChange[] {
  const result: TextChange[] = [];
  for (const change of changes) {
    const same = result.findIndex(({ start, end }) => start === end && start === change.start && end === change.end);
    if (same < 0) result.push(change);
    else result[same] = { ...change, newText: (result[same] as TextChange).newText + change.newText };
  }
  return result;
}

function holds(tree: ValueTree, object: Node, key: string, wanted: string | null): boolean {
  const member = tree.member(object, key);
  if (member === NO_NODE) return false;
  return wanted === null ? tree.kind(member) === "null" : textOf(tree, object, key) === wanted;
}

function hasMember({ tree, object }: Target, key: string): boolean {
  return tree.member(object, key) !== NO_NODE;
}
