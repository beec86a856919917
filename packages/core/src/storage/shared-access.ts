import { fingerprintBytes } from '../contracts/lease'
import type { SharedTier, SharedWrite } from '../contracts/store'
import type { EntryCodec } from '../encoding/entry-codec'
import { usefulUntil } from '../entry/entry'
import type { HeldEntry } from '../entry/held'
import type { Gate } from '../faults/gate'
import type { MissReason, UnreadableReason } from '../telemetry/events'
import { type HoldRules, holdForeign, onlyToLook } from './hold'
import type { Standing } from './standing'

/** A shared tier behind its gate, with the codec for its bytes. */
export interface GatedTier {
  readonly tier: SharedTier
  readonly gate: Gate
  readonly codec: EntryCodec
}

/** An entry, and the tier it was found in. */
export interface Found {
  readonly entry: HeldEntry
  readonly tier: string
  /** What tells its bytes from those of another entry. */
  readonly fingerprint?: Uint8Array | undefined
}

/** Hears of an entry that was there and is of no use. */
export type Dropped = (key: string, reason: MissReason) => void

/** What reaching shared tiers needs. */
export interface SharedAccessOptions {
  readonly standing: Standing
  now(): number
  onUnreadable(key: string, tier: string, reason: UnreadableReason): void
  onWrite(key: string, tier: string, bytes: number): void
  onError(operation: string, error: unknown): void
  /** Lets work go on that nobody waits for. */
  detach(work: Promise<unknown>): void
}

/** Entries in and out of one shared tier: through its gate, by its codec, judged before their payload is touched. */
export function createSharedAccess(options: SharedAccessOptions) {
  const { standing, now, onUnreadable, onWrite, onError, detach } = options

  /** An entry that may never be served again is removed when it is met. */
  function unlink({ tier, gate }: GatedTier, key: string, asOf: number): Promise<void> {
    return gate.run('delete', () => tier.delete([key], asOf + 1, 0))
  }

  async function writeOf(
    entry: HeldEntry,
    tier: SharedTier,
    codec: EntryCodec,
    lease: string | undefined,
  ): Promise<SharedWrite> {
    const keepFor = Math.max(1, Math.min(usefulUntil(entry) - now(), tier.maxTtl))
    return { key: entry.key, bytes: await codec.encode(entry), keepFor, lease }
  }

  async function decode(
    bytes: Uint8Array,
    key: string,
    from: GatedTier,
    rules: HoldRules,
    onDropped: Dropped = () => undefined,
  ): Promise<Found | undefined> {
    const { tier, codec } = from
    const result = codec.readHeader(bytes, key)
    if (!result.ok) {
      onUnreadable(key, tier.name, result.reason)
      onDropped(key, 'unreadable')
      if (result.reason === 'wrong-key') tier.reset()
      return undefined
    }
    const { header } = result
    if (standing.isInvalidated(header)) {
      onDropped(key, 'invalidated')
      detach(unlink(from, key, header.asOf))
      return undefined
    }
    const decoded = await codec.decodeValue(header)
    if (!decoded.ok) {
      onUnreadable(key, tier.name, decoded.reason)
      onDropped(key, 'unreadable')
      return undefined
    }
    const entry = holdForeign(header, decoded.value, rules)
    return { entry, tier: tier.name, fingerprint: bytes.slice(0, fingerprintBytes) }
  }

  return {
    decode,

    /** The tier's answers for `keys`; a tier that fails has none. */
    async ask(
      from: GatedTier,
      keys: readonly string[],
      rules: HoldRules,
      onDropped?: Dropped,
    ): Promise<(Found | undefined)[] | undefined> {
      try {
        const answers = await from.gate.run('get', () => from.tier.get(keys))
        return await Promise.all(
          keys.map((key, at) => {
            const bytes = answers[at]
            return bytes === undefined ? undefined : decode(bytes, key, from, rules, onDropped)
          }),
        )
      } catch {
        return undefined
      }
    },

    /** Writes entries; what fails is reported. Returns whether the tier took them. */
    async write(
      { tier, gate, codec }: GatedTier,
      entries: readonly HeldEntry[],
      lease: string | undefined,
    ): Promise<boolean> {
      try {
        const writes = await Promise.all(entries.map((entry) => writeOf(entry, tier, codec, lease)))
        // What fails behind the gate is told there.
        const isTaken = await gate
          .run('set', () => tier.set(writes))
          .then(
            () => true,
            () => false,
          )
        if (isTaken) for (const { key, bytes } of writes) onWrite(key, tier.name, bytes.length)
        return isTaken
      } catch (error) {
        onError('write', error)
        return false
      }
    },

    /** What the tier holds of the key, though it be invalidated. */
    async inspect({ tier, gate, codec }: GatedTier, key: string): Promise<Found | undefined> {
      const [bytes] = await gate.run('get', () => tier.get([key])).catch(() => [])
      const header = bytes && codec.readHeader(bytes, key)
      const decoded = header?.ok ? await codec.decodeValue(header.header) : undefined
      if (!header?.ok || !decoded?.ok) return undefined
      return { entry: holdForeign(header.header, decoded.value, onlyToLook), tier: tier.name }
    },

    /** Removes what can never be served again among these keys. Returns how many entries that were. */
    async sweep(from: GatedTier, keys: readonly string[]): Promise<number> {
      const answers = await from.gate.run('get', () => from.tier.get(keys))
      const dead = keys.flatMap((key, at) => {
        const bytes = answers[at]
        const header = bytes && from.codec.readHeader(bytes, key)
        return header?.ok && standing.isInvalidated(header.header) ? [header.header] : []
      })
      await Promise.all(dead.map(({ key, asOf }) => unlink(from, key, asOf)))
      return dead.length
    },
  }
}
