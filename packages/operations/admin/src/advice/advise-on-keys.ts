import { type Advice, formatPercent } from './advice'
import { type MissEvidence, shareOf } from './miss-evidence'

/** Seconds or milliseconds since 1970 from the year 2001 on, or a time as ISO 8601 has it. */
const pointInTime = /(?<!\d)1\d{9}(\d{3})?(?!\d)|\d{4}-\d\d-\d\dT\d\d:\d\d/

const maxKeyLength = 80

/** Keys that hardly repeat. A cache that has just started has them too: so less than half of the reads must be served. */
export function adviseOnKeys({ activity, observed }: MissEvidence): Advice | undefined {
  const share = shareOf(activity, 'absent')
  if (share < 0.8 || activity.hitRatio >= 0.5) return undefined
  const keys = observed?.absentKeys ?? []
  const [latest] = keys
  const example = latest === undefined ? '' : ` The latest was ${shortenKey(latest)}.`
  const measured = {
    function: activity.name,
    option: 'key',
    evidence: `${formatPercent(share)} of ${activity.misses} misses found no entry.${example}`,
    cost: activity.cost,
  }
  if (keys.length > 1 && keys.every((key) => pointInTime.test(key)))
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
      'Leave out of the key what does not change the value (trace ids, users, query parameters), or warm the keys that will be read.',
  }
}

const shortenKey = (key: string) =>
  key.length <= maxKeyLength ? key : `${key.slice(0, maxKeyLength / 2)}…${key.slice(-maxKeyLength / 2)}`
