import type { Failure } from "../deserialize/load.ts";
import { NO_NODE, type Node, type ValueTree } from "../json/index.ts";
import type { SourceLocation } from "../registry/view.ts";

/** Advice on a failure, with the places that it speaks of and the changes that follow it. */
export interface Hint {
  readonly text?: string;
  readonly places: readonly { readonly message: string; readonly location: SourceLocation }[];
  readonly fixes: readonly Fix[];
}

/** A change that mends a failure. */
export type Fix = WriteFix | InsertFix | RenameFix | RemoveFix | DecorateFix;

/** Adds an argument to a config, which is an object. */
export interface InsertFix {
  readonly kind: "insert";
  readonly node: Node;
  readonly key: string;
  /** Its default in the source text of the constructor; absent where it has none, and somebody has to fill it in. */
  readonly initial?: string;
}

/** Gives a member of an object another key. */
export interface RenameFix {
  readonly kind: "rename";
  readonly node: Node;
  readonly key: string;
}

/** Takes a member out of its object. */
export interface RemoveFix {
  readonly kind: "remove";
  readonly node: Node;
}

/** Writes a string or an empty dict into a member of an object, which may not be there yet; without `field` in place of the value itself. */
export interface WriteFix {
  readonly kind: "write";
  readonly node: Node;
  readonly field?: string;
  readonly value: string | EmptyDict | SerializedName;
}

/** A function or class of the workspace as `serialize_keras_object` writes it, a class with its default arguments. */
export interface SerializedName {
  readonly module: string;
  readonly class_name: string;
  readonly config: string | EmptyDict;
  readonly registered_name: string;
}

/** `{}`, which stands for every argument's default. */
export type EmptyDict = Readonly<Record<string, never>>;

/** Puts Keras's decorator before a class or function of the workspace. */
export interface DecorateFix {
  readonly kind: "decorate";
  /** Of the name in its `class` or `def`. */
  readonly location: SourceLocation;
  readonly name: string;
  /** The arguments as Python writes them: `package="my_package"`; "" where the defaults do. */
  readonly arguments: string;
  /** The key to write into the config besides, where it looks up one that cannot be registered. */
  readonly write?: WriteFix;
}

/** A failure where it stands. */
export interface Place {
  readonly failure: Failure;
  readonly node: Node;
  readonly tree: ValueTree;
}

/** Writes a name where Keras looks it up: the string itself, a function's `config`, a legacy layer's `class_name`, `registered_name`. */
export function writeName({ failure, node, tree }: Place, value: string): WriteFix {
  if (tree.kind(node) !== "object") return { kind: "write", node, value };
  if (isFunction(tree, node)) return { kind: "write", node, field: "config", value };
  const field = failure.rule === "unknown-layer" ? "class_name" : "registered_name";
  return { kind: "write", node, field, value };
}

/** Writes the name of a built-in. */
export function writeBuiltin({ node, tree }: Place, value: string): WriteFix {
  if (tree.kind(node) !== "object") return { kind: "write", node, value };
  return { kind: "write", node, field: isFunction(tree, node) ? "config" : "class_name", value };
}

/** Whether an object is a serialized function. */
export function isFunction(tree: ValueTree, node: Node): boolean {
  const className = tree.member(node, "class_name");
  return className !== NO_NODE && tree.string(className) === "function";
}
