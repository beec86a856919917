import type { ReadKind, ReadStats } from '@larder/core'
import { elementById } from './elements'
import { formatBytes, formatCount, formatDuration, formatPercent } from './format'
import { openFunction } from './function-details'
import type { LiveState } from './live-state'
import { createMinute } from './minute'
import { printableName, shortName } from './names'
import { type Activity, activitySince, measureActivity, sumOf } from './recent-activity'
import { type RunbookSection, runbookUrl } from './runbook'
import { type Cell, type Column, showTable } from './tables'

/** A function, and the counts of its reads. */
interface Row extends ReadStats {
  readonly name: string
  readonly kind: ReadKind | undefined
  readonly reads: number
  readonly computed: number
  readonly failed: number
  readonly filled: number
  readonly notKept: number
  /** In the last minute, or since the page was opened. */
  readonly recent: Activity
}

interface FunctionColumn extends Column {
  /** The rows are ordered by it. */
  readonly sortValue: (row: Row) => number | string
  readonly describe: (row: Row) => Cell
}

/** Reads or values of which a share means something. */
const enough = 20

const columns: readonly FunctionColumn[] = [
  {
    heading: 'function',
    sortValue: ({ name }) => name,
    describe: ({ name }) => ({
      text: name === '*' ? 'other reads' : shortName(name),
      title: printableName(name),
      open: () => latest && openFunction(name, latest),
    }),
  },
  {
    heading: 'reads',
    isNumber: true,
    meaning: 'since the process started',
    sortValue: ({ reads }) => reads,
    describe: ({ reads }) => formatCount(reads),
  },
  {
    heading: 'hit ratio',
    isNumber: true,
    meaning: 'fresh and stale values served, of all reads',
    sortValue: ({ reads, hitRatio }) => (reads === 0 ? -1 : hitRatio),
    describe: ({ kind, reads, hitRatio }) =>
      warnIf(
        kind !== 'unruled' && reads >= enough && hitRatio < 0.01,
        'LarderFunctionNeverHits',
        reads === 0 ? '–' : formatPercent(hitRatio),
      ),
  },
  {
    heading: 'last minute',
    isNumber: true,
    meaning:
      'hit ratio of the reads in the last minute, or since this page was opened, and failed computations',
    sortValue: ({ recent }) => recent.reads,
    describe: describeRecent,
  },
  {
    heading: 'misses',
    isNumber: true,
    meaning: 'and their most frequent reason',
    sortValue: ({ misses }) => misses,
    describe: ({ misses, missReasons }) => [formatCount(misses), mostFrequent(missReasons)].join(' ').trim(),
  },
  {
    heading: 'computed',
    isNumber: true,
    meaning: 'computations, and how many of them failed',
    sortValue: ({ computed }) => computed,
    describe: ({ computed, failed }) =>
      warnIf(
        failed > computed * 0.05,
        'LarderSourceFailing',
        failed === 0 ? formatCount(computed) : `${formatCount(computed)}, ${formatCount(failed)} failed`,
      ),
  },
  {
    heading: 'computing',
    isNumber: true,
    meaning: 'total duration of the computations',
    sortValue: ({ computeTime }) => computeTime,
    describe: ({ computeTime }) => formatDuration(computeTime),
  },
  {
    heading: 'p95',
    isNumber: true,
    meaning: '95 % of the recent computations took no longer',
    sortValue: ({ computeP95 }) => computeP95,
    describe: ({ computeP95 }) => (computeP95 === 0 ? '–' : formatDuration(computeP95)),
  },
  {
    heading: 'not kept',
    isNumber: true,
    meaning: 'computed values that were skipped or outdated',
    sortValue: ({ notKept }) => notKept,
    describe: ({ kind, filled, notKept }) =>
      warnIf(
        kind === 'function' && filled >= enough && notKept > filled * 0.9,
        'LarderNothingKept',
        formatCount(notKept),
      ),
  },
  {
    heading: 'written',
    isNumber: true,
    meaning: 'bytes written to shared stores',
    sortValue: ({ writtenBytes }) => writtenBytes,
    describe: ({ writtenBytes }) => (writtenBytes === 0 ? '–' : formatBytes(writtenBytes)),
  },
]

const minute = createMinute(({ stats }) => stats.functions)

/** The counts of a minute ago; undefined at first. */
let earlier: LiveState['stats']['functions'] | undefined
/** The rows stay from second to second: what they open is looked up here. */
let latest: LiveState | undefined
/** The function that computed longest is first, until another order is chosen. */
let order = { column: columns.findIndex(({ heading }) => heading === 'computing'), isDescending: true }

/** Shows every function that was used. A function opens its counts and its keys, and a heading orders the rows by it. */
export function showFunctions(state: LiveState): void {
  latest = state
  earlier = minute.add(state).oldest?.measured
  showRows(state)
}

/** Forgets what the last minute is compared with. */
export const clearFunctions = minute.clear

function showRows({ stats, kinds }: LiveState): void {
  const rows = Object.entries(stats.functions)
    .map(([name, counts]) => toRow(name, kinds[name], counts))
    .filter(({ reads, computed, filled }) => reads + computed + filled > 0)
    .sort(compareRows)
  showTable(elementById('functions'), {
    columns,
    rows: rows.map((row) => columns.map(({ describe }) => describe(row))),
    order: { ...order, orderBy },
    emptyText:
      'Nothing was read yet. Wrapped functions, HTTP routes and namespaces appear with their first read.',
  })
}

/** Numbers begin with the largest; choosing a column again turns its order around. */
function orderBy(column: number): void {
  const isDescending = column === order.column ? !order.isDescending : columns[column]?.isNumber === true
  order = { column, isDescending }
  if (latest !== undefined) showRows(latest)
}

function compareRows(a: Row, b: Row): number {
  const sortValue = columns[order.column]?.sortValue ?? (() => 0)
  const [first, second] = order.isDescending ? [sortValue(b), sortValue(a)] : [sortValue(a), sortValue(b)]
  const difference = typeof first === 'number' ? first - Number(second) : first.localeCompare(String(second))
  return difference || b.reads - a.reads
}

function toRow(name: string, kind: ReadKind | undefined, counts: ReadStats): Row {
  const { fills } = counts
  return {
    ...counts,
    name,
    kind,
    ...measureActivity(counts),
    recent: activitySince(earlier === undefined ? counts : earlier[name], counts),
    filled: sumOf(fills),
    notKept: (fills.skipped ?? 0) + (fills.outdated ?? 0),
  }
}

/** The hit ratio, and failures, which are worse. */
function describeRecent({ kind, recent }: Row): Cell {
  const { reads, served, computed, failed } = recent
  if (reads + computed === 0) return '–'
  const ratio = reads === 0 ? '–' : formatPercent(served / reads)
  if (failed > computed * 0.05)
    return warnIf(true, 'LarderSourceFailing', `${ratio}, ${formatCount(failed)} failed`)
  const neverHits = kind !== 'unruled' && reads >= enough && served < reads * 0.01
  return warnIf(neverHits, 'LarderFunctionNeverHits', ratio)
}

/** A cell that stands out, and leads to the runbook, if something is wrong. */
function warnIf(isWrong: boolean, section: RunbookSection, text: string): Cell {
  return isWrong ? { text, title: 'what to do', href: runbookUrl(section) } : text
}

function mostFrequent(counts: Readonly<Record<string, number>>): string | undefined {
  const [name, count] = Object.entries(counts).sort(([, a], [, b]) => b - a)[0] ?? []
  return count === undefined || count === 0 ? undefined : name
}
