import { randomUUID } from "node:crypto";

/** A page that says why a `.keras` file shows no config: plain HTML, in the colours of the theme, without scripts. */
export function problemPage(name: string, message: string, hint?: string, rule?: string): string {
  const nonce = randomUUID();
  const details = [
    hint === undefined ? "" : `<h2>What to do</h2>\n<p>${escaped(hint)}</p>`,
    rule === undefined ? "" : `<p><a href="${escaped(ruleLink(rule))}">About this problem (${escaped(rule)})</a></p>`,
  ];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(name)}</title>
<style nonce="${nonce}">
main { max-width: 46em; padding: 1em; line-height: 1.5; overflow-wrap: anywhere; }
h1 { font-size: 1.5em; font-weight: normal; }
h2 { font-size: 1.1em; }
.message { padding: 0.75em 1em; border: 1px solid var(--vscode-inputValidation-errorBorder, currentColor);
  background: var(--vscode-inputValidation-errorBackground); color: var(--vscode-inputValidation-errorForeground, inherit);
  font-family: var(--vscode-editor-font-family); white-space: pre-wrap; }
a:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
</style>
</head>
<body>
<main aria-labelledby="name">
<h1 id="name">${escaped(name)}</h1>
<p class="message" role="status">${escaped(message)}</p>
${details.filter(Boolean).join("\n")}
</main>
</body>
</html>`;
}

function ruleLink(rule: string): string {
  return `command:kerasConfig.showRule?${encodeURIComponent(JSON.stringify([rule]))}`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}
