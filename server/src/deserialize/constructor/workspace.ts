import type { FunctionFlow, WorkspaceClass } from "../../registry/view.ts";
import { isPlainBase, isSuperInit } from "../acceptedArguments.ts";
import { isHarmless } from "../constructorSlots.ts";
import type { Load } from "../load.ts";
import { keyError, missingArguments, typeError } from "../messages.ts";
import { builtinProblems } from "./builtin.ts";
import type { ConstructorProblem, Given } from "./call.ts";

/** A call of the constructor of a class of the workspace. */
export interface WorkspaceCall {
  readonly load: Load;
  readonly cls: WorkspaceClass;
  readonly given: readonly Given[];
  /** Whether all arguments are given that there are, but for those that are `changed`. */
  readonly isWhole: boolean;
  readonly changed: readonly string[];
  /** Those of them that are given for certain. */
  readonly written: readonly string[];
  readonly isReplaced: (name: string, text: string) => boolean;
}

/**
 * What `cls(**config)` of a class of the workspace raises: each constructor along the method resolution order takes what
 * its header names and hands the rest on, as far as `super().__init__(**kwargs)` says so. Nothing where a body decides.
 */
export function workspaceProblems({
  load,
  cls,
  given,
  isWhole,
  changed,
  written,
  isReplaced,
}: WorkspaceCall): ConstructorProblem[] {
  // A class that makes its instances itself may do anything with its arguments.
  const makesItself = cls.mro.some(
    (entry) => entry.kind === "workspace" && (entry.class.members.has("__new__") || entry.class.isConstructedOtherwise),
  );
  if (!cls.mroComplete || makesItself) return [];
  let rest = given;
  let isFirst = isWhole;
  let isCalled = false;
  for (const entry of cls.mro) {
    if (entry.kind === "external") {
      const symbol = load.release.resolve(entry.path);
      if (!symbol && isPlainBase(entry.path)) continue;
      if (!symbol) return [];
      if (symbol.mro.every((base) => !base.ownMethods.includes("__init__"))) continue;
      const isAll = isFirst && changed.length === 0;
      const call = { tree: load.tree, symbol, className: cls.name, given: rest, isWhole: isAll, isReplaced };
      // What Keras's `from_config` takes out, the constructor can do without.
      return builtinProblems(call).filter(({ beforeConstructor }) => !beforeConstructor);
    }
    const { init, members, qualname } = entry.class;
    if (!members.has("__init__")) continue;
    if (!init || init.isDecorated) return [];
    const problems = headerProblems(init, qualname, rest, isFirst ? { changed, written } : undefined);
    if (problems.length > 0) return problems;
    const next = handedOn(init, rest);
    if (!next) return [];
    rest = next;
    isFirst = false;
    isCalled = true;
  }
  return plainProblems(cls.name, rest, isCalled);
}

/** What Python's own constructor says of any argument: `object.__new__`, or `object.__init__` where another one `isCalled` before. */
function plainProblems(className: string, given: readonly Given[], isCalled: boolean): ConstructorProblem[] {
  const error = typeError(
    isCalled
      ? "object.__init__() takes exactly one argument (the instance to initialize)"
      : `${className}() takes no arguments`,
  );
  return given.map(({ name, node }) => ({ rule: "unknown-argument", argument: name, node, error, allowed: [] }));
}

/** What Python says of arguments that do not fit a constructor's header; of missing ones where it is known what is `handed`. */
function headerProblems(
  init: FunctionFlow,
  qualname: string,
  given: readonly Given[],
  handed: Pick<WorkspaceCall, "changed" | "written"> | undefined,
): ConstructorProblem[] {
  const parameters = init.parameters.slice(1);
  const names = new Set(parameters.map(({ name }) => name));
  const unknown = init.kwargs === undefined ? given.filter(({ name }) => !names.has(name)) : [];
  const problems = unknown.map(({ name, node }): ConstructorProblem => {
    const error = typeError(`${qualname}.__init__() got an unexpected keyword argument '${name}'`);
    return { rule: "unknown-argument", argument: name, node, error, allowed: [...names] };
  });
  if (!handed) return problems;
  const { changed, written } = handed;
  const isGiven = (argument: string) => written.includes(argument) || given.some(({ name }) => name === argument);
  const lacking = parameters.filter((one) => one.default === undefined && !isGiven(one.name));
  if (lacking.some(({ name }) => changed.includes(name))) return problems;
  // Python names those that have a position first, and the others only where none of these lacks.
  const positional = lacking.filter(({ keywordOnly }) => !keywordOnly);
  const missing = positional.length > 0 ? positional : lacking;
  const error = missingArguments(
    qualname,
    missing.map(({ name }) => name),
    positional.length > 0 ? "positional" : "keyword-only",
  );
  const unbound = missing.map(({ name }) => ({ rule: "missing-argument" as const, argument: name, error }));
  const demanded = init.demands?.find((key) => !isGiven(key) && !changed.includes(key));
  if (demanded === undefined || names.has(demanded)) return [...problems, ...unbound];
  return [...problems, ...unbound, { rule: "missing-argument", argument: demanded, error: keyError(demanded) }];
}

/**
 * What the next constructor is given: the arguments that this one does not name, and those that it hands on by their names;
 * undefined where its body decides.
 */
function handedOn({ parameters, kwargs, uses }: FunctionFlow, given: readonly Given[]): readonly Given[] | undefined {
  const calls = uses.filter(({ callee, key }) => key === undefined && isSuperInit(callee));
  const byName = given.filter(({ name }) =>
    calls.some((use) => use.parameter === name && use.argument === name && !use.conditional && !use.each),
  );
  if (kwargs === undefined) return byName.length > 0 ? byName : undefined;
  const spreads = uses.filter(({ parameter, argument }) => parameter === kwargs && argument === "**");
  const [spread] = spreads;
  if (!spread || spreads.length > 1 || spread.conditional || !isSuperInit(spread.callee)) return undefined;
  // A function that gets the dict itself may take something out of it.
  if (
    uses.some((use) => use.parameter === kwargs && use !== spread && use.key === undefined && !isHarmless(use.callee))
  )
    return undefined;
  const { changed = [] } = spread;
  if (changed.includes("*")) return undefined;
  const taken = new Set([...parameters.map(({ name }) => name), ...changed]);
  return [...given.filter(({ name }) => !taken.has(name)), ...byName];
}
