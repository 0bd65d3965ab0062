/** Bytes that can be read in ranges: a file, or an archive that came through standard input. */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /** Up to `length` bytes from `offset`; rejects where they cannot be read. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Whether a file begins as a zip archive does, a member or the end of an empty directory. */
export function looksLikeZip(head: Uint8Array): boolean {
  const [p, k, a, b] = head;
  return p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6));
}

/** Whether a file begins as an HDF5 one does. */
export function looksLikeHdf5(head: Uint8Array): boolean {
  return [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, i) => head[i] === byte);
}
