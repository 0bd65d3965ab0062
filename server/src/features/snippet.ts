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

/**
 * JSON on one line as JSON over several: a member of an object a line, each level further by `unit`. Lists of plain values
 * stay on one line. Linear, not recursive.
 */
export function laidOut(snippet: Snippet, unit: string): Snippet {
  /** For each open bracket, whether what it holds stands on lines of its own. */
  const open: boolean[] = [];
  let atLineStart = false;
  const line = (): string => {
    atLineStart = true;
    return `\n${unit.repeat(open.filter((isBroken) => isBroken).length)}`;
  };
  return snippet.map((part) => {
    if (typeof part !== "string") {
      atLineStart = false;
      return part;
    }
    const tokens = part.match(/"(?:[^"\\]|\\.)*"|\{\}|\[\]|\[\{|[{}[\],]|[^"{}[\],]+/g) ?? [];
    const written = tokens.map((token) => {
      const wasAtLineStart = atLineStart;
      atLineStart = false;
      switch (token) {
        case "{":
          open.push(true);
          return `{${line()}`;
        case "[":
          open.push(false);
          return "[";
        case "[{": {
          open.push(true);
          const start = `[${line()}{`;
          open.push(true);
          return `${start}${line()}`;
        }
        case "}":
        case "]": {
          const isBroken = open.pop() === true;
          const end = isBroken ? line() : "";
          atLineStart = false;
          return `${end}${token}`;
        }
        case ",":
          return open.at(-1) === true ? `,${line()}` : ",";
        default:
          return wasAtLineStart ? token.trimStart() : token;
      }
    });
    return written.join("");
  });
}
