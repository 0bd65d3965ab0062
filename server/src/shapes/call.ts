import type { Node, ValueTree } from "../json/index.ts";
import { NotKnown, type Shape, shown, tensorsOf, type Value } from "./values.ts";

const NO_VALUES: ReadonlyMap<string, Value> = new Map();

/** The arguments of one call of a layer, or those of `build`, which has shapes for the tensors. */
export class Call {
  readonly tree: ValueTree;
  readonly args: readonly Value[];
  readonly kwargs: ReadonlyMap<string, Value>;
  /** Whether the shapes come from a `build_config`: Python then has lists, not tuples. */
  readonly fromBuildConfig: boolean;
  #isCertain: boolean | undefined;

  constructor(
    tree: ValueTree,
    args: readonly Value[],
    kwargs: ReadonlyMap<string, Value> = NO_VALUES,
    fromBuildConfig = false,
  ) {
    this.tree = tree;
    this.args = args;
    this.kwargs = kwargs;
    this.fromBuildConfig = fromBuildConfig;
  }

  /** Whether the shapes of all its tensors are certain. */
  get isCertain(): boolean {
    this.#isCertain ??= [...this.args, ...this.kwargs.values()].every((value) =>
      tensorsOf(value).every((tensor) => tensor?.certain),
    );
    return this.#isCertain;
  }

  /** The first argument, by whatever name. */
  first(): Value {
    const [value] = this.args.length > 0 ? this.args : this.kwargs.values();
    if (value === undefined) throw new NotKnown();
    return value;
  }

  /** An argument by its position, or else by its name; undefined where it is not given, or is None. */
  value(position: number, name: string): Value | undefined {
    const value = this.args[position] ?? this.kwargs.get(name);
    return value?.is === "plain" && this.tree.kind(value.node) === "null" ? undefined : value;
  }

  /** The shape of the first argument; throws NotKnown where that is no tensor. */
  input(): Shape {
    return shapeOf(this.first());
  }

  /** The shapes of the list that is the first argument. */
  inputs(): Shape[] {
    const value = this.first();
    if (value.is !== "list") throw new NotKnown();
    return value.items.map(shapeOf);
  }

  /** The shape of a tensor; undefined where the argument is not given. */
  shape(position: number, name: string): Shape | undefined {
    const value = this.value(position, name);
    return value && shapeOf(value);
  }

  /** The JSON value of an argument that is no tensor; undefined where it is not given. */
  plain(position: number, name: string): Node | undefined {
    const value = this.value(position, name);
    if (value === undefined) return undefined;
    if (value.is !== "plain") throw new NotKnown();
    return value.node;
  }

  boolean(position: number, name: string, fallback: boolean): boolean {
    const node = this.plain(position, name);
    return node === undefined ? fallback : this.tree.boolean(node);
  }

  /** A shape as it stands in Keras's messages of this call. */
  shown(shape: Shape): string {
    return shown(shape, this.fromBuildConfig);
  }
}

/** The shape of a tensor; throws NotKnown for anything else, and where it is not known. */
export function shapeOf(value: Value): Shape {
  if (value.is !== "tensor" || value.tensor === undefined) throw new NotKnown();
  return value.tensor.shape;
}

/** A call with one tensor. */
export function callWith(tree: ValueTree, shape: Shape): Call {
  return new Call(tree, [{ is: "tensor", tensor: { shape, certain: true } }]);
}
