import type { ReadStats } from '@larder/core'
import { showDetails } from './dialogs'
import { formatBytes, formatCount, formatDuration } from './format'
import type { LiveState } from './live-state'
import { printableName } from './names'

/** Opens all counts of a function, and those of the costly and most-read keys that are its own. */
export function openFunction(name: string, { stats, activity }: LiveState): void {
  const counts = stats.functions[name]
  if (counts === undefined) return
  showDetails({
    title: name === '*' ? 'Other reads' : printableName(name),
    facts: { ...describeCounts(counts), ...describeKeys(name, activity) },
  })
}

function describeCounts(counts: ReadStats): Record<string, string> {
  return {
    'hits by tier': listCounts(counts.hits),
    stale: formatCount(counts.stale),
    'misses by reason': listCounts(counts.missReasons),
    'callers that waited for others': formatCount(counts.joins),
    'computations by outcome': listCounts(counts.computes),
    'total time of computations': formatDuration(counts.computeTime),
    '95th percentile of recent computations': formatDuration(counts.computeP95),
    'values by what became of them': listCounts(counts.fills),
    'not stored because of': listCounts(counts.skips),
    'written to shared stores': formatBytes(counts.writtenBytes),
    'mean age of hits': formatDuration(counts.servedAge),
  }
}

function describeKeys(name: string, { costlyKeys, topKeys }: LiveState['activity']): Record<string, string> {
  const isOwn = (key: string) => key.startsWith(`${name}(`)
  const costly = costlyKeys
    .filter(({ key }) => isOwn(key))
    .map(({ key, time }) => `${printableName(key)}: ${formatDuration(time)}`)
  const read = topKeys.map(({ name: key }) => key).filter(isOwn)
  return {
    'costly keys, while watched': listLines(costly),
    'most-read keys, while watched': listLines(read.map(printableName)),
  }
}

const listLines = (lines: readonly string[]) => (lines.length === 0 ? 'none seen' : lines.join('\n'))

function listCounts(counts: Readonly<Record<string, number>>): string {
  const listed = Object.entries(counts).filter(([, count]) => count > 0)
  if (listed.length === 0) return 'none'
  return listed.map(([name, count]) => `${name} ${formatCount(count)}`).join(', ')
}
