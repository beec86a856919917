import type { RedisClient } from './client'
import { type Subscription, subscribeOn, type Wanted } from './subscription'

/** Someone who listens to a channel. */
export interface Listener {
  onMessage(message: string): void
  /** Messages may have been missed. */
  onDoubt(): void
}

/** The one following connection of a client, shared by all caches on it. */
export interface Hub {
  /** Returns an end to listening. The connection ends with the last listener. */
  listen(channel: string, listener: Listener): () => void
}

const hubs = new WeakMap<RedisClient, Hub>()

/** The hub of this client. */
export function hubOf(client: RedisClient): Hub {
  const hub = hubs.get(client) ?? createHub(client)
  hubs.set(client, hub)
  return hub
}

function createHub(client: RedisClient): Hub {
  const channels = new Map<string, Set<Listener>>()
  let subscription: Subscription | undefined

  const wanted: Wanted = {
    channels: () => [...channels.keys()],
    deliver(channel, message) {
      for (const listener of channels.get(channel) ?? []) listener.onMessage(message)
    },
    doubt() {
      for (const listeners of channels.values()) for (const listener of listeners) listener.onDoubt()
    },
  }

  function leave(channel: string, listener: Listener): void {
    const listeners = channels.get(channel)
    listeners?.delete(listener)
    if (listeners?.size !== 0) return
    channels.delete(channel)
    subscription?.drop(channel)
    if (channels.size > 0) return
    subscription?.end()
    subscription = undefined
  }

  return {
    listen(channel, listener) {
      const listeners = channels.get(channel) ?? new Set()
      channels.set(channel, listeners.add(listener))
      subscription ??= subscribeOn(client, wanted)
      subscription.refresh()
      return () => leave(channel, listener)
    },
  }
}
