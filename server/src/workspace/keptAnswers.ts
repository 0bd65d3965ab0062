import type { RegistrationProblem, RegistryView } from "../registry/index.ts";
import { type CacheDoor, type Host, isOpen } from "./host.ts";
import { readPython, stampOfFile } from "./pythonFiles.ts";
import { answerOfText, QuestionsByName } from "./questions.ts";
import { ahead, type CancellationToken, Slices } from "./slices.ts";
import { asciiJson, cacheHeader, hashOf, isSameStamp, type Origin } from "./summaryCache.ts";
import { UnreadRegistry } from "./unreadRegistry.ts";

/** Raised when the text of what is kept here means something else than before. */
const ANSWERS_FORMAT = 1;

/** Files by their address, each with what tells whether it is still the same; undefined where nothing does. */
export type FileOrigins = ReadonlyMap<string, Origin | undefined>;

/** What was said of a workspace, and all that it was said on the strength of. */
export interface SaidOfWorkspace {
  /** All Python of the roots. */
  readonly own: FileOrigins;
  /** The files of installed packages that were read. */
  readonly packages: FileOrigins;
  /** Everything else that decides answers, as text. */
  readonly surroundings: string;
  /** What the check of each document asked of the registry, with the texts of its answers. */
  readonly documents: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** What is wrong with the registrations of each module. */
  readonly problems: ReadonlyMap<string, readonly RegistrationProblem[]>;
}

type FileLine = readonly [uri: string, stamp: Origin["stamp"], hash: string];

/** The same as it is written: documents share their questions and answers, which `texts` holds in pairs. */
interface Written extends Record<"own" | "packages", readonly FileLine[]> {
  readonly surroundings: string;
  readonly texts: readonly (readonly [question: string, answer: string])[];
  readonly documents: readonly (readonly [uri: string, texts: readonly number[]])[];
  readonly problems: readonly (readonly [uri: string, problems: readonly RegistrationProblem[]])[];
}

/**
 * What an earlier run said of a workspace whose files are all as they were then: it answers at once, while the registry
 * is made anew.
 */
export class KeptAnswers {
  readonly #host: Host;
  readonly #kept: Written;
  readonly #hashes: ReadonlyMap<string, string>;

  private constructor(host: Host, kept: Written) {
    this.#host = host;
    this.#kept = kept;
    this.#hashes = new Map([...kept.own, ...kept.packages].map(([uri, , hash]) => [uri, hash]));
  }

  /**
   * What was kept of these roots, where it was said of the same Python `files` in the same `surroundings`; undefined where
   * there is none or something differs. Throws only Cancelled.
   */
  static async recall(
    host: Host,
    roots: readonly string[],
    { files, surroundings }: { readonly files: ReadonlySet<string>; readonly surroundings: string },
    token?: CancellationToken,
  ): Promise<KeptAnswers | undefined> {
    const text = await host.cache?.read(nameOf(roots));
    const written = host.cache && text !== undefined ? parse(text, host.cache) : undefined;
    if (!written || written.surroundings !== hashOf(surroundings)) return undefined;
    if (written.own.length !== files.size || !written.own.every(([uri]) => files.has(uri))) return undefined;
    const slices = new Slices(host, token);
    for await (const [, same] of ahead([...written.own, ...written.packages], (line) => isSame(host, line))) {
      if (slices.due()) await slices.pause();
      if (!same) return undefined;
    }
    return new KeptAnswers(host, written);
  }

  /** Keeps what was said for the next start, unless something can not be told to be the same then. Never throws. */
  static async keep(host: Host, roots: readonly string[], said: SaidOfWorkspace): Promise<void> {
    const { cache } = host;
    const own = linesOf(said.own);
    const packages = linesOf(said.packages);
    if (!cache || !own || !packages) return;
    const texts = new Map<string, number>();
    const pairs: (readonly [string, string])[] = [];
    const number = (pair: readonly [string, string]): number => {
      const key = pair.join("\0");
      const known = texts.get(key);
      if (known !== undefined) return known;
      texts.set(key, pairs.length);
      return pairs.push(pair) - 1;
    };
    const written: Written = {
      own,
      packages,
      surroundings: hashOf(said.surroundings),
      texts: pairs,
      documents: [...said.documents].map(([uri, answers]) => [uri, [...answers].map(number)] as const),
      problems: [...said.problems],
    };
    const body = asciiJson(written);
    await cache.write(nameOf(roots), [headerOf(cache), `${hashOf(body)}\n`, body]);
  }

  /** Whether these files hold what they held; takes those that do out of the set. */
  async holds(unsure: Set<string>): Promise<boolean> {
    for (const uri of [...unsure]) {
      unsure.delete(uri);
      const hash = this.#hashes.get(uri);
      const read = hash === undefined ? undefined : await readPython(this.#host, uri);
      if (read && !("refused" in read) && read.origin?.hash === hash) continue;
      unsure.add(uri);
      return false;
    }
    return true;
  }

  /** The view of the registry that a document had; undefined where it was not checked then. */
  viewFor(document: string): KeptView | undefined {
    const numbers = this.#kept.documents.find(([uri]) => uri === document)?.[1];
    return numbers && new KeptView(new Map(numbers.map((number) => this.#kept.texts[number]!)));
  }

  /** What was wrong with the registrations of a module; undefined where nobody asked. */
  problemsIn(module: string): readonly RegistrationProblem[] | undefined {
    return this.#kept.problems.find(([uri]) => uri === module)?.[1];
  }
}

/** Answers what was answered before; what was not asked then is `needed`, as of a registry that was not read. */
export class KeptView extends QuestionsByName {
  readonly #answers: ReadonlyMap<string, string>;
  readonly #unread = new UnreadRegistry();
  needed = false;

  constructor(answers: ReadonlyMap<string, string>) {
    super();
    this.#answers = answers;
  }

  protected answer<T>(question: string, put: (view: RegistryView) => T): T {
    const text = this.#answers.get(question);
    if (text !== undefined) return answerOfText(text) as T;
    this.needed = true;
    return put(this.#unread);
  }
}

function nameOf(roots: readonly string[]): string {
  return `answers-${hashOf(roots.join("\n"))}`;
}

function headerOf({ generation }: CacheDoor): string {
  return cacheHeader("answers", ANSWERS_FORMAT, generation);
}

function parse(text: string, cache: CacheDoor): Written | undefined {
  const header = headerOf(cache);
  const end = text.indexOf("\n", header.length);
  if (!text.startsWith(header) || end < 0) return undefined;
  // What is whole was written by this build, so its shape is known.
  if (text.slice(header.length, end) !== hashOf(text, end + 1)) return undefined;
  return JSON.parse(text.slice(end + 1)) as Written;
}

function linesOf(files: FileOrigins): FileLine[] | undefined {
  const lines: FileLine[] = [];
  for (const [uri, origin] of files) {
    if (!origin) return undefined;
    lines.push([uri, origin.stamp, origin.hash]);
  }
  return lines;
}

/** Whether a file is what it was: by its stamp, else by its text. */
async function isSame(host: Host, [uri, stamp, hash]: FileLine): Promise<boolean> {
  const now = isOpen(host, uri) ? undefined : await stampOfFile(host, uri);
  if (now && isSameStamp(stamp, now)) return true;
  const read = await readPython(host, uri);
  return !("refused" in read) && read.origin?.hash === hash;
}
