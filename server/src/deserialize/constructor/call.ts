import type { BuiltinSymbol } from "../../catalogue/keras.ts";
import type { Node, ValueTree } from "../../json/index.ts";
import type { PythonError } from "../load.ts";

/** An argument as a constructor is given it. */
export interface Given {
  readonly name: string;
  readonly node: Node;
  /** False where Keras makes another value of what is written. */
  readonly judgesValue?: false;
}

/** What a constructor, or the `from_config` before it, raises. */
export interface ConstructorProblem {
  readonly rule: "unknown-argument" | "missing-argument" | "invalid-argument";
  readonly argument: string;
  /** The value that it refuses; absent where one is missing. */
  readonly node?: Node;
  readonly error: PythonError;
  /** What could stand there instead: names of arguments, or strings. */
  readonly allowed?: readonly string[];
  /** Of an argument that is missing: its default in the source text of the constructor, where it has one. */
  readonly initial?: string;
  /** Whether `from_config` itself raises it. */
  readonly beforeConstructor?: true;
}

/** A call of a constructor of Keras. */
export interface BuiltinCall {
  readonly tree: ValueTree;
  readonly symbol: BuiltinSymbol;
  /** The name of the class that is made, which may be derived from the symbol's. */
  readonly className: string;
  readonly given: readonly Given[];
  /** Whether all arguments are given that there are: what is missing then is missing. */
  readonly isWhole: boolean;
  /** Whether a string stands for a custom object by now. */
  readonly isReplaced: (name: string, text: string) => boolean;
}
