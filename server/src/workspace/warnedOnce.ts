import type { Host } from "./host.ts";

/** Warnings that the log needs once, however often there is reason for them. */
export class WarnedOnce {
  readonly #host: Host;
  readonly #said = new Set<string>();

  constructor(host: Host) {
    this.#host = host;
  }

  say(warning: string): void {
    if (this.#said.has(warning)) return;
    this.#said.add(warning);
    this.#host.log("warning", warning);
  }

  /** From now on each is said anew. */
  forget(): void {
    this.#said.clear();
  }
}
