import assert from "node:assert/strict";
import { test } from "node:test";
import { strToU8, zipSync } from "fflate";
import { type KerasArchive, readKerasArchive } from "../../../server/src/config/archive.ts";

/** Messages are those of keras.saving.load_model of Keras 3.0.5 to 3.15.1 on Python 3.11 for the same bytes. */

const config = '{"module": "keras.layers", "class_name": "Dense", "config": {"units": 1}, "registered_name": null}';
const archive = zipSync({ "metadata.json": strToU8('{"keras_version": "3.8.0"}'), "config.json": strToU8(config) });

/** The archive's bytes with one change, at an offset from the nth local header (PK 3 4) or directory entry (PK 1 2). */
function changed(
  change: (bytes: Uint8Array, view: DataView, local: number[], central: number[]) => void,
  from = archive,
) {
  const bytes = from.slice();
  const view = new DataView(bytes.buffer);
  const find = (signature: number) =>
    [...bytes.keys()].filter((at) => at + 4 <= bytes.length && view.getUint32(at, true) === signature);
  change(bytes, view, find(0x04034b50), find(0x02014b50));
  return bytes;
}

interface Counted {
  reads: number;
  bytes: number;
}

function read(bytes: Uint8Array, counted: Counted = { reads: 0, bytes: 0 }): Promise<KerasArchive> {
  const source = {
    size: bytes.length,
    read: async (offset: number, length: number) => {
      counted.reads++;
      counted.bytes += length;
      return bytes.subarray(offset, offset + length);
    },
  };
  return readKerasArchive(source, "model.keras");
}

async function failure(bytes: Uint8Array): Promise<string> {
  const answer = await read(bytes);
  assert.equal(answer.status, "fails");
  return answer.status === "fails" ? `${answer.exception}: ${answer.message}` : "";
}

const notFound =
  "ValueError: File not found: filepath=model.keras. Please ensure the file is an accessible `.keras` zip file.";

test("config.json and metadata.json come out of an archive, deflated or stored", async () => {
  for (const level of [0, 6] as const) {
    const answer = await read(zipSync({ "config.json": strToU8(config), "metadata.json": strToU8("{}") }, { level }));
    assert.equal(answer.status, "read");
    assert.equal(answer.status === "read" && new TextDecoder().decode(answer.config), config);
    assert.equal(answer.status === "read" && answer.metadata && new TextDecoder().decode(answer.metadata), "{}");
  }
});

test("the weights are not read", async () => {
  const weights = new Uint8Array(20_000_000);
  const counted = { reads: 0, bytes: 0 };
  const answer = await read(
    zipSync(
      { "metadata.json": strToU8("{}"), "config.json": strToU8(config), "model.weights.h5": weights },
      { level: 0 },
    ),
    counted,
  );
  assert.equal(answer.status, "read");
  assert.ok(counted.bytes < 1_000_000, `${counted.bytes} bytes in ${counted.reads} reads`);
});

test("what is no zip archive is not found, as Keras says it", async () => {
  for (const bytes of [new Uint8Array(), strToU8("hello"), strToU8(config), archive.subarray(0, archive.length - 40)]) {
    assert.equal(await failure(bytes), notFound);
  }
});

test("the hint says what the file is instead", async () => {
  const hint = async (bytes: Uint8Array) => {
    const answer = await read(bytes);
    return answer.status === "fails" ? answer.hint : "";
  };
  assert.match(
    await hint(Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0)),
    /HDF5 file: give it the extension \.h5/,
  );
  assert.match(await hint(archive.subarray(0, archive.length - 40)), /truncated/);
});

test("a Git LFS pointer is no broken archive: the archive is elsewhere", async () => {
  const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
  const answer = await read(strToU8(pointer));
  assert.equal(answer.status, "unknown");
});

test("an archive without config.json at its top is no model", async () => {
  const expected = "KeyError: \"There is no item named 'config.json' in the archive\"";
  assert.equal(await failure(zipSync({ "metadata.json": strToU8("{}") })), expected);
  assert.equal(await failure(zipSync({})), expected);
  assert.equal(await failure(zipSync({ "model/config.json": strToU8(config) })), expected);
});

