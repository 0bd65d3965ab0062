import { type FunctionValue, shownAs } from "./interpreter/values.ts";

/** A parameter as the data hold it. */
export interface ParameterFact {
  readonly name: string;
  /** Source text, in one line. */
  readonly default?: string;
  readonly keywordOnly: boolean;
}

/** The parameters of a method behind `self`, without `*args` and `**kwargs`. */
export function headerParameters(defined: FunctionValue): { parameters: readonly ParameterFact[]; kwargs: boolean } {
  const method = shownAs(defined);
  const parameters: ParameterFact[] = [];
  let kwargs = false;
  let keywordOnly = false;
  for (const parameter of method.parameters.slice(1)) {
    if (parameter.kind === "kwargs") kwargs = true;
    if (parameter.kind === "varargs" || parameter.kind === "keyword-only") keywordOnly = true;
    if (parameter.kind === "kwargs" || parameter.kind === "varargs") continue;
    const { name, default: value } = parameter;
    const text = value && method.tree.text.slice(value.start, value.end).replace(/\s+/g, " ");
    parameters.push({ name, ...(text === undefined ? {} : { default: text }), keywordOnly });
  }
  return { parameters, kwargs };
}
