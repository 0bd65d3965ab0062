import type { Signature } from "../../registry/view.ts";
import { derivesFrom, lineageOf } from "../graph/lineage.ts";
import { isInstance } from "../instances.ts";
import { type FoundObject, kindOf, type Load, type PythonError } from "../load.ts";
import { isPatched } from "../patched.ts";
import { bindingError, type CallArguments } from "./binding.ts";

/**
 * What Python raises where a function of the workspace, or an instance of one of its classes, is called; undefined where it takes the
 * call, or that is not known.
 */
export function callError(load: Load, object: FoundObject, call: CallArguments): PythonError | undefined {
  if (object.from !== "workspace") return undefined;
  if (kindOf(object) === "function") {
    const signature = load.registry.signatureOf(object.module, object.qualname, object.location.uri);
    return signature && bindingError(signature, call, 0);
  }
  const signature = isInstance(load, object) ? callOf(load, object) : undefined;
  return signature && bindingError(signature, call, 1);
}

/** The header of the `__call__` that runs: the class's own, or that of Keras's base. */
function callOf(load: Load, object: Extract<FoundObject, { from: "workspace" }>): Signature | undefined {
  const own = methodOf(load, object, "__call__");
  if (own !== "inherited") return own;
  const lineage = lineageOf(load, object);
  // `Metric.__call__` hands all that it is given on.
  if (derivesFrom(lineage, "Metric")) {
    const update = methodOf(load, object, "update_state");
    return update === "inherited" ? undefined : update;
  }
  if (derivesFrom(lineage, "Loss")) return header("Loss", ["y_true", "y_pred"], ["sample_weight"]);
  // Each of Keras's own has a `__call__` of its own.
  const [base] = lineage.keras;
  const taken = base && calledWith.find(([name]) => derivesFrom(lineage, name))?.[1];
  return taken === undefined ? undefined : header(base?.qualname ?? "", [taken]);
}

/**
 * The header of the method of this name that runs, where the workspace has it; "inherited" of one of Keras's own, undefined where it
 * cannot be read.
 */
export function methodOf(
  load: Load,
  object: Extract<FoundObject, { from: "workspace" }>,
  name: string,
): Signature | "inherited" | undefined {
  const cls = load.registry.classOf(object.module, object.qualname, object.location);
  // A decorator of a class may have put another in its place.
  if (cls?.mro.some((entry) => entry.kind === "workspace" && entry.class.isConstructedOtherwise)) return undefined;
  const isSet = cls?.mro.some((entry) => entry.kind === "workspace" && entry.class.init?.sets?.includes(name));
  if (isSet || lineageOf(load, object).defines("__getattribute__")) return undefined;
  const body = cls?.mro.find((entry) => entry.kind === "external" || entry.class.members.has(name));
  if (!body || body.kind === "external") return "inherited";
  if (isPatched(body.class, name)) return undefined;
  const { module, qualname, location } = body.class;
  return load.registry.signatureOf(module, `${qualname}.${name}`, location.uri);
}

/** What `__call__` of Keras's base classes and of all that derive from them takes, the same in all releases of Keras 3. */
const calledWith: readonly (readonly [string, string])[] = [
  ["Regularizer", "x"],
  ["Constraint", "w"],
  ["LearningRateSchedule", "step"],
];

function header(className: string, required: readonly string[], others: readonly string[] = []): Signature {
  const parameter = (name: string, isRequired: boolean) => ({ name, kind: "positional" as const, isRequired });
  return {
    qualname: `${className}.__call__`,
    parameters: [
      ...["self", ...required].map((name) => parameter(name, true)),
      ...others.map((name) => parameter(name, false)),
    ],
  };
}
