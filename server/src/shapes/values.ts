import type { Node } from "../json/index.ts";

/** One dimension; null is Keras's None. */
export type Dim = number | null;
export type Shape = readonly Dim[];

/** A symbolic tensor, as far as it has a shape. */
export interface Tensor {
  readonly shape: Shape;
  /** Whether the shape follows from the config, and is not merely what a layer without a rule said when it was saved. */
  readonly certain: boolean;
}

/** What a layer is called with; a tensor that is not known is undefined. */
export type Value =
  | { readonly is: "tensor"; readonly tensor: Tensor | undefined }
  | { readonly is: "list"; readonly items: readonly Value[] }
  | { readonly is: "plain"; readonly node: Node };

/** Thrown where real Keras raises: its exception and its text. */
export class KerasRaises extends Error {
  readonly exception: string;
  /** The text without what calls put around it. */
  readonly sentence: string;

  constructor(exception: string, message: string, sentence = message) {
    super(message);
    this.exception = exception;
    this.sentence = sentence;
  }
}

/** Thrown by a rule where a weight would have a dimension that is None; Keras names it by the scopes that are open. */
export class UndefinedWeight extends Error {
  readonly shape: Shape;
  readonly path: string;

  constructor(path: string, shape: Shape) {
    super(path);
    this.path = path;
    this.shape = shape;
  }
}

/** How many numbers a weight of a shape holds; throws UndefinedWeight. */
export function weightSize(path: string, ...shape: Dim[]): number {
  const size = product(shape);
  if (size === null) throw new UndefinedWeight(path, shape);
  return size;
}

/** Thrown where what Keras does cannot be told from the config: of every layer of the workspace, so that no stack is taken. */
export class NotKnown {}

/** A ValueError of Keras. */
export function valueError(message: string): KerasRaises {
  return new KerasRaises("ValueError", message);
}

/** The tensors of a value in the order of `tree.flatten`. */
export function tensorsOf(value: Value): (Tensor | undefined)[] {
  const found: (Tensor | undefined)[] = [];
  const open: Value[] = [value];
  for (let at = open.pop(); at; at = open.pop()) {
    if (at.is === "tensor") found.push(at.tensor);
    else if (at.is === "list") for (let i = at.items.length - 1; i >= 0; i--) open.push(at.items[i] as Value);
  }
  return found;
}

/** A shape as Python prints a tuple, or a list. */
export function shown(shape: Shape, asList = false): string {
  const dims = shape.map((dim) => (dim === null ? "None" : String(dim)));
  if (asList) return `[${dims.join(", ")}]`;
  return dims.length === 1 ? `(${dims[0]},)` : `(${dims.join(", ")})`;
}

/** An array of NumPy, whose numbers are as wide as the widest. */
export function numpyShown(numbers: readonly number[]): string {
  const width = Math.max(...numbers.map((number) => String(number).length));
  return `[${numbers.map((number) => String(number).padStart(width)).join(" ")}]`;
}

/** The product of dimensions; null where one of them is. */
export function product(dims: readonly number[]): number;
export function product(dims: Shape): Dim;
export function product(dims: Shape): Dim {
  let size = 1;
  for (const dim of dims) {
    if (dim === null) return null;
    size *= dim;
  }
  return size;
}

/** The dimension at an axis, counted from the end where it is negative; throws NotKnown outside of the shape. */
export function dimAt(shape: Shape, axis: number): Dim {
  const dim = shape.at(axis);
  if (dim === undefined || axis >= shape.length) throw new NotKnown();
  return dim;
}

/** The same, where Keras needs a number. */
export function sizeAt(shape: Shape, axis: number): number {
  const dim = dimAt(shape, axis);
  if (dim === null) throw new NotKnown();
  return dim;
}

/** A tensor of more dimensions, and a layer of more outputs, is nobody's: what follows from it is not worked out. */
export const MOST_DIMENSIONS = 64;
export const MOST_OUTPUTS = 1000;

/** Throws NotKnown where a layer returns more than anybody's does: sizes that double from layer to layer end here. */
export function bounded(shapes: readonly Shape[]): readonly Shape[] {
  if (shapes.length > MOST_OUTPUTS || shapes.some(({ length }) => length > MOST_DIMENSIONS)) throw new NotKnown();
  return shapes;
}

/** What a reading comes to; undefined where it is not known. */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotKnown) return undefined;
    throw error;
  }
}
