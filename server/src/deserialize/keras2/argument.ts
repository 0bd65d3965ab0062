import type { Slot } from "../../catalogue/keras.ts";
import type { Node } from "../../json/index.ts";
import type { Frame, Revival } from "../load.ts";

/** An argument that was deserialized. */
export interface Argument {
  readonly slot: Slot;
  readonly node: Node;
  readonly frame: Frame;
  readonly revival: Revival;
}
