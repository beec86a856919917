import type { Emitter } from './emitter'

/** Distinct warnings that are remembered; beyond it no new ones are given. */
const maxWarnings = 1_000

/**
 * Warns of mistakes of the application: by a `warning` event, and by `print`. Whether somebody listens makes no difference, so
 * that a tool that observes a cache hides no warning of it.
 */
export function createWarnings(cache: string, emitter: Emitter, print: (message: string) => void) {
  const topics = new Set<string>()

  /** `printed`: the message where nothing else names the cache. */
  function warn(message: string, printed = message): void {
    if (emitter.hasListeners('warning')) emitter.emit('warning', { message })
    print(printed)
  }

  /** Returns whether this is the first warning on the topic. */
  function isFirst(topic: string): boolean {
    if (topics.has(topic) || topics.size >= maxWarnings) return false
    topics.add(topic)
    return true
  }

  const nameCache = (message: string) => `The cache "${cache}": ${message}`

  return {
    /** A mistake that fails no call. */
    warn: (message: string): void => warn(message),

    /** A mistake without an error; given once per topic. */
    warnOnce(topic: string, message: string): void {
      if (isFirst(topic)) warn(message, nameCache(message))
    },

    /** A failure that has an event of its own; printed once per topic. */
    printOnce(topic: string, message: string): void {
      if (isFirst(topic)) print(nameCache(message))
    },
  }
}

/** Prints a warning of the process. */
export function printWarning(text: string): void {
  if (typeof globalThis.process?.emitWarning === 'function') process.emitWarning(text, 'LarderWarning')
  else console.warn(text)
}
