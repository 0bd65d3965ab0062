/** A parameter with a name of its own. */
export interface FlowParameter {
  readonly name: string;
  /** Source text of the default; absent where there is none. */
  readonly default?: string;
  /** Set where it is taken by its name alone. */
  readonly keywordOnly?: true;
}

/** A function's parameters and what its body does with them (see python/argumentUses.ts). */
export interface FunctionFlow {
  readonly parameters: readonly FlowParameter[];
  /** Set where a decorator besides `classmethod` may take the arguments first. */
  readonly isDecorated?: true;
  readonly varargs?: string;
  readonly kwargs?: string;
  readonly uses: readonly ArgumentUse[];
  /** Keys without which it raises KeyError: of the config of a `from_config`, of the `**kwargs` of a constructor. */
  readonly demands?: readonly string[];
  /** Set where the first of them is `config["key"]`, and nothing is done to the config before. */
  readonly subscripts?: true;
  /** Those of `ATTRIBUTES_OF_KERAS` that a constructor speaks of, and so may set. */
  readonly sets?: readonly string[];
}

/** Attributes of Keras's base classes that decide what a layer takes, and that constructors set. */
export const ATTRIBUTES_OF_KERAS = [
  "_allow_non_tensor_positional_args",
  "_register_call_context_args",
  "call",
] as const;

/**
 * One use of a parameter as an argument of a call, in source order. `value` is the parameter (`units`), or for a dict
 * parameter the key taken from it (`config["layer"]`, `config.pop("layer")`, `config.get("layer")` → parameter `config`, key `layer`).
 */
export interface ArgumentUse {
  readonly parameter: string;
  readonly key?: string;
  /** The callee with imports resolved as far as the module tells: `keras.initializers.get`, `super().__init__`, `self.add`. */
  readonly callee: string;
  /** Position (0-based) or keyword name in that call; `"**"` where the parameter is spread, `"*"` for `*args`. */
  readonly argument: number | string;
  /** Set where a dict is spread into a call that gets nothing else. */
  readonly alone?: true;
  /** Whether the call stands under an `if`, `try`, loop or comprehension. */
  readonly conditional: boolean;
  /** `conditional` only by tests of the value itself: `if "layer" in config`, `if isinstance(layer, dict)`, `if x is not None`. */
  readonly ownCondition?: boolean;
  /** `ownCondition` only by loops over the value, which run for each of its elements. */
  readonly isLooped?: true;
  /** Keys of the dict parameter that were taken out or written before this use; `"*"` where any may have been. */
  readonly changed?: readonly string[];
  /** Those of them that are there for certain. */
  readonly written?: readonly string[];
  /** The argument is one element of the value, in a loop or comprehension over it. */
  readonly each?: boolean;
}

/** What a class keeps of its constructor's arguments, and what its methods do with them for certain, in order. */
export interface HeldValues {
  /** The attributes that hold an argument and nothing else, whatever runs. */
  readonly held: readonly HeldValue[];
  /** Uses of such attributes, and in the constructor of its parameters. */
  readonly init: readonly ValueUse[];
  readonly build: readonly ValueUse[];
  readonly call: readonly ValueUse[];
}

/** `self.attribute = parameter`, or what a call makes of it. */
export interface HeldValue {
  readonly attribute: string;
  readonly parameter: string;
  /** The function that is handed the parameter alone, as `ArgumentUse.callee`; absent where the attribute is the parameter itself. */
  readonly by?: string;
  /** Set where it is a list of what the function makes of each element. */
  readonly each?: true;
}

/** Something that a method does whenever it runs, with a value that its object holds or that it was handed. */
export interface ValueUse {
  /** The attribute of `self`; absent where it is a parameter of the method. */
  readonly attribute?: string;
  readonly parameter?: string;
  /** It is done with every element of the value. */
  readonly each?: true;
  readonly is: /** `value(…)` */
    | "called"
    /** `value.name` */
    | "asked"
    /** `value.build(…)`, behind what it is asked for. */
    | "told"
    /** `for … in value` */
    | "iterated"
    /** `self.add_weight(initializer=value)` */
    | "initializer";
  /** Of a call: what it is handed; absent where that cannot be counted. */
  readonly call?: { readonly positional: number; readonly keywords: readonly string[] };
  /** Of an attribute that is asked for, or a method that is called. */
  readonly name?: string;
  /** It is done only where the value is not None, or only where it is true. */
  readonly unless?: "none" | "false";
}
