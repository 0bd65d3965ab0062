import type { RegistryView } from "../registry/index.ts";
import type { SourceLocation } from "../registry/view.ts";

/** More questions than this are not kept: the document is then asked again whenever something changes. */
const MOST_QUESTIONS = 20_000;

/** A registry view that keeps what a check asked it, so that a later view can be seen to answer the same. */
export class AskedView implements RegistryView {
  readonly #view: RegistryView;
  readonly #answers = new Map<string, { readonly ask: (view: RegistryView) => unknown; readonly answer: string }>();
  #isWhole = true;

  constructor(view: RegistryView) {
    this.#view = view;
  }

  /** Whether another view answers all that was asked as this one did. */
  holdsIn(view: RegistryView): boolean {
    if (view === this.#view) return true;
    if (!this.#isWhole) return false;
    for (const { ask, answer } of this.#answers.values()) if (textOf(ask(view)) !== answer) return false;
    return true;
  }

  #ask<T>(question: string, ask: (view: RegistryView) => T): T {
    const answer = ask(this.#view);
    if (this.#answers.has(question)) return answer;
    if (this.#answers.size < MOST_QUESTIONS) this.#answers.set(question, { ask, answer: textOf(answer) });
    else this.#isWhole = false;
    return answer;
  }

  declarations(key: string) {
    return this.#ask(`declarations ${key}`, (view) => view.declarations(key));
  }

  declarationsEndingWith(suffix: string) {
    return this.#ask(`ending ${suffix}`, (view) => view.declarationsEndingWith(suffix));
  }

  keys() {
    return this.#ask("keys", (view) => view.keys());
  }

  declarationsNamed(name: string) {
    return this.#ask(`declarations named ${name}`, (view) => view.declarationsNamed(name));
  }

  moduleMember(module: string, name: string) {
    return this.#ask(`member ${module} ${name}`, (view) => view.moduleMember(module, name));
  }

  definitionsNamed(name: string) {
    return this.#ask(`definitions named ${name}`, (view) => view.definitionsNamed(name));
  }

  hasModule(module: string) {
    return this.#ask(`module ${module}`, (view) => view.hasModule(module));
  }

  classOf(module: string, qualname: string, location?: SourceLocation) {
    const question = `class ${module} ${qualname} ${location?.uri} ${location?.start}`;
    return this.#ask(question, (view) => view.classOf(module, qualname, location));
  }

  whyOpen(key: string, name: string, module: string | null, inLoad = false) {
    return this.#ask(`open ${key} ${name} ${module} ${inLoad}`, (view) => view.whyOpen(key, name, module, inLoad));
  }

  loadOf(uri: string) {
    return this.#ask(`load ${uri}`, (view) => view.loadOf(uri));
  }
}

/** An answer as text; of a declaration, what a view says of it. */
function textOf(answer: unknown): string {
  return (
    JSON.stringify(answer, (key, value) =>
      key === "by" ? undefined : value instanceof Set || value instanceof Map ? [...value] : value,
    ) ?? ""
  );
}
