import type { LinkedModule } from "../moduleTable.ts";
import type { Given, Value } from "./values.ts";

/** What following a function or statement does to Keras's registry, or hands to one of its loads. */
export type Effect = { readonly sure: boolean } & (
  | /** `register_keras_serializable(…)(object)` */ {
      readonly kind: "register";
      readonly given: Given;
      readonly object: Value;
    }
  | /** `get_custom_objects()[key] = object` */ { readonly kind: "set"; readonly key: Value; readonly object: Value }
  | /** A key is taken out; all of them where it is absent. */ { readonly kind: "remove"; readonly key?: Value }
  | /** `load_model(path)`, with the scopes around it and its argument. */ {
      readonly kind: "load";
      readonly path: string;
      readonly scopes: readonly Value[];
      readonly objects: readonly Value[];
    }
  | /** A custom object scope is entered, or a loader is given `custom_objects`. */ {
      readonly kind: "provide";
      readonly by: "scope" | "argument";
      readonly objects: readonly Value[];
      /** Offset of the statement, and the module it stands in. */
      readonly offset: number;
      readonly module: LinkedModule;
    }
);

/** What came of following one statement, decorator or call. */
export interface Outcome {
  readonly effects: readonly Effect[];
  readonly value: Value;
  /** Why not all of it could be followed; undefined where it was. */
  readonly unfollowed: string | undefined;
}
