/**
 * A computation that may ask for the results of others: models hold models and wrappers hold layers, as deep as a document
 * nests, so that nothing of it may stand on the JavaScript stack.
 */
export type Step<T> = Generator<Step<unknown>, T, unknown>;

/** So many take about a millisecond. */
const STEPS_AT_A_TIME = 256;

/** Runs a computation with all that it asks for, yielding now and then; throws what it throws. */
export function* stepsThrough<T>(first: Step<T>): Generator<undefined, T> {
  const open: Step<unknown>[] = [first];
  let answer: { value: unknown } | { error: unknown } = { value: undefined };
  let done = 0;
  for (let step = open.at(-1); step; step = open.at(-1)) {
    if (++done % STEPS_AT_A_TIME === 0) yield;
    try {
      const result: IteratorResult<Step<unknown>, unknown> = "error" in answer
        ? step.throw(answer.error)
        : step.next(answer.value);
      if (result.done) open.pop();
      else open.push(result.value);
      answer = { value: result.done ? result.value : undefined };
    } catch (error) {
      open.pop();
      answer = { error };
    }
  }
  if ("error" in answer) throw answer.error;
  return answer.value as T;
}
