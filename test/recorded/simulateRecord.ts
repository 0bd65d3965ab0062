import type { KerasRelease } from "../../server/src/catalogue/keras.ts";
import { behaviourOf } from "../../server/src/deserialize/behaviour.ts";
import type { LoadEvent, Loader } from "../../server/src/deserialize/load.ts";
import { simulateLoad } from "../../server/src/deserialize/simulateLoad.ts";
import { parseJson, type ValueTree } from "../../server/src/json/index.ts";
import type { RegistryView } from "../../server/src/registry/view.ts";

/** A load that was recorded. For `legacy_h5`, `config` is the object of the file's attributes. */
export interface RecordedLoad {
  readonly loader: Exclude<Loader, "load_model_from_hdf5"> | "legacy_h5";
  readonly config: string;
}

/** The events of a recorded load in a release; no packages are installed where it ran. */
export function simulateRecord(
  { loader, config }: RecordedLoad,
  release: KerasRelease,
  registry: RegistryView,
): { tree: ValueTree; events: readonly LoadEvent[] } {
  const { tree } = parseJson(config);
  const isH5 = loader === "legacy_h5";
  const trainingConfig = tree.member(tree.root, "training_config");
  const { events } = simulateLoad({
    tree,
    root: isH5 ? tree.member(tree.root, "model_config") : tree.root,
    loader: isH5 ? "load_model_from_hdf5" : loader,
    ...(isH5 && trainingConfig >= 0 ? { trainingConfig } : {}),
    behaviour: behaviourOf(release.version),
    release,
    registry,
    packageInstalled: () => false,
  });
  return { tree, events };
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
