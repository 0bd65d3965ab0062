import type { RegistryView, Unknown } from "../registry/view.ts";

/**
 * The view of a workspace whose Python was not read: it holds nothing, leaves everything open, and notes whether
 * anything was asked that only the Python can answer. A check that asks nothing of the kind needs no index.
 */
export class UnreadRegistry implements RegistryView {
  /** Whether the answers could differ once the Python is read. */
  needed = false;

  readonly #open: Unknown = { reason: "the workspace's Python was not read", names: [] };

  #need(): void {
    this.needed = true;
  }

  /**
   * Keras looks every name up among the custom objects first, built-in ones too. A package's key can only come from
   * Python; a bare one is taken for what Keras itself holds under it, as it nearly always is.
   */
  declarations(key: string): [] {
    if (key.includes(">")) this.#need();
    return [];
  }

  declarationsEndingWith(): [] {
    return [];
  }

  keys(): [] {
    return [];
  }

  declarationsNamed(): [] {
    return [];
  }

  providedNamed(): [] {
    return [];
  }

  moduleMember(): undefined {
    this.#need();
  }

  definitionsNamed(): [] {
    this.#need();
    return [];
  }

  hasModule(): boolean {
    this.#need();
    return false;
  }

  classOf(): undefined {
    this.#need();
  }

  signatureOf(): undefined {
    this.#need();
  }

  kerasPatches(): [] {
    this.#need();
    return [];
  }

  loadOf(): undefined {}

  whyOpen(): Unknown {
    this.#need();
    return this.#open;
  }

  /** Which packages are installed shows in the same environment whose packages are read. */
  packageInstalled(): undefined {
    this.#need();
  }
}
