import type { ArgumentUse, FunctionFlow, HeldValues } from "./flow.ts";

/**
 * What one module's text says by itself: plain data that survives `JSON.stringify`, with every name unresolved. The
 * registry links summaries; nothing here knows another file.
 */
export interface ModuleSummary {
  /** Changes when the shape or meaning of summaries changes, for caches. */
  readonly format: typeof SUMMARY_FORMAT;
  readonly uri: string;
  /** The documents of a notebook's cells, in order; absent for a file. */
  readonly cells?: readonly string[];
  /** `full` where function bodies were read for calls that may register; `headers` where that was not needed. */
  readonly depth: "headers" | "full";
  /** The names that `summariseFully` was asked to look for, beside those that register in Keras. */
  readonly askedFor: readonly string[];
  /** Whether the text holds a word of Keras's registration at all. */
  readonly hasWord: boolean;
  /** Why not all of the text was read, where that is so. */
  readonly incomplete?: string;
  /** Scope 0 is the module; a scope's parent stands before it. */
  readonly scopes: readonly ScopeSummary[];
  readonly imports: readonly ImportFact[];
  readonly classes: readonly ClassFact[];
  readonly functions: readonly FunctionFact[];
  /** Empty in a header summary. */
  readonly facts: readonly Fact[];
  /** The statements in which facts stand that run when the module does. Empty in a header summary. */
  readonly code: readonly CodeFact[];
  /** `__all__`, where it is a list of literals; `null` where it is something else. */
  readonly all?: readonly string[] | null;
  /** Imported names of the module that its text uses in decorators and nowhere else. */
  readonly decoratorsOnly: readonly string[];
  /** Where something may be set on classes. */
  readonly patches: readonly PatchFact[];
  /** Names that somebody may set something under, since the text speaks of them. */
  readonly spoken: readonly string[];
  /** Names of lists and dicts of the module and of its classes that are filled where nobody follows it. */
  readonly filled: readonly string[];
  /** Names of such in other modules that are filled here. */
  readonly filledElsewhere: readonly string[];
}

export const SUMMARY_FORMAT = 5;

/** A range: UTF-16 offsets into the document, zero-based line and UTF-16 character of both ends. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly character: number;
  readonly endLine: number;
  readonly endCharacter: number;
  /** Which of the summary's `cells` it lies in. */
  readonly cell?: number;
}

/** What decides whether a statement runs when its scope does. Absent: it runs. */
export interface Run {
  /** In a branch that cannot be decided, a loop, or a handler. */
  readonly maybe?: true;
  /** Only where the module is the script: under `if __name__ == "__main__"`. */
  readonly main?: true;
  /** Never at run time: under `if TYPE_CHECKING` or `if False`. */
  readonly never?: true;
  /** Only where these packages can be imported: the imports before it in its `try`. */
  readonly after?: readonly string[];
  /** In the handler of a `try` that only imports these packages: only where one of them cannot be imported. */
  readonly failed?: readonly string[];
  /** Only where these names are true, or false: under `if name` and in its `else`. */
  readonly tests?: readonly NameTest[];
}

/** A test of a name alone: `if namex`, `if namex is not None`. */
export interface NameTest {
  /** A dotted name. */
  readonly name: string;
  readonly is: boolean;
  /** Whether the question is only whether it is None. */
  readonly none?: true;
  /** Offset of the test in the module's text. */
  readonly at: number;
}

export interface ScopeSummary {
  readonly kind: "module" | "class" | "function";
  /** Index of the enclosing scope; -1 for the module. */
  readonly parent: number;
  /** Python's `__qualname__` of the class or function; "" for the module. */
  readonly qualname: string;
  /** Index of the class or function whose body it is; -1 for the module. */
  readonly owner: number;
  /** In source order. Of functions: imports, classes and functions, and in a full summary parameters and assignments. */
  readonly bindings: readonly Binding[];
  readonly stars: readonly StarImport[];
}

export interface Binding {
  readonly name: string;
  /** Offset of the statement in the module's text. */
  readonly at: number;
  readonly run?: Run;
  readonly value: BoundValue;
}

export type BoundValue =
  | { readonly kind: "module"; readonly module: string }
  | { readonly kind: "member"; readonly module: string; readonly level: number; readonly name: string }
  | { readonly kind: "class"; readonly index: number }
  | { readonly kind: "function"; readonly index: number }
  | { readonly kind: "parameter" }
  | { readonly kind: "value"; readonly value: ValueSyntax };

