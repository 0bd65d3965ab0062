import type { Node } from "../../json/index.ts";

/** What is known of a failure of a model's graph beside what Keras says of it: `rules/graphWords.ts` makes the words. */
export interface GraphFacts {
  /** The `config` of the model. */
  readonly model: Node;
  /** The layer whose call it is about. */
  readonly layer?: Node;
  /** The list of the model that names a tensor. */
  readonly ends?: "input_layers" | "output_layers";
  /** The value that names another layer. */
  readonly named?: Node;
  /** The index that was asked for, and how many there are. */
  readonly index?: number;
  readonly count?: number;
  /** The layers of a circle, in the order in which one takes from the next. */
  readonly circle?: readonly Node[];
  /** The layer is called with one argument and takes more. */
  readonly takesMore?: true;
  /** The key that is missing. */
  readonly key?: string;
  /** Whether the layer is called with what the header of its `call` does not take. */
  readonly unbound?: true;
}
