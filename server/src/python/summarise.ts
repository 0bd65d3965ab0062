import { withBodies } from "./bodies.ts";
import { FactReader } from "./factReader.ts";
import { filledNames } from "./filledNames.ts";
import { readCode } from "./followed.ts";
import { type PythonTree, parsePython } from "./parse.ts";
import { readPatches, spokenMembers } from "./patches.ts";
import { ScopeReader } from "./scopeReader.ts";
import { type PythonSource, SourceText } from "./source.ts";
import { type FunctionFact, type ModuleSummary, SUMMARY_FORMAT, type ValueSyntax } from "./summary.ts";
import {
  countName,
  hasRegistrationWord,
  lastSegment,
  REGISTER_FUNCTION,
  REGISTRY_DICTS,
  REGISTRY_FUNCTION,
  SCOPE_WORDS,
  type Vocabulary,
} from "./words.ts";

/** A text longer than this many UTF-16 units is read for its headers only. */
export const LONGEST_FULL_TEXT = 3_000_000;
/** A text longer than this is not read at all. */
export const LONGEST_TEXT = 20_000_000;
const NO_NAMES: ReadonlySet<string> = new Set();

/**
 * Summarises one module from its text: the headers, and the function bodies too where the text holds a word of Keras's
 * registration. Takes any text, never throws, linear in it.
 */
export function summarise(source: PythonSource): ModuleSummary {
  const text = new SourceText(source);
  const hasWord = hasRegistrationWord(text.text);
  return read(text, hasWord, hasWord, NO_NAMES);
}

/**
 * As `summarise`, function bodies included. `names` are names of this module whose calls may register because of what
 * they are in other modules: `RegistryView.wanted` says which.
 */
export function summariseFully(source: PythonSource, names: Iterable<string> = []): ModuleSummary {
  const text = new SourceText(source);
  return read(text, hasRegistrationWord(text.text), true, new Set(names));
}

function read(source: SourceText, hasWord: boolean, full: boolean, names: ReadonlySet<string>): ModuleSummary {
  const { text } = source;
  const tooLong = text.length > LONGEST_TEXT;
  const tree: PythonTree = tooLong ? { text, body: [] } : parsePython(text);
  const deep = full && text.length <= LONGEST_FULL_TEXT;
  const scopes = new ScopeReader(source, tree, deep);
  let functions: readonly FunctionFact[] = deep ? withBodies(text, scopes, scopes.visited) : scopes.functions;
  let facts: ModuleSummary["facts"] = [];
  let code: ModuleSummary["code"] = [];
  let incomplete = tooLong || (full && !deep) ? "it is too long to be read as a whole" : undefined;
  if (deep) {
    const words = readVocabulary(scopes, functions, names);
    const reader = new FactReader(source, tree, words);
    for (const statement of scopes.visited) reader.read(statement);
    facts = reader.facts;
    const followed = readCode(tree, scopes, functions, facts, words.interesting);
    functions = followed.functions;
    code = followed.code;
    if (reader.overflow) incomplete = "it holds more calls that may register than are followed";
  }
  return {
    format: SUMMARY_FORMAT,
    uri: source.uri,
    ...(source.cells ? { cells: source.cells } : {}),
    depth: deep ? "full" : "headers",
    askedFor: [...names].sort(),
    hasWord,
    ...(incomplete === undefined ? {} : { incomplete }),
    scopes: scopes.scopes,
    imports: scopes.imports,
    classes: scopes.classes,
    functions,
    facts,
    code,
    ...(scopes.exports.names === undefined ? {} : { all: scopes.exports.names }),
    decoratorsOnly: decoratorsOnly(text, scopes),
    patches: tooLong ? [] : [...scopes.patches, ...readPatches(source, tree)],
    spoken: tooLong ? [] : spokenMembers(text),
    ...filledNames(text, scopes.scopes, deep ? { visited: scopes.visited, facts, code } : undefined),
  };
}

/**
 * The names whose calls may register, as far as this text alone tells: the words of Keras, what they are imported or
 * assigned as, and the functions and classes whose bodies use one of these.
 */
