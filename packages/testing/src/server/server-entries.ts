import type { SharedWrite } from '@larder/core'

/** Bytes under a key: an entry, or the tombstone of a deleted one. */
export interface StoredEntry {
  readonly bytes: Uint8Array
  /** On the server's monotonic clock, in ms. */
  readonly expiresAt: number
}

/** Reads and writes the entries of a server. An entry never replaces one with a later position. */
export function createServerEntries(stored: () => Map<string, StoredEntry>, monotonic: () => number) {
  function readBytes(key: string): Uint8Array | undefined {
    const found = stored().get(key)
    return found === undefined || found.expiresAt <= monotonic() ? undefined : found.bytes
  }

  function storeBytes(key: string, bytes: Uint8Array, keepFor: number): void {
    stored().set(key, { bytes, expiresAt: monotonic() + keepFor })
  }

  return {
    /** The entry's bytes; `undefined` for a tombstone, which is a position of eight bytes and no content. */
    readEntry(key: string): Uint8Array | undefined {
      const bytes = readBytes(key)
      return bytes !== undefined && bytes.length > 8 ? bytes : undefined
    },

    writeEntry({ key, bytes, keepFor }: SharedWrite): void {
      if (positionOf(readBytes(key)) <= positionOf(bytes)) storeBytes(key, bytes, keepFor)
    },

    /** Removes an entry older than `position`, and leaves a tombstone for `keepFor` ms. */
    deleteOlder(key: string, position: number, keepFor: number): void {
      if (positionOf(readBytes(key)) >= position) return
      stored().delete(key)
      if (keepFor > 0) storeBytes(key, createTombstone(position), keepFor)
    },
  }
}

function positionOf(bytes: Uint8Array | undefined): number {
  return bytes === undefined ? -1 : Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0))
}

function createTombstone(position: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(position))
  return bytes
}
