import { definitionHeader } from "./headers.ts";
import { decoratorsOf, type PythonTree } from "./parse.ts";
import type { Statement } from "./statements.ts";

/** A function that a class defines; "several" where more than one statement of its body may decide the name. */
export type Method = Statement | "several";

/** By name. */
export type Methods = ReadonlyMap<string, Method>;

/** Words by which an object's attributes, or a function's variables, change without being named. */
const HIDES = /\b(?:setattr|delattr|__setattr__|__dict__|exec|eval|vars|locals|nonlocal|global)\b|:=|\bfor\s+\w+\.\w/;
/**
 * An object that gets a method of its own, which runs in the place of the class's. An annotation that goes on for long counts as one
 * with a value, here and below: each is read once.
 */
const OWN_METHOD =
  /\.(?:call|build|compute_output_\w+|symbolic_call|build_from_config)\s*(?:=[^=]|:(?:[^=\n]{1,199}=[^=]|[^=\n]{200}))/;
/**
 * Words by which a load does something else: Keras does not come to `call` (`dynamic` of Keras 2), takes what is raised for an answer
 * (`NotImplementedError`, in Sequential), or finds other names.
 */
const TURNS =
  /\bdynamic\s*=|["']dynamic["']|\bNotImplementedError\b|\b[Cc]ustom_?[Oo]bject_?[Ss]cope\b|\bcustom_objects=(?!None\b|custom_objects\b)/;
/** Methods of which a class that is loaded from a config has one at least. */
export const LOADED = ["build", "call", "get_config", "from_config"];
/** A layer that its constructor takes for built is not built when it is called. */
const BUILT = /\.built\s*(?:=|:(?:[^=\n]{1,199}=|[^=\n]{200}))/;

/**
 * Whether the objects of a class may become something else than its methods say, or a load of it go another way: whoever reads the
 * class by what stands there then knows nothing of it. By the words of its text; linear in it.
 */
export function mayBeOtherwise(
  tree: PythonTree,
  { start, bodyEnd }: Statement,
  init: Statement,
  methods: Methods,
): boolean {
  const text = tree.text.slice(start, bodyEnd);
  if (HIDES.test(text) || TURNS.test(text) || OWN_METHOD.test(text) || givesItselfAway(tree, text, init)) return true;
  const called = new Set(Array.from(text.matchAll(/\.(\w+)\(/g), ([, name = ""]) => name));
  if ([...methods].some(([name, method]) => mayHide(tree, called, name, method))) return true;
  const fromConfig = methods.get("from_config");
  return fromConfig !== undefined && (fromConfig === "several" || keepsWhatItMade(tree, fromConfig));
}

/** Whether a constructor takes its layer for built. */
export function isBuiltBefore({ text }: PythonTree, { start, bodyEnd }: Statement): boolean {
  return BUILT.test(text.slice(start, bodyEnd));
}

/** What looks at an object, or is a method of a base of its, and sets nothing of what the class keeps. */
const LOOKS =
  /\b(?:super|isinstance|hasattr|getattr|type|id|repr|str|len|callable|def\s+\w+|\w+\.(?:__\w+__|build|call))\s*\([^()]*|\blambda\b[^:]*/g;

/** Decorators that run a method as it is written, or not at all. */
const RUNS =
  /^(?:[\w.]+\.)?(?:property|cached_property|setter|getter|deleter|staticmethod|classmethod|abstractmethod|override|function|typechecked|with_name_scope|shape_type_conversion)\b/;

/** Whether a method that a load may come to does more than is written in the class; `called` are the names of all that are called. */
function mayHide(tree: PythonTree, called: ReadonlySet<string>, name: string, method: Method): boolean {
  if (method === "several") return LOADED.includes(name) || called.has(name);
  return decoratorsOf(tree, method).some(({ start, end }) => !RUNS.test(tree.text.slice(start, end)));
}

/** Whether the object comes to somebody who may set what he likes on it. */
function givesItselfAway(tree: PythonTree, text: string, init: Statement): boolean {
  const self = definitionHeader(tree, init)?.parameters[0]?.name ?? "";
  // In prose, more words follow: `self-attention`.
  return new RegExp(`\\b${self}\\b(?!\\s*\\.|[- ]?\\w)`).test(text.replaceAll(LOOKS, ""));
}

/** Whether a `from_config` does something with the object that it makes before it returns it. */
function keepsWhatItMade({ text }: PythonTree, { start, bodyEnd }: Statement): boolean {
  return /(?<!\breturn\s+)(?:(?<![\w.])cls|\bsuper\([^()]*\)\.from_config)\s*\(/.test(text.slice(start, bodyEnd));
}
