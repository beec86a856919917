import type { RedisClient, Subscriber } from './client'
import { isCluster } from './client'
import { tell } from './outages'
import { letGo } from './own-client'

/** What a subscription is for. */
export interface Wanted {
  channels(): string[]
  deliver(channel: string, message: string): void
  doubt(): void
}

/** A connection that is subscribed to whatever is listened to. */
export interface Subscription {
  /** Subscribes to what came to be listened to. */
  refresh(): void
  drop(channel: string): void
  end(): void
}

/**
 * A connection of its own on a single server or behind Sentinels. Subscribing again is done here and not by the client,
 * because a client whose own attempt is cut short stays connected and subscribed to nothing. A Cluster client has a
 * connection for this already, and moves it from node to node.
 */
export function subscribeOn(client: RedisClient, wanted: Wanted): Subscription {
  const own = !isCluster(client)
  const connection = (own ? letGo(duplicateOf(client)) : client) as RedisClient & Subscriber
  let subscribed = new Set<string>()
  let isFailing = false

  async function refresh(): Promise<void> {
    const missing = wanted.channels().filter((channel) => !subscribed.has(channel))
    if (missing.length === 0 || connection.status !== 'ready') return
    const held = subscribed
    for (const channel of missing) held.add(channel)
    try {
      await connection.subscribe(...missing)
      isFailing = false
      wanted.doubt()
    } catch (error) {
      for (const channel of missing) held.delete(channel)
      if (!isFailing) tell(client, error)
      isFailing = true
      // What the server refuses, it would refuse on another connection as well.
      if (own && !isRefusal(error)) connection.disconnect(true)
    }
  }

  function onReady(): void {
    if (own) subscribed = new Set()
    else wanted.doubt()
    void refresh()
  }

  const listeners: [event: string, listener: (...args: unknown[]) => void][] = [
    ['ready', onReady],
    // A Cluster client looks around every few seconds: what it could not subscribe to is tried again.
    ['refresh', () => void refresh()],
    ['message', (channel, message) => wanted.deliver(String(channel), String(message))],
  ]
  for (const [event, listener] of listeners) connection.on(event, listener)
  if (own) connection.on('error', () => undefined)
  return {
    refresh: () => void refresh(),
    drop(channel) {
      if (subscribed.delete(channel)) connection.unsubscribe(channel).catch(() => undefined)
    },
    end() {
      for (const [event, listener] of listeners) connection.off(event, listener)
      if (own) connection.disconnect()
    },
  }
}

/** An answer of the server, such as NOPERM, and no failure on the way to it. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError'
}

function duplicateOf(client: RedisClient): RedisClient & Subscriber {
  const duplicate = client.duplicate as (overrides: object) => RedisClient & Subscriber
  return duplicate.call(client, {
    autoResubscribe: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    lazyConnect: false,
    // Silence is normal here: only commands may time out.
    socketTimeout: undefined,
  })
}
