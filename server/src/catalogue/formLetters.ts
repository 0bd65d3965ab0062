import type { ValueForm } from "./keras.ts";

/** How the data write a form. */
export const formLetters: Readonly<Record<ValueForm, string>> = {
  null: "n",
  true: "t",
  false: "f",
  zero: "0",
  one: "1",
  "greater integer": "2",
  "negative integer": "-",
  "zero float": "o",
  fraction: "h",
  "one float": "i",
  "greater float": "g",
  "negative float": "m",
  string: "s",
  "empty list": "[",
  "list of 1": "a",
  "list of 2": "b",
  "list of 3": "c",
  "list of 4": "d",
  dict: "{",
};
