import type { LocalEntry } from '@larder/core'

/** An entry as a cache passes it to a local tier. */
export function localEntry(key: string, value: unknown = 0): LocalEntry {
  const times = { createdAt: 0, freshUntil: 1, staleUntil: 1, errorUntil: 1, refreshAt: 1, computeTime: 1 }
  return {
    ...times,
    key,
    kind: 'value',
    value,
    tags: [],
    asOf: 1,
    term: 0,
    copy: (copied) => copied,
    sequence: 0,
    startedAt: { wall: 0, monotonic: 0 },
    checkedAt: 1,
    clockOffset: 0,
  }
}
