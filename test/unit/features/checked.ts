import { type CheckResult, checkDocument } from "../../../server/src/workspace/checkDocument.ts";
import { emptyRegistry } from "../../recorded/emptyRegistry.ts";
import { catalogue } from "../../recorded/shippedCatalogue.ts";

/** A config as it is checked for some releases, without any Python. */
export function checked(text: string, ...versions: string[]): CheckResult {
  const targets = (versions.length > 0 ? versions : ["3.15.1"]).map((version) => ({ version, from: "--keras" }));
  return checkDocument({
    uri: "file:///c.json",
    text,
    container: "json",
    targets,
    catalogue,
    registry: emptyRegistry,
  });
}
