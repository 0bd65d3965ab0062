import { isNamePart } from "./characters.ts";

/** The function whose result registers what it is called with. */
export const REGISTER_FUNCTION = "register_keras_serializable";
/** The dict of all that is registered, in Keras 3 and in Keras 2, and the function that returns it. */
export const REGISTRY_DICTS: ReadonlySet<string> = new Set(["GLOBAL_CUSTOM_OBJECTS", "_GLOBAL_CUSTOM_OBJECTS"]);
export const REGISTRY_FUNCTION = "get_custom_objects";

/** What makes names known for a while: the scopes. */
export const SCOPE_WORDS: ReadonlySet<string> = new Set(["custom_object_scope", "CustomObjectScope"]);

/** Under which names a module knows what registers: the words of Keras and what they are imported or assigned as. */
export interface Vocabulary {
  /** Names whose calls may register. */
  readonly interesting: ReadonlySet<string>;
  readonly registryFunctions: ReadonlySet<string>;
  /** Variables that hold the dict of `get_custom_objects()`. */
  readonly registries: ReadonlySet<string>;
  readonly scopeNames: ReadonlySet<string>;
}

/** Functions whose second argument is `custom_objects`. */
export const LOADERS: ReadonlySet<string> = new Set([
  "load_model",
  "model_from_json",
  "model_from_yaml",
  "model_from_config",
  "deserialize_keras_object",
]);

/** Whether a text holds a word of Keras's registration: the cheap test that decides whether its function bodies are read. */
export function hasRegistrationWord(text: string): boolean {
  return (
    text.includes(REGISTER_FUNCTION) ||
    text.includes("custom_object") ||
    text.includes("CustomObject") ||
    text.includes("CUSTOM_OBJECT")
  );
}

/** Whether a variable is by its name a dict of custom objects: `custom_objects`, `CUSTOM_OBJECTS`, `_custom_object_dict`. */
export function isCustomObjectsName(name: string): boolean {
  return /custom_?objects?/i.test(name);
}

/** The part of a dotted name behind its last dot. */
export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/** How often `word` stands in a text as a whole name. */
export function countName(text: string, word: string): number {
  let count = 0;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    const before = at === 0 || !isNamePart(text.charCodeAt(at - 1));
    if (before && !isNamePart(text.charCodeAt(at + word.length))) count++;
  }
  return count;
}
