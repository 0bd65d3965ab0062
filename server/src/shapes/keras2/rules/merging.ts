/** Layers of tf_keras/src/layers/merging. */
import type { Call } from "../../call.ts";
import type { LayerConfig } from "../../layerConfig.ts";
import { type LayerRule, NO_WEIGHTS } from "../../rule.ts";
import { elementwise } from "../../rules/merging.ts";
import { type Dim, KerasRaises, NotKnown, type Shape, shown, valueError } from "../../values.ts";
import { broadcasted, equalDims } from "../tensorflow.ts";

const shownList = (shapes: readonly Shape[]) => `[${shapes.map((shape) => shown(shape)).join(", ")}]`;

/** The list that it is called with; what else is refused. */
function inputsOf(call: Call, refused: (shape: string) => string): Shape[] {
  const value = call.first();
  if (value.is === "list") return call.inputs();
  throw valueError(refused(shown(call.input())));
}

function merge(name: string): LayerRule {
  return {
    build(_, call) {
      const shapes = inputsOf(
        call,
        (shape) =>
          `A merge layer should be called on a list of inputs. Received: input_shape=${shape} (not a list of shapes)`,
      );
      const batches = new Set(shapes.flatMap(([batch]) => (batch === null || batch === undefined ? [] : [batch])));
      if (batches.size > 1)
        throw valueError(
          `Cannot merge tensors with different batch sizes. Got tensors with shapes ${shownList(shapes)}`,
        );
      const [first, ...others] = shapes.map((shape) => shape.slice(1));
      if (!first) throw new NotKnown();
      others.reduce<Shape>((made, shape) => elementwise(made, shape, (one) => shown(one)), first);
      if (name === "Subtract" && shapes.length !== 2)
        throw valueError(
          `A \`Subtract\` layer should be called on exactly 2 inputs. Received: input_shape=${shownList(shapes)}`,
        );
      return NO_WEIGHTS;
    },
    output(_, call) {
      const shapes = call.inputs();
      const rank = shapes.reduce((most, { length }) => Math.max(most, length), 0);
      // Those of fewer axes get more behind the first one.
      const [first, ...others] = shapes.map(
        ([batch, ...rest]): Shape => [batch as Dim, ...Array<Dim>(rank - 1 - rest.length).fill(1), ...rest],
      );
      if (!first) throw new NotKnown();
      return [others.reduce<Shape>(broadcasted, first)];
    },
  };
}

const concatenate: LayerRule = {
  build(config, call) {
    const shapes = inputsOf(
      call,
      (shape) =>
        `A \`Concatenate\` layer should be called on a list of at least 1 input. Received: input_shape=${shape}`,
    );
    const axis = config.int("axis", -1);
    const reduced = shapes.map((shape) => {
      if (axis >= shape.length || axis < -shape.length)
        throw new KerasRaises("IndexError", "list assignment index out of range");
      return shape.filter((_, i) => i !== (axis < 0 ? axis + shape.length : axis));
    });
    const ranks = new Set(reduced.map(({ length }) => length));
    const differ = (at: number) => new Set(reduced.map((shape) => shape[at]).filter((dim) => dim !== null)).size > 1;
    const rank = reduced[0]?.length ?? 0;
    if (ranks.size === 1 && !Array.from({ length: rank }, (_, at) => differ(at)).includes(true)) return NO_WEIGHTS;
    throw valueError(
      "A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. " +
        `Received: input_shape=${shownList(shapes)}`,
    );
  },
  output(config, call) {
    const shapes = call.inputs();
    const axis = config.int("axis", -1);
    const [first] = shapes;
    if (!first || shapes.some(({ length }) => length !== first.length)) throw new NotKnown();
    const at = axis < 0 ? axis + first.length : axis;
    return [
      first.map((_, i): Dim => {
        const dims = shapes.map((shape) => shape[i] as Dim);
        if (i !== at) return dims.reduce(equalDims);
        return dims.includes(null) ? null : dims.reduce<number>((sum, dim) => sum + (dim as number), 0);
      }),
    ];
  },
};

/** The axes as `Dot.build` has them. */
function dotAxes(config: LayerConfig, first: Shape, second: Shape): [number, number] {
  const node = config.value("axes");
  if (config.tree.kind(node) !== "number") {
    const [one, other] = config.tuple("axes", 2);
    return [one as number, other as number];
  }
  const axis = config.int("axes");
  return axis < 0 ? [modulo(axis, first.length), modulo(axis, second.length)] : [axis, axis];
}

const modulo = (axis: number, length: number) => ((axis % length) + length) % length;

const dot: LayerRule = {
  build(config, call) {
    const refused = (shape: string) =>
      `A \`Dot\` layer should be called on a list of 2 inputs. Received: input_shape=${shape}`;
    const shapes = inputsOf(call, refused);
    const [first, second, ...others] = shapes;
    if (!first || !second || others.length > 0) throw valueError(refused(shownList(shapes)));
    const axes = dotAxes(config, first, second);
    const [a, b] = [first.at(axes[0]), second.at(axes[1])];
    if (a === undefined || b === undefined || axes[0] >= first.length || axes[1] >= second.length)
      throw new KerasRaises("IndexError", "tuple index out of range");
    if (a !== b)
      throw valueError(
        `Incompatible input shapes: axis values ${a ?? "None"} (at axis ${axes[0]}) != ${b ?? "None"} (at axis ${axes[1]}). ` +
          `Full input shapes: ${shown(first)}, ${shown(second)}`,
      );
    return NO_WEIGHTS;
  },
  output(config, call) {
    const [first, second] = call.inputs();
    if (!first || !second) throw new NotKnown();
    const axes = dotAxes(config, first, second);
    if (axes[0] < 1 || axes[1] < 1) throw new NotKnown();
    const left = first.filter((_, i) => i !== axes[0]);
    const right = second.filter((_, i) => i !== axes[1]).slice(1);
    const output = [...left, ...right];
    return [output.length === 1 ? [...output, 1] : output];
  },
};

export const mergingRules: readonly (readonly [string, LayerRule])[] = [
  ...["Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"].map((name): [string, LayerRule] => [
    `keras.layers.${name}`,
    merge(name),
  ]),
  ["keras.layers.Concatenate", concatenate],
  ["keras.layers.Dot", dot],
];
