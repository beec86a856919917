import { bytes, duration, percent, whole } from '../text/amounts'
import { columns } from '../text/columns'
import { printable } from '../text/printable'
import type { Happening } from './happenings'
import type { Sample } from './sample'

/** What the screen shows. */
export interface View {
  readonly title: string
  readonly sample: Sample | undefined
  /** The latest first. */
  readonly happenings: readonly Happening[]
  readonly count: number
}

/** One picture: lines that fit the screen, and can only be shown. */
export function frame(view: View, [width, height]: readonly [width: number, height: number]): string[] {
  const { title, sample, happenings, count } = view
  const lines = [
    `${title}   Ctrl-C ends this`,
    '',
    ...(sample === undefined ? ['Asking …'] : columns(figures(sample))),
    '',
    `Invalidations since this began: ${whole(count)}`,
    ...columns(happenings.map((each) => [timeOf(each.at), scopeOf(each), printable(each.name)])),
  ]
  // One row stays free, or the last line would scroll the others away.
  return lines.slice(0, Math.max(1, height - 1)).map((line) => cut(printable(line), width))
}

function figures({ error, lag, entries, server }: Sample): string[][] {
  const rows = [
    [
      'entries',
      entries === undefined
        ? 'not counted yet'
        : `${entries.complete ? '' : 'more than '}${whole(entries.count)}`,
    ],
    ['lag', duration(lag)],
  ]
  if (server === undefined) return [['server', `does not answer: ${error}`], ...rows]
  const limit = server.maxMemory === 0 ? 'without a limit' : `of ${bytes(server.maxMemory)}`
  return [
    ['server', `${whole(server.operationsPerSecond)} operations per second`],
    ['memory', `${bytes(server.usedMemory)} ${limit}, ${whole(server.evicted)} evicted`],
    ['hits', percent(server.hitShare)],
    ...rows,
  ]
}

function timeOf(at: Date): string {
  return at.toISOString().slice(11, 23)
}

function scopeOf({ scope, mode }: Happening): string {
  return mode === 'soft' ? `${scope} (soft)` : scope
}

function cut(line: string, width: number): string {
  return line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line
}
