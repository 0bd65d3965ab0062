import type { Provided, Registration, Uncomputed } from "./findings.ts";
import type { LinkedModule } from "./moduleTable.ts";
import type { SourceLocation, Unknown } from "./view.ts";

/** A package that the workspace imports and that was not read, with the first import of it. */
export interface UnreadPackage {
  readonly name: string;
  readonly location: SourceLocation;
}

/** What another root of the same workspace says: a name that is found only there is no name that is missing here. */
export interface SiblingRoot {
  /** The root as the user knows it: its folder's name or path. */
  readonly name: string;
  readonly view: {
    declarations(key: string): readonly { readonly location: SourceLocation }[];
    definitionsNamed(name: string): readonly { readonly location: SourceLocation }[];
    mentioned(key: string, name: string): Uncomputed | undefined;
  };
}

export interface OpenWorld {
  /** Why the index is not complete; undefined where it is. */
  readonly incomplete: string | undefined;
  /** Nothing outside the workspace registers: said by the user. */
  readonly closed: boolean;
  readonly unreadPackages: readonly UnreadPackage[];
  /** Modules of the workspace's own packages that are imported and are not in the index. */
  readonly lostModules: readonly UnreadPackage[];
  readonly siblings: readonly SiblingRoot[];
}

/** The closed-world rule: what has to be shut before a name may be called missing. */
export class Openness {
  private readonly world: OpenWorld;
  private readonly byName = new Map<string, Uncomputed[]>();
  private readonly anything: Uncomputed[] = [];
  private readonly provided = new Map<string, Provided>();
  private readonly declared: ReadonlyMap<string, readonly Registration[]>;
  /** The packages under which the workspace registers. */
  private readonly packages = new Set<string>();
  private readonly isOwnModule: (name: string) => boolean;

  constructor(
    world: OpenWorld,
    declared: ReadonlyMap<string, readonly Registration[]>,
    uncomputed: readonly Uncomputed[],
    provided: readonly Provided[],
    isOwnModule: (name: string) => boolean,
  ) {
    this.world = world;
    this.declared = declared;
    this.isOwnModule = isOwnModule;
    for (const entry of provided) if (!this.provided.has(entry.key)) this.provided.set(entry.key, entry);
    for (const entry of uncomputed) {
      if (entry.anything) this.anything.push(entry);
      for (const name of entry.names) {
        const list = this.byName.get(name);
        if (list) list.push(entry);
        else this.byName.set(name, [entry]);
      }
    }
    for (const [key, list] of declared) {
      const cut = key.indexOf(">");
      if (cut >= 0 && list.some(({ by }) => !by.installed)) this.packages.add(key.slice(0, cut));
    }
  }

  /**
   * Why it cannot be said that nothing registers `key`; undefined where it can. `inLoad` where it is known what the load is
   * handed: then it does not matter what others are.
   */
  why(key: string, name: string, module: string | null, inLoad = false): Unknown | undefined {
    const { world } = this;
    const names = [key, name, ...(module === null ? [] : [module])];
    if (world.incomplete !== undefined)
      return { reason: `the workspace was not read as a whole: ${world.incomplete}`, names };
    const uncertain = this.uncertainly(key);
    if (uncertain) return { ...uncertain, names };
    const provided = inLoad ? undefined : this.provided.get(key);
    if (provided) return { ...providedReason(provided), names };
    const mentioned = this.mentioned(key, name);
    if (mentioned) return { reason: mentioned.reason, location: mentioned.location, names };
    for (const sibling of world.siblings) {
      const found = this.inSibling(sibling, key, name);
      if (found) return { ...found, names };
    }
    if (world.closed) return undefined;
    const [lost] = world.lostModules;
    if (lost) {
      const reason = `\`${lost.name}\` is imported and not in the workspace, it may register \`${key}\``;
      return { reason, location: lost.location, names: [...names, lost.name] };
    }
    const unread = world.unreadPackages[0];
    if (!unread || !this.isPlausible(key, module)) return undefined;
    return {
      reason: `\`${unread.name}\` is imported and not installed, it may register \`${key}\``,
      location: unread.location,
      names: [...names, unread.name],
    };
  }

  /** What may register a key or an object of that name and is not computed. */
  mentioned(key: string, name: string): Uncomputed | undefined {
    const cut = key.lastIndexOf(">");
    const byName = this.byName.get(key) ?? this.byName.get(cut < 0 ? key : key.slice(cut + 1)) ?? this.byName.get(name);
    if (byName) return byName[0];
    const pack = cut < 0 ? undefined : key.slice(0, key.indexOf(">"));
    return this.anything.find((entry) => entry.package === undefined || entry.package === pack);
  }

  /** A registration of the key that does not simply happen on import. */
  private uncertainly(key: string): { reason: string; location: SourceLocation } | undefined {
    const list = this.declared.get(key);
    if (!list || list.length === 0 || list.some(({ when }) => when === "import")) return undefined;
    const maybe = list.find(({ when }) => when === "maybe");
    const entry = maybe ?? list[0]!;
    if (maybe)
      return { reason: `\`${key}\` is registered in a branch that cannot be decided`, location: entry.via.location };
    const caller = functionOf(entry);
    return { reason: `\`${key}\` is registered only where ${caller} is called`, location: entry.via.location };
  }

  private inSibling(
    { name: root, view }: SiblingRoot,
    key: string,
    name: string,
  ): { reason: string; location: SourceLocation } | undefined {
    const declared = view.declarations(key)[0];
    if (declared)
      return {
        reason: `\`${key}\` is registered in another root of the workspace, ${root}`,
        location: declared.location,
      };
    const defined = view.definitionsNamed(name)[0];
    if (defined)
      return { reason: `\`${name}\` is defined in another root of the workspace, ${root}`, location: defined.location };
    const mentioned = view.mentioned(key, name);
    return (
      mentioned && {
        reason: `${mentioned.reason}, in another root of the workspace, ${root}`,
        location: mentioned.location,
      }
    );
  }

  /**
   * Whether a package that is not installed could register the key: one whose package part the workspace itself does not
   * use, or an object of a module outside the workspace. `Custom`, and keys without a package, are everybody's: they stay
   * open only where the object's module is not the workspace's.
   */
  private isPlausible(key: string, module: string | null): boolean {
    const own = module !== null && this.isOwnModule(module);
    const cut = key.indexOf(">");
    const pack = cut < 0 ? undefined : key.slice(0, cut);
    if (pack === undefined || pack === "Custom") return !own;
    if (!this.packages.has(pack)) return true;
    // `builtins` stands in every function, and null in what `__main__` defined: neither names a package.
    return module !== null && module !== "builtins" && !own && !this.world.closed && !isKeras(module);
  }
}

/** Why a key that only a scope or an argument provides is neither there nor missing. */
function providedReason({ key, by, text, location }: Provided) {
  const reason =
    by === "scope"
      ? `\`${key}\` is provided by ${text} for the loads inside it`
      : `\`${key}\` is provided by ${text} of one load`;
  return { reason, location, provided: true as const };
}

function isKeras(module: string): boolean {
  return module === "keras" || module.startsWith("keras.");
}

function functionOf(registration: Registration): string {
  const { by, scope } = registration;
  const [inner] = by.enclosingFunctions(scope);
  const outer: LinkedModule["functions"][number] | undefined = by.enclosingFunctions(scope).at(-1) ?? inner;
  return outer ? `${outer.fact.name}()` : "a function";
}
