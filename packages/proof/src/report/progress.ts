const width = 30

/** A bar that fills on a terminal; on anything else, one line at the beginning. */
export interface Progress {
  update(share: number): void
  done(): void
}

export function startProgress(label: string): Progress {
  const { stderr } = process
  if (!stderr.isTTY) {
    stderr.write(`${label} …\n`)
    return { update: () => undefined, done: () => undefined }
  }
  let shown = -1
  return {
    update(share) {
      const filled = Math.min(width, Math.round(share * width))
      if (filled === shown) return
      shown = filled
      stderr.write(`\r${label}  ${'█'.repeat(filled)}${'░'.repeat(width - filled)}`)
    },
    done: () => void stderr.write('\r\u001b[K'),
  }
}
