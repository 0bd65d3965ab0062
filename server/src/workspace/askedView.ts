import type { RegistryView } from "../registry/index.ts";
import { QuestionsByName, textOfAnswer } from "./questions.ts";

/** More questions than this are not kept: the document is then asked again whenever something changes. */
const MOST_QUESTIONS = 20_000;

interface Asked {
  readonly put: (view: RegistryView) => unknown;
  readonly answer: string;
}

/** A registry view that keeps what a check asked it, so that a later view can be seen to answer the same. */
export class AskedView extends QuestionsByName {
  readonly #view: RegistryView;
  readonly #asked = new Map<string, Asked>();
  #isWhole = true;

  constructor(view: RegistryView) {
    super();
    this.#view = view;
  }

  /** Whether another view answers all that was asked as this one did. */
  holdsIn(view: RegistryView): boolean {
    if (view === this.#view) return true;
    if (!this.#isWhole) return false;
    for (const { put, answer } of this.#asked.values()) if (textOfAnswer(put(view)) !== answer) return false;
    return true;
  }

  /** The questions with the texts of their answers; undefined where there were too many to keep. */
  answers(): ReadonlyMap<string, string> | undefined {
    return this.#isWhole ? new Map([...this.#asked].map(([question, { answer }]) => [question, answer])) : undefined;
  }

  protected answer<T>(question: string, put: (view: RegistryView) => T): T {
    const answer = put(this.#view);
    if (this.#asked.has(question)) return answer;
    if (this.#asked.size < MOST_QUESTIONS) this.#asked.set(question, { put, answer: textOfAnswer(answer) });
    else this.#isWhole = false;
    return answer;
  }
}
