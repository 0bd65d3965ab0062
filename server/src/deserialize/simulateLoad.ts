import { deserializeKerasObject } from "./deserializeKerasObject.ts";
import { reviveFromConfig } from "./fromConfig.ts";
import { compileArguments, modelFromConfig } from "./legacy.ts";
import { type Frame, Load, type LoadEvent, type LoadQuestion } from "./load.ts";

/** What one load would go through. */
export interface LoadAnswer {
  readonly events: readonly LoadEvent[];
  /** From this event on, Keras has stopped for a reason that is not about finding (a missing key of a model). */
  readonly halted: number | undefined;
  /** Every key and module that was looked up. */
  readonly asked: ReadonlySet<string>;
}

/**
 * Simulates one load as far as finding objects goes: its events in the order of Keras. It goes on after a failure as if
 * the object had been there, so that all of them are told at once. Pure, total, linear in the document.
 */
export function simulateLoad(question: LoadQuestion): LoadAnswer {
  const steps = simulateSteps(question);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** `simulateLoad` in steps of well below a millisecond, for callers whom somebody waits for. */
export function* simulateSteps(question: LoadQuestion): Generator<undefined, LoadAnswer> {
  const load = new Load(question, { deserializeKerasObject, modelFromConfig, reviveFromConfig });
  const frame: Frame = {
    parent: undefined,
    wrap: undefined,
    nested: false,
    safeMode: true,
    depth: 0,
    doubt: undefined,
  };
  yield* load.run(() => {
    if (question.loader !== "load_model_from_hdf5") {
      deserializeKerasObject(load, { node: question.root }, frame);
      return;
    }
    const legacyFrame: Frame = { ...frame, safeMode: load.behaviour.legacySafeMode };
    const { trainingConfig } = question;
    load.next([
      () => modelFromConfig(load, question.root, legacyFrame),
      ...(trainingConfig === undefined ? [] : [() => compileArguments(load, trainingConfig, legacyFrame)]),
    ]);
  });
  return { events: load.events, halted: load.halted, asked: load.asked };
}
