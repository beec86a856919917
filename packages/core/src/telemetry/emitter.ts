import type { CacheEventName, CacheEvents } from '../contracts/events'
import { isThenable } from '../maybe-promise'
import { errorMessageOf } from './error-message'

type Listener<N extends CacheEventName> = (event: CacheEvents[N]) => unknown

/** The part of a channel of `node:diagnostics_channel` that the emitter uses. */
interface Channel {
  readonly hasSubscribers: boolean
  publish(message: unknown): void
}

/** The receivers of one kind of event. */
interface Topic {
  /** Replaced on each change: a listener that subscribes another one does not lengthen the call of those before it. */
  listeners: ReadonlySet<Listener<CacheEventName>>
  readonly channel: Channel | undefined
}

/** Whether an event would have a receiver, so that creating it is worthwhile. */
export function isObserved({ listeners, channel }: Topic): boolean {
  return listeners.size > 0 || channel?.hasSubscribers === true
}

/**
 * Emits events to listeners and to `node:diagnostics_channel` (`larder:hit`, …). Check `hasListeners` before creating an
 * event: without receivers none is created.
 *
 * @param print - Prints a warning of a listener that fails, whether somebody listens to warnings or not.
 */
export function createEmitter(cache: string, print: (warning: string) => void) {
  const channels = globalThis.process?.getBuiltinModule?.('node:diagnostics_channel')
  const topics = new Map<CacheEventName, Topic>()
  const brokenListeners = new WeakSet<Listener<CacheEventName>>()

  function topicOf(name: CacheEventName): Topic {
    const known = topics.get(name)
    if (known !== undefined) return known
    const topic: Topic = { listeners: new Set(), channel: channels?.channel(`larder:${name}`) }
    topics.set(name, topic)
    return topic
  }

  /** Warns once about a listener that throws or rejects; the cache goes on. */
  function reportBroken(listener: Listener<CacheEventName>, name: CacheEventName, error: unknown): void {
    if (brokenListeners.has(listener)) return
    brokenListeners.add(listener)
    const message = `a listener of "${name}" failed: ${errorMessageOf(error)}`
    if (name !== 'warning') emit('warning', { message })
    print(`The cache "${cache}": ${message}`)
  }

  function callListener(
    listener: Listener<CacheEventName>,
    name: CacheEventName,
    event: CacheEvents[CacheEventName],
  ): void {
    try {
      const result = listener(event)
      if (isThenable(result))
        Promise.resolve(result).catch((error: unknown) => reportBroken(listener, name, error))
    } catch (error) {
      reportBroken(listener, name, error)
    }
  }

  function emit<N extends CacheEventName>(name: N, event: CacheEvents[N]): void {
    const topic = topicOf(name)
    for (const listener of topic.listeners) callListener(listener, name, event)
    if (topic.channel?.hasSubscribers) topic.channel.publish({ cache, ...event })
  }

  return {
    emit,
    /** Whether an event of this name would have a receiver. */
    hasListeners: (name: CacheEventName) => isObserved(topicOf(name)),
    /** The topic of one kind of event, for callers that check it at every hit. */
    topicOf,
    /** Returns a function that unsubscribes. */
    on<N extends CacheEventName>(name: N, listener: Listener<N>): () => void {
      const topic = topicOf(name)
      topic.listeners = new Set(topic.listeners).add(listener as Listener<CacheEventName>)
      return () => {
        const rest = new Set(topic.listeners)
        rest.delete(listener as Listener<CacheEventName>)
        topic.listeners = rest
      }
    },
  }
}

export type Emitter = ReturnType<typeof createEmitter>
