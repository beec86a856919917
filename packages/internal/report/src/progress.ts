/** A progress bar on a terminal; elsewhere, one line when the work begins. */
export interface Progress {
  /** Redraws the bar at a share from 0 to 1; `detail` names the current step. */
  update(share: number, detail?: string): void
  /** Removes the bar from the terminal, so that other lines can be printed; the next update draws it again. */
  clear(): void
}

const width = 30

/** Starts a progress bar. It names the time left once 5 % of the work is done. */
export function startProgress(label: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) {
    stream.write(`${label} …\n`)
    return { update: () => undefined, clear: () => undefined }
  }
  const startedAt = performance.now()
  let drawn = ''
  return {
    update(share, detail = '') {
      const filled = Math.min(width, Math.round(share * width))
      const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`
      const line = `${label.padEnd(34)} ${bar}${formatTimeLeft(startedAt, share)}  ${detail}`
      const text = line.trimEnd().slice(0, (stream.columns ?? 100) - 1)
      if (text === drawn) return
      drawn = text
      stream.write(`\r\u001b[K${text}`)
    },
    clear() {
      drawn = ''
      stream.write('\r\u001b[K')
    },
  }
}

function formatTimeLeft(startedAt: number, share: number): string {
  if (share < 0.05 || share >= 1) return ''
  const elapsed = performance.now() - startedAt
  const seconds = Math.round((elapsed / share - elapsed) / 1_000)
  return seconds < 60 ? ` ${seconds} s left` : ` ${Math.ceil(seconds / 60)} min left`
}
