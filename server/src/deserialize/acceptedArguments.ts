import type { BuiltinSymbol, KerasRelease } from "../catalogue/keras.ts";
import type { FunctionFlow, MroEntry, WorkspaceClass } from "../registry/view.ts";

/** An argument that a constructor names. */
export interface AcceptedArgument {
  readonly name: string;
  /** Source text of the default; absent where there is none. */
  readonly default?: string;
  /** Whether the constructor that runs cannot do without it. What a base requires may be passed to it by its subclass. */
  readonly required: boolean;
  /** `module.qualname` of the class whose constructor names it. */
  readonly of: string;
}

/** What `cls(**config)` takes, as far as the headers of its constructors say. */
export interface AcceptedArguments {
  /** Those of the constructor that runs, in its order, then what its `**kwargs` hands on, base by base. */
  readonly arguments: readonly AcceptedArgument[];
  /** Whether other names end in `**kwargs` of which the headers do not say what becomes of them. */
  readonly open: boolean;
}

interface Constructor {
  readonly of: string;
  readonly parameters: readonly { readonly name: string; readonly default?: string }[];
  readonly kwargs: "none" | "handed on" | "kept";
}

/**
 * The arguments of a class of Keras or of the workspace. A base may be handed fewer than it names: `Conv2D` gives
 * `BaseConv` its `rank` itself.
 */
export function acceptedArguments(release: KerasRelease, cls: BuiltinSymbol | WorkspaceClass): AcceptedArguments {
  const found = new Map<string, AcceptedArgument>();
  let isOutermost = true;
  for (const one of "slots" in cls ? builtinConstructors(cls) : workspaceConstructors(release, cls)) {
    if (one === undefined) return { arguments: [...found.values()], open: true };
    for (const { name, default: value } of one.parameters) {
      if (found.has(name)) continue;
      const required = isOutermost && value === undefined;
      found.set(name, { name, ...(value === undefined ? {} : { default: value }), required, of: one.of });
    }
    if (one.kwargs !== "handed on") return { arguments: [...found.values()], open: one.kwargs === "kept" };
    isOutermost = false;
  }
  // What is handed on to the last one ends with `object.__init__`, which takes nothing.
  return { arguments: [...found.values()], open: false };
}

function* builtinConstructors(symbol: BuiltinSymbol): Iterable<Constructor> {
  const definers = symbol.mro.filter((cls) => cls.ownMethods.includes("__init__"));
  for (const [index, cls] of definers.entries()) {
    // Headers do not tell what a body takes out of `**kwargs` before it hands them on: `Layer` takes `input_shape`.
    const isLast = !cls.acceptsKwargs || index === definers.length - 1;
    const kwargs = !isLast ? "handed on" : index === 0 && !cls.acceptsKwargs ? "none" : "kept";
    yield { of: `${cls.module}.${cls.qualname}`, parameters: cls.parameters, kwargs };
  }
}

/** The constructors along the mro; undefined where one could not be read. */
function* workspaceConstructors(release: KerasRelease, cls: WorkspaceClass): Iterable<Constructor | undefined> {
  for (const entry of cls.mro) {
    if (entry.kind === "external") {
      const symbol = release.resolve(entry.path);
      if (symbol) {
        yield* builtinConstructors(symbol);
        return;
      }
      if (!isPlainBase(entry.path)) yield undefined;
    } else if (entry.class.members.has("__init__")) yield workspaceConstructor(entry);
  }
  if (!cls.mroComplete) yield undefined;
}

function workspaceConstructor({
  class: { module, qualname, init },
}: Extract<MroEntry, { kind: "workspace" }>): Constructor | undefined {
  if (!init) return undefined;
  const kwargs = init.kwargs === undefined ? "none" : handsOn(init) ? "handed on" : "kept";
  return { of: `${module}.${qualname}`, parameters: init.parameters.slice(1), kwargs };
}

/** Whether `**kwargs` go to the next constructor: `super().__init__(**kwargs)`. */
function handsOn({ kwargs, uses }: FunctionFlow): boolean {
  return uses.some(
    ({ parameter, argument, callee }) => parameter === kwargs && argument === "**" && isSuperInit(callee),
  );
}

/** Bases that bring neither a constructor nor a `from_config`. */
export function isPlainBase(path: string): boolean {
  return /^(builtins\.)?object$|^abc\.ABC$|^typing\.(Generic|Protocol)\b/.test(path);
}

/** Whether a callee of a constructor's body is the constructor of the next class. */
export function isSuperInit(callee: string): boolean {
  return /^super\(.*\)\.__init__$/.test(callee);
}
