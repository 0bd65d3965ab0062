/** Holds what the static registry says of some sources against what real Python registered when it imported them. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createNodeHost } from "../../../server/src/host/node.ts";
import { listRegistrations, type RegistryListing } from "../../../server/src/registry/index.ts";
import { Workspace } from "../../../server/src/workspace/workspace.ts";

/** One file of recordings/, as record.py writes it. */
export interface Recording {
  readonly name: string;
  /** Of the package; absent for a fixture. */
  readonly version?: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly date: string;
  /** Modules that could not be imported, by their file, with Python's exception. */
  readonly failed: Readonly<Record<string, string>>;
  readonly keys: Readonly<Record<string, RecordedObject>>;
}

/** What Python holds under a key: `file` and `line` are of the unwrapped object, `by` is the file that registered it. */
interface RecordedObject {
  readonly kind: string;
  readonly module: string | null;
  readonly qualname: string | null;
  readonly file: string | null;
  readonly line: number | null;
  /** What stood under the key before, where something else was registered there first. */
  readonly replaced?: readonly RecordedObject[];
}

export interface Comparison {
  readonly name: string;
  /** Keys that Python registered. */
  readonly keys: number;
  readonly found: number;
  /** Keys of Python that are not listed, or only as registered by a call that importing does not make. */
  readonly missed: readonly string[];
  /** Keys that are listed as registered on import, and that Python does not hold. */
  readonly invented: readonly string[];
  /** Keys under which another object, or another file, is listed than Python held there at any time. */
  readonly misplaced: readonly string[];
  /** Keys of Python that are listed as registered in a branch that cannot be decided. */
  readonly unsure: readonly string[];
  /** Places of which it is said that they may register and are not computed. */
  readonly uncomputed: readonly string[];
}

export function readRecording(file: string): Recording {
  return JSON.parse(readFileSync(file, "utf8")) as Recording;
}

/** Tests of a package are no part of it: they register for themselves. */
const IS_TEST = /(?:^|\/)(?:tests?|testing)\/|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.py$/;

/**
 * Lists what the sources register, by way of the product's own workspace. `folder` holds them as they are imported;
 * `packages` are its subfolders that are the workspace, `.` for all of it. `sitePackages` is what else can be imported.
 */
export async function listingOf(
  folder: string,
  packages: string,
  recording: Recording,
  sitePackages?: string,
): Promise<{ readonly listing: RegistryListing; readonly root: string }> {
  const root = mkdtempSync(join(tmpdir(), "keras-config-registry-"));
  try {
    const source = join(folder, packages);
    cpSync(source, join(root, packages), {
      recursive: true,
      filter: (path) => {
        const file = relative(folder, path).replaceAll("\\", "/");
        return !IS_TEST.test(file) && !(file in recording.failed) && basename(path) !== "__pycache__";
      },
    });
    if (sitePackages !== undefined && existsSync(sitePackages)) {
      const library = join(root, ".venv/lib/python3.11");
      mkdirSync(library, { recursive: true });
      writeFileSync(join(root, ".venv/pyvenv.cfg"), "home = /usr/bin\n");
      symlinkSync(sitePackages, join(library, "site-packages"));
    }
    const workspace = new Workspace(
      createNodeHost({ synchronous: true, log: () => undefined }),
      [pathToFileURL(root).href],
      {
        closed: false,
      },
    );
    const listing = listRegistrations(await workspace.index());
    return { listing, root };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The registrations, and for a package whose functions fill a dict for loads, what they put into it. */
function entriesOf(listing: RegistryListing, isProvided: boolean) {
  if (!isProvided) return listing.registrations;
  const provided = listing.provided.flatMap(({ key, object }) =>
    object ? [{ key, ...object, when: "import" as const }] : [],
  );
  return [...listing.registrations, ...provided];
}

function isSame(ours: { readonly file: string; readonly qualname: string }, held: RecordedObject): boolean {
  return (held.qualname === null || ours.qualname === held.qualname) && (held.file === null || ours.file === held.file);
}

/** Compares a listing with a recording, on key, file and qualified name. */
export function compare(
  recording: Recording,
  { listing, root }: { readonly listing: RegistryListing; readonly root: string },
  isProvided = false,
): Comparison {
  const pathOf = (uri: string) => relative(root, fileURLToPath(uri)).replaceAll("\\", "/");
  const byKey = new Map<string, { file: string; qualname: string; when: string }[]>();
  for (const { key, qualname, location, when } of entriesOf(listing, isProvided)) {
    const entry = { file: pathOf(location.uri), qualname, when };
    byKey.set(key, [...(byKey.get(key) ?? []), entry]);
  }
  const keys = Object.entries(recording.keys);
  const missed: string[] = [];
  const misplaced: string[] = [];
  const unsure: string[] = [];
  for (const [key, object] of keys) {
    const ours = (byKey.get(key) ?? []).filter(({ when }) => when !== "call");
    if (ours.length === 0) {
      missed.push(`${key} (${object.file})`);
      continue;
    }
    const isThere = ours.some((one) => isSame(one, object));
    const isOther = ours.some(
      (one) => one.when === "import" && ![object, ...(object.replaced ?? [])].some((held) => isSame(one, held)),
    );
    if (!isThere || isOther)
      misplaced.push(`${key}: ${object.qualname} in ${object.file}, listed as ${JSON.stringify(ours)}`);
    if (!ours.some(({ when }) => when === "import")) unsure.push(key);
  }
  const invented = [...byKey].filter(
    ([key, ours]) => !(key in recording.keys) && ours.some((one) => one.when === "import"),
  );
  return {
    name: recording.name,
    keys: keys.length,
    found: keys.length - missed.length,
    missed,
    invented: invented.map(([key]) => key),
    misplaced,
    unsure,
    uncomputed: listing.uncomputed.map(({ location, reason }) => `${pathOf(location.uri)}: ${reason}`),
  };
}
