import type { RegistryView, SourceLocation } from "../registry/view.ts";

/** A registry view all of whose questions come to one method, each with a text that names it. */
export abstract class QuestionsByName implements RegistryView {
  /** Answers a question; `put` asks it of another view. */
  protected abstract answer<T>(question: string, put: (view: RegistryView) => T): T;

  declarations(key: string) {
    return this.answer(`declarations ${key}`, (view) => view.declarations(key));
  }

  declarationsEndingWith(suffix: string) {
    return this.answer(`ending ${suffix}`, (view) => view.declarationsEndingWith(suffix));
  }

  keys() {
    return this.answer("keys", (view) => view.keys());
  }

  declarationsNamed(name: string) {
    return this.answer(`declarations named ${name}`, (view) => view.declarationsNamed(name));
  }

  providedNamed(name: string) {
    return this.answer(`provided named ${name}`, (view) => view.providedNamed(name));
  }

  moduleMember(module: string, name: string) {
    return this.answer(`member ${module} ${name}`, (view) => view.moduleMember(module, name));
  }

  definitionsNamed(name: string) {
    return this.answer(`definitions named ${name}`, (view) => view.definitionsNamed(name));
  }

  hasModule(module: string) {
    return this.answer(`module ${module}`, (view) => view.hasModule(module));
  }

  classOf(module: string, qualname: string, location?: SourceLocation) {
    const question = `class ${module} ${qualname} ${location?.uri} ${location?.start}`;
    return this.answer(question, (view) => view.classOf(module, qualname, location));
  }

  signatureOf(module: string, qualname: string, uri: string) {
    const question = `signature ${module} ${qualname} ${uri}`;
    return this.answer(question, (view) => view.signatureOf(module, qualname, uri));
  }

  kerasPatches() {
    return this.answer("patches of Keras", (view) => view.kerasPatches());
  }

  whyOpen(key: string, name: string, module: string | null, inLoad = false) {
    return this.answer(`open ${key} ${name} ${module} ${inLoad}`, (view) => view.whyOpen(key, name, module, inLoad));
  }

  loadOf(uri: string) {
    return this.answer(`load ${uri}`, (view) => view.loadOf(uri));
  }
}

/** An answer as text, of a declaration what a view says of it; equal answers have equal texts. */
export function textOfAnswer(answer: unknown): string {
  const text = JSON.stringify(answer, (key, value) => {
    if (key === "by") return undefined;
    if (value instanceof Set) return { set: [...value] };
    // JSON knows no undefined.
    if (value instanceof Map)
      return { map: [...value].map(([name, one]) => (one === undefined ? [name] : [name, one])) };
    return value;
  });
  return text ?? "";
}

/** The answer that a text stands for. Throws where it is none of `textOfAnswer`. */
export function answerOfText(text: string): unknown {
  if (text === "") return undefined;
  return JSON.parse(text, (_key, value) => {
    if (Array.isArray(value?.set)) return new Set(value.set);
    return Array.isArray(value?.map) ? new Map(value.map) : value;
  });
}
