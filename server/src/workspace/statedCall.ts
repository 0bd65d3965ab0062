import type { KerasRelease } from "../catalogue/keras.ts";
import type { Root } from "../config/configDocument.ts";
import type { Behaviour } from "../deserialize/behaviour.ts";
import { isOldModel } from "../deserialize/keras2/layers.ts";
import type { CustomObject, Loader, LoadQuestion } from "../deserialize/load.ts";
import type { ValueTree } from "../json/index.ts";
import type { RegistryView } from "../registry/index.ts";
import type { CheckRegistry } from "./checkFile.ts";

/** What the user says of the call that will load the configs; what is not said follows from each document. */
export interface StatedCall {
  /** The function of Keras that is called, undefined where the dialect decides. */
  readonly loader?: Loader | undefined;
  /** False for `safe_mode=False`. */
  readonly safeMode: boolean;
  /** The `custom_objects` argument, undefined where nothing is said of it. */
  readonly customObjects?: readonly StatedObject[] | undefined;
  /** Who says so: "the settings", "the command line". */
  readonly from: string;
}

/** A key of `custom_objects` and the class or function that it holds. */
export interface StatedObject {
  readonly key: string;
  readonly module: string;
  readonly name: string;
}

/** A class or function by its module: `my_package.layers.Scale`; undefined where the text is no such path. */
export function readObjectPath(path: string): Pick<StatedObject, "module" | "name"> | undefined {
  const identifier = String.raw`[\p{L}_][\p{L}\p{N}_]*`;
  const match = new RegExp(`^(${identifier}(?:\\.${identifier})*)\\.(${identifier})$`, "u").exec(path);
  return match ? { module: match[1] as string, name: match[2] as string } : undefined;
}

/** How a stated object reads as an argument of the command line. */
export function pathOf({ module, name }: StatedObject): string {
  return `${module}.${name}`;
}

/** What the log says of an object of the settings that nothing defines. */
export function undefinedSetting(stated: StatedObject): string {
  return `kerasConfig.customObjects: \`${stated.key}\` is \`${pathOf(stated)}\`, which the workspace does not define`;
}

/** By which function a root is loaded: the one that is stated, where it can take such a root. */
export function loaderOf(root: Root, call: StatedCall | undefined): Loader {
  const stated = call?.loader;
  if (stated === undefined || root.dialect === "model-config") return root.loader;
  if (stated === "from_config" && root.dialect === "function") return root.loader;
  // `load_model` of an .h5 file goes the legacy way.
  return stated === "load_model" && root.loader === "load_model_from_hdf5" ? root.loader : stated;
}

/** The same in a release: what `to_json` of Keras 2 writes is loaded there by `model_from_json`, unless another one is stated. */
export function loaderIn(behaviour: Behaviour, root: Root, tree: ValueTree, call: StatedCall | undefined): Loader {
  const isChosen = call?.loader !== undefined || root.loader !== "deserialize_keras_object";
  if (isChosen || behaviour.package !== "tf_keras" || !isOldModel(tree, root.node)) return root.loader;
  return "model_from_json";
}

const takesSafeMode = new Set<Loader>(["deserialize_keras_object", "load_model", "load_model_from_hdf5"]);

/** The safe mode of a load: an argument where the function takes one, else what has to stand around the call. */
export function safeModeOf(
  loader: Loader,
  call: StatedCall | undefined,
): Pick<LoadQuestion, "safeMode" | "safeModeScope"> {
  if (call === undefined || call.safeMode) return {};
  return takesSafeMode.has(loader) ? { safeMode: false } : { safeModeScope: false };
}

/** The stated `custom_objects` as a view and a release know them, and those that neither knows. */
export function resolveObjects(
  { customObjects = [], from }: StatedCall,
  view: RegistryView,
  release: KerasRelease,
): { readonly found: ReadonlyMap<string, CustomObject>; readonly undefined: readonly StatedObject[] } {
  const found = new Map<string, CustomObject>();
  const missing: StatedObject[] = [];
  for (const stated of customObjects) {
    const member = view.moduleMember(stated.module, stated.name);
    const symbol = member ? undefined : release.resolve(pathOf(stated));
    if (member) {
      const { kind, module, qualname, location } = member;
      const handed = { key: stated.key, by: from };
      found.set(stated.key, { from: "workspace", kind, module, qualname, location, handed });
    } else if (symbol) found.set(stated.key, { from: "keras", symbol });
    else missing.push(stated);
  }
  return { found, undefined: missing };
}

/** The stated objects that neither the workspace, nor a package that it has installed, nor the release defines. */
export async function undefinedObjects(
  call: StatedCall,
  registry: CheckRegistry,
  release: KerasRelease,
): Promise<readonly StatedObject[]> {
  const missing = resolveObjects(call, registry.view, release).undefined;
  if (missing.length === 0) return missing;
  const named = await registry.named?.(new Set(missing.map(({ module }) => module)));
  return named ? resolveObjects(call, named, release).undefined : missing;
}
