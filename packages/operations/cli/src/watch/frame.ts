import { alignColumns } from '../text/align-columns'
import { formatBytes, formatDuration, formatInteger } from '../text/amounts'
import { type Line, truncateLine } from '../text/line'
import { escapeUnprintable } from '../text/printable'
import type { ReceivedInvalidation } from './received-invalidations'
import type { Sample } from './sampler'

/** The content of the screen. */
interface LiveView {
  readonly title: string
  /** Undefined before the first sample. */
  readonly sample: Sample | undefined
  /** The latest first. */
  readonly invalidations: readonly ReceivedInvalidation[]
  /** All invalidations since the start, including those no longer in the list. */
  readonly count: number
  /** The names invalidated most often, with their numbers. */
  readonly mostFrequent: readonly (readonly [name: string, count: number])[]
}

/** Renders the view as lines that fit the screen and contain no control characters. */
export function renderFrame(
  view: LiveView,
  [width, height]: readonly [width: number, height: number],
): Line[] {
  const { title, sample, invalidations, count, mostFrequent } = view
  const lines: Line[] = [
    { text: `${title}   press q to leave`, colour: 'bold', length: title.length },
    '',
    ...(sample === undefined ? ['Reading the first sample …'] : linesOf(sample)),
    '',
    `Invalidations since the start: ${formatInteger(count)}`,
    ...(mostFrequent.length === 0 ? [] : [`Most often: ${mostFrequent.map(formatFrequency).join(', ')}`]),
    ...alignColumns(
      invalidations.map((each) => [timeOf(each.at), scopeLabel(each), escapeUnprintable(each.name)]),
    ),
  ]
  // The last row stays empty: a line there would scroll the screen.
  return lines.slice(0, Math.max(1, height - 1)).map((line) => truncateLine(line, width))
}

/** A server that does not answer stands out. */
function linesOf(sample: Sample): Line[] {
  const [first = '', ...others] = alignColumns(figuresOf(sample))
  return [sample.server === undefined ? { text: first, colour: 'red' } : first, ...others]
}

function formatFrequency([name, count]: readonly [string, number]): string {
  return `${name} (${formatInteger(count)})`
}

function figuresOf({ error, lag, entries, server }: Sample): string[][] {
  const rows = [
    [
      'entries',
      entries === undefined
        ? 'not counted yet'
        : `${entries.complete ? '' : 'more than '}${formatInteger(entries.count)}`,
    ],
    ['lag', formatDuration(lag)],
  ]
  if (server === undefined) return [['server', `does not answer: ${error}`], ...rows]
  const limit = server.maxMemory === 0 ? 'without a limit' : `of ${formatBytes(server.maxMemory)}`
  return [
    ['server', `${formatInteger(server.operationsPerSecond)} operations per second`],
    ['memory', `${formatBytes(server.usedMemory)} ${limit}, ${formatInteger(server.evicted)} evicted`],
    ...rows,
  ]
}

function timeOf(at: Date): string {
  return at.toISOString().slice(11, 23)
}

function scopeLabel({ scope, mode }: ReceivedInvalidation): string {
  return mode === 'soft' ? `${scope} (soft)` : scope
}
