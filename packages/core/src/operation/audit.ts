import type { Cache } from '../contracts/cache'
import type { Clock } from '../contracts/clock'
import type { EntryView } from '../contracts/inspection'
import type { AuditFinding, AuditOptions, AuditReport } from '../contracts/operation'
import { LarderError } from '../errors'
import { isDeepEqual } from './deep-equal'
import { sampleKeys } from './sample-keys'

/** What an audit needs of the cache. */
export interface Audited {
  readonly keys: Cache['keys']
  readonly delete: Cache['delete']
  /** The entry that is served now, wherever it is. */
  view(key: string): Promise<EntryView | undefined>
  /** How long an invalidation may be on its way here, in ms. */
  readonly maxStaleness: number
  readonly clock: Clock
}

/**
 * Compares entries with their source. A change of the source that is on its way here would look like a mistake: so what
 * differs is looked at again, after the time that an invalidation may take, and counts if it is still there.
 */
export async function auditEntries(cache: Audited, options: AuditOptions): Promise<AuditReport> {
  const { source, sample = 100, pattern = '*', rate = 10, isSame = isDeepEqual, repair, signal } = options
  if (!(rate > 0)) throw new LarderError('BAD_OPTION', `rate: ${rate} is no number above 0.`)
  const { clock } = cache
  const startedAt = clock.monotonic()
  const pause = (ms: number) => new Promise<void>((resolve) => void clock.timeout(ms, resolve))
  const suspects: string[] = []
  const different: AuditFinding[] = []
  let passed = 0
  let failed = 0
  let compared = 0

  /** Whether entry and source differ; undefined where that cannot be said. */
  async function differs(key: string): Promise<EntryView | false | undefined> {
    const before = await cache.view(key)
    if (before === undefined) return undefined
    const actual = await source(key)
    const after = await cache.view(key)
    if (after?.asOf !== before.asOf || after.createdAt.getTime() !== before.createdAt.getTime())
      return undefined
    return isSame(after.value, actual) ? false : after
  }

  async function look(key: string): Promise<EntryView | false | undefined> {
    try {
      const found = await differs(key)
      if (found === undefined) passed += 1
      return found
    } catch {
      failed += 1
      return undefined
    }
  }

  for (const key of await sampleKeys(cache, { sample, pattern })) {
    if (signal?.aborted) break
    const found = await look(key)
    if (found === false) compared += 1
    else if (found !== undefined) suspects.push(key)
    await pause(1_000 / rate)
  }
  if (suspects.length > 0) await pause(cache.maxStaleness)
  for (const key of suspects) {
    const found = await look(key)
    if (found === undefined) continue
    compared += 1
    if (found === false) continue
    different.push({ key, age: clock.now() - found.createdAt.getTime(), tags: found.tags })
    if (repair) await cache.delete(key)
    await pause(1_000 / rate)
  }
  return { compared, different, passed, failed, duration: clock.monotonic() - startedAt }
}