function readVocabulary(scopes: ScopeReader, functions: readonly FunctionFact[], asked: Iterable<string>): Vocabulary {
  const interesting = new Set<string>([REGISTER_FUNCTION, ...asked]);
  const registryFunctions = new Set([REGISTRY_FUNCTION]);
  const registries = new Set(REGISTRY_DICTS);
  const scopeNames = new Set(SCOPE_WORDS);
  const sets = [interesting, registryFunctions, registries, scopeNames];
  const follow = (name: string, roots: readonly string[]) => {
    for (const set of sets) if (roots.some((root) => set.has(root))) set.add(name);
  };
  for (let pass = 0, size = -1; pass < MOST_PASSES && size !== sets.reduce((sum, set) => sum + set.size, 0); pass++) {
    size = sets.reduce((sum, set) => sum + set.size, 0);
    for (const scope of scopes.scopes) {
      for (const { name, value } of scope.bindings) {
        if (value.kind === "member") follow(name, [value.name]);
        if (value.kind !== "value") continue;
        const { value: syntax } = value;
        if (syntax.kind === "call" && calledName(syntax, registryFunctions)) registries.add(name);
        else if (syntax.kind === "name") follow(name, [lastSegment(syntax.path)]);
        else if (valueRoots(syntax).some((root) => interesting.has(root))) interesting.add(name);
      }
    }
    for (const fact of functions) {
      const words = [...fact.mentions!.names, ...fact.calls!].map(lastSegment);
      if (!words.some((word) => sets[0]!.has(word) || sets[1]!.has(word) || sets[2]!.has(word))) continue;
      if (!COMMON_METHODS.has(fact.name)) interesting.add(fact.name);
      // A method that Python calls by itself makes its class one whose calls may register.
      const scope = scopes.scopes[fact.scope]!;
      if (scope.kind === "class" && fact.name.startsWith("__")) interesting.add(scopes.classes[scope.owner]!.name);
    }
  }
  return { interesting, registryFunctions, registries, scopeNames };
}

/** Chains of functions that call one another longer than this are not followed within one file; linking goes on. */
const MOST_PASSES = 20;

/** Methods of every class that loads or saves: a call of one says nothing about what it registers. */
const COMMON_METHODS = new Set([
  ...["__init__", "__call__", "__new__", "__enter__", "__exit__", "__init_subclass__"],
  ...["from_config", "get_config", "build", "call", "get", "update", "append", "load", "save", "deserialize"],
]);

function calledName(call: Extract<ValueSyntax, { kind: "call" }>, names: ReadonlySet<string>): boolean {
  return call.callee.kind === "name" && names.has(lastSegment(call.callee.path));
}

/** The last names of what a value is, or of what is called to make it. */
function valueRoots(value: ValueSyntax): string[] {
  switch (value.kind) {
    case "name":
      return [lastSegment(value.path)];
    case "call": {
      const roots = valueRoots(value.callee);
      // `functools.partial(register_keras_serializable, package="p")`, `getattr(saving, "register_keras_serializable")`
      if (roots[0] !== "partial" && roots[0] !== "getattr") return roots;
      return value.arguments.slice(0, 2).flatMap(({ value: argument }) => {
        return argument.kind === "string"
          ? [argument.value]
          : argument.kind === "name"
            ? [lastSegment(argument.path)]
            : [];
      });
    }
    case "subscript":
    case "attribute":
      return valueRoots(value.of);
    case "choice":
      return value.options.slice(0, 8).flatMap(valueRoots);
    default:
      return [];
  }
}

/** Imported names that occur in the text as decorators and in imports only. */
function decoratorsOnly(text: string, scopes: ScopeReader): string[] {
  const uses = new Map<string, number>();
  for (const { decorators } of [...scopes.classes, ...scopes.functions]) {
    for (const { text: path } of decorators) {
      const root = path.split(".", 1)[0]!;
      uses.set(root, (uses.get(root) ?? 0) + 1);
    }
  }
  const bound = new Map<string, number>();
  for (const { name, value } of scopes.scopes[0]!.bindings) {
    if (value.kind !== "member" || !uses.has(name)) continue;
    // `from m import a as b` names `b` once; `from m.a import a` names `a` twice.
    const inModule = value.module.split(".").filter((part) => part === name).length;
    bound.set(name, (bound.get(name) ?? 0) + 1 + inModule);
  }
  const result: string[] = [];
  for (const [name, count] of bound) if (countName(text, name) === count + uses.get(name)!) result.push(name);
  return result.sort();
}
