import type { RedisClient, Subscriber } from './client'
import { isCluster } from './client'
import { letGo } from './own-client'

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
export function hubOf(client: RedisClient, report: (error: unknown) => void): Hub {
  const known = hubs.get(client)
  if (known !== undefined) return known
  const hub = createHub(client, report)
  hubs.set(client, hub)
  return hub
}

function createHub(client: RedisClient, report: (error: unknown) => void): Hub {
  const channels = new Map<string, Set<Listener>>()
  let connection: Subscription | undefined

  const deliver = (channel: string, message: string) => {
    for (const listener of channels.get(channel) ?? []) listener.onMessage(message)
  }
  const doubt = () => {
    for (const listeners of channels.values()) for (const listener of listeners) listener.onDoubt()
  }

  return {
    listen(channel, listener) {
      const listeners = channels.get(channel) ?? new Set()
      channels.set(channel, listeners.add(listener))
      connection ??= subscribeOn(client, { channels: () => [...channels.keys()], deliver, doubt, report })
      connection.refresh()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) channels.delete(channel)
        if (channels.size > 0) return
        connection?.end()
        connection = undefined
      }
    },
  }
}

/** A connection that is subscribed to whatever is listened to. */
interface Subscription {
  /** Subscribes to what came to be listened to. */
  refresh(): void
  end(): void
}

interface SubscriptionOptions {
  channels(): string[]
  deliver(channel: string, message: string): void
  doubt(): void
  report(error: unknown): void
}

/**
 * A connection of its own on a single server or behind Sentinels. Subscribing again is done here and not by the client,
 * because a client whose own attempt is cut short stays connected and subscribed to nothing. A Cluster client has a
 * connection for this already.
 */
function subscribeOn(client: RedisClient, options: SubscriptionOptions): Subscription {
  const own = !isCluster(client)
  const connection = (own ? letGo(duplicateOf(client)) : client) as RedisClient & Subscriber
  let subscribed = new Set<string>()

  async function refresh(): Promise<void> {
    const missing = options.channels().filter((channel) => !subscribed.has(channel))
    if (missing.length === 0 || connection.status !== 'ready') return
    for (const channel of missing) subscribed.add(channel)
    try {
      await connection.subscribe(...missing)
      options.doubt()
    } catch (error) {
      subscribed = new Set()
      options.report(error)
      if (own) connection.disconnect(true)
    }
  }

  const onReady = () => {
    if (own) subscribed = new Set()
    void refresh()
  }
  connection.on('ready', onReady)
  connection.on('message', options.deliver)
  if (own) connection.on('error', () => undefined)
  return {
    refresh: () => void refresh(),
    end() {
      connection.off('ready', onReady)
      connection.off('message', options.deliver)
      if (own) connection.disconnect()
      else connection.unsubscribe(...subscribed).catch(() => undefined)
    },
  }
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
