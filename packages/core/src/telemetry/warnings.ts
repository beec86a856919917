import type { Emitter } from './emitter'

/** Distinct warnings that are remembered; beyond it no new ones are given. */
const maxWarnings = 1_000

/** Warns of mistakes of the application: by a `warning` event, or by a warning of the process if nobody listens. */
export function createWarnings(cache: string, emitter: Emitter) {
  const topics = new Set<string>()

  /** `printed`: the message for the process, which does not know the cache. */
  function warn(message: string, printed = message): void {
    if (emitter.hasListeners('warning')) emitter.emit('warning', { message })
    else printWarning(printed)
  }

  return {
    /** A mistake that fails no call. */
    warn: (message: string): void => warn(message),

    /** A mistake without an error; given once per topic. */
    warnOnce(topic: string, message: string): void {
      if (topics.has(topic) || topics.size >= maxWarnings) return
      topics.add(topic)
      warn(message, `The cache "${cache}": ${message}`)
    },
  }
}

function printWarning(text: string): void {
  if (typeof globalThis.process?.emitWarning === 'function') process.emitWarning(text, 'LarderWarning')
  else console.warn(text)
}
