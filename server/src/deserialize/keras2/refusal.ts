import type { Refusal } from "../../catalogue/keras.ts";

/** A refusal whose text is as it is: in those of the catalogue braces are fields. */
export function refusal(exception: string, text: string): Refusal {
  return { exception, text: text.replace(/[{}]/g, (brace) => brace + brace) };
}
