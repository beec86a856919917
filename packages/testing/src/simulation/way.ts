/** The way between a process and the server, whose state changes while messages are under way. */
export interface Way {
  /** How long a message takes now, in ms. */
  latency: () => number
  /** Calls fail when they arrive. */
  isRefused: boolean
  readonly isCut: boolean
  /** From now on nothing arrives, in either direction, until the way is mended. */
  cut(): void
  /** What waited arrives, as TCP repeats what was lost. */
  mend(): void
  /** Calls `listener` once, when the way is mended. */
  onMend(listener: () => void): void
}

export function createWay(latency: () => number): Way {
  let waiting: (() => void)[] = []
  let isCut = false
  return {
    latency,
    isRefused: false,
    get isCut() {
      return isCut
    },
    cut() {
      isCut = true
    },
    mend() {
      isCut = false
      const listeners = waiting
      waiting = []
      for (const listener of listeners) listener()
    },
    onMend: (listener) => void waiting.push(listener),
  }
}
