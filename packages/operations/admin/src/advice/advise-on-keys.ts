import { type Advice, formatPercent, minEvents, sumOf } from './advice'
import type { FunctionActivity } from './function-activity'
import { type MissEvidence, shareOf } from './miss-evidence'

/** Seconds or milliseconds since 1970, or a time as ISO 8601 has it. */
const pointInTime = /(?<!\d)\d{10}(?:\d{3})?(?!\d)|\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*Z?/g
/** A key with a time that is further from now has a reason for it: the beginning of a day, or another number. In ms. */
const maxDistance = 5 * 60_000

/** For so long a process that has just started reads keys for the first time, however often they repeat later. In ms. */
const warmUpPeriod = 10 * 60_000

const maxKeyLength = 80

/** Keys that hardly repeat, or repeat and have no entry each time. */
export function adviseOnKeys({ activity, observed }: MissEvidence, elapsed: number): Advice | undefined {
  const share = shareOf(activity, 'absent')
  if (share < 0.8 || activity.hitRatio >= (elapsed < warmUpPeriod ? 0.1 : 0.5)) return undefined
  const keys = observed?.absentKeys ?? []
  return adviseOnRepeatedKeys(activity, keys) ?? adviseOnNewKeys(activity, keys, share)
}

/** Failures leave no entry either, and have advice of their own. Callers that wait together read a key that gets a value. */
function adviseOnRepeatedKeys(
  { name, misses, joins, computes, fills, cost }: FunctionActivity,
  keys: readonly string[],
): Advice | undefined {
  const different = new Set(keys).size
  if (keys.length < minEvents || different > keys.length / 2) return undefined
  if (computes.error + computes.timeout > 0 || fills.stored > (misses - joins) / 2) return undefined
  return {
    id: 'never-stored',
    function: name,
    option: 'getOrCompute',
    title: `The same keys of ${name} are read again and again, and have no value`,
    evidence: `The latest ${keys.length} reads without an entry were of ${different} keys, such as ${shortenKey(keys[0] ?? '')}.`,
    advice:
      'Read with getOrCompute or a wrapped function, which stores what it computes; store null for what does not exist.',
    cost,
  }
}

function adviseOnNewKeys(
  activity: FunctionActivity,
  keys: readonly string[],
  share: number,
): Advice | undefined {
  if (activity.computes.error + activity.computes.timeout > sumOf(activity.computes) / 2) return undefined
  const [latest] = keys
  const example = latest === undefined ? '' : ` The latest was ${shortenKey(latest)}.`
  const measured = {
    function: activity.name,
    option: 'key',
    evidence: `${formatPercent(share)} of ${activity.misses} misses found no entry.${example}`,
    cost: activity.cost,
  }
  if (keys.length > 1 && keys.every(containsNow))
    return {
      ...measured,
      id: 'time-in-key',
      title: `The keys of ${activity.name} contain the time, and never repeat`,
      advice:
        'Leave the time out of its arguments or its key, or round it to the period for which a value may be kept.',
    }
  return {
    ...measured,
    id: 'fewer-keys',
    title: `The keys of ${activity.name} hardly repeat`,
    advice:
      'Leave out of the key what does not change the value (trace ids, users, query parameters), or warm the keys that will be read. A job that reads everything once needs no change.',
  }
}

function containsNow(key: string): boolean {
  return Array.from(key.matchAll(pointInTime), ([text]) => toMoment(text)).some(
    (moment) => Math.abs(moment - Date.now()) <= maxDistance,
  )
}

/** In ms since 1970. */
function toMoment(text: string): number {
  if (text.includes('T')) return Date.parse(text)
  return Number(text) * (text.length === 10 ? 1_000 : 1)
}

const shortenKey = (key: string) =>
  key.length <= maxKeyLength ? key : `${key.slice(0, maxKeyLength / 2)}…${key.slice(-maxKeyLength / 2)}`
