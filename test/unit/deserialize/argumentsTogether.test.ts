import assert from "node:assert/strict";
import { test } from "node:test";
import { loadOf } from "./graph/models.ts";

/** The last sentence of what a layer's constructor raises; undefined where it takes its arguments. */
function refusal(class_name: string, config: object): string | undefined {
  const { answer } = loadOf({ module: "keras.layers", class_name, config, registered_name: null });
  const failed = answer.events.find((event) => event.kind === "failed");
  return failed?.outcome.message.split("Exception encountered: ").at(-1);
}

test("the filters of a convolution are divided by its groups", () => {
  const conv = (more: object) => refusal("Conv2D", { filters: 6, kernel_size: 3, ...more });
  assert.equal(conv({ groups: 3 }), undefined);
  assert.equal(
    conv({ groups: 4 }),
    "The number of filters must be evenly divisible by the number of groups. Received: groups=4, filters=6.",
  );
});

test("a convolution that is dilated takes single steps", () => {
  const message = (strides: string, dilation: string) =>
    "`strides > 1` not supported in conjunction with `dilation_rate > 1`. " +
    `Received: strides=${strides} and dilation_rate=${dilation}`;
  const sized = { filters: 2, kernel_size: 3 };
  assert.equal(refusal("Conv1D", { ...sized, strides: 2, dilation_rate: [3] }), message("(2,)", "(3,)"));
  assert.equal(
    refusal("Conv2DTranspose", { ...sized, strides: [1, 2], dilation_rate: 2 }),
    message("(1, 2)", "(2, 2)"),
  );
  assert.equal(refusal("Conv2D", { ...sized, strides: [1, 1], dilation_rate: 2 }), undefined);
  assert.equal(refusal("Conv2D", { ...sized, strides: 2 }), undefined);
});

test("a permutation has all axes, and the batch is none", () => {
  assert.equal(refusal("Permute", { dims: [2, 1] }), undefined);
  assert.equal(
    refusal("Permute", { dims: [1, 3] }),
    "Invalid permutation argument `dims` for Permute Layer. The set of indices in `dims` must be consecutive and " +
      "start from 1. Received dims=[1, 3]",
  );
});

test("padding and cropping take one number or two for an axis", () => {
  assert.equal(refusal("ZeroPadding2D", { padding: [1, [0, 2]] }), undefined);
  assert.equal(
    refusal("ZeroPadding2D", {
      padding: [
        [1, 1],
        [1, 2, 3],
      ],
    }),
    "The `2nd entry of padding` argument must be a tuple of 2 integers. Received 2nd entry of padding=[1, 2, 3]",
  );
  assert.match(refusal("Cropping3D", { cropping: [[1], 1, 1] }) ?? "", /^The `1st entry of cropping` argument/);
});
