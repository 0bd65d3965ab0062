import type { InputSpec } from "./rule.ts";
import { NotKnown, shown, type Tensor, valueError } from "./values.ts";

/** `assert_input_compatibility` of keras/src/layers/input_spec.py for one tensor. */
export function assertInputCompatibility(
  spec: InputSpec,
  tensors: readonly (Tensor | undefined)[],
  layer: string,
): void {
  const [tensor] = tensors;
  if (!tensor || tensors.length !== 1) throw new NotKnown();
  const { shape } = tensor;
  const refuse = (rest: string) =>
    valueError(`Input 0 with name 'None' of layer '${layer}' is incompatible with the layer: ${rest}`);
  if (spec.ndim !== undefined && shape.length !== spec.ndim)
    throw refuse(`expected ndim=${spec.ndim}, found ndim=${shape.length}. Full shape received: ${shown(shape)}`);
  if (spec.minNdim !== undefined && shape.length < spec.minNdim)
    throw refuse(`expected min_ndim=${spec.minNdim}, found ndim=${shape.length}. Full shape received: ${shown(shape)}`);
  for (const [axis, size] of spec.axes ?? []) {
    const dim = shape.at(axis);
    if (dim === undefined) throw new NotKnown();
    if (size !== null && dim !== null && dim !== size)
      throw refuse(
        `expected axis ${axis} of input shape to have value ${size}, but received input with shape ${shown(shape)}`,
      );
  }
  const differs = spec.shape?.some((dim, axis) => dim !== null && shape[axis] !== null && dim !== shape[axis]);
  if (spec.shape && differs) throw refuse(`expected shape=${shown(spec.shape)}, found shape=${shown(shape)}`);
}
