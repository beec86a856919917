import type { RedisClient } from './client'
import { openSubscription, type Subscription, type SubscriptionHandler } from './subscription'

/** Receives the messages of one channel. */
interface ChannelListener {
  onMessage(message: string): void
  /** Messages may have been lost, such as while the connection was down. */
  onPossibleLoss(): void
}

/** The messages of a client's subscription, which all caches on that client share. */
export interface MessageHub {
  /** Returns a function that stops listening. The subscription ends with its last listener. */
  listenTo(channel: string, listener: ChannelListener): () => void
}

const hubs = new WeakMap<RedisClient, MessageHub>()

/** The hub of this client: one, however many caches use it. */
export function hubOf(client: RedisClient): MessageHub {
  const hub = hubs.get(client) ?? createHub(client)
  hubs.set(client, hub)
  return hub
}

function createHub(client: RedisClient): MessageHub {
  const listenersByChannel = new Map<string, Set<ChannelListener>>()
  let subscription: Subscription | undefined

  const handler: SubscriptionHandler = {
    listChannels: () => [...listenersByChannel.keys()],
    onMessage(channel, message) {
      for (const listener of listenersByChannel.get(channel) ?? []) listener.onMessage(message)
    },
    onPossibleLoss() {
      for (const listeners of listenersByChannel.values())
        for (const listener of listeners) listener.onPossibleLoss()
    },
  }

  function removeListener(channel: string, listener: ChannelListener): void {
    const listeners = listenersByChannel.get(channel)
    listeners?.delete(listener)
    if (listeners?.size !== 0) return
    listenersByChannel.delete(channel)
    subscription?.dropChannel(channel)
    if (listenersByChannel.size > 0) return
    subscription?.close()
    subscription = undefined
  }

  return {
    listenTo(channel, listener) {
      const listeners = listenersByChannel.get(channel) ?? new Set()
      listenersByChannel.set(channel, listeners.add(listener))
      subscription ??= openSubscription(client, handler)
      subscription.addMissingChannels()
      return () => removeListener(channel, listener)
    },
  }
}
