import type { UnreadableReason } from '../contracts/events'
import type { LocalTier, ScanPage } from '../contracts/store'
import type { LocalEntry } from '../entry/local-entry'
import { capTtl, type LocalEntryRules } from './to-local-entry'
import { pageOfKeys } from './key-page'
import {
  type Answer,
  type Company,
  createSharedTierClient,
  type Found,
  type GuardedTier,
  type SharedTierClient,
} from './shared-tier-client'
import type { Validity } from './validity'

/** What the tiers are made of. */
export interface TiersOptions {
  readonly local: LocalTier | undefined
  readonly shared: readonly GuardedTier[]
  readonly validity: Validity
  /** Milliseconds since the epoch on the log's clock. */
  now(): number
  onUnreadable(key: string, tier: string, reason: UnreadableReason): void
  onWrite(key: string, tier: string, bytes: number): void
  onError(operation: string, error: unknown): void
}

/** One key that is looked for. */
export interface Question {
  readonly key: string
  readonly rules: LocalEntryRules
  readonly company: Company
}

/** How long a deleted key refuses older entries that arrive late, in ms: what outlives every computation and every delay. */
export const tombstoneFor = 600_000

/** Keys that a sweep looks at together. */
const sweptAtOnce = 1_000

/**
 * Every tier of a cache, from near to far. A hit below fills the tiers above with the entry's remaining freshness;
 * no failure of a tier reaches a caller.
 */
