/** A bar for people; nothing where nobody looks. */
export interface Progress {
  step(what: string): void
  /** Takes the bar away, until the next step. */
  clear(): void
}

const width = 30

export function progressOf(total: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  const start = performance.now()
  let done = 0
  if (!stream.isTTY) return { step: () => undefined, clear: () => undefined }
  return {
    step(what) {
      const filled = Math.round((done / total) * width)
      const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`
      const left = done === 0 ? '' : `, ${leftOf(performance.now() - start, done / total)} left`
      stream.clearLine(0)
      stream.cursorTo(0)
      stream.write(`${bar} ${done}/${total}${left}  ${what}`.slice(0, (stream.columns ?? 100) - 1))
      done += 1
    },
    clear() {
      stream.clearLine(0)
      stream.cursorTo(0)
    },
  }
}

function leftOf(elapsed: number, share: number): string {
  const seconds = Math.round((elapsed / share - elapsed) / 1_000)
  return seconds < 60 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
}
