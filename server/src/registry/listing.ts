import type { Registry } from "./registry.ts";
import type { Declaration, SourceLocation, When } from "./view.ts";

/** What `keras-config registry` prints, before locations become lines of text or JSON. */
export interface RegistryListing {
  /** Whether the index holds all of the workspace. */
  readonly complete: boolean;
  readonly registrations: readonly ListedRegistration[];
  readonly uncomputed: readonly { readonly location: SourceLocation; readonly reason: string }[];
  /** What scopes and `custom_objects=` provide for some loads, one entry per key, object and place. */
  readonly provided: readonly ListedProvision[];
}

export interface ListedProvision {
  readonly key: string;
  readonly by: "scope" | "argument";
  /** Absent where it is not known what the key stands for. */
  readonly object?: Pick<Declaration, "kind" | "module" | "qualname" | "location">;
  /** Of the argument, or of the scope. */
  readonly location: SourceLocation;
}

export interface ListedRegistration {
  readonly key: string;
  readonly kind: "class" | "function" | "other";
  /** What follows `>`, else the whole key. */
  readonly name: string;
  /** Python's `__module__` and `__qualname__` of the object. */
  readonly module: string;
  readonly qualname: string;
  /** The name in the object's own `class` or `def`. */
  readonly location: SourceLocation;
  /** How it is registered, and where. */
  readonly via: { readonly text: string; readonly location: SourceLocation };
  readonly when: When;
}

/** All registrations of the workspace, one entry per key and object, sorted by key and then by place. */
export function listRegistrations(registry: Registry): RegistryListing {
  const entries = new Map<string, ListedRegistration>();
  for (const declaration of registry.registrations) {
    const { key, module, qualname, location, via } = declaration;
    // An object of another package has no place of its own here: that of the registration stands in for it.
    const place = location === via.location ? [] : [location.uri, location.start];
    const id = JSON.stringify([key, module, qualname, ...place]);
    const before = entries.get(id);
    // Registered twice under one key: what happens for certain is what counts.
    if (before && CERTAINTY[before.when] <= CERTAINTY[declaration.when]) continue;
    entries.set(id, listed(declaration));
  }
  const uncomputed = new Map<string, { location: SourceLocation; reason: string }>();
  for (const { location, reason } of registry.uncomputed) {
    const id = JSON.stringify([location.uri, location.start, location.end, reason]);
    if (!uncomputed.has(id)) uncomputed.set(id, { location, reason });
  }
  const provided = new Map<string, ListedProvision>();
  for (const { key, by, object, location } of registry.provided) {
    const id = JSON.stringify([key, object?.module, object?.qualname, location.uri, location.start]);
    if (!provided.has(id)) provided.set(id, { key, by, location, ...(object && { object }) });
  }
  return {
    complete: registry.incomplete === undefined,
    registrations: [...entries.values()],
    uncomputed: [...uncomputed.values()],
    provided: [...provided.values()],
  };
}

const CERTAINTY: Readonly<Record<When, number>> = { import: 0, maybe: 1, call: 2 };

function listed({ key, kind, module, qualname, location, via, when }: Declaration): ListedRegistration {
  const cut = key.indexOf(">");
  return { key, kind, name: cut < 0 ? key : key.slice(cut + 1), module, qualname, location, via, when };
}
