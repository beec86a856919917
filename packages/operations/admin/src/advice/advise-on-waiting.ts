import { type Advice, formatPercent } from './advice'
import type { MissEvidence } from './miss-evidence'

/** Callers that wait for one computation of another caller. */
const manyWaiting = 5
const minWaiting = 100
/** Computations that were awaited: many callers wait once for what a process has just started to compute. */
const minComputations = 3

/** One key that so many callers want at once that all of them wait whenever it is computed. */
export function adviseOnHotKey({ activity, observed }: MissEvidence): Advice | undefined {
  const { name, joins, computes, cost } = activity
  const awaited = observed?.awaitedKeys ?? []
  if (joins < minWaiting || awaited.length < minWaiting || joins < manyWaiting * computes.value)
    return undefined
  const [key = ''] = awaited
  const share = awaited.filter((other) => other === key).length / awaited.length
  const computations = 1 + (observed?.awaitedComputations.get(key) ?? 0)
  if (share < 0.5 || computations < minComputations) return undefined
  return {
    id: 'hot-key',
    function: name,
    option: 'refreshAhead',
    title: `Many callers of ${name} wait for one key at a time`,
    evidence: `${joins} callers waited for computations of others, of the latest ${awaited.length} ${formatPercent(share)} for ${key}.`,
    advice: 'Set refreshAhead: 0.8 or staleWhileRevalidate, so that it is renewed while callers are served.',
    cost,
  }
}
