/** Text with places to fill in, in the order of the tab stops. */
export type Snippet = readonly (string | { readonly placeholder: string })[];

/** The text as it stands in a document, with what the places hold at first. */
export function plainText(snippet: Snippet): string {
  return snippet.map((part) => (typeof part === "string" ? part : part.placeholder)).join("");
}

/** The text in the snippet syntax of the Language Server Protocol. */
export function snippetText(snippet: Snippet): string {
  let stops = 0;
  return snippet
    .map((part) => (typeof part === "string" ? escaped(part) : `\${${++stops}:${escaped(part.placeholder)}}`))
    .join("");
}

function escaped(text: string): string {
  return text.replace(/[\\$}]/g, "\\$&");
}

/** JSON on one line, spaced as Keras's `to_json` writes it. */
export function spaced(json: string): string {
  // Python's own writer sets a space behind colons and commas outside of strings.
  return json.replace(/"(?:[^"\\]|\\.)*"|[,:]/g, (part) => (part === "," || part === ":" ? `${part} ` : part));
}
