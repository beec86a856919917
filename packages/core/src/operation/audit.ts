import type { Cache } from '../contracts/cache'
import type { Clock } from '../contracts/clock'
import type { EntryView } from '../contracts/inspection'
import type { AuditFinding, AuditOptions, AuditReport } from '../contracts/operation'
import { isDeepEqual } from './deep-equal'
import { sampleKeys } from './sample-keys'

/** The part of a cache that an audit uses. */
interface AuditedCache {
  readonly keys: Cache['keys']
  readonly delete: Cache['delete']
  /** The entry that would be served now, from any tier. */
  findServed(key: string): Promise<EntryView | undefined>
  /** Maximum time that an invalidation takes to reach this process, in ms. */
  readonly maxStaleness: number
  readonly clock: Clock
}

/**
 * Compares a sample of entries with the source. An entry whose invalidation is still on its way here would look like a
 * finding. So an entry that differs is compared again after `maxStaleness`, and reported if it still differs.
 */
export async function auditEntries(cache: AuditedCache, options: AuditOptions): Promise<AuditReport> {
  const { sample = 100, pattern = '*', rate = 10, repair, signal } = options
  const { clock } = cache
  const startedAt = clock.monotonic()
  const waitFor = (ms: number) => new Promise<void>((resolve) => void clock.timeout(ms, resolve))
  const compare = createComparison(cache, options)
  const suspects: string[] = []
  const different: AuditFinding[] = []
  let compared = 0

  for (const key of await sampleKeys(cache, { sample, pattern })) {
    if (signal?.aborted) break
    const result = await compare.compareEntry(key)
    if (result === 'equal') compared += 1
    else if (typeof result === 'object') suspects.push(key)
    await waitFor(1_000 / rate)
  }
  if (suspects.length > 0) await waitFor(cache.maxStaleness)
  for (const key of suspects) {
    const result = await compare.compareEntry(key)
    if (result === 'incomparable') continue
    compared += 1
    if (result === 'equal') continue
    different.push({ key, age: clock.now() - result.createdAt.getTime(), tags: result.tags })
    if (repair) await cache.delete(key)
    await waitFor(1_000 / rate)
  }
  const { passed, failed } = compare
  return { compared, different, passed, failed, duration: clock.monotonic() - startedAt }
}

/** The entry if it differs from the source; `incomparable` if it changed meanwhile, or if the source failed. */
type ComparisonResult = EntryView | 'equal' | 'incomparable'

function createComparison(cache: AuditedCache, { source, isSame = isDeepEqual }: AuditOptions) {
  let passed = 0
  let failed = 0

  async function compareUnchanged(key: string): Promise<ComparisonResult> {
    const before = await cache.findServed(key)
    if (before === undefined) return 'incomparable'
    const actual = await source(key)
    const after = await cache.findServed(key)
    if (after?.asOf !== before.asOf || after.createdAt.getTime() !== before.createdAt.getTime())
      return 'incomparable'
    return isSame(after.value, actual) ? 'equal' : after
  }

  return {
    /** Entries that were removed or replaced before they could be compared. */
    get passed() {
      return passed
    },
    /** Entries for which the source threw an error. */
    get failed() {
      return failed
    },
    async compareEntry(key: string): Promise<ComparisonResult> {
      try {
        const result = await compareUnchanged(key)
        if (result === 'incomparable') passed += 1
        return result
      } catch {
        failed += 1
        return 'incomparable'
      }
    },
  }
}
