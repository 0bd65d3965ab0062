import { docstring, type ModuleSummary, parsePython, summarise } from "../python/index.ts";
import type { DecorateFix } from "../rules/fixes.ts";
import type { TextChange } from "./textChange.ts";

/** The decorator as it is written into a file, and the changes that do it. */
export interface Decoration {
  /** The line without its indentation: `@keras.saving.register_keras_serializable(package="my_package")`. */
  readonly line: string;
  readonly changes: readonly TextChange[];
  /** The import that is added, where the file has none that serves. */
  readonly importLine?: string;
}

/** How the fix is written into the file's text as it is now; undefined where the class or function is not where it was. */
export function decorate(fix: DecorateFix, uri: string, text: string): Decoration | undefined {
  const summary = summarise({ uri, text });
  const fact = [...summary.classes, ...summary.functions].find(
    ({ name, at }) => name === fix.name && at.start === fix.location.start,
  );
  if (!fact) return undefined;
  const lineStart = text.lastIndexOf("\n", fact.at.start - 1) + 1;
  const header = /^([ \t]*)(?:class|def|async[ \t]+def)[ \t]+$/.exec(text.slice(lineStart, fact.at.start));
  // Behind a semicolon or a continued line there is no place for it.
  if (!header) return undefined;
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const imported = registerExpression(summary, fact.offset);
  const line = `@${imported ?? "keras.saving.register_keras_serializable"}(${fix.arguments})`;
  const written = `${header[1]}${line}${eol}`;
  if (imported !== undefined) return { line, changes: [{ start: lineStart, end: lineStart, newText: written }] };
  const importLine = "import keras";
  const at = importOffset(text, fact.at.start);
  if (at === undefined) return undefined;
  // Two changes of one place have no order that every editor keeps.
  const changes =
    at === lineStart
      ? [{ start: at, end: at, newText: `${importLine}${eol.repeat(3)}${written}` }]
      : [
          { start: at, end: at, newText: importLine + eol },
          { start: lineStart, end: lineStart, newText: written },
        ];
  return { line, changes, importLine };
}

/** What `register_keras_serializable` is called in a module before an offset, by its top-level imports. */
function registerExpression(summary: ModuleSummary, before: number): string | undefined {
  let best: string | undefined;
  for (const { name, at, run, value } of summary.scopes[0]?.bindings ?? []) {
    if (at >= before || run) continue;
    if (value.kind === "member" && value.level === 0) {
      const path = `${value.module}.${value.name}`;
      if (/^(?:tensorflow\.)?keras\.(?:saving|utils)\.register_keras_serializable$/.test(path)) return name;
      if (/^(?:tensorflow\.)?keras\.saving$/.test(path)) best ??= `${name}.register_keras_serializable`;
      if (path === "tensorflow.keras") best ??= `${name}.saving.register_keras_serializable`;
    } else if (value.kind === "module") {
      if (value.module === "keras" || value.module === "tensorflow.keras")
        best ??= `${name}.saving.register_keras_serializable`;
      else if (value.module === "keras.saving") best ??= `${name}.register_keras_serializable`;
      else if (value.module === "tensorflow") best ??= `${name}.keras.saving.register_keras_serializable`;
    }
  }
  return best;
}

/** Where an import goes: before the first top-level one, else behind docstring and future imports; always before `before`. */
function importOffset(text: string, before: number): number | undefined {
  const tree = parsePython(text);
  let last: number | undefined;
  for (const statement of tree.body) {
    const [decorator] = statement.decorators;
    const start = decorator ? decorator.start - 1 : statement.start;
    if (start > before) break;
    const isFirst = last === undefined && statement === tree.body[0];
    const isOpening =
      (isFirst && docstring(tree, tree.body) !== undefined) ||
      /^from[ \t]+__future__\b/.test(text.slice(statement.start, statement.end));
    const lineStart = text.lastIndexOf("\n", start - 1) + 1;
    // Behind a semicolon, or in a line that goes on from the one before, there is no place for it.
    const isAlone =
      text.slice(lineStart, start).replace("\uFEFF", "") === "" && !/\\\r?\n$/.test(text.slice(0, lineStart).slice(-3));
    if (!isOpening && isAlone) {
      const at = lineStart + (text.charAt(lineStart) === "\uFEFF" ? 1 : 0);
      if (statement.kind === "import" || statement.kind === "from") return at;
      last ??= at;
    }
  }
  return last;
}
