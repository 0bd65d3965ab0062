/** What a terminal can show, and how wide it shows it. */

export interface Style {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly note: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

const plain = (text: string): string => text;
const sgr = (code: string) => (text: string) => (text === "" ? "" : `\u001b[${code}m${text}\u001b[0m`);

const colours: Style = {
  error: sgr("1;31"),
  warning: sgr("1;33"),
  note: sgr("1;36"),
  strong: sgr("1"),
  faint: sgr("2"),
};
const noColours: Style = { error: plain, warning: plain, note: plain, strong: plain, faint: plain };

/** Colours where the stream is a terminal; `NO_COLOR` (any text) takes them away, `FORCE_COLOR` (not 0) gives them. */
export function styleFor(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): Style {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return noColours;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") {
    return FORCE_COLOR === "0" || FORCE_COLOR === "false" ? noColours : colours;
  }
  return isTerminal && TERM !== "dumb" ? colours : noColours;
}

// East Asian Width W and F, and the emoji that terminals draw two cells wide.
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u;
const noWidth = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** How many cells a character takes: 0, 1 or 2. `character` is one code point. */
export function cellsOf(character: string): number {
  if (character >= " " && character < "\u0300") return 1;
  return noWidth.test(character) ? 0 : wide.test(character) ? 2 : 1;
}

/** Text that does nothing to a terminal: what would move the cursor or turn the writing direction shows as an escape. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\uFEFF]/gu, (character) =>
    character === "\n" || character === "\t" ? character : escaped(character),
  );
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
