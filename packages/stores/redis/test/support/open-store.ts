import { type Store, systemClock } from '@larder/core'

/** Opens a store like a cache of this name. */
export function openStore(store: Store, name = 'test', report: (error: unknown) => void = () => undefined) {
  const opened = store.open({ name, clock: systemClock, report, evicted: () => undefined })
  if (opened.log === undefined || opened.leases === undefined)
    throw new Error('A Redis store must have a log and leases.')
  return { ...opened, log: opened.log, leases: opened.leases }
}

/** The bytes of an entry as a store sees them: a position, and a payload after it. */
export function entryBytes(position: number, text = 'payload'): Uint8Array {
  const bytes = new Uint8Array(8 + text.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(position))
  bytes.set(new TextEncoder().encode(text), 8)
  return bytes
}

export function payloadOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes.subarray(8))
}
