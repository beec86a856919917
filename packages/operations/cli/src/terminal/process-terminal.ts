import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import type { Terminal } from './terminal'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The terminal of this process. A reader that goes away, such as `head`, ends the process quietly. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
  return {
    isInteractive: stdin.isTTY === true,
    isScreen: stdout.isTTY === true,
    // A terminal that does not know its size says 0.
    size: () => [stdout.columns || 80, stdout.rows || 24],
    async write(text) {
      if (!stdout.write(text)) await once(stdout, 'drain')
    },
    hint: (line) => void stderr.write(`${line}\n`),
    ask,
    onInterrupt(listener) {
      for (const signal of signals) process.on(signal, listener)
      return () => {
        for (const signal of signals) process.off(signal, listener)
      }
    },
  }
}

/** Ctrl-C and Ctrl-D answer with nothing. */
async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const leaving = new AbortController()
  lines.once('close', () => leaving.abort())
  try {
    return await lines.question(question, { signal: leaving.signal })
  } catch (error) {
    if (leaving.signal.aborted) return ''
    throw error
  } finally {
    lines.close()
  }
}
