/** The network between one process and the server. Its state may change while messages are in flight. */
export interface NetworkLink {
  /** Draws the latency of the next message, in ms. */
  latency: () => number
  /** Whether the server refuses calls that arrive. */
  isRefused: boolean
  /** The next call of the log, or the next reply to one, is lost although the connection stands. */
  losesNext: 'call' | 'reply' | undefined
  readonly isPartitioned: boolean
  /** Stops all messages, in both directions, until {@link NetworkLink.heal}. */
  partition(): void
  /** Delivers the messages that waited, as TCP retransmits after a partition. */
  heal(): void
  /** Calls `listener` once, when the partition heals. */
  onHeal(listener: () => void): void
}

export function createNetworkLink(latency: () => number): NetworkLink {
  let waiting: (() => void)[] = []
  let isPartitioned = false
  return {
    latency,
    isRefused: false,
    losesNext: undefined,
    get isPartitioned() {
      return isPartitioned
    },
    partition() {
      isPartitioned = true
    },
    heal() {
      isPartitioned = false
      const listeners = waiting
      waiting = []
      for (const listener of listeners) listener()
    },
    onHeal: (listener) => void waiting.push(listener),
  }
}
