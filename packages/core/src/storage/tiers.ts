import type { Clock } from '../contracts/clock'
import { fingerprintBytes } from '../contracts/lease'
import type { LocalTier, SharedTier } from '../contracts/store'
import type { EntryCodec } from '../encoding/entry-codec'
import { usefulUntil } from '../entry/entry'
import { foreign, type HeldEntry } from '../entry/held'
import type { Gate } from '../faults/gate'
import type { UnreadableReason } from '../telemetry/events'
import { capped, type EarlyRules, hold, noEarlyRules } from './hold'
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

/** What the tiers are made of. */
export interface TiersOptions {
  readonly local: LocalTier | undefined
  readonly shared: readonly GatedTier[]
  readonly clock: Clock
  readonly standing: Standing
  /** Milliseconds since the epoch on the log's clock. */
  now(): number
  readonly isolate: boolean
  onUnreadable(key: string, tier: string, reason: UnreadableReason): void
  onError(operation: string, error: unknown): void
}

/** How long a deleted key refuses older entries that arrive late, in ms: what outlives every computation and every delay. */
export const tombstoneFor = 600_000

/**
 * Every tier of a cache, from near to far. A hit below fills the tiers above with the entry's remaining freshness;
 * no failure of a tier reaches a caller.
 */
export function createTiers(options: TiersOptions) {
  const { local, shared, standing } = options
  /** Entries on their way to the shared tiers: read from here until they are there. */
  const writing = new Map<string, HeldEntry>()
  const background = new Set<Promise<unknown>>()

  /** Work nobody waits for. It never rejects; `settle` waits for the rest of it. */
  function detach(work: Promise<unknown>): void {
    const quiet = work.catch(() => undefined).finally(() => background.delete(quiet))
    background.add(quiet)
  }

  function keepLocally(entry: HeldEntry): void {
    if (local === undefined) return
    const existing = local.get(entry.key)
    if (existing !== undefined && existing.asOf > entry.asOf && standing.of(existing) !== 'dead') return
    local.set(capped(entry, local.maxTtl, options.now()))
  }

  async function decode(
    bytes: Uint8Array,
    key: string,
    from: GatedTier,
    rules: EarlyRules,
  ): Promise<Found | undefined> {
    const header = from.codec.readHeader(bytes, key)
    if (!header.ok) {
      options.onUnreadable(key, from.tier.name, header.reason)
      if (header.reason === 'wrong-key') from.tier.reset()
      return undefined
    }
    if (standing.isInvalidated(header.header)) {
      unlink(from, key, header.header.asOf)
      return undefined
    }
    const decoded = await from.codec.decodeValue(header.header)
    if (!decoded.ok) {
      options.onUnreadable(key, from.tier.name, decoded.reason)
      return undefined
    }
    const entry = hold(
      { ...header.header, value: decoded.value },
      { rules, isolate: options.isolate, ...foreign },
    )
    return { entry, tier: from.tier.name, fingerprint: bytes.slice(0, fingerprintBytes) }
  }

  /** An entry that may never be served again is removed when it is met. */
  function unlink({ tier, gate }: GatedTier, key: string, asOf: number): void {
    detach(gate.run('delete', () => tier.delete([key], asOf + 1, 0)))
  }

  /** One tier's answers for `keys`; a tier that fails has none. */
  async function ask(
    from: GatedTier,
    keys: readonly string[],
    rules: EarlyRules,
  ): Promise<(Found | undefined)[] | undefined> {
    try {
      const answers = await from.gate.run('get', () => from.tier.get(keys))
      return await Promise.all(
        keys.map((key, at) => {
          const bytes = answers[at]
          return bytes === undefined ? undefined : decode(bytes, key, from, rules)
        }),
      )
    } catch {
      return undefined
    }
  }

  async function write(
    to: GatedTier,
    entries: readonly HeldEntry[],
    lease: string | undefined,
  ): Promise<void> {
    const now = options.now()
    const writes = await Promise.all(
      entries.map(async (entry) => ({
        key: entry.key,
        bytes: await to.codec.encode(entry),
        keepFor: Math.max(1, Math.min(usefulUntil(entry) - now, to.tier.maxTtl)),
        lease,
      })),
    )
    await to.gate.run('set', () => to.tier.set(writes))
  }

  /** Writes to these tiers; what fails is reported and otherwise passed over. */
  async function writeAll(
    to: readonly GatedTier[],
    entries: readonly HeldEntry[],
    lease?: string,
  ): Promise<void> {
    for (const entry of entries) writing.set(entry.key, entry)
    try {
      await Promise.all(
        to.map((target) =>
          write(target, entries, lease).catch((error: unknown) => options.onError('encode', error)),
        ),
      )
    } finally {
      for (const entry of entries) if (writing.get(entry.key) === entry) writing.delete(entry.key)
    }
  }

  function fill(depth: number, found: readonly HeldEntry[]): void {
    for (const entry of found) keepLocally(entry)
    if (depth > 0 && found.length > 0) detach(writeAll(shared.slice(0, depth), found))
  }

  return {
    get isShared() {
      return shared.length > 0
    },
    get localName() {
      return local?.name ?? 'pending'
    },
    usage: () => local?.usage(),

    /** The entry that this process has at hand, whatever its state. */
    peek(key: string): HeldEntry | undefined {
      return local?.get(key) ?? (writing.size > 0 ? writing.get(key) : undefined)
    },

    /** Like `peek`, but leaves no trace. */
    glance(key: string): HeldEntry | undefined {
      return local?.peek(key) ?? writing.get(key)
    },

    /** What any tier holds of the key, from near to far, whatever its state and though it be invalidated. */
    async inspect(key: string): Promise<Found | undefined> {
      const near = this.glance(key)
      if (near !== undefined) return { entry: near, tier: local?.name ?? 'pending' }
      for (const from of shared) {
        const [bytes] = await from.gate.run('get', () => from.tier.get([key])).catch(() => [])
        const header = bytes && from.codec.readHeader(bytes, key)
        const decoded = header?.ok ? await from.codec.decodeValue(header.header) : undefined
        if (!header?.ok || !decoded?.ok) continue
        const entry = { ...header.header, value: decoded.value }
        return {
          entry: hold(entry, { rules: noEarlyRules, isolate: options.isolate, ...foreign }),
          tier: from.tier.name,
        }
      }
      return undefined
    },

    standingOf: standing.of,

    /** Looks in the shared tiers from near to far, one round trip each, until every key has a fresh entry. */
    async fetch(keys: readonly string[], rules: EarlyRules): Promise<Map<string, Found>> {
      const best = new Map<string, Found>()
      let missing = keys
      for (const [depth, from] of shared.entries()) {
        if (missing.length === 0) break
        const answers = (await ask(from, missing, rules)) ?? []
        const found = answers.filter((answer) => answer !== undefined)
        for (const answer of found) {
          const known = best.get(answer.entry.key)
          if (known === undefined || known.entry.asOf <= answer.entry.asOf) best.set(answer.entry.key, answer)
        }
        fill(
          depth,
          found.map(({ entry }) => entry),
        )
        missing = missing.filter((key) => {
          const known = best.get(key)
          return known === undefined || standing.of(known.entry) !== 'fresh'
        })
      }
      return best
    },

    /** Takes in an entry that the farthest tier has handed over another way. */
    async adopt(bytes: Uint8Array, key: string, rules: EarlyRules): Promise<Found | undefined> {
      const last = shared.at(-1)
      const found = last && (await decode(bytes, key, last, rules))
      if (found !== undefined) fill(shared.length - 1, [found.entry])
      return found
    },

    /** Keeps entries in this process at once. */
    keep(entry: HeldEntry): void {
      keepLocally(entry)
    },

    /** Writes entries to every shared tier. Never rejects. */
    write: (entries: readonly HeldEntry[], lease?: string) => writeAll(shared, entries, lease),

    /** Removes a key's entries older than `position` from this process. */
    forget(key: string, position: number): void {
      writing.delete(key)
      const existing = local?.get(key)
      if (existing !== undefined && existing.asOf < position) local?.delete(key)
    },

    /** Forgets everything this process holds. */
    forgetAll(): void {
      if (local === undefined) return
      for (const entry of [...local.entries()]) local.delete(entry.key)
    },

    /** Removes keys from every shared tier and refuses older entries that arrive late. @throws what a tier answers. */
    async remove(keys: readonly string[], position: number): Promise<void> {
      await Promise.all(
        shared.map(({ tier, gate }) => gate.run('delete', () => tier.delete(keys, position, tombstoneFor))),
      )
    },

    /** Removes what can never be served again, a page at a time. Returns how many entries were removed. */
    async sweep(pause: () => Promise<void>): Promise<number> {
      let removed = 0
      for (const from of shared) {
        for await (const keys of from.tier.scan()) {
          removed += await sweepPage(from, keys)
          await pause()
        }
      }
      for (const entry of [...(local?.entries() ?? [])]) {
        if (standing.of(entry) !== 'dead') continue
        local?.delete(entry.key)
        removed += 1
      }
      return removed
    },

    detach,

    /** Waits for what was detached. */
    async settle(): Promise<void> {
      while (background.size > 0) await Promise.all(background)
    },
  }

  async function sweepPage(from: GatedTier, keys: readonly string[]): Promise<number> {
    const answers = await from.gate.run('get', () => from.tier.get(keys))
    const dead = keys.flatMap((key, at) => {
      const bytes = answers[at]
      const header = bytes && from.codec.readHeader(bytes, key)
      return header?.ok && standing.isInvalidated(header.header) ? [header.header] : []
    })
    await Promise.all(
      dead.map((entry) => from.gate.run('delete', () => from.tier.delete([entry.key], entry.asOf + 1, 0))),
    )
    return dead.length
  }
}

export type Tiers = ReturnType<typeof createTiers>
