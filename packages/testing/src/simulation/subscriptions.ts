import type { LogMessage } from '@larder/core'
import type { Subscribers } from './remote-store'

/** What one process listens to, and how it is told. */
export interface Subscriptions extends Subscribers {
  deliver(message: LogMessage): void
  wake(key: string): void
  /** Messages may have been missed. */
  doubt(): void
}

export function createSubscriptions(): Subscriptions {
  const followers = new Set<{ onMessage(message: LogMessage): void; onDoubt(): void }>()
  const waiting = new Map<string, Set<() => void>>()
  return {
    follow(onMessage, onDoubt) {
      const follower = { onMessage, onDoubt }
      followers.add(follower)
      return () => void followers.delete(follower)
    },
    onRelease(key, listener) {
      const listeners = waiting.get(key) ?? new Set()
      waiting.set(key, listeners.add(listener))
      return () => void listeners.delete(listener)
    },
    deliver(message) {
      for (const { onMessage } of followers) onMessage(message)
    },
    wake(key) {
      for (const listener of waiting.get(key) ?? []) listener()
    },
    doubt() {
      for (const { onDoubt } of followers) onDoubt()
    },
  }
}
