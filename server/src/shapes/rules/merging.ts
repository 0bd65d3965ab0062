/** Layers of keras/src/layers/merging. */
import type { Call } from "../call.ts";
import type { LayerConfig } from "../layerConfig.ts";
import { type LayerRule, NO_WEIGHTS } from "../rule.ts";
import { type Dim, MOST_DIMENSIONS, NotKnown, type Shape, shown, valueError } from "../values.ts";

/** `Merge._compute_elemwise_op_output_shape` for shapes without the batch. */
function merged(first: Shape, second: Shape, call: Call, isFirst: boolean): Shape {
  // What was merged is a tuple, where the others are lists.
  return elementwise(first, second, (one) => (one === first && !isFirst ? shown(one) : call.shown(one)));
}

/** The shape of two tensors that are computed with element by element, each of which is `printed` where they do not fit. */
export function elementwise(first: Shape, second: Shape, printed: (shape: Shape) => string): Shape {
  const [long, short] = first.length < second.length ? [second, first] : [first, second];
  const offset = long.length - short.length;
  return long.map((dim, i): Dim => {
    if (i < offset) return dim;
    const other = short[i - offset] as Dim;
    if (dim === null || other === null) return null;
    if (dim === 1) return other;
    if (other === 1 || dim === other) return dim;
    throw valueError(`Inputs have incompatible shapes. Received shapes ${printed(long)} and ${printed(short)}`);
  });
}

function shownList(call: Call, shapes: readonly Shape[]): string {
  return `[${shapes.map((shape) => call.shown(shape)).join(", ")}]`;
}

function batchOf(shapes: readonly Shape[]): Set<number> {
  return new Set(
    shapes.filter((shape) => shape.length > 0).flatMap(([batch]) => (batch === null ? [] : [batch as number])),
  );
}

const merge: LayerRule = {
  build(_, call) {
    const shapes = call.inputs();
    if (batchOf(shapes).size > 1)
      throw valueError(
        `Cannot merge tensors with different batch sizes. Received tensors with shapes ${shownList(call, shapes)}`,
      );
    mergedAll(shapes, call);
    return NO_WEIGHTS;
  },
  output(_, call) {
    const shapes = call.inputs();
    const batches = [...batchOf(shapes)];
    return [[batches.length === 1 ? (batches[0] as number) : null, ...mergedAll(shapes, call)]];
  },
};

function mergedAll(shapes: readonly Shape[], call: Call): Shape {
  const [first, ...others] = shapes.map((shape) => shape.slice(1));
  if (!first) throw new NotKnown();
  return others.reduce<Shape>((all, shape, i) => merged(all, shape, call, i === 0), first);
}

/** `Concatenate`, which lets other axes of one pass when it is built, before 3.7. */
export const concatenate = (squeezes: boolean): LayerRule => ({
  build(config, call) {
    checkConcatenation(config.int("axis", -1), call, squeezes);
    return NO_WEIGHTS;
  },
  output(config, call) {
    const shapes = call.inputs();
    const axis = config.int("axis", -1);
    const output = [...(shapes[0] ?? [])];
    const at = axis < 0 ? axis + output.length : axis;
    if (!(at in output)) throw new NotKnown();
    for (const shape of shapes.slice(1)) {
      const [sum, size] = [output[at] as Dim, shape.at(axis)];
      if (size === undefined) throw new NotKnown();
      output[at] = sum === null || size === null ? null : sum + size;
      if (output[at] === null) break;
    }
    return [output];
  },
});

/** `Concatenate.build`: all axes but that of the concatenation are to be equal. */
function checkConcatenation(axis: number, call: Call, squeezes: boolean): void {
  const shapes = call.inputs();
  const reduced = shapes.map((shape) => {
    const rest = squeezes ? squeezed(shape, axis) : [...shape];
    if (rest.length > axis) rest.splice(axis, 1);
    return rest;
  });
  const ranks = new Set(reduced.map((shape) => shape.length));
  const differ = (at: number) => new Set(reduced.map((shape) => shape[at]).filter((dim) => dim !== null)).size > 1;
  const rank = reduced[0]?.length ?? 0;
  if (ranks.size === 1 && !Array.from({ length: rank }, (_, at) => differ(at)).includes(true)) return;
  throw valueError(
    "A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. " +
      `Received: input_shape=${shownList(call, shapes)}`,
  );
}

/** Without the axes of one, but for that of the concatenation: each is taken away by the number that it had at first. */
function squeezed(shape: Shape, axis: number): Dim[] {
  const rest = [...shape];
  const kept = ((axis % shape.length) + shape.length) % shape.length;
  for (let at = 1; at < shape.length; at++) {
    if (at === kept || shape[at] !== 1) continue;
    // Python raises where there is none any more.
    if (at >= rest.length) throw new NotKnown();
    rest.splice(at, 1);
  }
  if (-axis > rest.length) throw new NotKnown();
  return rest;
}

const dot: LayerRule = {
  build(config, call) {
    const [first, second] = pair(call);
    const axes = dotAxes(config, first, second);
    const [a, b] = [first[axes[0]], second[axes[1]]];
    if (a === undefined || b === undefined) throw new NotKnown();
    if (a !== b)
      throw valueError(
        `Incompatible input shapes: axis values ${a ?? "None"} (at axis ${axes[0]}) != ${b ?? "None"} (at axis ${axes[1]}). ` +
          `Full input shapes: ${call.shown(first)}, ${call.shown(second)}`,
      );
    return NO_WEIGHTS;
  },
  output(config, call) {
    const [first, second] = pair(call);
    const axes = dotAxes(config, first, second);
    if (!(axes[0] in first) || !(axes[1] in second)) throw new NotKnown();
    if (first.length + second.length > MOST_DIMENSIONS) throw new NotKnown();
    const left = first.filter((_, i) => i !== axes[0]);
    const right = second.filter((_, i) => i !== axes[1]).slice(1);
    const output = [...left, ...right];
    return [output.length === 1 ? [...output, 1] : output];
  },
};

function pair(call: Call): [Shape, Shape] {
  const [first, second, ...others] = call.inputs();
  if (!first || !second || others.length > 0) throw new NotKnown();
  return [first, second];
}

function dotAxes(config: LayerConfig, first: Shape, second: Shape): [number, number] {
  const [one, other = one] = config.ints("axes") ?? [];
  if (one === undefined || other === undefined) throw new NotKnown();
  const isInt = config.tree.kind(config.value("axes")) === "number";
  if (!isInt && (one < 0 || other < 0)) throw new NotKnown();
  const within = (axis: number, shape: Shape) =>
    axis < 0 ? ((axis % shape.length) + shape.length) % shape.length : axis;
  return [within(one, first), within(other, second)];
}

export const mergingRules: ReadonlyMap<string, LayerRule> = new Map([
  ...["Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"].map((name): [string, LayerRule] => [
    `keras.layers.${name}`,
    merge,
  ]),
  ["keras.layers.Concatenate", concatenate(false)],
  ["keras.layers.Dot", dot],
]);
