import type { CacheEventName, CacheEvents } from '../contracts/events'
import { isThenable } from '../maybe-promise'
import { errorMessageOf } from './error-message'

export type Listener<N extends CacheEventName> = (event: CacheEvents[N]) => unknown

/** The part of a channel of `node:diagnostics_channel` that is needed. */
export interface Channel {
  readonly hasSubscribers: boolean
  publish(message: unknown): void
}

/** Everything told about one kind of event. */
export interface Topic {
  readonly listeners: Set<Listener<CacheEventName>>
  readonly channel: Channel | undefined
}

/** Whether making an event is worth it. */
export function isObserved({ listeners, channel }: Topic): boolean {
  return listeners.size > 0 || channel?.hasSubscribers === true
}

/**
 * Tells listeners and `diagnostics_channel` (`larder:hit`, …) what the cache does. Ask `listens` before making an
 * event: where nobody listens, nothing is made.
 */
export function createEmitter(cache: string) {
  const channels = globalThis.process?.getBuiltinModule?.('node:diagnostics_channel')
  const topics = new Map<CacheEventName, Topic>()
  const broken = new WeakSet<Listener<CacheEventName>>()

  function topicOf(name: CacheEventName): Topic {
    const known = topics.get(name)
    if (known !== undefined) return known
    const topic: Topic = { listeners: new Set(), channel: channels?.channel(`larder:${name}`) }
    topics.set(name, topic)
    return topic
  }

  /** A listener that fails is its own problem: it is told of once, and the cache goes on. */
  function failed(listener: Listener<CacheEventName>, name: CacheEventName, error: unknown): void {
    if (broken.has(listener) || name === 'warning') return
    broken.add(listener)
    emit('warning', { message: `A listener of "${name}" failed: ${errorMessageOf(error)}` })
  }

  function call(
    listener: Listener<CacheEventName>,
    name: CacheEventName,
    event: CacheEvents[CacheEventName],
  ): void {
    try {
      const result = listener(event)
      if (isThenable(result)) Promise.resolve(result).catch((error: unknown) => failed(listener, name, error))
    } catch (error) {
      failed(listener, name, error)
    }
  }

  function emit<N extends CacheEventName>(name: N, event: CacheEvents[N]): void {
    const topic = topicOf(name)
    for (const listener of topic.listeners) call(listener, name, event)
    if (topic.channel?.hasSubscribers) topic.channel.publish({ cache, ...event })
  }

  return {
    emit,
    /** Whether making an event of this name is worth it. */
    hasListeners: (name: CacheEventName) => isObserved(topicOf(name)),
    /** The same for one kind of event, for those who ask at every hit. */
    topicOf: topicOf,
    /** Returns an end to listening. */
    on<N extends CacheEventName>(name: N, listener: Listener<N>): () => void {
      const { listeners } = topicOf(name)
      listeners.add(listener as Listener<CacheEventName>)
      return () => void listeners.delete(listener as Listener<CacheEventName>)
    },
  }
}

export type Emitter = ReturnType<typeof createEmitter>
