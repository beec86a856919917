import { toAnswer } from '../arguments/option-kinds'
import type { Cache } from '../contracts/cache'
import type { Clock } from '../contracts/clock'
import type { EntryView } from '../contracts/inspection'
import type { AuditFinding, AuditOptions, AuditOutcome, AuditReport } from '../contracts/operation'
import { isDeepEqual } from './deep-equal'
import { sampleKeys } from './sample-keys'

/** The part of a cache that an audit uses. */
interface AuditedCache {
  readonly keys: Cache['keys']
  readonly delete: Cache['delete']
  /** The entry that would be served now, from any tier. */
  findServed(key: string): Promise<EntryView | undefined>
  /** Counts an entry that was looked at. */
  recordOutcome(outcome: Exclude<AuditOutcome, 'different'>): void
  /** Counts an entry that differs, and emits it. */
  recordFinding(finding: AuditFinding): void
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
  const counts = { same: 0, passed: 0, failed: 0 }
  const suspects: string[] = []
  const different: AuditFinding[] = []

  function count(outcome: keyof typeof counts): void {
    counts[outcome] += 1
    cache.recordOutcome(outcome)
  }

  for (const key of await sampleKeys(cache, { sample, pattern })) {
    if (signal?.aborted) break
    const result = await compareEntry(cache, key, options)
    if (typeof result === 'string') count(result)
    else suspects.push(key)
    await waitFor(1_000 / rate)
  }
  if (suspects.length > 0) await waitFor(cache.maxStaleness)
  for (const key of suspects) {
    const result = await compareEntry(cache, key, options)
    if (typeof result === 'string') {
      count(result)
      continue
    }
    const finding = { key, age: clock.now() - result.createdAt.getTime(), tags: result.tags }
    different.push(finding)
    cache.recordFinding(finding)
    if (repair) await cache.delete(key)
    await waitFor(1_000 / rate)
  }
  const { same, passed, failed } = counts
  const duration = clock.monotonic() - startedAt
  return { compared: same + different.length, different, passed, failed, duration }
}

/** Compares an entry with its source once. Returns the entry if it differs. */
async function compareEntry(
  cache: AuditedCache,
  key: string,
  { source, isSame = isDeepEqual }: AuditOptions,
): Promise<EntryView | Exclude<AuditOutcome, 'different'>> {
  try {
    const before = await cache.findServed(key)
    if (before === undefined) return 'passed'
    const actual = await source(key)
    const after = await cache.findServed(key)
    if (after?.asOf !== before.asOf || after.createdAt.getTime() !== before.createdAt.getTime())
      return 'passed'
    return toAnswer('isSame', isSame(after.value, actual)) ? 'same' : after
  } catch {
    return 'failed'
  }
}
