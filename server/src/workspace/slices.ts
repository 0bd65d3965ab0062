import type { Host } from "./host.ts";

/** Tells work in progress that nobody waits for its answer any more. */
export interface CancellationToken {
  readonly cancelled: boolean;
}

/** What `pause` throws once the token is cancelled; whoever started the work catches it. */
export class Cancelled extends Error {
  constructor() {
    super("cancelled");
    this.name = "Cancelled";
  }
}

/** A token that is cancelled where one of two is. */
export function either(a: CancellationToken, b: CancellationToken): CancellationToken {
  return {
    get cancelled() {
      return a.cancelled || b.cancelled;
    },
  };
}

/** How long work may run before it lets a waiting request through, in milliseconds. */
export const SLICE_MS = 8;

/** Runs steps to their end without a pause. */
export function runThrough<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Runs steps to their end and lets other work through where a slice is used up. Throws Cancelled. */
export async function runInSlices<T>(steps: Generator<undefined, T>, slices: Slices): Promise<T> {
  for (;;) {
    if (slices.due()) await slices.pause();
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** How many files are asked for before it is their turn: waiting for each alone costs more than reading it. */
const READ_AHEAD = 16;

/** Begins work on items some steps ahead and yields the results in the items' order. `begin` must not reject. */
export async function* ahead<T, R>(items: readonly T[], begin: (item: T) => Promise<R>): AsyncGenerator<[T, R]> {
  const begun: Promise<R>[] = [];
  for (const [i, item] of items.entries()) {
    while (begun.length <= i + READ_AHEAD && begun.length < items.length) begun.push(begin(items[begun.length] as T));
    yield [item, await (begun[i] as Promise<R>)];
    // What was read is not kept.
    delete begun[i];
  }
}

/** Cuts long work into slices: ask `due()` between small steps, await `pause()` where it says so. */
export class Slices {
  readonly #host: Host;
  readonly #token: CancellationToken | undefined;
  #started: number;

  constructor(host: Host, token?: CancellationToken) {
    this.#host = host;
    this.#token = token;
    this.#started = host.now();
  }

  /** Whether the slice is used up, or the work is cancelled. */
  due(): boolean {
    return this.#token?.cancelled === true || this.#host.now() - this.#started >= SLICE_MS;
  }

  /** Lets other work run. Throws Cancelled where the token says so, before or after. */
  async pause(): Promise<void> {
    if (this.#token?.cancelled) throw new Cancelled();
    await this.#host.yield();
    if (this.#token?.cancelled) throw new Cancelled();
    this.#started = this.#host.now();
  }
}
