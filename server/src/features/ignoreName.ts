import { applyEdits, modify, type ParseError, parse } from "jsonc-parser";
import type { TextChange } from "./textChange.ts";

const KEY = "kerasConfig.ignoredNames";

/**
 * The changes of a settings file (JSON with comments) that add a name to those that are ignored; undefined where it is
 * ignored already or the file is none that can be edited.
 */
export function ignoreNameEdit(text: string, name: string): TextChange[] | undefined {
  const errors: ParseError[] = [];
  const settings: unknown = text.trim() === "" ? {} : parse(text, errors, { allowTrailingComma: true });
  if (errors.length > 0 || typeof settings !== "object" || settings === null || Array.isArray(settings))
    return undefined;
  const before = (settings as Record<string, unknown>)[KEY];
  const names = Array.isArray(before) ? before : [];
  if (names.includes(name)) return undefined;
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: text.includes("\r\n") ? "\r\n" : "\n" };
  const isEmpty = text.trim() === "";
  const edits = modify(isEmpty ? "{}" : text, [KEY], [...names, name], { formattingOptions });
  if (isEmpty) return [{ start: 0, end: text.length, newText: `${applyEdits("{}", edits)}\n` }];
  return edits.map(({ offset, length, content }) => ({ start: offset, end: offset + length, newText: content }));
}
