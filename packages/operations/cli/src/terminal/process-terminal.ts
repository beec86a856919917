import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import type { Terminal } from './terminal'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * The terminal of this process. If the reader of the output closes it, as `head` does, the process ends quietly. Hints that
 * cannot be written are lost.
 */
export function createProcessTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    stderr.write(`larder: The output cannot be written: ${error.message}\n`)
    process.exit(1)
  })
  stderr.on('error', () => undefined)
  return {
    isInteractive: stdin.isTTY === true,
    isScreen: stdout.isTTY === true,
    hasColour: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
    // A terminal that does not know its size reports 0.
    getSize: () => [stdout.columns || 80, stdout.rows || 24],
    async write(text) {
      if (!stdout.write(text)) await once(stdout, 'drain')
    },
    writeHint: (line) => void stderr.write(`${line}\n`),
    askQuestion,
    onInterrupt(listener) {
      for (const signal of signals) process.on(signal, listener)
      return () => {
        for (const signal of signals) process.off(signal, listener)
      }
    },
    onKey: readKeys,
  }
}

/** In raw mode, the terminal neither waits for a line nor shows the keys. */
function readKeys(listener: (key: string) => void): () => void {
  const { stdin } = process
  if (stdin.isTTY !== true) return () => undefined
  const onData = (bytes: Buffer) => listener(String(bytes))
  stdin.setRawMode(true).on('data', onData)
  return () => {
    stdin.off('data', onData).setRawMode(false).pause()
  }
}

/** Resolves to the line typed; to an empty one after Ctrl-C or Ctrl-D. */
async function askQuestion(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const closed = new AbortController()
  lines.once('close', () => closed.abort())
  try {
    return await lines.question(question, { signal: closed.signal })
  } catch (error) {
    if (closed.signal.aborted) return ''
    throw error
  } finally {
    lines.close()
  }
}
