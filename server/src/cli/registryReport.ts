import type { RegistrationFinding } from "../features/registrationFindings.ts";
import type { ListedRegistration, RegistryListing } from "../registry/index.ts";
import type { SourceLocation } from "../registry/view.ts";
import { cellOf } from "../workspace/notebook.ts";
import { printable, type Style } from "./terminal.ts";
import type { NameOf } from "./textReport.ts";

/** What one root registers, what is wrong with it, and why its index is not whole where it is not. */
export interface RootListing extends RegistryListing {
  readonly problems: readonly RegistrationFinding[];
  readonly incomplete: string | undefined;
}

/** What `registry --format json` prints: exactly these members, in this order. */
export function registryJson(listings: readonly RootListing[], nameOf: NameOf): string {
  const registrations = sortedRegistrations(listings).map((one) => ({
    key: one.key,
    kind: one.kind,
    name: one.name,
    module: one.module,
    qualname: one.qualname,
    uri: one.location.uri,
    range: one.location.range,
    via: viaText(one, nameOf),
    when: one.when,
  }));
  const uncomputed = sortedUncomputed(listings).map(({ location, reason }) => ({
    uri: location.uri,
    range: location.range,
    reason,
  }));
  const provided = sortedProvided(listings).map(({ key, by, object, location }) => ({
    key,
    by,
    ...(object && { kind: object.kind, module: object.module, qualname: object.qualname }),
    uri: location.uri,
    range: location.range,
  }));
  const problems = sortedProblems(listings).map(({ code, severity, message, at, related }) => ({
    rule: code,
    severity,
    message,
    uri: at.uri,
    range: at.range,
    related: related.map((one) => ({ message: one.message, uri: one.location.uri, range: one.location.range })),
  }));
  const complete = listings.every((listing) => listing.complete);
  return `${JSON.stringify({ complete, registrations, uncomputed, provided, problems })}\n`;
}

/** What `registry` prints for a person: a line for each key, with where the object is and how it is registered. */
export function registryText(listings: readonly RootListing[], nameOf: NameOf, style: Style): string {
  const lines: string[] = [];
  const registrations = sortedRegistrations(listings);
  for (const one of registrations) {
    const object = `${one.kind} ${one.module}.${one.qualname}`;
    lines.push(`${style.strong(printable(one.key))}  ${printable(object)}${whenText(one, style)}`);
    lines.push(`  ${placeText(one.location, nameOf)}  ${style.faint(printable(viaText(one, nameOf)))}`);
  }
  if (registrations.length > 0) lines.push("");
  const provided = sortedProvided(listings);
  for (const { key, by, object, location } of provided) {
    const what = object ? `  ${printable(`${object.kind} ${object.module}.${object.qualname}`)}` : "";
    const how = by === "scope" ? "provided for the loads inside a scope" : "provided for one load by custom_objects=";
    lines.push(`${style.strong(printable(key))}${what}  ${style.note(how)}`, `  ${placeText(location, nameOf)}`);
  }
  if (provided.length > 0) lines.push("");
  const uncomputed = sortedUncomputed(listings);
  for (const { location, reason } of uncomputed) {
    lines.push(`${style.note("not computed")}: ${printable(reason)}`, `  ${placeText(location, nameOf)}`);
  }
  if (uncomputed.length > 0) lines.push("");
  const problems = sortedProblems(listings);
  for (const problem of problems) lines.push(...problemText(problem, nameOf, style), "");
  const keys = new Set(registrations.map((one) => one.key)).size;
  const files = new Set(registrations.map(({ location: { uri } }) => cellOf(uri)?.notebook ?? uri)).size;
  const provisions = new Set(provided.map((one) => one.key)).size;
  const loads = provisions > 0 ? `, ${plural(provisions, "key")} provided for some loads` : "";
  const open = uncomputed.length > 0 ? `, ${plural(uncomputed.length, "place")} not computed` : "";
  const wrong = problems.length > 0 ? `, ${plural(problems.length, "problem")}` : "";
  const objects = `${plural(registrations.length, "object")} in ${plural(files, "file")}`;
  lines.push(`${plural(keys, "key")} for ${objects}${loads}${open}${wrong}`);
  for (const { incomplete } of listings) {
    if (incomplete !== undefined) lines.push(`${style.warning("incomplete")}: ${printable(incomplete)}`);
  }
  return `${lines.join("\n")}\n`;
}

function sortedRegistrations(listings: readonly RootListing[]): ListedRegistration[] {
  return listings
    .flatMap((listing) => listing.registrations)
    .sort((a, b) => compare(a.key, b.key) || compareLocations(a.location, b.location));
}

function sortedUncomputed(listings: readonly RootListing[]) {
  return listings.flatMap((listing) => listing.uncomputed).sort((a, b) => compareLocations(a.location, b.location));
}

function sortedProvided(listings: readonly RootListing[]) {
  return listings
    .flatMap((listing) => listing.provided)
    .sort((a, b) => compare(a.key, b.key) || compareLocations(a.location, b.location));
}

function sortedProblems(listings: readonly RootListing[]): RegistrationFinding[] {
  return listings.flatMap((listing) => listing.problems).sort((a, b) => compareLocations(a.at, b.at));
}

function problemText({ severity, message, at, related, code }: RegistrationFinding, nameOf: NameOf, style: Style) {
  const paint = severity === "error" ? style.error : severity === "warning" ? style.warning : style.note;
  return [
    `${paint(severity)}: ${style.strong(printable(message))}`,
    `  ${placeText(at, nameOf)}`,
    ...related.map((one) => `  ${style.note("see")}: ${placeText(one.location, nameOf)}: ${printable(one.message)}`),
    style.faint(`  rule: ${code}`),
  ];
}

function compareLocations(a: SourceLocation, b: SourceLocation): number {
  return compare(a.uri, b.uri) || a.start - b.start || a.end - b.end;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function viaText({ via }: ListedRegistration, nameOf: NameOf): string {
  const { line, character } = via.location.range.start;
  return `${via.text} at ${nameOf(via.location.uri)}:${line + 1}:${character + 1}`;
}

function whenText({ when }: ListedRegistration, style: Style): string {
  if (when === "import") return "";
  const words = when === "maybe" ? "in a branch that cannot be decided" : "only where a function is called";
  return `  ${style.note(words)}`;
}

function placeText({ uri, range }: SourceLocation, nameOf: NameOf): string {
  return printable(`${nameOf(uri)}:${range.start.line + 1}:${range.start.character + 1}`);
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
