import {
  isKnownSilent,
  KERAS_PACKAGES,
  Linker,
  type ModuleInput,
  type Registry,
  type RegistryView,
} from "../registry/index.ts";
import type { SourceLocation } from "../registry/view.ts";
import type { InstalledPackages } from "./installedPackages.ts";
import { type CancellationToken, runInSlices, type Slices } from "./slices.ts";

/** More modules than the configs of one workspace name. */
const MOST_NAMES = 1_000;
/** How many packages are read for them. */
const MOST_ROOTS = 100;
/** A summary that names a wrapper makes others wanted; chains of wrappers longer than this stay open. */
const MOST_ROUNDS = 6;

/**
 * Installed packages that configs name by `module` and the workspace does not import. Keras may import such a module
 * itself (`_retrieve_class_or_fn`: any to 3.8, since then those of keras_hub, keras_cv and keras_nlp), so what stands in it
 * is found; what it registers is registered only if something imports it before.
 */
export class NamedPackages {
  readonly #packages: InstalledPackages;
  readonly #linker = new Linker();
  /** Every module that was named so far. */
  readonly #names = new Set<string>();
  #registry: Registry | undefined;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(packages: InstalledPackages) {
    this.#packages = packages;
  }

  /**
   * A view that knows the packages of the modules among `asked`, too; undefined where none of them is such a package.
   * Throws only Cancelled.
   */
  async viewFor(
    asked: ReadonlySet<string>,
    view: Registry,
    slices: Slices,
    token?: CancellationToken,
  ): Promise<RegistryView | undefined> {
    const named: string[] = [];
    for (const name of asked) if (isOutside(name, view) && (await this.#packages.has(rootOf(name)))) named.push(name);
    if (named.length === 0) return undefined;
    // One reading at a time: the linker goes on from what it linked last.
    const reading = this.#reading.then(() => this.#readWith(named, slices, token));
    this.#reading = reading.catch(() => undefined);
    return new NamedView(view, await reading, new Set(named.map(rootOf)));
  }

  async #readWith(named: readonly string[], slices: Slices, token: CancellationToken | undefined): Promise<Registry> {
    const before = this.#names.size;
    for (const name of named) if (this.#names.size < MOST_NAMES) this.#names.add(name);
    if (!this.#registry || this.#names.size > before) {
      this.#registry = undefined;
      this.#registry = await this.#read(slices, token);
    }
    return this.#registry;
  }

  async #read(slices: Slices, token: CancellationToken | undefined): Promise<Registry> {
    const singles = new Set<string>();
    for (let round = 0; ; round++) {
      const { statuses, modules } = await this.#packages.reach(
        [...this.#names].map(rootOf).slice(0, MOST_ROOTS),
        token,
      );
      const read = new Set<ModuleInput>(modules);
      // Of a package without a word of registration, the modules alone that configs name.
      const silent = [...this.#names].filter((name) => statuses.get(rootOf(name)) === "installed-silent");
      for (const input of await this.#packages.modulesOf([...silent, ...singles], token)) read.add(input);
      const registry = await runInSlices(this.#linker.link([...read], { complete: true, packages: statuses }), slices);
      const known = singles.size;
      for (const path of registry.wantedModules) singles.add(path);
      let again = singles.size > known;
      for (const [uri, names] of registry.wanted) again = (await this.#packages.readAgain(uri, names)) || again;
      if (!again || round >= MOST_ROUNDS) return registry;
    }
  }
}

/** Whether an asked name is a dotted module of a package that the workspace neither holds nor imports. */
function isOutside(name: string, view: Registry): boolean {
  const root = rootOf(name);
  if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/.test(name) || isKnownSilent(root) || KERAS_PACKAGES.has(root)) return false;
  return !view.hasModule(name) && !view.hasModule(root) && !view.importedPackages.has(root);
}

function rootOf(name: string): string {
  return name.split(".", 1)[0] ?? "";
}

/** The workspace's view, which besides knows the modules of packages that one config names. */
class NamedView implements RegistryView {
  readonly #own: RegistryView;
  readonly #named: RegistryView;
  readonly #roots: ReadonlySet<string>;

  constructor(own: RegistryView, named: RegistryView, roots: ReadonlySet<string>) {
    this.#own = own;
    this.#named = named;
    this.#roots = roots;
  }

  declarations(key: string) {
    return this.#own.declarations(key);
  }

  declarationsEndingWith(suffix: string) {
    return this.#own.declarationsEndingWith(suffix);
  }

  keys() {
    return this.#own.keys();
  }

  declarationsNamed(name: string) {
    return this.#own.declarationsNamed(name);
  }

  providedNamed(name: string) {
    return this.#own.providedNamed(name);
  }

  moduleMember(module: string, name: string) {
    const isNamed = !this.#own.hasModule(module) && this.#roots.has(rootOf(module));
    return (isNamed ? this.#named : this.#own).moduleMember(module, name);
  }

  definitionsNamed(name: string) {
    return this.#own.definitionsNamed(name);
  }

  hasModule(module: string): boolean {
    return this.#own.hasModule(module) || (this.#roots.has(rootOf(module)) && this.#named.hasModule(module));
  }

  classOf(module: string, qualname: string, location?: SourceLocation) {
    return this.#own.classOf(module, qualname, location) ?? this.#named.classOf(module, qualname, location);
  }

  signatureOf(module: string, qualname: string, uri: string) {
    return this.#own.signatureOf(module, qualname, uri) ?? this.#named.signatureOf(module, qualname, uri);
  }

  kerasPatches() {
    return this.#own.kerasPatches();
  }

  whyOpen(key: string, name: string, module: string | null, inLoad?: boolean) {
    const declared = this.#named.declarations(key).find((one) => this.#roots.has(rootOf(one.module)));
    if (!declared) return this.#own.whyOpen(key, name, module, inLoad);
    const root = rootOf(declared.module);
    const reason = `\`${key}\` is registered only where \`${root}\` is imported, and the workspace does not import it`;
    return { reason, location: declared.location, names: [key, root] };
  }

  loadOf(uri: string) {
    return this.#own.loadOf(uri);
  }
}
