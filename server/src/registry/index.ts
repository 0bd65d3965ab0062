export type { RegistrationHint, Uncomputed } from "./findings.ts";
export { buildRegistry, Linker, linkRegistry } from "./linker.ts";
export { type ListedProvision, type ListedRegistration, listRegistrations, type RegistryListing } from "./listing.ts";
export { type ModuleInput, samePlaces } from "./moduleTable.ts";
export type { SiblingRoot, UnreadPackage } from "./openness.ts";
export { isKnownSilent, KERAS_PACKAGES, type PackageStatus, sameStatuses } from "./packages.ts";
export type { RegistrationCause, RegistrationProblem } from "./problems.ts";
export type { Registry, World } from "./registry.ts";
export type * from "./view.ts";
