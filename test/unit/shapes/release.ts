import { catalogue } from "../../recorded/shippedCatalogue.ts";

/** The newest release. */
export const RELEASE = catalogue.release(catalogue.versions.at(-1) as string);
