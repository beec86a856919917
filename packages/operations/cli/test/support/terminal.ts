import type { Terminal } from '../../src/terminal/terminal'

/** A terminal that records its output and answers questions with a fixed text. */
interface FakeTerminal extends Terminal {
  readonly output: string
  readonly hints: readonly string[]
  /** Calls the listeners, as Ctrl-C does. */
  sendInterrupt(): void
  pressKey(key: string): void
}

export interface FakeTerminalOptions {
  readonly isScreen?: boolean
  readonly hasColour?: boolean
  /** The answer to every question; without it the terminal is not interactive. */
  readonly answer?: string
}

export function createFakeTerminal({
  isScreen = false,
  hasColour = false,
  answer,
}: FakeTerminalOptions = {}): FakeTerminal {
  let output = ''
  const hints: string[] = []
  const listeners = new Set<() => void>()
  const keyListeners = new Set<(key: string) => void>()
  return {
    isScreen,
    hasColour,
    isInteractive: answer !== undefined,
    getSize: () => [100, 30],
    async write(text) {
      output += text
    },
    writeHint: (line) => void hints.push(line),
    async askQuestion(question) {
      hints.push(question)
      return answer ?? ''
    },
    onInterrupt(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    onKey(listener) {
      keyListeners.add(listener)
      return () => void keyListeners.delete(listener)
    },
    get output() {
      return output
    },
    hints,
    sendInterrupt() {
      for (const listener of listeners) listener()
    },
    pressKey(key) {
      for (const listener of keyListeners) listener(key)
    },
  }
}
