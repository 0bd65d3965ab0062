import assert from "node:assert/strict";
import type { Diagnostic, TextEdit } from "vscode-languageserver-protocol";
import { type Client, offsetAt } from "./client.ts";

/** Where a test is about something else, it need not read them. */
export const PUSHES = ["textDocument/publishDiagnostics"];

export const LAYERS = `import keras


@keras.saving.register_keras_serializable(package="my_package")
class Scale(keras.layers.Layer):
    """Multiplies by a factor.

    More of it.
    """


class Shift(keras.layers.Layer):
    pass


@keras.saving.register_keras_serializable(package="my_package")
def swishy(x):
    return x
`;

export const files = `//- /w/my_package/__init__.py
//- /w/my_package/layers.py
${LAYERS}
//- /w/bare.py
class Bare:
    def get_config(self):
        return {}
//- /w/pyproject.toml
[project]
dependencies = ["keras==3.12.0"]
`;

export const scale = (registeredName = "my_package>Scale") =>
  `{"module": "my_package.layers", "class_name": "Scale", "config": {}, "registered_name": "${registeredName}"}`;

export const has = (count: number) => (items: Diagnostic[]) => items.length === count;

/** Waits until the Python is read: from then on answers are whole. */
export async function indexed(client: Client): Promise<void> {
  await client.request("kerasConfig/registeredObjects", {});
}

/** The text after edits, which must not overlap. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const sorted = edits
    .map(({ range, newText }, i) => ({
      start: offsetAt(text, range.start),
      end: offsetAt(text, range.end),
      newText,
      i,
    }))
    .sort((a, b) => b.start - a.start || b.i - a.i);
  let result = text;
  let before = Number.POSITIVE_INFINITY;
  for (const { start, end, newText } of sorted) {
    assert.ok(end <= before, "the edits overlap");
    before = start;
    result = result.slice(0, start) + newText + result.slice(end);
  }
  return result;
}
