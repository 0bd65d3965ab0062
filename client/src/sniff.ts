import { Position, Range, type TextDocument, workspace } from "vscode";

/** The schemes whose documents are files, or become files: neither side of a diff, nor a notebook's cell. */
export const FILES: readonly string[] = ["file", "untitled", "keras-config"];
/** The scheme of a notebook's cells. */
export const CELLS = "vscode-notebook-cell";

/** How much is searched at once, in UTF-16 units, and how much of it is searched again with the next part. */
const SLICE = 1 << 18;
const OVERLAP = 64;

/** How long a document rests before it is searched again. */
const REST_MS = 200;

const REGISTRATION = ["register_keras_serializable", "custom_object"];

/** Whether a piece of Python holds the words of a registration. */
export function holdsRegistration(text: string): boolean {
  return REGISTRATION.some((word) => text.includes(word));
}

/** The words of which a document must hold one of each list; undefined where its language never interests us. */
function wordsOf(document: TextDocument): readonly (readonly string[])[] | undefined {
  if (document.languageId === "json" || document.languageId === "jsonc")
    return [['"class_name"'], ['"config"', '"module"', '"registered_name"']];
  if (document.languageId === "python") return [REGISTRATION];
  return undefined;
}

/** Searches a document in slices, so that a large one keeps nobody waiting; gives up where it changes meanwhile. */
async function holdsWords(document: TextDocument, words: readonly (readonly string[])[]): Promise<boolean> {
  const { version } = document;
  const end = document.lineAt(document.lineCount - 1).range.end;
  let missing = words;
  let from = new Position(0, 0);
  for (let offset = SLICE; document.version === version && !document.isClosed; offset += SLICE) {
    const to = document.positionAt(offset);
    const text = document.getText(new Range(from, to));
    missing = missing.filter((alternatives) => !alternatives.some((word) => text.includes(word)));
    if (missing.length === 0) return true;
    if (!to.isBefore(end)) return false;
    from = document.positionAt(offset - OVERLAP);
    await new Promise(setImmediate);
  }
  return false;
}

/** What `watchDocuments` found so far. */
export interface Watch {
  /** Whether the document held the words at some time since it was opened. */
  holds(document: TextDocument): boolean;
  /** Resolves when the document was searched as it is now, whatever was found. Never rejects. */
  searched(document: TextDocument): Promise<void>;
  dispose(): void;
}

/**
 * Watches the open documents of some schemes, and calls `onFound` once for each that holds the words of a config or of a registration,
 * when it is opened or as soon as it does while it is typed.
 */
export function watchDocuments(schemes: readonly string[], onFound: (document: TextDocument) => void): Watch {
  const found = new Set<TextDocument>();
  const timers = new Map<TextDocument, NodeJS.Timeout>();
  /** Who waits for the search of a document. */
  const waiting = new Map<TextDocument, (() => void)[]>();

  const search = async (document: TextDocument, words: readonly (readonly string[])[]): Promise<void> => {
    const holds = await holdsWords(document, words);
    if (holds && !disposed && !document.isClosed && !found.has(document)) {
      found.add(document);
      onFound(document);
    }
    // An edit meanwhile has it searched again.
    if (!timers.has(document)) release(document);
  };
  const release = (document: TextDocument): void => {
    for (const resolve of waiting.get(document) ?? []) resolve();
    waiting.delete(document);
  };
  const look = (document: TextDocument, delay: number): void => {
    const words = schemes.includes(document.uri.scheme) && wordsOf(document);
    if (!words || found.has(document)) return;
    forget(document);
    if (!waiting.has(document)) waiting.set(document, []);
    timers.set(
      document,
      setTimeout(() => {
        timers.delete(document);
        void search(document, words);
      }, delay),
    );
  };
  const forget = (document: TextDocument): void => {
    clearTimeout(timers.get(document));
    timers.delete(document);
  };

  let disposed = false;
  const listeners = [
    workspace.onDidOpenTextDocument((document) => look(document, 0)),
    workspace.onDidChangeTextDocument(({ document }) => look(document, REST_MS)),
    workspace.onDidCloseTextDocument((document) => {
      forget(document);
      release(document);
      found.delete(document);
    }),
  ];
  for (const document of workspace.textDocuments) look(document, 0);
  return {
    holds: (document) => found.has(document),
    searched: (document) =>
      new Promise((resolve) => {
        const others = waiting.get(document);
        if (others) others.push(resolve);
        else resolve();
      }),
    dispose() {
      disposed = true;
      for (const listener of listeners) listener.dispose();
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      for (const document of [...waiting.keys()]) release(document);
    },
  };
}
