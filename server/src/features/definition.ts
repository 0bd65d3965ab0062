import type { BuiltinSymbol } from "../catalogue/keras.ts";
import type { RegistryView, SourceLocation } from "../registry/view.ts";
import type { CheckedDocument } from "../workspace/session.ts";
import { namedAt, textOf } from "./identity.ts";

/** Where an object is defined, and the value that names it. */
export interface DefinitionLinks {
  /** The content of the string under the pointer, without quotes. */
  readonly start: number;
  readonly end: number;
  readonly targets: readonly Pick<SourceLocation, "uri" | "range">[];
}

/** Where the object at an offset is defined; for one that Keras does not find, classes of its name in the workspace. */
export async function definitionAt(
  { report }: CheckedDocument,
  offset: number,
  registry: RegistryView | undefined,
  sourceOfBuiltin: (symbol: BuiltinSymbol) => Promise<Pick<SourceLocation, "uri" | "range"> | undefined>,
): Promise<DefinitionLinks | undefined> {
  const named = namedAt(report, offset);
  if (!named) return undefined;
  const { place, event } = named;
  const { tree } = named.analysis.document;
  const isString = tree.kind(place.value) === "string";
  const start = tree.start(place.value) + (isString ? 1 : 0);
  const end = Math.max(start, tree.end(place.value) - (isString ? 1 : 0));
  if (event.kind === "found") {
    const { object } = event;
    if (object.from === "workspace") return { start, end, targets: [object.location] };
    const source = object.from === "keras" ? await sourceOfBuiltin(object.symbol) : undefined;
    return source && { start, end, targets: [source] };
  }
  const name =
    tree.kind(place.object) === "string" ? tree.string(place.object) : textOf(tree, place.object, "class_name");
  if (name === undefined || !registry) return undefined;
  const bare = (name === "function" ? (textOf(tree, place.object, "config") ?? name) : name).replace(/^.*>/s, "");
  const targets: Pick<SourceLocation, "uri" | "range">[] = registry
    .definitionsNamed(bare)
    .map(({ location }) => location);
  // Such as the class of another root.
  if (targets.length === 0 && event.kind === "unknown" && event.unknown.location) targets.push(event.unknown.location);
  return targets.length === 0 ? undefined : { start, end, targets };
}
