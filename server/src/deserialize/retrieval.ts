import type { Node } from "../json/index.ts";
import type { Unknown } from "../registry/view.ts";
import type { Dict, Value } from "./dict.ts";
import type { Failure, FoundObject } from "./load.ts";
import type { Warning } from "./warning.ts";

/** What comes of looking an object up. */
export type Retrieval =
  | { readonly found: FoundObject; readonly warnings?: readonly Warning[] }
  | { readonly failure: Failure }
  | { readonly unknown: Unknown; readonly at: Node; readonly warnings?: readonly Warning[] };

/** What `_retrieve_class_or_fn` is called with. */
export interface Wanted {
  readonly kind: "class" | "function";
  readonly dict: Dict;
  /** `class_name`, or for functions `config`. */
  readonly name: Value;
  readonly registeredName: Value | undefined;
  readonly module: Value | undefined;
}
