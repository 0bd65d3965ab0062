/** More `**` than this in one glob exclude nothing. */
const MOST_GLOBSTARS = 4;

/**
 * The globs of `files.exclude` (VS Code's words: `*`, `?`, `**`, `{a,b}`, `[a-z]`, `[!a]`), matched against a path
 * relative to the workspace folder, joined by `/`.
 */
export function globToRegExp(glob: string): RegExp | undefined {
  const pattern = (glob.startsWith("./") ? glob.slice(2) : glob).replace(/(?:\*\*\/)+/g, "**/");
  // Each one multiplies the ways to match a deep path; nobody writes so many.
  if (pattern.split("**").length > MOST_GLOBSTARS + 1) return undefined;
  let source = "";
  let braces = 0;
  let i = 0;
  while (i < pattern.length) {
    const c = pattern.charAt(i);
    if (c === "*" && pattern.charAt(i + 1) === "*") {
      const opens = i === 0 || pattern.charAt(i - 1) === "/" || (braces > 0 && /[{,]/.test(pattern.charAt(i - 1)));
      const next = pattern.charAt(i + 2);
      if (opens && next === "/") {
        source += "(?:[^/]+/)*";
        i += 3;
        continue;
      }
      source += ".*";
      i += 2;
      continue;
    }
    i++;
    if (c === "*") source += "[^/]*";
    else if (c === "?") source += "[^/]";
    else if (c === "{") {
      source += "(?:";
      braces++;
    } else if (c === "}" && braces > 0) {
      source += ")";
      braces--;
    } else if (c === "," && braces > 0) source += "|";
    else if (c === "[") {
      const end = pattern.indexOf("]", i + 1);
      if (end < 0) source += "\\[";
      else {
        const set = pattern.slice(i, end);
        const negated = set.startsWith("!") || set.startsWith("^");
        source += `[${negated ? "^/" : ""}${(negated ? set.slice(1) : set).replace(/[\\\]^]/g, "\\$&")}]`;
        i = end + 1;
      }
    } else source += c.replace(/[.+^$()|\\\]{}]/, "\\$&");
  }
  try {
    return new RegExp(`^${source}${")".repeat(braces)}/?$`);
  } catch {
    // Such as a range out of order; a rule that means nothing excludes nothing.
    return undefined;
  }
}
