/** What the shape functions of TensorFlow's operations make of shapes. */
import type { InputSpec } from "../rule.ts";
import { type Dim, NotKnown, type Shape } from "../values.ts";
import { operationError } from "./callError.ts";

/** `BroadcastBinaryOpOutputShapeFn` of tensorflow/core/framework/common_shape_fns.cc. */
export function broadcasted(a: Shape, b: Shape): Shape {
  const length = Math.max(a.length, b.length);
  const at = (shape: Shape, i: number): Dim =>
    i < length - shape.length ? 1 : (shape[i - (length - shape.length)] as Dim);
  return Array.from({ length }, (_, i): Dim => {
    const [x, y] = [at(a, i), at(b, i)];
    if (x === 1 || y === 1) return x === 1 ? y : x;
    return equalDims(x, y);
  });
}

/** `InferenceContext::Merge` of two dimensions. */
export function equalDims(x: Dim, y: Dim): Dim {
  if (x !== null && y !== null && x !== y) throw operationError(`Dimensions must be equal, but are ${x} and ${y}`);
  return x ?? y;
}

/** `GetWindowedOutputSize` for one axis. */
export function windowed(dim: Dim, window: number, stride: number, dilation: number, padding: string): Dim {
  if (dim === null) return null;
  if (stride <= 0) throw new NotKnown();
  if (padding !== "valid") return Math.ceil(dim / stride);
  const reach = (window - 1) * dilation + 1;
  if (dim < reach) throw operationError(`Negative dimension size caused by subtracting ${reach} from ${dim}`);
  return Math.floor((dim - reach + stride) / stride);
}

/** What a product says of a last axis that is not the one of the kernel, where both are known. */
export function unequal(spec: InputSpec, shape: Shape): string | undefined {
  const built = spec.axes?.get(-1) ?? spec.axes?.get(shape.length - 1) ?? spec.shape?.at(-1);
  const given = shape.at(-1);
  if (typeof built !== "number" || typeof given !== "number" || given === built) return undefined;
  return `Dimensions must be equal, but are ${given} and ${built}`;
}
