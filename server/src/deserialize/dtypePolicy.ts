import type { BuiltinSymbol } from "../catalogue/keras.ts";
import { plainWords, refusalOfString, type StringRefusal } from "./constructor/values.ts";
import { pythonType, text, type Value } from "./dict.ts";
import { type Frame, inner, type Load, type Result } from "./load.ts";
import * as messages from "./messages.ts";
import { pythonRepr } from "./pythonRepr.ts";

/** Names of policies that quantize, which go a way of their own where there are any (from 3.1). */
const quantizing = /^(int8|int4|float8|gptq|awq)/;

/** `get(identifier)` of keras/src/dtype_policies/__init__.py (in 3.0 `resolve_policy` of mixed_precision). */
export function getDtypePolicy(load: Load, value: Value, frame: Frame): Result {
  const { tree } = load;
  const type = pythonType(tree, value);
  if (type === "NoneType") return { is: "plain" };
  if (type === "dict") {
    const table = load.behaviour.dtypePoliciesByTable ? "dtype_policies" : undefined;
    return load.keras.deserializeKerasObject(load, value, inner(frame, { calls: 2 }), table);
  }
  const name = text(tree, value);
  if (name === undefined) {
    const error = messages.uninterpretableDtype(pythonRepr(tree, value));
    load.fail(value.node, { rule: "invalid-argument", node: value.node, error }, frame);
    return { is: "failed" };
  }
  const rule = refusalOfPolicy(load, name);
  if (!rule) return { is: "plain" };
  const allowed = plainWords(rule.accepted);
  load.fail(value.node, { rule: "invalid-argument", node: value.node, error: rule.error, name, allowed }, frame);
  return { is: "failed" };
}

/** What the constructor of a policy says of a name; undefined where it takes it, or where the name goes another way. */
export function refusalOfPolicy(load: Load, name: string): StringRefusal | undefined {
  const quantizes = quantizing.test(name) && load.release.resolve("keras.dtype_policies.QuantizedDTypePolicy");
  return quantizes ? undefined : refusalOfString(policyClass(load), "name", name);
}

/** The class of which a name makes a policy. */
function policyClass({ release }: Load): BuiltinSymbol | undefined {
  return release.resolve("keras.FloatDTypePolicy") ?? release.resolve("keras.mixed_precision.DTypePolicy");
}