export function createTiers(options: TiersOptions) {
  const { local, validity } = options
  /** Entries on their way to the shared tiers: read from here until they are there. */
  const writing = new Map<string, LocalEntry>()
  const background = new Set<Promise<unknown>>()

  /** Work nobody waits for. It never rejects; `settle` waits for the rest of it. */
  function detach(work: Promise<unknown>): void {
    const quiet = work.catch(() => undefined).finally(() => background.delete(quiet))
    background.add(quiet)
  }

  const shared = options.shared.map((tier) => createSharedTierClient(tier, { ...options, detach }))

  function keepLocally(entry: LocalEntry): void {
    if (local === undefined) return
    const existing = local.peek(entry.key)
    if (existing !== undefined && existing.asOf > entry.asOf && validity.stateOf(existing) !== 'dead') return
    local.set(capTtl(entry, local.maxTtl, options.now()))
  }

  /** Writes to these tiers; what fails is reported and otherwise passed over. */
  async function writeAll(
    to: readonly SharedTierClient[],
    entries: readonly LocalEntry[],
    lease?: string,
  ): Promise<boolean> {
    for (const entry of entries) writing.set(entry.key, entry)
    try {
      const written = await Promise.all(to.map((target) => target.write(entries, lease)))
      return written.every(Boolean)
    } finally {
      for (const entry of entries) if (writing.get(entry.key) === entry) writing.delete(entry.key)
    }
  }

  function fill(depth: number, found: readonly LocalEntry[]): void {
    for (const entry of found) keepLocally(entry)
    if (depth > 0 && found.length > 0) detach(writeAll(shared.slice(0, depth), found))
  }

  /** Asks the tier at `depth`, and those behind it while there is nothing fresh. */
  async function askFrom(depth: number, question: Question, known: Answer): Promise<Answer> {
    const from = shared[depth]
    if (from === undefined) return known
    const answer = await from.askOne(question.key, question.rules, question.company)
    if (typeof answer === 'object') fill(depth, [answer.entry])
    const best = better(known, answer)
    return isEnough(best, depth) ? best : askFrom(depth + 1, question, best)
  }

  /** Whether no tier behind this one is to be asked. The farthest has none behind it, so its answer needs no thought. */
  function isEnough(answer: Answer, depth: number): boolean {
    return (
      depth === shared.length - 1 || (typeof answer === 'object' && validity.stateOf(answer.entry) === 'fresh')
    )
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
    peek(key: string): LocalEntry | undefined {
      return local?.get(key) ?? (writing.size > 0 ? writing.get(key) : undefined)
    },

    /** Like `peek`, but leaves no trace. */
    glance(key: string): LocalEntry | undefined {
      return local?.peek(key) ?? writing.get(key)
    },

    /** What the tiers hold of the key, though it be invalidated: the first that is fresh, from near to far, or the nearest. */
    async inspect(key: string): Promise<Found | undefined> {
      const near = this.glance(key)
      let nearest: Found | undefined = near && { entry: near, tier: local?.name ?? 'pending' }
      for (const from of shared) {
        if (nearest !== undefined && validity.stateOf(nearest.entry) === 'fresh') break
        const found = await from.inspect(key)
        if (nearest === undefined || (found !== undefined && validity.stateOf(found.entry) === 'fresh'))
          nearest = found
      }
      return nearest
    },

    stateOf: validity.stateOf,

    /** Looks in the shared tiers from near to far, one round trip each, until every key has a fresh entry. */
    async fetch(keys: readonly string[], rules: LocalEntryRules): Promise<Map<string, Found>> {
      const best = new Map<string, Found>()
      let missing = keys
      for (const [depth, from] of shared.entries()) {
        if (missing.length === 0) break
        const answers = await from.ask(missing, rules)
        const found = answers.filter((answer) => typeof answer === 'object')
        for (const answer of found)
          best.set(answer.entry.key, newer(best.get(answer.entry.key) ?? answer, answer))
        fill(
          depth,
          found.map(({ entry }) => entry),
        )
        missing = missing.filter((key) => !isEnough(best.get(key) ?? 'absent', depth))
      }
      return best
    },

    /** The same for one key: what was found, or why nothing was. */
    fetchOne: (question: Question): Promise<Answer> => askFrom(0, question, 'absent'),

    /** Takes in an entry that the farthest tier has handed over another way. */
    async adopt(bytes: Uint8Array, key: string, rules: LocalEntryRules): Promise<Found | undefined> {
      const answer = await shared.at(-1)?.decode(bytes, key, rules)
      if (typeof answer !== 'object') return undefined
      fill(shared.length - 1, [answer.entry])
      return answer
    },

    /** Keeps entries in this process at once. */
    keep(entry: LocalEntry): void {
      keepLocally(entry)
    },

    /** Writes entries to every shared tier. Never rejects; says whether all of them took it. */
    write: (entries: readonly LocalEntry[], lease?: string) => writeAll(shared, entries, lease),

    /** Removes a key's entries older than `position` from this process. */
    forget(key: string, position: number): void {
      writing.delete(key)
      const existing = local?.get(key)
      if (existing !== undefined && existing.asOf < position) local?.delete(key)
    },

    /** Forgets everything this process holds. */
    forgetAll(): void {
      writing.clear()
      if (local === undefined) return
      for (const entry of [...local.entries()]) local.delete(entry.key)
    },

    /**
     * Removes keys from every shared tier, and refuses older entries that arrive late for `keepFor` ms. Never rejects: the
     * log ends them. Says whether every tier has done it.
     */
    async remove(keys: readonly string[], position: number, keepFor = tombstoneFor): Promise<boolean> {
      const removed = await Promise.allSettled(
        shared.map(({ tier, policy }) => policy.execute('delete', () => tier.delete(keys, position, keepFor))),
      )
      return removed.every(({ status }) => status === 'fulfilled')
    },

    /** Keys of the farthest tier, which holds what the others hold. */
    async scan(cursor: string | undefined, count: number): Promise<ScanPage> {
      const last = shared.at(-1)
      if (last !== undefined) return last.policy.execute('scan', () => last.tier.scan(cursor, count))
      return pageOfKeys(local?.entries() ?? [], cursor, count)
    },

    /** Removes what can never be served again, a page at a time. Returns how many entries were removed. */
    async sweep(pause: () => Promise<void>): Promise<number> {
      let removed = 0
      for (const from of shared) {
        let page: ScanPage = { keys: [], cursor: undefined }
        do {
          const { cursor } = page
          page = await from.policy.execute('scan', () => from.tier.scan(cursor, sweptAtOnce))
          removed += await from.sweep(page.keys)
          await pause()
        } while (page.cursor !== undefined)
      }
      for (const entry of [...(local?.entries() ?? [])]) {
        if (validity.stateOf(entry) !== 'dead') continue
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
}

/** The newer entry; failing any, the first reason that says something. */
function better(known: Answer, answer: Answer): Answer {
  if (typeof answer === 'object') return typeof known === 'object' ? newer(known, answer) : answer
  return known === 'absent' ? answer : known
}

function newer(known: Found, found: Found): Found {
  return known.entry.asOf <= found.entry.asOf ? found : known
}

export type Tiers = ReturnType<typeof createTiers>