export interface StarImport {
  readonly module: string;
  readonly level: number;
  readonly at: number;
  readonly run?: Run;
}

/** One module that is imported, anywhere in the text. */
export interface ImportFact {
  readonly module: string;
  readonly level: number;
  /** The names behind `from … import`, which may be modules themselves. */
  readonly names?: readonly string[];
  readonly at: Place;
  readonly scope: number;
  readonly run?: Run;
}

export interface ClassFact {
  readonly name: string;
  /** Of the name in `class Name`. */
  readonly at: Place;
  /** Offset of the statement in the module's text. */
  readonly offset: number;
  /** The scope that it is defined in, and the one of its body. */
  readonly scope: number;
  readonly body: number;
  readonly run?: Run;
  readonly decorators: readonly DecoratorFact[];
  readonly bases: readonly ValueSyntax[];
  /** `metaclass=…` and other keywords. */
  readonly keywords: readonly { readonly name: string; readonly value: ValueSyntax }[];
  readonly init?: FunctionFlow;
  readonly fromConfig?: FunctionFlow;
  readonly values?: HeldValues;
}

export interface FunctionFact {
  readonly name: string;
  readonly at: Place;
  readonly offset: number;
  readonly scope: number;
  /** The scope of its body; -1 where nothing in it was worth one. */
  readonly body: number;
  readonly run?: Run;
  readonly decorators: readonly DecoratorFact[];
  /** In a full summary. */
  readonly parameters?: readonly ParameterFact[];
  /** What its body does, where linking may have to follow a call of it. */
  readonly code?: Code;
  /** In a full summary: what the body calls, as dotted names. */
  readonly calls?: readonly string[];
  /** In a full summary: names and short strings of the body, for what a call of it may return. */
  readonly mentions?: { readonly names: readonly string[]; readonly strings: readonly string[] };
}

export interface ParameterFact {
  readonly name: string;
  readonly kind: "positional-only" | "positional" | "keyword-only" | "varargs" | "kwargs";
  readonly default?: ValueSyntax;
}

/** Statements as far as linking follows them. */
export type Code = readonly Step[];

export type Step =
  /** `target = value`; with an operator, `target += value`. */
  | {
      readonly kind: "assign";
      readonly targets: readonly ValueSyntax[];
      readonly value: ValueSyntax;
      readonly operator?: string;
      readonly offset: number;
    }
  /** An expression for what it does. */
  | { readonly kind: "run"; readonly value: ValueSyntax; readonly offset: number }
  | { readonly kind: "return"; readonly value?: ValueSyntax; readonly offset: number }
  | { readonly kind: "raise" }
  | { readonly kind: "break" }
  | { readonly kind: "continue" }
  | { readonly kind: "delete"; readonly targets: readonly ValueSyntax[]; readonly offset: number }
  | { readonly kind: "if"; readonly test: ValueSyntax; readonly body: Code; readonly orElse: Code }
  | { readonly kind: "for"; readonly target: ValueSyntax; readonly over: ValueSyntax; readonly body: Code }
  | { readonly kind: "while"; readonly test: ValueSyntax; readonly body: Code }
  | { readonly kind: "with"; readonly items: readonly WithItem[]; readonly body: Code; readonly offset: number }
  | {
      readonly kind: "try";
      readonly body: Code;
      readonly handlers: readonly Code[];
      readonly orElse: Code;
      readonly last: Code;
    }
  | { readonly kind: "import"; readonly names: readonly string[]; readonly offset: number }
  /** `global` and `nonlocal`: the names are other scopes' variables. */
  | { readonly kind: "outer"; readonly names: readonly string[] }
  | { readonly kind: "class"; readonly index: number }
  | { readonly kind: "function"; readonly index: number }
  /** A statement that is not followed. */
  | { readonly kind: "other" };

export interface WithItem {
  readonly value: ValueSyntax;
  readonly target?: ValueSyntax;
}

/** Statements at the level of a module or class that may register, in source order. */
export interface CodeFact {
  readonly offset: number;
  /** Where the statement ends, the body of a compound one included. */
  readonly end: number;
  readonly scope: number;
  readonly run?: Run;
  readonly step: Step;
}

export interface DecoratorFact {
  readonly value: ValueSyntax;
  /** The source text of what is called: `keras.saving.register_keras_serializable`. */
  readonly text: string;
  /** Of the expression behind the `@`. */
  readonly at: Place;
}

