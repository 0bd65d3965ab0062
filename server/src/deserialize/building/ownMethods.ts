import { NO_NODE, type Node } from "../../json/index.ts";
import type { HeldValues, ValueUse } from "../../registry/view.ts";
import { derivesFrom, lineageOf } from "../graph/lineage.ts";
import type { Failure, FoundObject, Load, OwnUse, PythonError } from "../load.ts";
import { nameOf } from "../messages.ts";
import { mayBeSetElsewhere } from "./attributesOfKeras.ts";
import { raisedInCall } from "./callMessages.ts";
import { type Held, heldBy, heldValuesOf } from "./heldValues.ts";
import { errorOfUse } from "./valueErrors.ts";

/** Classes of Keras that leave it to `call` what comes out: where it is asked for the shape, `call` runs. */
const traced = ["Layer", "Model", "Wrapper"];

/** Something to be gone through, in the order in which Python comes to it. */
type Step =
  | { readonly do: "call"; readonly node: Node; readonly object: FoundObject }
  | ({ readonly do: "use" } & UseOfValue)
  | { readonly do: "raise"; readonly own: Own; readonly failure: Failure; readonly method: OwnUse["method"] };

/** What a method of an object does with what that keeps. */
interface UseOfValue {
  readonly own: Own;
  readonly use: ValueUse;
  readonly method: OwnUse["method"];
}

/** One object of a class of the workspace, its config, and what the class keeps. */
interface Own {
  readonly config: Node;
  readonly object: Extract<FoundObject, { from: "workspace" }>;
  readonly values: HeldValues;
}

/** What is asked of a layer that is called: of one of Keras, what its weights and its policy say. */
export type AskKeras = (node: Node, object: FoundObject) => Failure | undefined;

/**
 * What a class of the workspace raises in its own `build` or `call` over what it keeps of its config, where a model calls it: what
 * was to be a layer and is still a dict, or a text. Undefined where it raises nothing, or that is not known. The layers that it calls
 * are gone through as it does; each of them once.
 */
export function ownCallFailure(
  load: Load,
  node: Node,
  object: FoundObject | undefined,
  askKeras?: AskKeras,
): Failure | undefined {
  const top = ownOf(load, load.tree.member(node, "config"), object);
  if (!top || load.calledOwn.has(node)) return undefined;
  const open: Step[] = [];
  load.calledOwn.add(node);
  expand(open, top, runsCall(load, top.object) ? ["build", "call"] : ["build"]);
  for (let step = open.pop(); step; step = open.pop()) {
    if (step.do === "use") open.push(...stepsOf(load, step).reverse());
    else if (step.do === "raise") {
      const { own, failure, method } = step;
      if (own === top && method === "build") return failure;
      const within = own === top || method === "build" ? undefined : own.object;
      return { ...failure, error: raisedInCall(load, top, within, failure.error) };
    } else if (!load.calledOwn.has(step.node)) {
      load.calledOwn.add(step.node);
      const failure = askKeras?.(step.node, step.object);
      if (failure) return { ...failure, error: raisedInCall(load, top, undefined, failure.error) };
      const inner = ownOf(load, load.tree.member(step.node, "config"), step.object);
      if (inner && !lineageOf(load, step.object).defines("__call__")) expand(open, inner, ["build", "call"]);
    }
  }
  return undefined;
}

function ownOf(load: Load, config: Node, object: FoundObject | undefined): Own | undefined {
  const values = heldBy(load, object);
  return object?.from === "workspace" && values ? { config, object, values } : undefined;
}

/** What `build` of a class of the workspace raises where it is built by the shape in its config (`Layer.build_from_config`). */
export function ownBuildFailure(load: Load, node: Node, object: FoundObject): Failure | undefined {
  const own = ownOf(load, load.tree.member(node, "config"), object);
  const lineage = lineageOf(load, object);
  if (!own || lineage.defines("build_from_config")) return undefined;
  // A model of Keras 3 goes on (`Model.build_from_config` of keras/src/models/model.py).
  if (load.behaviour.package === "keras" && derivesFrom(lineage, "Model")) return undefined;
  return firstFailure(load, own, "build", own.values.build);
}

/** What a constructor of the workspace raises over its arguments as they are, or over what it has made attributes of them. */
export function ownInitFailure(load: Load, config: Node, object: FoundObject): Failure | undefined {
  const own = ownOf(load, config, object);
  const isLayer = own && derivesFrom(lineageOf(load, object), "Layer");
  // Other classes keep what is set on them as it is, or not.
  const uses = own?.values.init.filter(({ attribute }) => attribute === undefined || isLayer);
  return own && uses && firstFailure(load, own, "__init__", uses);
}

function firstFailure(load: Load, own: Own, method: OwnUse["method"], uses: readonly ValueUse[]): Failure | undefined {
  for (const use of uses)
    for (const step of stepsOf(load, { own, use, method })) if (step.do === "raise") return step.failure;
  return undefined;
}

/** Whether a model that is made comes to the `call` of a layer. */
function runsCall(load: Load, object: FoundObject): boolean {
  const lineage = lineageOf(load, object);
  if (lineage.defines("__call__")) return false;
  if (load.behaviour.package === "tf_keras") return true;
  const decides = ["compute_output_shape", "compute_output_spec", "symbolic_call"];
  return traced.includes(lineage.keras[0]?.qualname ?? "") && !decides.some(lineage.defines);
}

function expand(open: Step[], own: Own, methods: readonly ("build" | "call")[]): void {
  const steps = methods.flatMap((method) => own.values[method].map((use): Step => ({ do: "use", own, use, method })));
  open.push(...steps.reverse());
}

/** What comes of one use, for each value: what Python raises, or the call of a layer. */
function stepsOf(load: Load, { own, use, method }: UseOfValue): Step[] {
  const { config, object, values } = own;
  if (config === NO_NODE || (use.attribute !== undefined && mayBeSetElsewhere(load, object, use.attribute))) return [];
  return heldValuesOf(load, object, config, values, use).flatMap((value): Step[] => {
    const error = errorOfUse(load, use, value);
    if (error) return [{ do: "raise", own, failure: failureOf(load, { own, use, method }, value, error), method }];
    const isCall = use.is === "called" && value.is === "object";
    return isCall ? [{ do: "call", node: value.node, object: value.object }] : [];
  });
}

/** Where it is shown: at the value, as what nobody has deserialized where it is an object that is written down. */
function failureOf(load: Load, { own, use, method }: UseOfValue, { node, is }: Held, error: PythonError): Failure {
  const { tree } = load;
  const { object, values } = own;
  load.settled.add(node);
  const name = values.held.find(({ attribute }) => attribute === use.attribute)?.parameter ?? use.parameter;
  const isObject = is === "plain" && tree.kind(node) === "object" && tree.member(node, "class_name") !== NO_NODE;
  const rule = isObject ? "not-deserialized" : "invalid-argument";
  return { rule, node, error, own: { className: nameOf(object), method, error }, ...(name !== undefined && { name }) };
}
