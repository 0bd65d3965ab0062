import type { Call } from "../call.ts";
import type { LayerConfig } from "../layerConfig.ts";
import { type Built, type InputSpec, type LayerRule, NO_WEIGHTS } from "../rule.ts";
import { layerRules } from "../rules/table.ts";
import { KerasRaises, NotKnown, type Shape, UndefinedWeight } from "../values.ts";

type Output = (config: LayerConfig, call: Call) => readonly Shape[];

/** The rule of a layer without weights: it is built by its first call like all others. */
export function weightless(output: Output, spec?: (config: LayerConfig) => InputSpec): LayerRule {
  return { build: () => NO_WEIGHTS, output, ...(spec ? { spec } : {}) };
}

type WholeRule = Required<Pick<LayerRule, "build" | "output">> & LayerRule;

/** The rule of a layer in Keras 3, where Keras 2 does the same. */
export function keras3Rule(key: string): WholeRule {
  const rule = layerRules.get(key);
  if (!rule) throw new Error(key);
  return asInKeras3(rule);
}

/** A rule that is as in Keras 3 but for what is refused, which Keras 2 refuses in words of its own. */
export function asInKeras3(rule: LayerRule): WholeRule {
  const spec = rule.spec?.bind(rule);
  return {
    ...rule,
    ...(spec ? { spec: (config: LayerConfig) => quietly(() => spec(config)) } : {}),
    build: (config, call, held) => quietly(() => (rule.build ? made(rule.build(config, call, held)) : NO_WEIGHTS)),
    output: (config, call, held) => quietly(() => listed(rule.output(config, call, held))),
  };
}

/** What a computation comes to; NotKnown where Keras 3 raises. */
export function quietly<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    throw error instanceof KerasRaises || error instanceof UndefinedWeight ? new NotKnown() : error;
  }
}

function made(built: ReturnType<NonNullable<LayerRule["build"]>>): Built | undefined {
  // No layer that holds others is taken over.
  if (built && "next" in built) throw new NotKnown();
  return built;
}

function listed(shapes: ReturnType<LayerRule["output"]>): readonly Shape[] {
  if ("next" in shapes) throw new NotKnown();
  return shapes;
}