/** A place where something may be set on a class that decides what the class makes of a config. */
export interface PatchFact {
  /** The names of the classes; absent where it may be any class of the workspace. */
  readonly classes?: readonly string[];
  /** A class is put under the name into a module, or on an object. */
  readonly isPut?: true;
  /** The names that it may be set under; absent where it may be any. */
  readonly members?: readonly string[];
  /** It may be any name, as long as somebody speaks of it. */
  readonly loose?: true;
  /** Any class that a function of the module is given, which the module itself may use as a decorator alone. */
  readonly by?: { readonly name: string; readonly isOnlyDecorator?: true };
  /** Any class of Keras, too. */
  readonly ofKeras?: true;
  readonly at: Place;
}

/** Something that may register, beside decorators. */
export interface Fact {
  readonly kind: /** A call of something that registers, or may. */
    | "call"
    /** Something that registers is handed on without being called. */
    | "reference"
    /** The dict of `get_custom_objects()` is changed, or handed on. */
    | "registry"
    /** A custom object scope. */
    | "scope"
    /** A `custom_objects=` argument, a dict of that name. */
    | "custom objects";
  readonly at: Place;
  readonly offset: number;
  readonly scope: number;
  readonly run?: Run;
  /** In a lambda: it runs when that is called. */
  readonly deferred?: true;
  /** What it looks like in the text: `custom_objects=`, `CustomObjectScope`, `get_custom_objects()`, the callee. */
  readonly text: string;
  /** The call or the reference; for the other kinds what is put in. */
  readonly values: readonly ValueSyntax[];
  /** What the loops around it run over. */
  readonly loops?: readonly ValueSyntax[];
  /** The call's result is bound to a name, which linking follows. */
  readonly assigned?: true;
  /** The whole statement, where the call or reference is only a part of it. */
  readonly statement?: ValueSyntax;
}

/** An expression as far as linking reads it. */
export type ValueSyntax =
  /** A dotted name. */
  | { readonly kind: "name"; readonly path: string }
  | { readonly kind: "string"; readonly value: string }
  /** `number` where it is a plain integer. */
  | { readonly kind: "constant"; readonly value: "None" | "True" | "False" | "number"; readonly number?: number }
  | { readonly kind: "call"; readonly callee: ValueSyntax; readonly arguments: readonly ArgumentSyntax[] }
  | { readonly kind: "attribute"; readonly of: ValueSyntax; readonly name: string }
  /** Strings added up, or an f-string. */
  | { readonly kind: "join"; readonly parts: readonly ValueSyntax[] }
  /** One of several: `a if test else b`, `a or b`. */
  | {
      readonly kind: "choice";
      readonly options: readonly ValueSyntax[];
      readonly by: "and" | "or" | { readonly test: ValueSyntax };
    }
  /** A list, tuple or set. */
  | { readonly kind: "items"; readonly form: "list" | "tuple" | "set"; readonly items: readonly ValueSyntax[] }
  /** `*value` in a list. */
  | { readonly kind: "spread"; readonly of: ValueSyntax }
  /** A comparison, `not`, or arithmetic with one operator. */
  | { readonly kind: "operation"; readonly operator: string; readonly operands: readonly ValueSyntax[] }
  | { readonly kind: "lambda"; readonly parameters: readonly ParameterFact[]; readonly body: ValueSyntax }
  | {
      readonly kind: "comprehension";
      readonly form: "list" | "set" | "dict" | "generator";
      readonly key?: ValueSyntax;
      readonly element: ValueSyntax;
      readonly clauses: readonly { readonly target: ValueSyntax; readonly over: ValueSyntax }[];
      readonly conditions: readonly ValueSyntax[];
    }
  | { readonly kind: "dict"; readonly entries: readonly { readonly key?: ValueSyntax; readonly value: ValueSyntax }[] }
  | { readonly kind: "subscript"; readonly of: ValueSyntax; readonly key: ValueSyntax }
  /** What a loop over something takes. */
  | { readonly kind: "element"; readonly of: ValueSyntax }
  /** Anything else: the names and short strings in it. `cut` where there were too many. */
  | {
      readonly kind: "other";
      readonly names: readonly string[];
      readonly strings: readonly string[];
      readonly cut?: true;
    };

export interface ArgumentSyntax {
  readonly keyword?: string;
  readonly stars?: 1 | 2;
  readonly value: ValueSyntax;
}

export type { ArgumentUse, FunctionFlow };
