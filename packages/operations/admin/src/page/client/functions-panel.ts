import type { ReadStats } from '@larder/core'
import { showDetails } from './dialogs'
import { elementById } from './elements'
import { formatBytes, formatCount, formatDuration, formatPercent } from './format'
import type { LiveState } from './live-state'
import { printableName, shortName } from './names'
import { type RunbookSection, runbookUrl } from './runbook'
import { type Cell, type Column, showTable } from './tables'

const columns: readonly Column[] = [
  { heading: 'function' },
  { heading: 'reads', isNumber: true, meaning: 'since the process started' },
  { heading: 'hit ratio', isNumber: true, meaning: 'fresh and stale values served, of all reads' },
  { heading: 'misses', isNumber: true, meaning: 'most frequent reason' },
  { heading: 'computed', isNumber: true, meaning: 'computations, and how many of them failed' },
  { heading: 'computing', isNumber: true, meaning: 'total duration of the computations' },
  { heading: 'p95', isNumber: true, meaning: '95 % of the recent computations took no longer' },
  { heading: 'not kept', isNumber: true, meaning: 'computed values that were skipped or outdated' },
  { heading: 'written', isNumber: true, meaning: 'bytes written to shared stores' },
]

const sumOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

/** The rows stay from second to second: what they open is looked up here. */
let latest: LiveState | undefined

/** Shows every function that was used, the one that computed longest first. A function opens its reasons and its keys. */
export function showFunctions(state: LiveState): void {
  latest = state
  const rows = Object.entries(state.stats.functions)
    .filter(([, counts]) => readsOf(counts) + sumOf(counts.computes) + sumOf(counts.fills) > 0)
    .sort(([, a], [, b]) => b.computeTime - a.computeTime || readsOf(b) - readsOf(a))
    .map(([name, counts]) => describeFunction(name, counts))
  showTable(elementById('functions'), {
    columns,
    rows,
    emptyText:
      'Nothing was read yet. Wrapped functions, HTTP routes and namespaces appear with their first read.',
  })
}

function describeFunction(name: string, counts: ReadStats): Cell[] {
  const { misses, missReasons, computes, computeTime, computeP95, fills, writtenBytes, hitRatio } = counts
  const reads = readsOf(counts)
  const reason = mostFrequent(missReasons)
  const failed = (computes.error ?? 0) + (computes.timeout ?? 0)
  const notKept = (fills.skipped ?? 0) + (fills.outdated ?? 0)
  return [
    { text: nameOf(name), title: printableName(name), open: () => openFunction(name) },
    formatCount(reads),
    warnIf(
      reads >= enough && hitRatio < 0.01,
      'LarderFunctionNeverHits',
      reads === 0 ? '–' : formatPercent(hitRatio),
    ),
    reason === undefined ? formatCount(misses) : `${formatCount(misses)} ${reason}`,
    warnIf(
      failed > sumOf(computes) * 0.05,
      'LarderSourceFailing',
      failed === 0
        ? formatCount(sumOf(computes))
        : `${formatCount(sumOf(computes))}, ${formatCount(failed)} failed`,
    ),
    formatDuration(computeTime),
    computeP95 === 0 ? '–' : formatDuration(computeP95),
    warnIf(sumOf(fills) >= enough && notKept > sumOf(fills) * 0.9, 'LarderNothingKept', formatCount(notKept)),
    writtenBytes === 0 ? '–' : formatBytes(writtenBytes),
  ]
}

/** Reads or values of which a share means something. */
const enough = 20

/** A cell that stands out, and leads to the runbook, if something is wrong. */
function warnIf(isWrong: boolean, section: RunbookSection, text: string): Cell {
  return isWrong ? { text, title: 'what to do', href: runbookUrl(section) } : text
}

/** The cache counts what no function, route or namespace stands for under `*`. */
function nameOf(name: string): string {
  return name === '*' ? 'other reads' : shortName(name)
}

const readsOf = ({ hits, stale, misses }: ReadStats) => sumOf(hits) + stale + misses

function mostFrequent(counts: Readonly<Record<string, number>>): string | undefined {
  const [name, count] = Object.entries(counts).sort(([, a], [, b]) => b - a)[0] ?? []
  return count === undefined || count === 0 ? undefined : name
}

/** The counts of a function, and those of the costly and most-read keys that are its own. */
function openFunction(name: string): void {
  const counts = latest?.stats.functions[name]
  if (latest === undefined || counts === undefined) return
  const { costlyKeys, topKeys } = latest.activity
  const isOwn = (key: string) => key.startsWith(`${name}(`)
  showDetails({
    function: name,
    'hits by tier': listCounts(counts.hits),
    stale: formatCount(counts.stale),
    'misses by reason': listCounts(counts.missReasons),
    'callers that waited for others': formatCount(counts.joins),
    'computations by outcome': listCounts(counts.computes),
    'total time of computations': formatDuration(counts.computeTime),
    '95th percentile of recent computations': formatDuration(counts.computeP95),
    'values by what became of them': listCounts(counts.fills),
    'not stored because of': listCounts(counts.skips),
    'mean age of hits': formatDuration(counts.servedAge),
    'costly keys, while watched': listKeys(
      costlyKeys.filter(({ key }) => isOwn(key)).map(({ key, time }) => `${key}: ${formatDuration(time)}`),
    ),
    'most-read keys, while watched': listKeys(topKeys.map(({ name: key }) => key).filter(isOwn)),
  })
}

const listKeys = (lines: readonly string[]) => (lines.length === 0 ? 'none seen' : lines.join('\n'))

function listCounts(counts: Readonly<Record<string, number>>): string {
  const listed = Object.entries(counts).filter(([, count]) => count > 0)
  return listed.length === 0
    ? 'none'
    : listed.map(([name, count]) => `${name} ${formatCount(count)}`).join(', ')
}
