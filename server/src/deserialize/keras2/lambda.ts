import { NO_NODE } from "../../json/index.ts";
import { refusalOfDump } from "../lambdaCode.ts";
import type { Load, Revival, Task } from "../load.ts";
import { inner } from "../load.ts";
import * as messages from "../messages.ts";
import { pythonRepr } from "../pythonRepr.ts";

/** The functions of a Lambda layer, in the order in which its `from_config` parses them, and what says what they are. */
const functions = [
  ["function", "function_type"],
  ["output_shape", "output_shape_type"],
  ["mask", "mask_type"],
] as const;

/** `Lambda.from_config` of tf_keras/src/layers/core/lambda_layer.py. */
export function lambdaTasks(load: Load, revival: Revival): Task[] {
  const { tree } = load;
  const config = revival.config.node;
  return functions.map(([argument, typeKey]) => () => {
    const node = tree.member(config, argument);
    if (argument === "mask" && node === NO_NODE) return;
    const type = tree.member(config, typeKey);
    const kind = type !== NO_NODE && tree.kind(type) === "string" ? tree.string(type) : undefined;
    if (kind !== "function" && kind !== "lambda" && kind !== "raw") {
      const at = type === NO_NODE ? config : type;
      const printed = type === NO_NODE ? "" : (kind ?? pythonRepr(tree, { node: type }));
      const error = type === NO_NODE ? messages.keyError(typeKey) : messages.unsupportedFunctionType(printed);
      load.fail(at, { rule: "wrong-field-type", node: at, error }, revival.frame);
    } else if (kind === "lambda" && revival.frame.safeMode) {
      const at = node === NO_NODE ? type : node;
      load.fail(at, { rule: "unsafe-lambda", node: at, error: messages.lambdaLayerRefusedByKeras2() }, revival.frame);
    } else if (kind === "lambda") {
      const error = refusalOfDump(tree, node);
      if (error) load.fail(node, { rule: "wrong-field-type", node, error }, revival.frame);
    } else if (kind === "function" && node !== NO_NODE) {
      load.keras.deserializeKerasObject(load, { node }, inner(revival.frame, { calls: 1 }));
    }
  });
}
