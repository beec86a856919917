import type { LogMessage } from '@larder/core'
import type { PushSource } from './remote-store'

/** The subscriptions of one process, and the functions that notify them. */
export interface Subscriptions extends PushSource {
  deliverMessage(message: LogMessage): void
  notifyRelease(key: string): void
  /** Tells followers that messages may have been missed. */
  notifyDoubt(): void
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
    deliverMessage(message) {
      for (const { onMessage } of followers) onMessage(message)
    },
    notifyRelease(key) {
      for (const listener of waiting.get(key) ?? []) listener()
    },
    notifyDoubt() {
      for (const { onDoubt } of followers) onDoubt()
    },
  }
}
