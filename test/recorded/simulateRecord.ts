import type { KerasRelease } from "../../server/src/catalogue/keras.ts";
import { behaviourOf } from "../../server/src/deserialize/behaviour.ts";
import type { CustomObject, LoadEvent, Loader, LoadQuestion } from "../../server/src/deserialize/load.ts";
import { simulateLoad } from "../../server/src/deserialize/simulateLoad.ts";
import { parseJson } from "../../server/src/json/index.ts";
import type { RegistryView } from "../../server/src/registry/view.ts";

/** A load that was recorded. For `legacy_h5`, `config` is the object of the file's attributes. */
export interface RecordedLoad {
  readonly loader: Exclude<Loader, "load_model_from_hdf5"> | "legacy_h5";
  readonly config: string;
  /** The `custom_objects` argument and a scope: keys to dotted paths. */
  readonly custom_objects?: Readonly<Record<string, string>>;
  readonly scope?: Readonly<Record<string, string>>;
  readonly safe_mode?: boolean;
  readonly safe_mode_scope?: boolean;
}

/** The events of a recorded load in a release; `packages` are installed where it ran. */
export function simulateRecord(
  { loader, config, custom_objects, scope, safe_mode, safe_mode_scope }: RecordedLoad,
  release: KerasRelease,
  registry: RegistryView,
  packages: readonly string[] = [],
): readonly LoadEvent[] {
  const { tree } = parseJson(config);
  const isH5 = loader === "legacy_h5";
  const trainingConfig = tree.member(tree.root, "training_config");
  const question: LoadQuestion = {
    tree,
    root: isH5 ? tree.member(tree.root, "model_config") : tree.root,
    loader: isH5 ? "load_model_from_hdf5" : loader,
    ...(isH5 && trainingConfig >= 0 ? { trainingConfig } : {}),
    ...(custom_objects ? { customObjects: handedIn(custom_objects, release, registry) } : {}),
    ...(scope ? { scope: handedIn(scope, release, registry) } : {}),
    ...(safe_mode === undefined ? {} : { safeMode: safe_mode }),
    ...(safe_mode_scope === undefined ? {} : { safeModeScope: safe_mode_scope }),
    behaviour: behaviourOf(release.version),
    release,
    registry,
    packageInstalled: (name) => packages.includes(name),
  };
  return simulateLoad(question).events;
}

/** What `custom_objects` or a scope hands in: a class or function of the recorded Python, or of Keras. */
export function handedIn(
  paths: Readonly<Record<string, string>>,
  release: KerasRelease,
  registry: RegistryView,
): ReadonlyMap<string, CustomObject> {
  const entries = Object.entries(paths).map(([key, path]): [string, CustomObject] => {
    const dot = path.lastIndexOf(".");
    const member = registry.moduleMember(path.slice(0, dot), path.slice(dot + 1));
    if (member) return [key, { from: "workspace", ...member }];
    const symbol = release.resolve(path);
    return [key, symbol ? { from: "keras", symbol } : { from: "other", kind: "other" }];
  });
  return new Map(entries);
}

/** What Keras would raise, `Type: message` in order. */
export function failuresIn(events: readonly LoadEvent[]): string[] {
  return events.flatMap((event) =>
    event.kind === "failed" ? [`${event.outcome.exception}: ${event.outcome.message}`] : [],
  );
}

/** Why it cannot be known what becomes of objects. */
export function reasonsIn(events: readonly LoadEvent[]): string[] {
  return events.flatMap((event) => (event.kind === "unknown" ? [event.unknown.reason] : []));
}

/** The releases of `3.0.5..3.11.3`, both ends included, among those that were asked. */
export function releasesIn(range: string, asked: readonly string[]): readonly string[] {
  const [first = "", last = first] = range.split("..");
  return asked.slice(asked.indexOf(first), asked.indexOf(last) + 1);
}
