import type { WarmProgress } from '@larder/core'

/** The part of a stream that a progress bar needs, such as `process.stderr`. */
export interface ProgressStream {
  write(text: string): unknown
  /** Whether a person is watching. */
  readonly isTTY?: boolean | undefined
}

/** Options of {@link progressBar}. */
export interface ProgressBarOptions {
  /** Stands before the bar. @defaultValue 'Warming' */
  readonly label?: string | undefined
  /** Of the bar, in characters. @defaultValue 30 */
  readonly width?: number | undefined
}

/** Where nobody knows how many tasks there are, a line is written for so many. */
const tasksPerLine = 1_000

/**
 * An `onProgress` that shows how far warming is: a bar in terminals, and elsewhere a line for every tenth, so that logs
 * stay readable. Each bar is for one warm-up.
 */
export function progressBar(
  stream: ProgressStream,
  { label = 'Warming', width = 30 }: ProgressBarOptions = {},
): (progress: WarmProgress) => void {
  let written = ''
  let tenths = 0

  function draw(progress: WarmProgress): void {
    const text = `${label} ${barOf(progress, width)}${textOf(progress)}`
    if (text === written) return
    // A shorter text does not cover what a longer one has left.
    stream.write(`\r${text.padEnd(written.length)}${isOver(progress) ? '\n' : ''}`)
    written = text
  }

  function log(progress: WarmProgress): void {
    const reached = stepsOf(progress)
    if (reached === tenths) return
    tenths = reached
    stream.write(`${label}: ${textOf(progress)}\n`)
  }

  return stream.isTTY ? draw : log
}

function ranOf({ done, failed }: WarmProgress): number {
  return done + failed
}

function isOver(progress: WarmProgress): boolean {
  return ranOf(progress) === progress.total
}

function stepsOf(progress: WarmProgress): number {
  if (progress.total === undefined) return Math.floor(ranOf(progress) / tasksPerLine)
  return Math.floor((ranOf(progress) / progress.total) * 10)
}

function barOf(progress: WarmProgress, width: number): string {
  if (progress.total === undefined) return ''
  const filled = Math.floor((ranOf(progress) / progress.total) * width)
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] `
}

function textOf(progress: WarmProgress): string {
  const { total, failed, elapsed } = progress
  const ran = ranOf(progress)
  const share =
    total === undefined ? `${ran} done` : `${Math.floor((ran / total) * 100)} %, ${ran} of ${total}`
  const failures = failed === 0 ? '' : `, ${failed} failed`
  return `${share}${failures}, ${Math.floor(elapsed / 1_000)} s`
}