test("damaged archives fail as Python's zipfile does", async () => {
  const nameLength = "config.json".length;
  const cases: [string, Uint8Array][] = [
    [
      "BadZipFile: Bad magic number for central directory",
      changed((bytes, _, __, central) => bytes.fill(0x58, central[1]!, central[1]! + 4)),
    ],
    [
      "BadZipFile: Bad magic number for file header",
      changed((bytes, _, local) => bytes.fill(0x58, local[1]!, local[1]! + 4)),
    ],
    [
      "BadZipFile: Truncated file header",
      changed((_, view, __, central) => view.setUint32(central[1]! + 42, 0x7fffffff, true)),
    ],
    [
      "BadZipFile: Bad CRC-32 for file 'config.json'",
      changed((_, view, __, central) => view.setUint32(central[1]! + 16, 0x12345678, true)),
    ],
    [
      "RuntimeError: File 'config.json' is encrypted, password required for extraction",
      changed((_, view, local, central) => {
        view.setUint16(local[1]! + 6, 1, true);
        view.setUint16(central[1]! + 8, 1, true);
      }),
    ],
    [
      "NotImplementedError: That compression method is not supported",
      changed((_, view, local, central) => {
        view.setUint16(local[1]! + 8, 99, true);
        view.setUint16(central[1]! + 10, 99, true);
      }),
    ],
    [
      "error: Error -3 while decompressing data: invalid block type",
      // The first bits of a deflate stream say its kind; three is none.
      changed((bytes, _, local) => bytes.fill(0xff, local[1]! + 30 + nameLength, local[1]! + 31 + nameLength)),
    ],
  ];
  for (const [expected, bytes] of cases) assert.equal(await failure(bytes), expected);
});

test("of two members with one name Python takes the last", async () => {
  const twice = changed(
    (bytes) => {
      const text = new TextDecoder("latin1").decode(bytes);
      for (let at = text.indexOf("c0nfig.json"); at >= 0; at = text.indexOf("c0nfig.json", at + 1))
        bytes[at + 1] = 0x6f;
    },
    zipSync({ "config.json": strToU8("{}"), "c0nfig.json": strToU8(config) }),
  );
  const answer = await read(twice);
  assert.equal(answer.status === "read" && new TextDecoder().decode(answer.config), config);
});

test("an archive behind other bytes is read, as zipfile reads it", async () => {
  const answer = await read(Uint8Array.from([...strToU8("#!/bin/sh\n"), ...archive]));
  assert.equal(answer.status, "read");
});

test("a bomb is not inflated, whatever its header says", async () => {
  const bomb = zipSync({ "config.json": new Uint8Array(300_000_000) }, { level: 9 });
  assert.ok(bomb.length < 1_000_000);
  const honest = await read(bomb);
  assert.deepEqual(honest, {
    status: "unknown",
    reason:
      "config.json inflates to 300 MB or more, and no more than 200 MB are read; less than 1 MB of it are stored, as in a " +
      "decompression bomb: do not load a file that you do not trust",
    bombs: [],
  });
  const lying = await read(
    changed((_, view, local, central) => {
      view.setUint32(local[0]! + 22, 100, true);
      view.setUint32(central[0]! + 24, 100, true);
    }, bomb),
  );
  assert.notEqual(lying.status, "read");
});

/** An archive of a model whose directory says that one member, with one stored byte, inflates to 1 GiB. */
function withBomb(...members: string[]): Uint8Array {
  const held = Object.fromEntries(members.map((member) => [member, strToU8("0")]));
  return changed(
    (_, view, _local, central) => view.setUint32(central.at(-1)! + 24, 2 ** 30, true),
    zipSync({ "config.json": strToU8(config), ...held }, { level: 0 }),
  );
}

test("a member that Keras would write to the disk, and that declares far more than it stores, is named", async () => {
  const bombs = async (...members: string[]) => {
    const answer = await read(withBomb(...members));
    assert.equal(answer.status, "read");
    return answer.status === "read" ? answer.bombs : [];
  };
  assert.deepEqual(await bombs("metadata.json", "model.weights.h5", "assets/words.txt"), [
    { member: "assets/words.txt", declared: 2 ** 30, stored: 1, inflates: "to disk" },
  ]);
  // Without assets Keras reads the weights alone, and of them refuses no more than 4 GiB.
  assert.deepEqual(await bombs("metadata.json", "model.weights.h5"), []);
});

test("a directory that claims to be endless is not read", async () => {
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, 9, true);
  view.setUint16(10, 9, true);
  view.setUint32(12, 3_000_000_000, true);
  view.setUint32(16, 0, true);
  const size = 3_000_000_022;
  const longest = { read: 0 };
  const source = {
    size,
    read: async (offset: number, length: number) => {
      longest.read = Math.max(longest.read, length);
      const bytes = new Uint8Array(Math.min(length, 1_000_000));
      if (offset + length >= size) bytes.set(end.subarray(Math.max(0, 22 - length)), Math.max(0, length - 22));
      return bytes;
    },
  };
  const answer = await readKerasArchive(source, "model.keras");
  assert.equal(answer.status, "unknown");
  assert.match(answer.status === "unknown" ? answer.reason : "", /its directory cannot be read \(it is 3000 MB long\)/);
  assert.ok(longest.read < 100_000_000);
});

test("compression that only Python knows leaves the config unknown", async () => {
  const lzma = changed((_, view, local, central) => {
    view.setUint16(local[1]! + 8, 14, true);
    view.setUint16(central[1]! + 10, 14, true);
  });
  assert.equal((await read(lzma)).status, "unknown");
});
