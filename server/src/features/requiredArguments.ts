import { NO_NODE, type Node, type ValueTree } from "../json/index.ts";
import type { Snippet } from "./snippet.ts";
import type { TextChange } from "./textChange.ts";

/** A change that writes a class's name and, with places to fill in, what its config must hold. */
export interface FilledChange {
  /** UTF-16 offset of the end of what is replaced, behind the string's closing quote. */
  readonly end: number;
  readonly snippet: Snippet;
  /** What has to change elsewhere. */
  readonly additional: readonly TextChange[];
}

/**
 * The change that writes `content` between the quotes of an object's `class_name`, and the required arguments into its
 * config: one that is not there, or that stands empty behind the name on the same line. Undefined where it cannot be one
 * change of one line, or where nothing is required.
 */
export function filledChange(
  tree: ValueTree,
  object: Node,
  content: string,
  required: () => readonly string[],
  additional: readonly TextChange[],
): FilledChange | undefined {
  const name = tree.member(object, "class_name");
  const config = tree.member(object, "config");
  if (name === NO_NODE) return undefined;
  const nameEnd = tree.end(name);
  let end = nameEnd;
  let between = ', "config": ';
  if (config !== NO_NODE) {
    const isEmpty = tree.kind(config) === "object" && tree.firstChild(config) === NO_NODE;
    between = tree.slice(nameEnd, tree.start(config));
    end = tree.end(config);
    if (!isEmpty || tree.nextSibling(name) !== config || /[\r\n]/.test(tree.slice(nameEnd, end))) return undefined;
  }
  // Members that are added behind the name are part of the one change.
  const isHere = (change: TextChange) => change.start === nameEnd && change.end === nameEnd;
  const members = additional.filter(isHere).map(({ newText }) => newText);
  if (members.some((text) => /[\r\n]/.test(text))) return undefined;
  const names = required();
  if (names.length === 0) return undefined;
  const fields = names.flatMap((argument, index): Snippet => {
    return [`${index > 0 ? ", " : ""}${JSON.stringify(argument)}: `, { placeholder: "null" }];
  });
  return {
    end,
    snippet: [`${content}"${members.join("")}${between}{`, ...fields, "}"],
    additional: additional.filter((change) => !isHere(change)),
  };
}
