import { type Dim, type Shape, shown, valueError } from "./values.ts";

/** `broadcast_shapes` of keras/src/ops/operation_utils.py. */
export function broadcast(a: Shape, b: Shape): Shape {
  const length = Math.max(a.length, b.length);
  const at = (shape: Shape, i: number): Dim =>
    i < length - shape.length ? 1 : (shape[i - (length - shape.length)] as Dim);
  return Array.from({ length }, (_, i): Dim => {
    const [x, y] = [at(a, i), at(b, i)];
    if (x === 1) return y;
    if (x === null) return y === 1 ? null : y;
    if (y === 1 || y === null || x === y) return x;
    throw valueError(
      `Cannot broadcast shape, the failure dim has value ${x}, which cannot be broadcasted to ${y}. ` +
        `Input shapes are: ${shown(a, true)} and ${shown(b, true)}.`,
    );
  });
}
