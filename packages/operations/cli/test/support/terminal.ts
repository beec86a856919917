import type { Terminal } from '../../src/terminal/terminal'

/** A terminal that keeps what is written, and answers questions. */
export interface FakeTerminal extends Terminal {
  readonly output: string
  readonly hints: readonly string[]
  /** As Ctrl-C does. */
  interrupt(): void
}

export interface FakeOptions {
  readonly isScreen?: boolean
  /** What is typed; without it, nobody is there. */
  readonly answer?: string
}

export function fakeTerminal({ isScreen = false, answer }: FakeOptions = {}): FakeTerminal {
  let output = ''
  const hints: string[] = []
  const listeners = new Set<() => void>()
  return {
    isScreen,
    isInteractive: answer !== undefined,
    size: () => [100, 30],
    async write(text) {
      output += text
    },
    hint: (line) => void hints.push(line),
    async ask(question) {
      hints.push(question)
      return answer ?? ''
    },
    onInterrupt(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    get output() {
      return output
    },
    hints,
    interrupt() {
      for (const listener of listeners) listener()
    },
  }
}
