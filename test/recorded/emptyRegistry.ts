import type { RegistryView } from "../../server/src/registry/view.ts";

/** A workspace without Python, and nothing else that could register a name. */
export const emptyRegistry: RegistryView = {
  declarations: () => [],
  declarationsEndingWith: () => [],
  keys: () => [],
  declarationsNamed: () => [],
  providedNamed: () => [],
  moduleMember: () => undefined,
  definitionsNamed: () => [],
  hasModule: () => false,
  classOf: () => undefined,
  signatureOf: () => undefined,
  kerasPatches: () => [],
  whyOpen: () => undefined,
  loadOf: () => undefined,
};
