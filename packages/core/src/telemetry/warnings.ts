import type { Emitter } from './emitter'

/** Distinct warnings that are remembered; beyond it no new ones are given. */
const maxWarnings = 1_000

/** Warns once per topic: by a `warning` event, or by `process.emitWarning` if nobody listens. */
export function createWarnings(cache: string, emitter: Emitter) {
  const topics = new Set<string>()

  return (topic: string, message: string): void => {
    if (topics.has(topic) || topics.size >= maxWarnings) return
    topics.add(topic)
    if (emitter.hasListeners('warning')) emitter.emit('warning', { message })
    else printWarning(`The cache "${cache}": ${message}`)
  }
}

function printWarning(text: string): void {
  if (typeof globalThis.process?.emitWarning === 'function') process.emitWarning(text, 'LarderWarning')
  else console.warn(text)
}
