import type { Slot } from "../../src/catalogue/keras.ts";

/** A slot as the data hold it; `flags` holds c (conditional) and e (each). */
export interface SlotFact extends Pick<Slot, "argument" | "by" | "phase"> {
  readonly flags: string;
}
