import {
  checkOptions,
  countKind,
  type OptionTable,
  objectKind,
  textKind,
  type WarmProgress,
} from '@larder/core'

/** The part of a stream that a progress bar needs, such as `process.stderr`. */
export interface ProgressStream {
  write(text: string): unknown
  /** Whether the stream is a terminal. */
  readonly isTTY?: boolean | undefined
}

/** Options of {@link progressBar}. */
export interface ProgressBarOptions {
  /** The text before the bar. @defaultValue 'Warming' */
  readonly label?: string | undefined
  /** The width of the bar, in characters. @defaultValue 30 */
  readonly width?: number | undefined
}

const optionTable: OptionTable<ProgressBarOptions> = { label: textKind, width: countKind }
const streamKind = objectKind('process.stderr', 'write')

/** If the number of tasks is unknown, a log line is written per this many tasks. */
const tasksPerLine = 1_000

/**
 * An `onProgress` callback that displays the progress of one warm-up: a bar in a terminal, and a line per 10 % in any other
 * stream, so that logs stay readable.
 *
 * @example
 * ```ts
 * await cache.warm(tasks, { onProgress: progressBar(process.stderr) })
 * ```
 */
export function progressBar(
  stream: ProgressStream,
  options: ProgressBarOptions = {},
): (progress: WarmProgress) => void {
  streamKind(stream, 'progressBar: the stream')
  checkOptions('progressBar', options, optionTable)
  const { label = 'Warming', width = 30 } = options
  let lastText = ''
  let lastStep = 0

  function drawBar(progress: WarmProgress): void {
    const text = `${label} ${formatBar(progress, width)}${formatProgress(progress)}`
    if (text === lastText) return
    // Padded, to overwrite the rest of a longer previous text.
    stream.write(`\r${text.padEnd(lastText.length)}${isComplete(progress) ? '\n' : ''}`)
    lastText = text
  }

  function logStep(progress: WarmProgress): void {
    const step = stepOf(progress)
    if (step === lastStep) return
    lastStep = step
    stream.write(`${label}: ${formatProgress(progress)}\n`)
  }

  return stream.isTTY ? drawBar : logStep
}

function completedTasks({ done, failed }: WarmProgress): number {
  return done + failed
}

function isComplete(progress: WarmProgress): boolean {
  return completedTasks(progress) === progress.total
}

/** The number of log lines that the progress is worth. */
function stepOf(progress: WarmProgress): number {
  if (progress.total === undefined) return Math.floor(completedTasks(progress) / tasksPerLine)
  return Math.floor((completedTasks(progress) / progress.total) * 10)
}

function formatBar(progress: WarmProgress, width: number): string {
  if (progress.total === undefined) return ''
  const filled = Math.floor((completedTasks(progress) / progress.total) * width)
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] `
}

function formatProgress(progress: WarmProgress): string {
  const { total, failed, elapsed } = progress
  const completed = completedTasks(progress)
  const share =
    total === undefined
      ? `${completed} done`
      : `${Math.floor((completed / total) * 100)} %, ${completed} of ${total}`
  const failures = failed === 0 ? '' : `, ${failed} failed`
  return `${share}${failures}, ${Math.floor(elapsed / 1_000)} s`
}
