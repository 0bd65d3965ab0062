const SIMPLE: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/**
 * What a JSON string literal stands for. Tolerant: either quote may be missing or single, and an escape that is none
 * stands for itself. Lone surrogates are kept.
 */
export function decodeString(literal: string): string {
  let start = 0;
  let end = literal.length;
  const quote = literal[0];
  if (quote === '"' || quote === "'") {
    start = 1;
    if (end > 1 && literal[end - 1] === quote && !isEscaped(literal, end - 1)) end--;
  } else if (end > 0 && literal[end - 1] === '"') end--;
  let at = literal.indexOf("\\", start);
  if (at < 0 || at >= end) return literal.slice(start, end);
  const parts: string[] = [];
  let plain = start;
  while (at >= 0 && at + 1 < end) {
    parts.push(literal.slice(plain, at));
    const c = literal[at + 1]!;
    const digits = c === "u" ? literal.slice(at + 2, Math.min(at + 6, end)) : "";
    if (/^[0-9a-fA-F]{4}$/.test(digits)) {
      parts.push(String.fromCharCode(Number.parseInt(digits, 16)));
      at += 6;
    } else {
      parts.push(c === "u" ? "\\u" : (SIMPLE[c] ?? ('"\\/'.includes(c) ? c : `\\${c}`)));
      at += 2;
    }
    plain = at;
    at = literal.indexOf("\\", at);
  }
  parts.push(literal.slice(plain, end));
  return parts.join("");
}

/** Whether the character at `at` follows an odd number of backslashes. */
function isEscaped(literal: string, at: number): boolean {
  let backslashes = 0;
  while (at - 1 - backslashes >= 0 && literal[at - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}
